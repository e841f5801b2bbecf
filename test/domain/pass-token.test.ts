import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { SPOT_TYPES } from '../../src/domain/spot-type.ts';
import {
  isOfTheMoment,
  momentCode,
  momentSecret,
  passKeyOf,
  readPassKey,
  readPresentedPass,
  signPassToken,
  verifyPassToken,
  writePassKey,
} from '../../src/gate/pass-token.ts';

const keyPair = () => {
  const { privateKey } = generateKeyPairSync('ed25519');
  return { privateKey, passKey: passKeyOf(privateKey) };
};
const content = {
  lotId: randomUUID(),
  reservationId: randomUUID(),
  spotType: 'EV',
  startsAt: new Date('2026-12-01T08:00Z'),
  endsAt: new Date('2026-12-01T12:30Z'),
} as const;

describe('a pass', () => {
  test('says what was signed, to whoever has the public key alone', () => {
    const { privateKey, passKey } = keyPair();
    const anyContent = fc
      .record({
        ...{ lotId: fc.uuid(), reservationId: fc.uuid(), spotType: fc.constantFrom(...SPOT_TYPES) },
        ...{ minute: fc.nat(10_000_000), minutes: fc.nat(1_000_000) },
      })
      .map(({ minute, minutes, ...said }) => {
        const startsAt = new Date(Date.UTC(2020, 0, 1) + minute * 60_000);
        return { ...said, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) };
      });
    fc.assert(
      fc.property(anyContent, (said) => {
        const token = signPassToken(privateKey, passKey, said);
        expect(token).toHaveLength(139);
        expect(verifyPassToken(token, [readPassKey(writePassKey(passKey))])).toEqual(said);
      }),
      { numRuns: 50 },
    );
  });

  test('of the key before and of the key after is good while both are known, also when they share an id', () => {
    const [old, next, stranger] = [keyPair(), keyPair(), keyPair()];
    const sameId = { ...next.passKey, id: old.passKey.id };
    for (const keys of [
      [next.passKey, old.passKey],
      [sameId, old.passKey],
    ])
      expect(verifyPassToken(signPassToken(old.privateKey, old.passKey, content), keys)).toEqual(content);
    expect(verifyPassToken(signPassToken(next.privateKey, sameId, content), [old.passKey, sameId])).toEqual(content);
    const forged = signPassToken(stranger.privateKey, old.passKey, content);
    expect(verifyPassToken(forged, [old.passKey, next.passKey])).toBeUndefined();
    expect(verifyPassToken(signPassToken(old.privateKey, old.passKey, content), [next.passKey])).toBeUndefined();
  });

  test('comes with the code of the moment behind a dot, and with nothing more', () => {
    const { privateKey, passKey } = keyPair();
    const token = signPassToken(privateKey, passKey, content);
    expect(readPresentedPass(` ${token} `, [passKey])).toEqual({ content, momentCode: undefined });
    expect(readPresentedPass(`${token}.123456`, [passKey])).toEqual({ content, momentCode: '123456' });
    for (const text of [`${token}.1.2`, `.${token}`, '', '.', `${token}x`])
      expect(readPresentedPass(text, [passKey])).toBeUndefined();
  });
});

/** RFC 6238 a second time, in the words of RFC 4226. */
function totp(secret: Buffer, seconds: number): string {
  const counter = Buffer.alloc(8);
  counter.writeUInt32BE(Math.floor(seconds / 30), 4);
  const hmac = createHmac('sha256', secret).update(counter).digest();
  const at = hmac[31]! & 15;
  const binary = ((hmac[at]! & 127) << 24) | (hmac[at + 1]! << 16) | (hmac[at + 2]! << 8) | hmac[at + 3]!;
  return (binary % 1_000_000).toString().padStart(6, '0');
}

describe('the code of the moment', () => {
  test('is the one of RFC 6238: its published figures for SHA-256, of which we show the last six', () => {
    const secret = Buffer.from('12345678901234567890123456789012');
    const published = { 59: '46119246', 1111111109: '68084774', 1234567890: '91819424', 2000000000: '90698825' };
    for (const [seconds, digits] of Object.entries(published))
      expect(momentCode(secret, Number(seconds) * 1000)).toBe(digits.slice(2));
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20, maxLength: 20 }), fc.nat(4_000_000_000), (bytes, seconds) => {
        expect(momentCode(Buffer.from(bytes), seconds * 1000)).toBe(totp(Buffer.from(bytes), seconds));
      }),
      { numRuns: 200 },
    );
  });

  test('is good for the step before and after, and further only by a skew that was measured; never beyond two and a half minutes', () => {
    const secret = momentSecret(Buffer.alloc(32, 1), content.reservationId);
    const atMs = Date.UTC(2026, 11, 1, 8, 0, 15);
    const made = (secondsOff: number) => momentCode(secret, atMs + secondsOff * 1000);
    const good = (secondsOff: number, skewMs = 0) => isOfTheMoment(made(secondsOff), { secret, atMs, skewMs });
    expect([-60, -30, 0, 30, 60].map((off) => good(off))).toEqual([false, true, true, true, false]);
    expect([-60, 60, 90].map((off) => good(off, -29_000))).toEqual([true, true, false]);
    expect([150, 180].map((off) => good(off, 3_600_000))).toEqual([true, false]);
    for (const code of [undefined, '', '12345', '1234567', 'ABCDEF', '１２３４５６'])
      expect(isOfTheMoment(code, { secret, atMs })).toBe(false);
  });

  test('is of one reservation and one lot', () => {
    const other = momentSecret(Buffer.alloc(32, 1), randomUUID());
    const elsewhere = momentSecret(Buffer.alloc(32, 2), content.reservationId);
    const secret = momentSecret(Buffer.alloc(32, 1), content.reservationId);
    expect(other.equals(secret) || elsewhere.equals(secret)).toBe(false);
    expect(secret).toHaveLength(20);
  });
});
