import type { CameraVendor } from '../../domain/hardware.ts';
import { readAxis } from './axis.ts';
import type { CameraMessage } from './camera-read.ts';
import { readHikvision } from './hikvision.ts';
import { textOf, type CameraPayload, type CameraText } from './payload.ts';
import { readPlateRecognizer } from './plate-recognizer.ts';
import { readRekor } from './rekor.ts';

interface Adapter {
  readonly format: 'JSON' | 'XML';
  readonly read: (text: CameraText) => CameraMessage;
}

const ADAPTERS: Readonly<Record<CameraVendor, Adapter>> = {
  PLATE_RECOGNIZER: { format: 'JSON', read: readPlateRecognizer },
  REKOR: { format: 'JSON', read: readRekor },
  AXIS: { format: 'JSON', read: readAxis },
  HIKVISION: { format: 'XML', read: readHikvision },
};

/**
 * What a camera's message says, and how many pictures came with it (they are not looked at). The same bytes always give the same
 * readings. Throws UnreadableMessage for what a camera of this make does not send.
 */
export function readCamera(vendor: CameraVendor, payload: CameraPayload): { message: CameraMessage; images: number } {
  const { format, read } = ADAPTERS[vendor];
  const text = textOf(payload, format);
  return { message: read(text), images: text.images };
}
