// What a price tells about itself, and the small verbs beside it. What stays cost stands in the tables of tariff-tables*.test.ts and is
// held against a clerk in tariff-oracle.test.ts.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Period } from '../../src/domain/period.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import {
  cashAmountMinor,
  exitGraceMinutes,
  freeMinutes,
  includedTaxMinor,
  priceStay,
  priceStayTotal,
} from '../../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { isTimeZone, localDateTime } from '../../src/domain/tariff/local-time.ts';
import { multiplierPercent } from '../../src/domain/tariff/multiplier.ts';
import { plainRates, plainTariff } from '../support/tariffs.ts';
import { anyStay, anyTariff } from './arbitraries.ts';

function between(startsAt: string, endsAt: string): Period {
  return { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
}

function stayOf(tariff: TariffDocument, period: Period, more: Partial<StayToPrice> = {}): StayToPrice {
  return { tariff, timeZone: 'Europe/Amsterdam', period, spotType: 'STANDARD', multiplierPercent: 100, ...more };
}

describe('the lines of a price', () => {
  test('De Kwakel: half a euro per quarter or part of one, at most five euros until midnight', () => {
    const tariff = plainTariff({ blockMinutes: 15, minor: 50, dayMinor: 500 });
    const price = priceStay(stayOf(tariff, between('2026-06-01T18:00:00Z', '2026-06-02T06:10:00Z')));
    // 20:00 to midnight is 16 quarters or €8.00, so €5.00; midnight to 08:10 is 33 quarters or €16.50, so €5.00.
    expect(price.totalMinor).toBe(1000);
    const evening = { localFrom: '2026-06-01T20:00:00', localTo: '2026-06-02T00:00:00' };
    const morning = { localFrom: '2026-06-02T00:00:00', localTo: '2026-06-02T08:10:00' };
    const blocks = { rule: 'BLOCK', unitMinor: 50 };
    const maximum = { rule: 'CAP', quantity: 1 };
    expect(price.lines).toEqual([
      { ...blocks, ...evening, description: 'All day: 16 × 15 min', quantity: 16, amountMinor: 800, runningMinor: 800 },
      {
        ...{ ...maximum, ...evening, description: 'Day maximum of 2026-06-01' },
        ...{ unitMinor: -300, amountMinor: -300, runningMinor: 500 },
      },
      {
        ...blocks,
        ...morning,
        description: 'All day: 33 × 15 min',
        quantity: 33,
        amountMinor: 1650,
        runningMinor: 2150,
      },
      {
        ...{ ...maximum, ...morning, description: 'Day maximum of 2026-06-02' },
        ...{ unitMinor: -1150, amountMinor: -1150, runningMinor: 1000 },
      },
    ]);
  });

  test('sum to the total, each a quantity of a unit, and the sum is never below zero on the way', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const price = priceStay(stay);
        let sum = 0;
        for (const line of price.lines) {
          expect(line.amountMinor).toBe(line.quantity * line.unitMinor);
          sum += line.amountMinor;
          expect(line.runningMinor).toBe(sum);
          expect(sum).toBeGreaterThanOrEqual(0);
        }
        expect(price.totalMinor).toBe(sum);
        expect(priceStayTotal(stay)).toBe(sum);
      }),
      { numRuns: 1000 },
    );
  });

  test('round a running sum, so that thirds of a cent are neither lost nor counted twice', () => {
    const third = { name: 'Day', from: '00:00', to: '12:00', steps: [{ blockMinutes: 1, minor: 100, perMinutes: 60 }] };
    const tariff = plainTariff(
      { blockMinutes: 60, minor: 0 },
      { rates: [{ name: 'All', bands: [third, { ...third, name: 'Evening', from: '12:00', to: '24:00' }] }] },
    );
    // 8 × 1.67 = 13.33 before noon and after it: 26.67 in all.
    const price = priceStay(stayOf(tariff, between('2026-06-01T09:52:00Z', '2026-06-01T10:08:00Z')));
    expect(price.lines.map(({ description, quantity, amountMinor }) => [description, quantity, amountMinor])).toEqual([
      ['Day: 8 × 1 min', 1, 13],
      ['Evening: 8 × 1 min', 1, 14],
    ]);
  });

  test('name the share of a block that an edge has cut', () => {
    const day = { name: 'Day', from: '08:00', to: '18:00', steps: [{ blockMinutes: 60, minor: 300 }] };
    const night = { name: 'Night', from: '18:00', to: '08:00', steps: [{ blockMinutes: 60, minor: 100 }] };
    const tariff: TariffDocument = {
      ...plainTariff({ blockMinutes: 60, minor: 0 }, { rates: [{ name: 'All', bands: [day, night] }] }),
      ...{ edges: 'CUT', blocks: { rounding: 'UP', over: 'STAY' } },
    };
    const price = priceStay(stayOf(tariff, between('2026-06-01T14:20:00Z', '2026-06-01T17:00:00Z')));
    expect(price.lines.map(({ description, amountMinor }) => [description, amountMinor])).toEqual([
      ['Day: 1 × 1 h', 300],
      ['Day: 40 of 60 min', 200],
      ['Night: 1 × 1 h', 100],
    ]);
  });

  test('tell what demand adds, and the cap still holds', () => {
    const tariff = plainTariff({ blockMinutes: 60, minor: 333, dayMinor: 2000 });
    const busy = stayOf(tariff, between('2026-06-01T05:00:00Z', '2026-06-01T15:00:00Z'), { multiplierPercent: 115 });
    expect(priceStay(busy).lines.map(({ rule, amountMinor }) => [rule, amountMinor])).toEqual([
      ['BLOCK', 3330],
      ['MULTIPLIER', 500],
      ['CAP', -1830],
    ]);
  });

  test('are one of nothing for a stay that is empty, backwards or within the grace', () => {
    const tariff = plainTariff({ blockMinutes: 60, minor: 100 }, { grace: { minutes: 15, kind: 'ABSORBED' } });
    for (const endsAt of ['2026-06-01T08:15:00Z', '2026-06-01T08:00:00Z', '2026-06-01T07:00:00Z']) {
      const price = priceStay(stayOf(tariff, between('2026-06-01T08:00:00Z', endsAt)));
      expect(price.totalMinor).toBe(0);
      expect(price.lines).toMatchObject([{ rule: 'GRACE', description: 'Up to 15 min is free', amountMinor: 0 }]);
    }
  });
});

describe('a price', () => {
  test('does not change when a stay without cap is split where a block ends', () => {
    const anySplit = fc.record({ minutes: fc.integer({ min: 2, max: 4000 }), blocks: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(anyStay, anySplit, fc.integer({ min: 1, max: 90 }), (stay, { minutes, blocks }, blockMinutes) => {
        fc.pre(blocks * blockMinutes < minutes);
        const tariff = plainTariff({ blockMinutes, minor: 70 });
        const startsAtMs = stay.period.startsAt.getTime();
        const at = (minute: number): Date => new Date(startsAtMs + minute * 60_000);
        const priceFor = (from: number, to: number): number =>
          priceStayTotal({ ...stay, tariff, period: { startsAt: at(from), endsAt: at(to) }, multiplierPercent: 100 });
        const split = blocks * blockMinutes;
        expect(priceFor(0, split) + priceFor(split, minutes)).toBe(priceFor(0, minutes));
      }),
      { numRuns: 500 },
    );
  });

  test('is the same whenever it is asked for, and asking changes nothing', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const before = JSON.stringify(stay);
        expect(priceStay(stay)).toEqual(priceStay(structuredClone(stay)));
        expect(JSON.stringify(stay)).toBe(before);
      }),
      { numRuns: 300 },
    );
  });

  test('stays exact where a number would not: a year by the minute at the dearest rate', () => {
    const tariff = plainTariff({ blockMinutes: 1, minor: 1_000_000_000 });
    const year = between('2026-01-01T00:00:00Z', '2027-01-01T00:00:00Z');
    expect(priceStayTotal(stayOf(tariff, year))).toBe(525_600_000_000_000);
    expect(() => priceStayTotal(stayOf(tariff, between('2026-01-01T00:00:00Z', '2050-01-01T00:00:00Z')))).toThrow(
      RangeError,
    );
  });

  test('of a tariff that does not cover a minute is refused rather than guessed', () => {
    const rates = [
      { name: 'All', bands: [{ name: 'Day', from: '08:00', to: '18:00', steps: [{ blockMinutes: 60, minor: 100 }] }] },
    ];
    const tariff = { ...plainTariff({ blockMinutes: 60, minor: 0 }), rates };
    expect(() => priceStay(stayOf(tariff, between('2026-06-01T15:00:00Z', '2026-06-01T17:00:00Z')))).toThrow(
      /no band of the rate holds/,
    );
  });
});

describe('the lot’s clock', () => {
  test('is one that the runtime knows', () => {
    expect(isTimeZone('Asia/Tokyo')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });

  test.each([
    ['2026-03-29T00:59:59Z', '2026-03-29T01:59:59'],
    ['2026-03-29T01:00:00Z', '2026-03-29T03:00:00'],
    ['2026-10-25T00:59:59Z', '2026-10-25T02:59:59'],
    ['2026-10-25T01:00:00Z', '2026-10-25T02:00:00'],
  ])('shows at %s %s in Amsterdam', (instant, shown) => {
    expect(localDateTime(Date.parse(instant), 'Europe/Amsterdam')).toBe(shown);
  });
});

describe('prices that follow demand', () => {
  const points = [
    { occupancyPercent: 20, percent: 70 },
    { occupancyPercent: 60, percent: 100 },
    { occupancyPercent: 90, percent: 160 },
  ];
  const multiplier = { floorPercent: 80, ceilingPercent: 150, points };
  const tariff = plainTariff({ blockMinutes: 60, minor: 333 }, { multiplier });

  test.each([
    [0, 80],
    [20, 80],
    [37, 83],
    [38, 84],
    [39, 84],
    [40, 85],
    [60, 100],
    [61, 102],
    [75, 130],
    [85, 150],
    [100, 150],
    [-5, 80],
    [250, 150],
  ])('at %d per cent occupancy are %d per cent of the rate', (occupancy, percent) => {
    expect(multiplierPercent(tariff, occupancy)).toBe(percent);
  });

  test('stay between floor and ceiling, in whole per cents, for every occupancy', () => {
    fc.assert(
      fc.property(fc.double({ min: -50, max: 200, noNaN: true }), (occupancy) => {
        const percent = multiplierPercent(tariff, occupancy);
        expect(Number.isInteger(percent)).toBe(true);
        expect(percent).toBeGreaterThanOrEqual(80);
        expect(percent).toBeLessThanOrEqual(150);
      }),
    );
  });

  test('are the plain prices where the tariff does not follow demand', () => {
    fc.assert(
      fc.property(anyTariff, fc.integer({ min: 0, max: 100 }), (any, at) => multiplierPercent(any, at) === 100),
    );
  });
});

describe('beside the price', () => {
  const plain = plainTariff({ blockMinutes: 60, minor: 100 });

  test('the tax is found inside an amount, whether it is in the prices or comes on top', () => {
    const tax = (percent: number, mode: 'INCLUDED' | 'ADDED'): TariffDocument => ({ ...plain, tax: { percent, mode } });
    expect(includedTaxMinor(tax(21, 'INCLUDED'), 1210)).toBe(210);
    expect(includedTaxMinor(tax(25.5, 'ADDED'), 1255)).toBe(255);
    expect(includedTaxMinor(plain, 1255)).toBe(0);
  });

  test.each([
    ['NEAREST', 5, 1002, 1000],
    ['NEAREST', 5, 1003, 1005],
    ['NEAREST', 10, 1005, 1010],
    ['UP', 50, 1001, 1050],
    ['DOWN', 50, 1049, 1000],
    ['UP', 50, 1000, 1000],
  ] as const)('in cash, %s to %d, %d is %d', (...[mode, toMinor, amountMinor, cashMinor]) => {
    expect(cashAmountMinor({ ...plain, cashRounding: { toMinor, mode } }, amountMinor)).toBe(cashMinor);
    expect(cashAmountMinor(plain, amountMinor)).toBe(amountMinor);
  });

  test('the exit stays open for the pay point’s minutes, the tariff’s, or the lot’s', () => {
    const tariff = { ...plain, exitGrace: { minutes: 10, byPayPoint: { APP: 20 } } };
    expect(exitGraceMinutes(tariff, 15, 'APP')).toBe(20);
    expect(exitGraceMinutes(tariff, 15, 'KIOSK')).toBe(10);
    expect(exitGraceMinutes(tariff, 15)).toBe(10);
    expect(exitGraceMinutes(plain, 15, 'APP')).toBe(15);
  });

  test('a tariff says for how long a stay is free', () => {
    expect(freeMinutes(plain)).toBe(0);
    expect(
      freeMinutes({ ...plain, ...plainRates({ blockMinutes: 1, minor: 1 }), grace: { minutes: 12, kind: 'DEDUCTED' } }),
    ).toBe(12);
  });
});
