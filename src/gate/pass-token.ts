import { createHash, createHmac, createPublicKey, sign, timingSafeEqual, verify, type KeyObject } from 'node:crypto';
import { MINUTE_MS } from '../domain/period.ts';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';

/** What a pass says: enough for a lane that is cut off. Online the index is believed, not the period in here. */
export interface PassContent {
  readonly lotId: string;
  readonly reservationId: string;
  readonly spotType: SpotType;
  /** Both in whole minutes: a pass is no clock. */
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** A key that passes may have been signed with. `id` stands in the pass; two keys may share one. */
export interface PassKey {
  readonly id: number;
  readonly publicKey: KeyObject;
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

/** The public half of a signing key, as gates check passes with it; a public key gives itself. */
export function passKeyOf(key: KeyObject): PassKey {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return { id: createHash('sha256').update(spki(publicKey)).digest()[0] ?? 0, publicKey };
}

/** A key as bundles carry it: SPKI DER in base64url. */
export function writePassKey({ publicKey }: PassKey): string {
  return spki(publicKey).toString('base64url');
}

/** Reads what `writePassKey` wrote. Throws for what is no Ed25519 public key. */
export function readPassKey(text: string): PassKey {
  const publicKey = createPublicKey({ key: Buffer.from(text, 'base64url'), format: 'der', type: 'spki' });
  if (publicKey.asymmetricKeyType !== 'ed25519') throw new TypeError('passes are signed with Ed25519 keys');
  return passKeyOf(publicKey);
}

function spki(publicKey: KeyObject): Buffer {
  return publicKey.export({ type: 'spki', format: 'der' });
}

/** Signs a pass. The same content and key give the same pass, so that nothing has to be stored. */
export function signPassToken(privateKey: KeyObject, { id }: PassKey, content: PassContent): string {
  const bytes = Buffer.alloc(CONTENT_BYTES);
  bytes[0] = id;
  bytes[1] = SPOT_TYPES.indexOf(content.spotType);
  bytes.write(content.lotId.replaceAll('-', ''), 2, 'hex');
  bytes.write(content.reservationId.replaceAll('-', ''), 18, 'hex');
  bytes.writeUIntBE(clamp((content.startsAt.getTime() - EPOCH_MS) / MINUTE_MS), 34, 3);
  bytes.writeUIntBE(clamp((content.endsAt.getTime() - content.startsAt.getTime()) / MINUTE_MS), 37, 3);
  return Buffer.concat([bytes, sign(null, bytes, privateKey)]).toString('base64url');
}

/**
 * What a pass says, or undefined for any text that none of `keys` signed. Takes a tenth of a millisecond; handing it to another thread
 * was measured to cost as much again.
 */
export function verifyPassToken(text: string, keys: readonly PassKey[]): PassContent | undefined {
  if (!TEXT.test(text)) return undefined;
  const bytes = Buffer.from(text, 'base64url');
  // Spare bits of the last character would give one pass several spellings.
  if (bytes.length !== CONTENT_BYTES + SIGNATURE_BYTES || bytes.toString('base64url') !== text) return undefined;
  const content = bytes.subarray(0, CONTENT_BYTES);
  const spotType = SPOT_TYPES[content[1] ?? -1];
  if (spotType === undefined) return undefined;
  const signature = bytes.subarray(CONTENT_BYTES);
  if (!keys.some(({ id, publicKey }) => id === content[0] && verify(null, content, publicKey, signature)))
    return undefined;
  const startsAtMs = EPOCH_MS + content.readUIntBE(34, 3) * MINUTE_MS;
  return {
    lotId: uuidOf(content.subarray(2, 18)),
    reservationId: uuidOf(content.subarray(18, 34)),
    spotType,
    startsAt: new Date(startsAtMs),
    endsAt: new Date(startsAtMs + content.readUIntBE(37, 3) * MINUTE_MS),
  };
}

/** What was held to the reader: the pass, and the code of the moment where the phone adds one ("<pass>.<code>"). */
export interface PresentedPass {
  readonly content: PassContent;
  readonly momentCode: string | undefined;
}

/** Reads a QR's text; undefined when the pass in it was signed by none of `keys`. The code of the moment is not judged here. */
export function readPresentedPass(text: string, keys: readonly PassKey[]): PresentedPass | undefined {
  const [token = '', momentCode, ...more] = text.trim().split('.');
  if (more.length > 0) return undefined;
  const content = verifyPassToken(token, keys);
  return content && { content, momentCode };
}

/** The code of the moment is an RFC 6238 one: HMAC-SHA-256, steps of 30 s since 1970, six digits. */
export const MOMENT_CODE = { stepSeconds: 30, digits: 6, algorithm: 'SHA256' } as const;
const STEP_MS = MOMENT_CODE.stepSeconds * 1000;
/** Codes of the step before and after count too; a measured skew widens that, but never beyond this many steps. */
const MAX_STEPS_OFF = 5;

/** The secret with which the phone of one reservation's driver makes its codes, from the key of the lot. */
export function momentSecret(lotKey: Buffer, reservationId: string): Buffer {
  return createHmac('sha256', lotKey).update(`moment/${reservationId}`).digest().subarray(0, 20);
}

/** The code that a phone shows at `atMs`. */
export function momentCode(secret: Buffer, atMs: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.max(0, Math.floor(atMs / STEP_MS))));
  const digest = createHmac('sha256', secret).update(counter).digest();
  const offset = (digest.at(-1) ?? 0) & 0xf;
  const number = (digest.readUInt32BE(offset) & 0x7fffffff) % 10 ** MOMENT_CODE.digits;
  return String(number).padStart(MOMENT_CODE.digits, '0');
}

/** Whether a code was made within a step of `atMs`; `skewMs` is by how much more the asker's clock may be off. */
export function isOfTheMoment(
  code: string | undefined,
  { secret, atMs, skewMs = 0 }: { readonly secret: Buffer; readonly atMs: number; readonly skewMs?: number },
): boolean {
  if (code?.length !== MOMENT_CODE.digits) return false;
  const given = Buffer.from(code.padEnd(MOMENT_CODE.digits));
  const stepsOff = Math.min(MAX_STEPS_OFF, 1 + Math.ceil(Math.abs(skewMs) / STEP_MS));
  for (let step = -stepsOff; step <= stepsOff; step++) {
    const expected = Buffer.from(momentCode(secret, atMs + step * STEP_MS));
    if (given.length === expected.length && timingSafeEqual(given, expected)) return true;
  }
  return false;
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

function clamp(minutes: number): number {
  return Math.min(LARGEST_MINUTES, Math.max(0, Math.floor(minutes)));
}
