import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { parseReservationCode, reservationCode } from '../../src/domain/code.ts';
import { decodeId, encodeId, ID_KINDS, idKindOf } from '../../src/domain/public-id.ts';

const ALPHABET = [...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'];
const anyBytes = fc.uint8Array({ minLength: 4, maxLength: 16 });
const anyCode = anyBytes.map(reservationCode);

function replaceAt(text: string, index: number, character: string): string {
  return text.slice(0, index) + character + text.slice(index + 1);
}

describe('the code of a reservation', () => {
  test('looks like PK-7Q3M-2F and comes from the bytes alone', () => {
    fc.assert(
      fc.property(anyBytes, (bytes) => {
        const code = reservationCode(bytes);
        expect(code).toMatch(/^PK-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{2}$/);
        expect(reservationCode(new Uint8Array(bytes))).toBe(code);
      }),
    );
    expect(() => reservationCode(new Uint8Array(3))).toThrow(RangeError);
  });

  test('spreads over 25 bits: 20,000 different bytes rarely meet', () => {
    const codes = new Set<string>();
    for (let index = 0; index < 20_000; index += 1) {
      const bytes = new Uint8Array(4);
      new DataView(bytes.buffer).setUint32(0, Math.imul(index, 2654435761) >>> 0);
      codes.add(reservationCode(bytes));
    }
    expect(codes.size).toBeGreaterThan(19_900);
  });

  test('is read as people write it', () => {
    fc.assert(
      fc.property(anyCode, (code) => {
        const spoken = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
        expect(parseReservationCode(code)).toBe(code);
        expect(parseReservationCode(` ${spoken} `)).toBe(code);
        expect(parseReservationCode(code.slice(3))).toBe(code);
        expect(parseReservationCode(code.replaceAll('-', '–'))).toBe(code);
      }),
      { numRuns: 1000 },
    );
  });

  test('is refused with any one character wrong', () => {
    const positions = [3, 4, 5, 6, 8, 9];
    fc.assert(
      fc.property(anyCode, fc.constantFrom(...positions), fc.constantFrom(...ALPHABET), (code, position, character) => {
        fc.pre(code[position] !== character);
        expect(parseReservationCode(replaceAt(code, position, character))).toBeUndefined();
      }),
      { numRuns: 3000 },
    );
  });

  test('is refused with two characters swapped', () => {
    fc.assert(
      fc.property(anyCode, fc.constantFrom(3, 4, 5, 8), (code, position) => {
        const [first, second] = [code[position]!, code[position + 1]!];
        fc.pre(first !== second);
        const swapped = replaceAt(replaceAt(code, position, second), position + 1, first);
        expect(parseReservationCode(swapped)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });

  test.each([[''], ['PK'], ['PK-'], ['PK-0000-0'], ['PK-0000-000'], ['UUUUUU'], ['XX-0000-00'], ['💥💥💥💥💥💥']])(
    'is not %j',
    (text) => {
      expect(parseReservationCode(text)).toBeUndefined();
    },
  );

  test('is not garbage, and reading garbage never throws', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const code = parseReservationCode(text);
        if (code !== undefined) expect(parseReservationCode(code)).toBe(code);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('public ids', () => {
  const kinds = fc.constantFrom(...ID_KINDS);

  test('carry kind, lot and row there and back', () => {
    fc.assert(
      fc.property(kinds, fc.option(fc.uuid()), fc.uuid(), (kind, lotId, id) => {
        const text = encodeId(kind, lotId, id);
        expect(text).toMatch(/^[a-z]{3}_[\w-]{22,43}$/);
        expect(idKindOf(text)).toBe(kind);
        expect(decodeId(kind, text)).toEqual({ lotId: kind === 'lot' ? null : lotId, id });
      }),
      { numRuns: 1000 },
    );
  });

  test('of another kind are refused', () => {
    fc.assert(
      fc.property(kinds, kinds, fc.uuid(), (kind, other, id) => {
        fc.pre(kind !== other);
        expect(decodeId(other, encodeId(kind, null, id))).toBeUndefined();
      }),
    );
  });

  test('have one spelling: no changed text stands for the same row', () => {
    const anyEdit = fc.tuple(fc.nat(), fc.constantFrom(...'ABCDwxyz0189-_=+/ '));
    fc.assert(
      fc.property(kinds, fc.uuid(), fc.uuid(), anyEdit, (...[kind, lotId, id, [at, character]]) => {
        const text = encodeId(kind, lotId, id);
        const changed = replaceAt(text, at % text.length, character);
        fc.pre(changed !== text);
        expect(decodeId(kind, changed)).not.toEqual(decodeId(kind, text));
      }),
      { numRuns: 3000 },
    );
  });

  test('take capitals in a UUID, and refuse to be made of anything else', () => {
    const id = '0191B2C3-D4E5-7F60-8192-A3B4C5D6E7F8';
    expect(decodeId('res', encodeId('res', null, id))?.id).toBe(id.toLowerCase());
    expect(() => encodeId('res', null, 'not-a-uuid')).toThrow(RangeError);
    expect(() => encodeId('res', '', id)).toThrow(RangeError);
  });

  test('are not garbage, and reading garbage never throws', () => {
    fc.assert(
      fc.property(kinds, fc.string({ unit: 'binary' }), (kind, text) => {
        expect(decodeId(kind, text)).toBeUndefined();
        expect(decodeId(kind, `${kind}_${text}`)).toBeUndefined();
      }),
      { numRuns: 2000 },
    );
    expect(idKindOf('resx')).toBeUndefined();
    expect(decodeId('lot', encodeId('res', ID, ID).replace('res', 'lot'))).toBeUndefined();
  });
});

const ID = '0191b2c3-d4e5-7f60-8192-a3b4c5d6e7f8';
