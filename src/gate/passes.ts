import { hkdfSync, type KeyObject } from 'node:crypto';
import type { SpotType } from '../domain/spot-type.ts';
import type { Platform } from '../platform/platform.ts';
import {
  MOMENT_CODE,
  momentSecret,
  passKeyOf,
  readPresentedPass,
  signPassToken,
  type PassContent,
  type PassKey,
  type PresentedPass,
} from './pass-token.ts';

const keyOf = new WeakMap<KeyObject, PassKey>();

function rememberedKeyOf(key: KeyObject): PassKey {
  const known = keyOf.get(key);
  if (known) return known;
  const made = passKeyOf(key);
  keyOf.set(key, made);
  return made;
}

/** Every key whose passes open a gate: the one that signs now first, then those that signed before and one that will sign next. */
export function passKeysOf({ config }: Platform): readonly PassKey[] {
  return [config.passPrivateKey, ...config.passPublicKeys].map(rememberedKeyOf);
}

/** Signs a pass with the key in force. */
export function signPass({ config }: Platform, content: PassContent): string {
  const { passPrivateKey } = config;
  return signPassToken(passPrivateKey, rememberedKeyOf(passPrivateKey), content);
}

/** What was held to a reader, or undefined for any text whose pass we did not sign. */
export function readPass(platform: Platform, text: string): PresentedPass | undefined {
  return readPresentedPass(text, passKeysOf(platform));
}

/** The pass of a reservation, for its driver's screen. */
export function passOf(
  platform: Platform,
  reservation: { lotId: string; id: string; spotType: SpotType; startsAt: Date; endsAt: Date },
): string {
  const { lotId, id, spotType, startsAt, endsAt } = reservation;
  return signPass(platform, { lotId, reservationId: id, spotType, startsAt, endsAt });
}

/** The key of a lot from which the secrets of its reservations' codes of the moment follow. Its lane has it in its bundle. */
export function momentKeyOf({ config }: Platform, lotId: string): Buffer {
  return Buffer.from(hkdfSync('sha256', config.dataKey, Buffer.alloc(0), `pass/moment/${lotId}`, 32));
}

/** How the phone of a reservation's driver makes its codes of the moment: for its driver alone. */
export function momentOfPass(
  platform: Platform,
  reservation: { lotId: string; id: string },
): { secret: string; algorithm: string; digits: number; stepSeconds: number } {
  return { secret: base32(momentSecretOf(platform, reservation)), ...MOMENT_CODE };
}

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** RFC 4648, as apps that make such codes read it; for whole groups of five bytes. */
function base32(bytes: Buffer): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  return (bits.match(/.{5}/g) ?? []).map((five) => BASE32.charAt(parseInt(five, 2))).join('');
}

/** The secret behind the codes of the moment of one reservation. */
export function momentSecretOf(platform: Platform, reservation: { lotId: string; id: string }): Buffer {
  return momentSecret(momentKeyOf(platform, reservation.lotId), reservation.id);
}
