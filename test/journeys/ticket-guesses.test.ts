import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { reservationCode } from '../../src/domain/code.ts';
import { hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

let drawn = 0;
/** A code that could be one and is none. */
const wrongCode = () => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(++drawn);
  return reservationCode(bytes);
};
let addresses = 0;
const newAddress = () => `203.0.113.${++addresses}`;

/** Somebody asks from an address; anonymous without a token. */
async function ask(from: string | { address: string; token: string }, document: string, variables = {}) {
  const { address, token } = typeof from === 'string' ? { address: from, token: undefined } : from;
  const { data, errors } = await system.client(token).query(document, variables, { 'x-forwarded-for': address });
  return { data, codes: errors?.map(({ extensions }) => extensions.code) ?? [] };
}

const STAY = `query ($ref: StayRefInput!) { stay(ref: $ref) { id } }`;
const refTo = (lot: TestLot, code: string) => ({ ref: { ticket: { lotId: lot.publicId, code } } });

async function walkIn(): Promise<{ lot: TestLot; code: string }> {
  const lot = await makeLot(system);
  const { ticketCode } = await untilDurable(system, lot.entry, { plate: { text: `T ${randomUUID().slice(0, 6)}` } });
  return { lot, code: ticketCode! };
}

describe('a ticket’s code', () => {
  test('can be guessed at five times a minute from one address, also in one document; then not even the right one is told', async () => {
    const { lot, code } = await walkIn();
    const address = newAddress();
    const asked = Array.from({ length: 8 }, (_, n) => {
      const guess = `stay(ref: { ticket: { lotId: "${lot.publicId}", code: "${wrongCode()}" } })`;
      return `g${n}: ${guess} { id }`;
    });
    const guessed = await ask(address, `{ ${asked.join('\n')} }`);
    expect(guessed.codes).toEqual(['RATE_LIMITED', 'RATE_LIMITED', 'RATE_LIMITED']);
    expect((await ask(address, STAY, refTo(lot, code))).codes).toEqual(['RATE_LIMITED']);
    expect((await ask(newAddress(), STAY, refTo(lot, code))).data['stay']).not.toBeNull();
  });

  test('can be guessed at by paying no more than by looking', async () => {
    const { lot } = await walkIn();
    const address = newAddress();
    const told = [];
    for (let guess = 0; guess < 6; guess++) {
      const stay = refTo(lot, wrongCode()).ref;
      const { data } = await ask(address, PAY_STAY, { input: { idempotencyKey: randomUUID(), stay } });
      told.push(data['payStay'].userErrors[0].code);
    }
    expect(told).toEqual([...Array<string>(5).fill('STAY_NOT_FOUND'), 'TOO_MANY_ATTEMPTS']);
    expect((await ask(address, STAY, refTo(lot, wrongCode()))).codes).toEqual(['RATE_LIMITED']);
  });

  test('that is right is not counted, and does not make up for wrong ones', async () => {
    const { lot, code } = await walkIn();
    const address = newAddress();
    for (let time = 0; time < 7; time++) {
      expect((await ask(address, STAY, refTo(lot, code))).data['stay']).not.toBeNull();
    }
    for (let guess = 0; guess < 5; guess++) {
      expect((await ask(address, STAY, refTo(lot, wrongCode()))).codes).toEqual([]);
      if (guess < 4) expect((await ask(address, STAY, refTo(lot, code))).codes).toEqual([]);
    }
    expect((await ask(address, STAY, refTo(lot, wrongCode()))).codes).toEqual(['RATE_LIMITED']);
  });

  test('guessed at in one lot leaves other lots alone', async () => {
    const [first, second] = [await walkIn(), await walkIn()];
    const address = newAddress();
    for (let guess = 0; guess < 5; guess++) await ask(address, STAY, refTo(first.lot, wrongCode()));
    expect((await ask(address, STAY, refTo(first.lot, first.code))).codes).toEqual(['RATE_LIMITED']);
    expect((await ask(address, STAY, refTo(second.lot, second.code))).data['stay']).not.toBeNull();
  });
});

describe('a reservation’s code', () => {
  const BY_CODE = `query ($code: ShortText!) { reservation(code: $code) { code } }`;

  test('can be guessed at five times a minute by one person; others and right codes go on', async () => {
    const lot = await makeLot(system);
    const driver = await makeDriver(system);
    const token = await loginOf(system, driver);
    const { reservation } = await reserve(system.client(token), reserveInput(lot, hoursFrom(system.clock.now(), 1, 2)));
    const right = { code: reservation.code };
    for (let time = 0; time < 7; time++) {
      expect((await ask({ address: newAddress(), token }, BY_CODE, right)).data['reservation']).toEqual(right);
    }
    const staff = await lot.staffToken('ATTENDANT');
    for (let guess = 0; guess < 5; guess++) {
      expect((await ask({ address: newAddress(), token: staff }, BY_CODE, { code: wrongCode() })).data).toEqual({
        reservation: null,
      });
    }
    expect((await ask({ address: newAddress(), token: staff }, BY_CODE, right)).codes).toEqual(['RATE_LIMITED']);
    expect((await ask({ address: newAddress(), token }, BY_CODE, right)).data['reservation']).toEqual(right);
  });
});
