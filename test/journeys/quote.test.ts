import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { issueQuote, readQuote } from '../../src/availability/quote-token.ts';
import { Lot } from '../../src/entities/lot.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeVehicle, type LotOptions, type TestLot } from '../support/world.ts';

const QUOTE = `query Quote($input: QuoteInput!) {
  quote(input: $input) {
    quote {
      id available spotsFree spotType vehicleClass multiplierPercent expiresAt
      period { startsAt endsAt }
      lot { id code }
      price { total { amountMinor currency } lines { rule localFrom localTo quantity unit { amountMinor } amount { amountMinor } running { amountMinor } } }
      policy { cancellation { freeUntilMinutesBefore refundPercentAfter } noShow { fee hours } }
      alternatives { kind spotType spotsFree distanceMeters period { startsAt endsAt } lot { id } }
    }
    userErrors { code field message }
  }
}`;
const RESERVE = `mutation Reserve($input: ReserveSpotInput!) {
  reserveSpot(input: $input) {
    reservation { id spotType price { total { amountMinor } } }
    userErrors { code ... on SpotUnavailable { alternatives { kind spotType lot { id } period { startsAt } } } }
  }
}`;

const MINUTE_MS = 60_000;

let system: TestSystem;
/** Apart from one another, so that no lot is near another test's. */
let latitude = -60;

beforeAll(async () => {
  system = await startSystem();
  // Steps and local times in prices do not depend on when the test runs.
  system.clock.freezeAt(new Date('2026-11-23T08:00:00Z'));
});
afterAll(() => system?.stop());

function lonelyLot(options: LotOptions = {}): Promise<TestLot> {
  latitude += 1;
  return makeLot(system, { latitude, longitude: 10, ...options });
}

function period(startMinutes: number, lengthMinutes: number): { startsAt: string; endsAt: string } {
  const startsAt = system.clock.now().getTime() + startMinutes * MINUTE_MS;
  return {
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(startsAt + lengthMinutes * MINUTE_MS).toISOString(),
  };
}

async function quote(input: Record<string, unknown>, token?: string): Promise<any> {
  const { data, errors } = await system.client(token).query(QUOTE, { input });
  expect(errors).toBeUndefined();
  return data['quote'];
}

async function reserve(lot: TestLot, input: Record<string, unknown>, token?: string): Promise<any> {
  const bearer = token ?? (await makeDriver(system)).token;
  const plate = `EF${Math.floor(Math.random() * 1e6)}`;
  const full = { idempotencyKey: randomUUID(), lotId: lot.publicId, vehicle: { plate: { text: plate } }, ...input };
  const { data, errors } = await system.client(bearer).query(RESERVE, { input: full });
  expect(errors).toBeUndefined();
  return data['reserveSpot'];
}

describe('a quote for a lot that is free', () => {
  test('says how many are free and what it costs, line by line, and until when', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 3 } });
    const asked = period(60, 7 * 60);
    const { quote: quoted, userErrors } = await quote({ lotId: lot.publicId, period: asked });
    expect(userErrors).toEqual([]);
    expect(quoted).toMatchObject({
      available: true,
      spotsFree: 3,
      spotType: 'STANDARD',
      vehicleClass: 'CAR',
      multiplierPercent: 100,
      period: asked,
      lot: { id: lot.publicId },
      price: { total: { amountMinor: 1000, currency: 'EUR' } },
      policy: {
        cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 },
        noShow: { fee: 'FIRST_HOURS', hours: 24 },
      },
      alternatives: [],
    });
    expect(quoted.price.lines.map(({ rule, amount }: any) => [rule, amount.amountMinor])).toEqual([
      ['BLOCK', 1400],
      ['CAP', -400],
    ]);
    expect(quoted.price.lines[0]).toMatchObject({
      localFrom: '2026-11-23T11:00:00',
      localTo: '2026-11-23T18:00:00',
      quantity: 7,
    });
    expect(quoted.expiresAt).toBe('2026-11-23T08:10:00.000Z');
  });

  test('keeps its price for ten minutes although demand has raised it since', async () => {
    const multiplier = {
      floorPercent: 100,
      ceilingPercent: 300,
      points: [
        { occupancyPercent: 0, percent: 100 },
        { occupancyPercent: 100, percent: 300 },
      ],
    };
    const lot = await lonelyLot({ spots: { STANDARD: 2 }, tariff: { multiplier } });
    const asked = period(0, 60);
    const { quote: early } = await quote({ lotId: lot.publicId, period: asked });
    expect(early.price.total.amountMinor).toBe(200);
    await reserve(lot, { period: asked });
    const { quote: later } = await quote({ lotId: lot.publicId, period: asked });
    expect(later).toMatchObject({ multiplierPercent: 200, spotsFree: 1, price: { total: { amountMinor: 400 } } });
    const { reservation } = await reserve(lot, { period: asked, quoteId: early.id });
    expect(reservation.price.total.amountMinor).toBe(200);
  });

  test('takes the best type that is free for the vehicle, or the one that is named', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 1, LARGE: 1, EV: 1, ACCESSIBLE: 1 } });
    const asked = period(0, 60);
    const driver = await makeDriver(system);
    const { publicId: vehicleId } = await makeVehicle(system, {
      driverId: driver.id,
      plate: 'EL123',
      vehicleClass: 'ELECTRIC_CAR',
    });
    const typeFor = async (input: object, token?: string) =>
      (await quote({ lotId: lot.publicId, period: asked, ...input }, token)).quote?.spotType;
    expect(await typeFor({})).toBe('STANDARD');
    expect(await typeFor({ vehicleId }, driver.token)).toBe('EV');
    expect(await typeFor({ spotType: 'ACCESSIBLE' })).toBe('ACCESSIBLE');
    await reserve(lot, { period: asked, spotType: 'STANDARD' });
    expect(await typeFor({})).toBe('LARGE');
  });
});

describe('a quote for a lot that is full', () => {
  test('names what is near: another type, the nearest later time, the nearest other lot', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 1, LARGE: 1 } });
    const [far, near] = [
      await makeLot(system, { latitude: latitude + 0.03, longitude: 10 }),
      await makeLot(system, { latitude: latitude + 0.01, longitude: 10 }),
    ];
    await reserve(lot, { period: period(0, 90), spotType: 'STANDARD' });
    const { quote: quoted } = await quote({ lotId: lot.publicId, period: period(30, 120), spotType: 'STANDARD' });
    expect(quoted).toMatchObject({ available: false, spotsFree: 0, price: { total: { amountMinor: 400 } } });
    expect(quoted.alternatives).toEqual([
      {
        kind: 'OTHER_TYPE',
        spotType: 'LARGE',
        spotsFree: 1,
        distanceMeters: 0,
        period: period(30, 120),
        lot: { id: lot.publicId },
      },
      {
        kind: 'LATER',
        spotType: 'STANDARD',
        spotsFree: 1,
        distanceMeters: 0,
        period: period(90, 120),
        lot: { id: lot.publicId },
      },
      {
        kind: 'OTHER_LOT',
        spotType: 'STANDARD',
        spotsFree: 3,
        distanceMeters: 1112,
        period: period(30, 120),
        lot: { id: near.publicId },
      },
    ]);
    expect(far.publicId).not.toBe(near.publicId);
  });

  test('offers a later time only where the whole length fits between two reservations', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 1 } });
    await reserve(lot, { period: period(0, 60) });
    await reserve(lot, { period: period(120, 60) });
    const laterStart = async (length: number) =>
      (await quote({ lotId: lot.publicId, period: period(0, length) })).quote.alternatives.find(
        ({ kind }: any) => kind === 'LATER',
      )?.period;
    expect(await laterStart(60)).toEqual(period(60, 60));
    expect(await laterStart(90)).toEqual(period(180, 90));
  });

  test('and what it offers can be had: every alternative is available when it is asked for', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 2, LARGE: 1 } });
    await makeLot(system, { latitude: latitude + 0.02, longitude: 10 });
    for (const start of [0, 45]) await reserve(lot, { period: period(start, 120), spotType: 'STANDARD' });
    await reserve(lot, { period: period(200, 60), spotType: 'STANDARD' });
    const { quote: quoted } = await quote({ lotId: lot.publicId, period: period(50, 180), spotType: 'STANDARD' });
    expect(quoted.alternatives).toHaveLength(3);
    for (const { lot: where, spotType, period: when } of quoted.alternatives) {
      expect((await quote({ lotId: where.id, period: when, spotType })).quote.available).toBe(true);
    }
  });

  test('stops being full at the very minute at which a hold lapses, with no worker to clean up', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 1 } });
    const asked = period(60, 60);
    await reserve(lot, { period: asked });
    expect((await quote({ lotId: lot.publicId, period: asked })).quote.available).toBe(false);
    const before = system.clock.now();
    system.clock.advance(lot.policy.holdMinutes * MINUTE_MS);
    try {
      expect((await quote({ lotId: lot.publicId, period: asked })).quote.available).toBe(true);
    } finally {
      system.clock.freezeAt(before);
    }
  });

  test('and a reservation that finds it full is told the same alternatives', async () => {
    const lot = await lonelyLot({ spots: { STANDARD: 1, LARGE: 1 } });
    await reserve(lot, { period: period(0, 60), spotType: 'STANDARD' });
    const { reservation, userErrors } = await reserve(lot, { period: period(0, 60), spotType: 'STANDARD' });
    expect(reservation).toBeNull();
    expect(userErrors).toMatchObject([
      {
        code: 'SPOT_UNAVAILABLE',
        alternatives: [
          { kind: 'OTHER_TYPE', spotType: 'LARGE' },
          { kind: 'LATER', period: { startsAt: period(60, 0).startsAt } },
        ],
      },
    ]);
  });
});

describe('a quote that is refused', () => {
  const cases: [string, string, Record<string, unknown>][] = [
    ['a lot that is none', 'LOT_NOT_FOUND', { lotId: 'lot_nonsense' }],
    ['a lot that is not there', 'LOT_NOT_FOUND', { lotId: 'lot_AZq1KfdRdXCjUX4AqRvn3g' }],
    [
      'a period that ends before it begins',
      'PERIOD_BACKWARDS',
      { period: { startsAt: '2026-11-23T10:00:00Z', endsAt: '2026-11-23T09:00:00Z' } },
    ],
    [
      'an empty period',
      'PERIOD_BACKWARDS',
      { period: { startsAt: '2026-11-23T10:00:00Z', endsAt: '2026-11-23T10:00:00Z' } },
    ],
    [
      'a period in the past',
      'PERIOD_IN_PAST',
      { period: { startsAt: '2026-11-23T07:00:00Z', endsAt: '2026-11-23T09:00:00Z' } },
    ],
    [
      'a period in the year 1',
      'PERIOD_IN_PAST',
      { period: { startsAt: '0001-01-01T00:00:00Z', endsAt: '0001-01-02T00:00:00Z' } },
    ],
    ['a minute', 'PERIOD_TOO_SHORT', { period: { startsAt: '2026-11-23T10:00:00Z', endsAt: '2026-11-23T10:01:00Z' } }],
    [
      'longer than the lot allows',
      'PERIOD_TOO_LONG',
      { period: { startsAt: '2026-11-23T10:00:00Z', endsAt: '2026-12-23T10:00:00Z' } },
    ],
    [
      'next year',
      'PERIOD_TOO_FAR_AHEAD',
      { period: { startsAt: '2027-11-23T10:00:00Z', endsAt: '2027-11-23T12:00:00Z' } },
    ],
    [
      'the end of time',
      'PERIOD_TOO_LONG',
      { period: { startsAt: '2026-11-23T10:00:00Z', endsAt: '9999-12-31T23:59:59Z' } },
    ],
    ['a type that does not take the vehicle', 'SPOT_DOES_NOT_FIT', { spotType: 'MOTORCYCLE' }],
    ['a vehicle that the lot has no spots for', 'SPOT_NOT_FOUND', { vehicleClass: 'BUS' }],
    ['somebody else’s vehicle', 'VEHICLE_NOT_FOUND', { vehicleId: 'veh_AZq1KfdRdXCjUX4AqRvn3g' }],
  ];
  test.each(cases)('%s: %s', async (_what, code, change) => {
    const lot = await lonelyLot();
    const { quote: quoted, userErrors } = await quote({ lotId: lot.publicId, period: period(0, 60), ...change });
    expect(quoted).toBeNull();
    expect(userErrors).toMatchObject([{ code }]);
  });

  test('for a lot that is closed', async () => {
    const lot = await lonelyLot();
    await system.platform.orm.em.fork().nativeUpdate(Lot, { id: lot.id }, { state: 'CLOSED' });
    expect((await quote({ lotId: lot.publicId, period: period(0, 60) })).userErrors).toMatchObject([
      { code: 'LOT_CLOSED' },
    ]);
  });

  test.each([
    ['altered', (id: string) => id.slice(0, 60) + (id[60] === 'A' ? 'B' : 'A') + id.slice(61)],
    ['cut short', (id: string) => id.slice(0, -4)],
    ['made up', () => `qte_${Buffer.from('{"totalMinor":1}').toString('base64url')}`],
    ['empty', () => 'qte_'],
  ])('when it comes back %s', async (_how, forge) => {
    const lot = await lonelyLot();
    const { quote: quoted } = await quote({ lotId: lot.publicId, period: period(0, 60) });
    expect(readQuote(system.platform, quoted.id)).not.toBe('INVALID');
    expect(readQuote(system.platform, forge(quoted.id))).toBe('INVALID');
    expect((await reserve(lot, { period: period(0, 60), quoteId: forge(quoted.id) })).userErrors).toMatchObject([
      { code: 'QUOTE_INVALID' },
    ]);
  });

  test('when it is used for another lot or period, and when it has expired', async () => {
    const [lot, other] = [await lonelyLot(), await lonelyLot()];
    const asked = period(60, 60);
    const { quote: quoted } = await quote({ lotId: lot.publicId, period: asked });
    expect((await reserve(other, { period: asked, quoteId: quoted.id })).userErrors).toMatchObject([
      { code: 'QUOTE_INVALID' },
    ]);
    expect((await reserve(lot, { period: period(60, 120), quoteId: quoted.id })).userErrors).toMatchObject([
      { code: 'QUOTE_INVALID' },
    ]);
    const expired = readQuote(system.platform, quoted.id);
    if (expired === 'INVALID') throw new Error('a fresh quote must be readable');
    const old = issueQuote(system.platform, { ...expired, expiresAt: system.clock.now() });
    expect((await reserve(lot, { period: asked, quoteId: old })).userErrors).toMatchObject([{ code: 'QUOTE_EXPIRED' }]);
  });
});
