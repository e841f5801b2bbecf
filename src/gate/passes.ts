import { createHash, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { MINUTE_MS } from '../domain/period.ts';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
import { formatUuid } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';

/** What a pass says: enough for a lane that is cut off. Online the index is believed, not the period in here. */
export interface PassContent {
  readonly lotId: string;
  readonly reservationId: string;
  readonly spotType: SpotType;
  /** Both in whole minutes: a pass is no clock. */
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/*
 * 104 bytes, 139 characters of base64url:
 *   0      key id (first byte of the SHA-256 of the public key)
 *   1      spot type (its place in SPOT_TYPES)
 *   2–17   lot           18–33  reservation
 *   34–36  start, minutes since 2020-01-01T00:00Z
 *   37–39  length in minutes
 *   40–103 Ed25519 signature of all before it
 */
const CONTENT_BYTES = 40;
const SIGNATURE_BYTES = 64;
const TEXT = /^[A-Za-z0-9_-]{139}$/;
const EPOCH_MS = Date.UTC(2020, 0, 1);
const LARGEST_MINUTES = 0xffffff;

interface PassKeys {
  readonly id: number;
  readonly publicKey: KeyObject;
}
const keysOf = new WeakMap<KeyObject, PassKeys>();

function passKeys(privateKey: KeyObject): PassKeys {
  const known = keysOf.get(privateKey);
  if (known) return known;
  const publicKey = createPublicKey(privateKey);
  const id =
    createHash('sha256')
      .update(publicKey.export({ type: 'spki', format: 'der' }))
      .digest()[0] ?? 0;
  const keys = { id, publicKey };
  keysOf.set(privateKey, keys);
  return keys;
}

/** Signs a pass. The same content gives the same pass, so that nothing has to be stored. */
export function signPass(platform: Platform, content: PassContent): string {
  const privateKey = platform.config.passPrivateKey;
  const bytes = Buffer.alloc(CONTENT_BYTES);
  bytes[0] = passKeys(privateKey).id;
  bytes[1] = SPOT_TYPES.indexOf(content.spotType);
  bytes.write(content.lotId.replaceAll('-', ''), 2, 'hex');
  bytes.write(content.reservationId.replaceAll('-', ''), 18, 'hex');
  bytes.writeUIntBE(clamp((content.startsAt.getTime() - EPOCH_MS) / MINUTE_MS), 34, 3);
  bytes.writeUIntBE(clamp((content.endsAt.getTime() - content.startsAt.getTime()) / MINUTE_MS), 37, 3);
  return Buffer.concat([bytes, sign(null, bytes, privateKey)]).toString('base64url');
}

/**
 * What a pass says, or undefined for any text that we did not sign. Takes a tenth of a millisecond; handing it to another thread was
 * measured to cost as much again.
 */
export function verifyPass(platform: Platform, text: string): PassContent | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Spare bits of the last character would give one pass several spellings.
  if (bytes.length !== CONTENT_BYTES + SIGNATURE_BYTES || bytes.toString('base64url') !== text) return undefined;
  const { id, publicKey } = passKeys(platform.config.passPrivateKey);
  const content = bytes.subarray(0, CONTENT_BYTES);
  const spotType = SPOT_TYPES[content[1] ?? -1];
  if (content[0] !== id || spotType === undefined) return undefined;
  if (!verify(null, content, publicKey, bytes.subarray(CONTENT_BYTES))) return undefined;
  const startsAtMs = EPOCH_MS + content.readUIntBE(34, 3) * MINUTE_MS;
  return {
    lotId: formatUuid(content.subarray(2, 18)),
    reservationId: formatUuid(content.subarray(18, 34)),
    spotType,
    startsAt: new Date(startsAtMs),
    endsAt: new Date(startsAtMs + content.readUIntBE(37, 3) * MINUTE_MS),
  };
}

/** The pass of a reservation, for its driver's screen. */
export function passOf(
  platform: Platform,
  reservation: { lotId: string; id: string; spotType: SpotType; startsAt: Date; endsAt: Date },
): string {
  const { lotId, id, spotType, startsAt, endsAt } = reservation;
  return signPass(platform, { lotId, reservationId: id, spotType, startsAt, endsAt });
}

function clamp(minutes: number): number {
  return Math.min(LARGEST_MINUTES, Math.max(0, Math.floor(minutes)));
}
