import { UnreadableMessage } from './camera-read.ts';
import { boundaryOf, readParts, type Part } from './multipart.ts';

/** A body as it came. */
export interface CameraPayload {
  readonly contentType: string;
  readonly body: Buffer;
}

/** The text of a message, and how many pictures came with it. The pictures are not kept. */
export interface CameraText {
  readonly text: string;
  readonly images: number;
}

/**
 * Finds the text of a message: the body itself, the field `json` of a form, or the part of a multipart body that is `wanted`. Throws
 * UnreadableMessage when there is none.
 */
export function textOf({ contentType, body }: CameraPayload, wanted: 'JSON' | 'XML'): CameraText {
  const boundary = boundaryOf(contentType);
  if (boundary !== undefined) return textOfParts(readParts(body, boundary), wanted);
  if (/^application\/x-www-form-urlencoded/i.test(contentType)) {
    const json = new URLSearchParams(body.toString('utf8')).get('json');
    if (json !== null) return { text: json, images: 0 };
  }
  return { text: body.toString('utf8'), images: 0 };
}

function textOfParts(parts: readonly Part[], wanted: 'JSON' | 'XML'): CameraText {
  const images = parts.filter(({ contentType }) => contentType.startsWith('image/')).length;
  const part = parts.find((each) => isWanted(each, wanted));
  if (!part) throw new UnreadableMessage(`None of the parts of the body is ${wanted}.`);
  return { text: part.bytes.toString('utf8'), images };
}

function isWanted({ name, fileName, contentType, bytes }: Part, wanted: 'JSON' | 'XML'): boolean {
  const kind = wanted.toLowerCase();
  if (contentType.startsWith('image/')) return false;
  const isNamed = name === kind || contentType.endsWith(kind) || fileName?.toLowerCase().endsWith(`.${kind}`) === true;
  const first = bytes.subarray(0, 64).toString('utf8').trimStart()[0];
  return isNamed || first === (wanted === 'JSON' ? '{' : '<');
}

/** Parses a message's JSON. Throws UnreadableMessage. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new UnreadableMessage('The message is not JSON.');
  }
}
