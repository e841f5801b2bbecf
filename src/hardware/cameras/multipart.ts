import { UnreadableMessage } from './camera-read.ts';

/** One part of a multipart body. */
export interface Part {
  readonly name: string | undefined;
  readonly fileName: string | undefined;
  readonly contentType: string;
  readonly bytes: Buffer;
}

const MOST_PARTS = 32;
const LARGEST_HEAD_BYTES = 4096;
const LINE = Buffer.from('\r\n');
const HEAD_END = Buffer.from('\r\n\r\n');

/** The boundary that a content type names; undefined when it is not multipart. */
export function boundaryOf(contentType: string): string | undefined {
  if (!/^multipart\//i.test(contentType)) return undefined;
  const [, quoted, plain] = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType) ?? [];
  return quoted ?? plain;
}

/**
 * The parts of a multipart body, in their order. A body that ends without its last boundary gives the parts that are whole: cameras
 * are careless there. Throws UnreadableMessage for one without any.
 */
export function readParts(body: Buffer, boundary: string): readonly Part[] {
  const mark = Buffer.from(`--${boundary}`);
  const parts: Part[] = [];
  let at = body.indexOf(mark);
  while (at >= 0 && parts.length < MOST_PARTS) {
    const start = at + mark.length;
    if (body.subarray(start, start + 2).toString('latin1') === '--') break;
    const next = body.indexOf(mark, start);
    const part = readPart(body.subarray(start, next < 0 ? body.length : next));
    if (part) parts.push(part);
    at = next;
  }
  if (parts.length === 0)
    throw new UnreadableMessage('The body has no part between the boundaries that its type names.');
  return parts;
}

function readPart(bytes: Buffer): Part | undefined {
  const headEnd = bytes.indexOf(HEAD_END);
  if (headEnd < 0 || headEnd > LARGEST_HEAD_BYTES) return undefined;
  const head = bytes.subarray(0, headEnd).toString('utf8');
  const content = bytes.subarray(headEnd + HEAD_END.length);
  const endsInLine = content.length >= 2 && content.subarray(-2).equals(LINE);
  return {
    name: attribute(head, 'name'),
    fileName: attribute(head, 'filename'),
    contentType: /^content-type:[ \t]*([^;\r\n]{1,100})/im.exec(head)?.[1]?.trim().toLowerCase() ?? '',
    bytes: endsInLine ? content.subarray(0, -2) : content,
  };
}

function attribute(head: string, name: string): string | undefined {
  const line = /^content-disposition:([^\r\n]{1,1000})/im.exec(head)?.[1] ?? '';
  const [, quoted, plain] = new RegExp(`[;\\s]${name}=(?:"([^"]{0,300})"|([^\\s;"]{1,300}))`, 'i').exec(line) ?? [];
  return quoted ?? plain;
}
