import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceStayTotal, type StayToPrice } from '../../src/domain/tariff/engine.ts';
import { nextPrices } from '../../src/domain/tariff/next-prices.ts';

const MINUTE_MS = 60_000;
const hour = (minor: number) => ({ blockMinutes: 60, minor });
const GARAGE: TariffDocument = {
  ...{ version: 1, currency: 'EUR', grace: { minutes: 10, kind: 'ABSORBED' }, edges: 'CUT' },
  rates: [
    {
      name: 'Cars',
      bands: [
        {
          name: 'Day',
          from: '07:00',
          to: '19:00',
          steps: [
            { ...hour(300), times: 2 },
            { blockMinutes: 30, minor: 100 },
          ],
        },
        { name: 'Night', from: '19:00', to: '07:00', steps: [hour(100)], capMinor: 500 },
      ],
      caps: [{ window: 'CALENDAR_DAY', minor: 2400 }],
    },
  ],
  offers: [{ name: 'Early bird', minor: 1200, entry: { from: '06:00', to: '09:00' }, coversMinutes: 720 }],
};
const BY_THE_MINUTE: TariffDocument = {
  ...{ version: 1, currency: 'SGD', grace: { minutes: 15, kind: 'ABSORBED' } },
  rates: [
    {
      name: 'All',
      bands: [{ name: 'All day', steps: [{ blockMinutes: 1, minor: 60, perMinutes: 30 }], capMinor: 500 }],
    },
  ],
};
const FLAT: TariffDocument = {
  ...{ version: 1, currency: 'EUR', limits: { maximumMinor: 900 } },
  rates: [{ name: 'All', bands: [{ name: 'All day', steps: [{ blockMinutes: 10_080, minor: 900 }] }] }],
};

const stayOf = (tariff: TariffDocument, from: string, minutes: number): StayToPrice => {
  const startsAt = new Date(from);
  const period = { startsAt, endsAt: new Date(startsAt.getTime() + minutes * MINUTE_MS) };
  return { tariff, timeZone: 'Europe/Helsinki', period, spotType: 'STANDARD', multiplierPercent: 100 };
};
const longer = (stay: StayToPrice, endsAtMs: number) =>
  priceStayTotal({ ...stay, period: { ...stay.period, endsAt: new Date(endsAtMs) } });

describe('what staying longer costs', () => {
  test('is told with the moment until which the price before holds, the rule and its line', () => {
    const next = nextPrices(stayOf(GARAGE, '2027-03-15T14:20:00Z', 90));
    expect(next).toMatchObject([
      { minutesLater: 30, totalMinor: 700, addedMinor: 100, rule: 'BLOCK', description: 'Day: 1 × 30 min' },
      { minutesLater: 60, totalMinor: 800, addedMinor: 200 },
      { minutesLater: 70, totalMinor: 900, rule: 'BLOCK', description: 'Night: 1 × 1 h' },
      { minutesLater: 130, totalMinor: 1000 },
    ]);
    expect(next[0]!.after).toEqual(new Date('2027-03-15T16:20:00Z'));
  });

  test('begins with the end of the free minutes, and tells where an offer takes over', () => {
    const free = nextPrices(stayOf(GARAGE, '2027-03-15T05:30:00Z', 0));
    expect(free[0]).toMatchObject({ minutesLater: 10, totalMinor: 300, rule: 'BLOCK' });
    // Half an hour makes it 12.00, and that is what the early bird pays for twelve hours; then the night's hour begins.
    const [first, second] = nextPrices(stayOf(GARAGE, '2027-03-15T05:30:00Z', 270));
    expect(first).toMatchObject({ minutesLater: 0, totalMinor: 1200 });
    expect(second).toMatchObject({ totalMinor: 1300, rule: 'BLOCK', after: new Date('2027-03-15T17:30:00Z') });
  });

  test('is nothing where the rest of the day costs nothing more', () => {
    expect(nextPrices(stayOf(FLAT, '2027-03-15T14:20:00Z', 60))).toEqual([]);
  });

  test('stops where it is told to', () => {
    expect(nextPrices(stayOf(GARAGE, '2027-03-15T14:20:00Z', 90), { most: 2 })).toHaveLength(2);
    expect(nextPrices(stayOf(GARAGE, '2027-03-15T14:20:00Z', 90), { horizonMinutes: 45 })).toHaveLength(1);
  });

  test.each([
    ['a garage', GARAGE],
    ['by the minute', BY_THE_MINUTE],
  ])('is what the engine says at each moment, and between two nothing changes: %s', (_name, tariff) => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 60 * 24 * 14 }), fc.integer({ min: 0, max: 4000 }), (offset, minutes) => {
        const from = new Date(Date.UTC(2027, 2, 22, 0, offset)).toISOString();
        const stay = stayOf(tariff, from, minutes);
        let atMs = stay.period.endsAt.getTime();
        for (const { after, totalMinor, addedMinor } of nextPrices(stay)) {
          const before = longer(stay, atMs);
          for (; atMs < after.getTime(); atMs += MINUTE_MS) expect(longer(stay, atMs)).toBe(before);
          expect(longer(stay, after.getTime())).toBe(before);
          atMs = after.getTime() + MINUTE_MS;
          expect(longer(stay, atMs)).toBe(totalMinor);
          expect(totalMinor - longer(stay, stay.period.endsAt.getTime())).toBe(addedMinor);
        }
      }),
      { numRuns: 50 },
    );
  });
});
