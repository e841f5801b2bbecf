import { hash } from 'node:crypto';
import { formatUuid } from '../../platform/ids.ts';

const KEY = /^pwk_([A-Za-z0-9_-]{43})_[A-Za-z0-9_-]{43}$/;
const UUID_BYTES = 16;

/** Whose key it is, and its hash as the cloud keeps it. */
export interface LaneKey {
  readonly lotId: string;
  readonly deviceId: string;
  readonly keyHash: string;
}

/** Reads a device's key; undefined when the text is none. */
export function readLaneKey(text: string): LaneKey | undefined {
  const ids = KEY.exec(text)?.[1];
  if (ids === undefined) return undefined;
  const bytes = Buffer.from(ids, 'base64url');
  const [lotId, deviceId] = [bytes.subarray(0, UUID_BYTES), bytes.subarray(UUID_BYTES)].map(formatUuid);
  return lotId === undefined || deviceId === undefined ? undefined : { lotId, deviceId, keyHash: hash('sha256', text) };
}
