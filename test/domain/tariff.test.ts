import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY_MS } from '../../src/domain/period.ts';
import type { Period } from '../../src/domain/period.ts';
import type { PriceLine, TariffDocument, TariffRate } from '../../src/domain/tariff/document.ts';
import { freeMinutes, includedTaxMinor, priceStay, rateFor } from '../../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { isTimeZone, localDays } from '../../src/domain/tariff/local-time.ts';
import { multiplierPercent } from '../../src/domain/tariff/multiplier.ts';
import { overstay } from '../../src/domain/tariff/overstay.ts';
import { anyStay, anyTariff, MINUTE_MS, period, ZONES } from './arbitraries.ts';
import { priceByTheMinute, wallDate } from './price-oracle.ts';

const HOUR_MS = 60 * MINUTE_MS;

function tariffOf(rate: TariffRate, more: Partial<TariffDocument> = {}): TariffDocument {
  return { version: 1, currency: 'EUR', rates: {}, defaultRate: rate, graceMinutes: 0, ...more };
}

function between(startsAt: string, endsAt: string): Period {
  return { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
}

function stayOf(tariff: TariffDocument, stayed: Period, more: Partial<StayToPrice> = {}): StayToPrice {
  return {
    tariff,
    timeZone: 'Europe/Amsterdam',
    period: stayed,
    spotType: 'STANDARD',
    multiplierPercent: 100,
    ...more,
  };
}

function minutesLonger(stay: StayToPrice, minutes: number): StayToPrice {
  const endsAt = new Date(stay.period.endsAt.getTime() + minutes * MINUTE_MS);
  return { ...stay, period: { startsAt: stay.period.startsAt, endsAt } };
}

/** Each date has one STEP line, and what the other rules make of it follows. */
function amountsByDay(lines: readonly PriceLine[]): number[] {
  const days: number[] = [];
  for (const { rule, amountMinor } of lines) {
    if (rule === 'STEP') days.push(amountMinor);
    else if (rule !== 'GRACE') days.push(days.pop()! + amountMinor);
  }
  return days;
}

describe('a price, for every tariff, zone and period', () => {
  test('equals what a clerk who counts minute by minute would ask, in 10,000 stays around clock changes', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        expect(priceStay(stay).totalMinor).toBe(priceByTheMinute(stay).totalMinor);
      }),
      { numRuns: 10_000 },
    );
  }, 120_000);

  test('is the sum of its lines, each of which is a quantity of a unit', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const price = priceStay(stay);
        let sum = 0;
        for (const line of price.lines) {
          expect(line.amountMinor).toBe(line.quantity * line.unitMinor);
          sum += line.amountMinor;
          expect(line.runningMinor).toBe(sum);
          expect(Number.isSafeInteger(line.amountMinor)).toBe(true);
        }
        expect(price.totalMinor).toBe(sum);
        expect(price.currency).toBe(stay.tariff.currency);
      }),
      { numRuns: 2000 },
    );
  });

  test('is never negative, not even in between', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        for (const line of priceStay(stay).lines) expect(line.runningMinor).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 2000 },
    );
  });

  test('never falls when the driver stays longer', () => {
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 1, max: 3000 }), (stay, minutes) => {
        expect(priceStay(minutesLonger(stay, minutes)).totalMinor).toBeGreaterThanOrEqual(priceStay(stay).totalMinor);
      }),
      { numRuns: 2000 },
    );
  });

  test('asks for every date of the wall what the clerk asks for it, and never more than the cap', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const days = amountsByDay(priceStay(stay).lines);
        expect(days).toEqual([...priceByTheMinute(stay).byDate.values()]);
        const { dailyCapMinor = Infinity } = rateFor(stay.tariff, stay.spotType);
        for (const amountMinor of days) expect(amountMinor).toBeLessThanOrEqual(dailyCapMinor);
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves no gap and no overlap between its lines on the clock', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const spans = priceStay(stay).lines.filter((line) => line.rule === 'STEP' || line.rule === 'GRACE');
        spans.slice(1).forEach((line, index) => expect(line.localFrom).toBe(spans[index]!.localTo));
      }),
      { numRuns: 1000 },
    );
  });

  test('does not change when a stay without cap is split where a block ends', () => {
    const anySplit = fc.record({ minutes: fc.integer({ min: 2, max: 4000 }), blocks: fc.integer({ min: 1, max: 50 }) });
    fc.assert(
      fc.property(anyStay, anySplit, (stay, { minutes, blocks }) => {
        const { stepMinutes, stepMinor } = rateFor(stay.tariff, stay.spotType);
        fc.pre(blocks * stepMinutes < minutes);
        const tariff = tariffOf({ stepMinutes, stepMinor });
        const startsAtMs = stay.period.startsAt.getTime();
        const priceFor = (stayed: Period): number =>
          priceStay({ ...stay, tariff, period: stayed, multiplierPercent: 100 }).totalMinor;
        const first = priceFor(period(startsAtMs, blocks * stepMinutes));
        const second = priceFor(period(startsAtMs + blocks * stepMinutes * MINUTE_MS, minutes - blocks * stepMinutes));
        expect(first + second).toBe(priceFor(period(startsAtMs, minutes)));
      }),
      { numRuns: 1000 },
    );
  });

  test('is the same whenever it is asked for, and asking changes nothing', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const before = JSON.stringify(stay);
        expect(priceStay(stay)).toEqual(priceStay(structuredClone(stay)));
        expect(JSON.stringify(stay)).toBe(before);
      }),
      { numRuns: 500 },
    );
  });

  test('is nothing for a period that is empty or backwards', () => {
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 0, max: 5000 }), (stay, minutes) => {
        const price = priceStay({ ...stay, period: period(stay.period.startsAt.getTime(), -minutes) });
        expect(price.totalMinor).toBe(0);
      }),
    );
  });
});

describe('published prices', () => {
  test('Amsterdam P1: five euros per block of an hour, so 65 minutes cost ten', () => {
    const tariff = tariffOf({ stepMinutes: 60, stepMinor: 500 });
    expect(priceStay(stayOf(tariff, between('2026-06-01T08:00:00Z', '2026-06-01T09:05:00Z'))).totalMinor).toBe(1000);
    expect(priceStay(stayOf(tariff, between('2026-06-01T08:00:00Z', '2026-06-01T09:00:00Z'))).totalMinor).toBe(500);
    expect(priceStay(stayOf(tariff, between('2026-06-01T08:00:00Z', '2026-06-01T09:00:00.001Z'))).totalMinor).toBe(
      1000,
    );
  });

  test('De Kwakel: half a euro per quarter or part of one, at most five euros until midnight', () => {
    const tariff = tariffOf({ stepMinutes: 15, stepMinor: 50, dailyCapMinor: 500 });
    const price = priceStay(stayOf(tariff, between('2026-06-01T18:00:00Z', '2026-06-02T06:10:00Z')));
    // 20:00 to midnight is 16 quarters or €8.00, so €5.00; midnight to 08:10 is 33 quarters or €16.50, so €5.00.
    expect(price.totalMinor).toBe(1000);
    expect(price.lines).toEqual([
      {
        rule: 'STEP',
        description: '16 × 15 min',
        localFrom: '2026-06-01T20:00:00',
        localTo: '2026-06-02T00:00:00',
        quantity: 16,
        unitMinor: 50,
        amountMinor: 800,
        runningMinor: 800,
      },
      {
        rule: 'DAILY_CAP',
        description: 'Day maximum of 2026-06-01',
        localFrom: '2026-06-01T20:00:00',
        localTo: '2026-06-02T00:00:00',
        quantity: 1,
        unitMinor: -300,
        amountMinor: -300,
        runningMinor: 500,
      },
      {
        rule: 'STEP',
        description: '33 × 15 min',
        localFrom: '2026-06-02T00:00:00',
        localTo: '2026-06-02T08:10:00',
        quantity: 33,
        unitMinor: 50,
        amountMinor: 1650,
        runningMinor: 2150,
      },
      {
        rule: 'DAILY_CAP',
        description: 'Day maximum of 2026-06-02',
        localFrom: '2026-06-02T00:00:00',
        localTo: '2026-06-02T08:10:00',
        quantity: 1,
        unitMinor: -1150,
        amountMinor: -1150,
        runningMinor: 1000,
      },
    ]);
  });

  test('Singapore: fifteen minutes are free, and from the sixteenth on the grace is charged too', () => {
    const tariff = tariffOf({ stepMinutes: 1, stepMinor: 2 }, { currency: 'SGD', graceMinutes: 15 });
    const minutes = (count: number) => stayOf(tariff, period(Date.parse('2026-06-01T02:00:00Z'), count));
    const free = priceStay({ ...minutes(15), timeZone: 'Asia/Singapore' });
    expect(free.totalMinor).toBe(0);
    expect(free.lines.map((line) => line.rule)).toEqual(['GRACE']);
    expect(priceStay({ ...minutes(16), timeZone: 'Asia/Singapore' }).totalMinor).toBe(32);
    expect(priceStay({ ...minutes(30), timeZone: 'Asia/Singapore' }).totalMinor).toBe(60);
    expect(freeMinutes(tariff)).toBe(15);
  });

  test('a spot type has its own rate, and the others the default one', () => {
    const tariff = tariffOf(
      { stepMinutes: 60, stepMinor: 200 },
      { rates: { BUS: { stepMinutes: 30, stepMinor: 700 } } },
    );
    const twoHours = between('2026-06-01T08:00:00Z', '2026-06-01T10:00:00Z');
    expect(priceStay(stayOf(tariff, twoHours, { spotType: 'BUS' })).totalMinor).toBe(2800);
    expect(priceStay(stayOf(tariff, twoHours, { spotType: 'EV' })).totalMinor).toBe(400);
  });
});

describe('nights on which the clock changes', () => {
  const hourly = tariffOf({ stepMinutes: 60, stepMinor: 100 });
  const perMinute = tariffOf({ stepMinutes: 1, stepMinor: 1 });

  test.each([
    ['Europe/Amsterdam', '2026-10-24T22:00:00+02:00', '2026-10-25T06:00:00+01:00', 9],
    ['Europe/Amsterdam', '2026-03-28T22:00:00+01:00', '2026-03-29T06:00:00+02:00', 7],
    ['America/Chicago', '2026-03-07T22:00:00-06:00', '2026-03-08T06:00:00-05:00', 7],
    ['Australia/Lord_Howe', '2026-04-04T22:00:00+11:00', '2026-04-05T06:00:00+10:30', 8.5],
  ])('%s: 22:00 to 06:00 from %s costs the hours that passed', (...[timeZone, startsAt, endsAt, hours]) => {
    const night = between(startsAt, endsAt);
    const byHour = priceStay(stayOf(hourly, night, { timeZone }));
    expect(byHour.totalMinor).toBe(100 * Math.ceil(hours));
    expect(priceStay(stayOf(perMinute, night, { timeZone })).totalMinor).toBe(60 * hours);
    expect(byHour.lines.at(0)?.localFrom.slice(11)).toBe('22:00:00');
    expect(byHour.lines.at(-1)?.localTo.slice(11)).toBe('06:00:00');
  });

  test.each([
    ['Europe/Amsterdam', '2026-03-29', 23],
    ['Europe/Amsterdam', '2026-10-25', 25],
    ['Australia/Lord_Howe', '2026-04-05', 24.5],
    ['Australia/Lord_Howe', '2026-10-04', 23.5],
    ['Africa/Cairo', '2026-04-24', 23],
    ['America/Santiago', '2026-09-06', 23],
  ])('%s: %s is one day of %d hours under one cap', (timeZone, date, hours) => {
    const noon = Date.parse(`${date}T12:00:00Z`);
    const day = localDays(period(noon - DAY_MS, 3 * 1440), timeZone).find((candidate) => candidate.date === date);
    expect((day!.endsAtMs - day!.startsAtMs) / HOUR_MS).toBe(hours);
    const whole = { startsAt: new Date(day!.startsAtMs), endsAt: new Date(day!.endsAtMs) };
    const capped = tariffOf({ stepMinutes: 30, stepMinor: 100, dailyCapMinor: 1500 });
    expect(priceStay(stayOf(capped, whole, { timeZone })).totalMinor).toBe(1500);
    expect(priceStay(stayOf(perMinute, whole, { timeZone })).totalMinor).toBe(60 * hours);
  });

  test('the days of a period are the dates on the wall, without gap', () => {
    fc.assert(
      fc.property(anyStay, fc.constantFrom(...ZONES), ({ period: stayed }, timeZone) => {
        const days = localDays(stayed, timeZone);
        expect(days.at(0)!.startsAtMs).toBeLessThanOrEqual(stayed.startsAt.getTime());
        expect(days.at(-1)!.endsAtMs).toBeGreaterThanOrEqual(stayed.endsAt.getTime());
        for (const day of days) {
          expect(wallDate(day.startsAtMs, timeZone)).toBe(day.date);
          expect(wallDate(day.endsAtMs - 1, timeZone)).toBe(day.date);
          expect(wallDate(day.startsAtMs - 1, timeZone)).not.toBe(day.date);
        }
        days.slice(1).forEach((day, index) => expect(day.startsAtMs).toBe(days[index]!.endsAtMs));
      }),
      { numRuns: 500 },
    );
  });

  test('a zone is one that the runtime knows', () => {
    expect(isTimeZone('Asia/Tokyo')).toBe(true);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('')).toBe(false);
  });
});

describe('prices that follow demand', () => {
  const tariff = tariffOf(
    { stepMinutes: 60, stepMinor: 333, dailyCapMinor: 2000 },
    {
      multiplier: {
        floorPercent: 80,
        ceilingPercent: 150,
        points: [
          { occupancyPercent: 20, percent: 70 },
          { occupancyPercent: 60, percent: 100 },
          { occupancyPercent: 90, percent: 160 },
        ],
      },
    },
  );

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
  ])('at %d per cent occupancy the rate is %d per cent', (occupancy, percent) => {
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

  test('show what demand adds on a line of its own, and the cap still holds', () => {
    const stayed = between('2026-06-01T08:00:00Z', '2026-06-01T11:00:00Z');
    const busy = priceStay(stayOf(tariff, stayed, { multiplierPercent: 115 }));
    expect(busy.lines.map(({ rule, amountMinor }) => [rule, amountMinor])).toEqual([
      ['STEP', 999],
      ['MULTIPLIER', 150],
    ]);
    const quiet = priceStay(stayOf(tariff, stayed, { multiplierPercent: 80 }));
    expect(quiet.totalMinor).toBe(799);
    const full = priceStay(
      stayOf(tariff, between('2026-06-01T05:00:00Z', '2026-06-01T15:00:00Z'), { multiplierPercent: 150 }),
    );
    expect(full.totalMinor).toBe(2000);
  });
});

describe('tax and overstay', () => {
  test('the tax is found inside the price', () => {
    const rate = { stepMinutes: 60, stepMinor: 100 };
    expect(includedTaxMinor(tariffOf(rate, { taxPercent: 21 }), 1210)).toBe(210);
    expect(includedTaxMinor(tariffOf(rate, { taxPercent: 25.5 }), 1255)).toBe(255);
    expect(includedTaxMinor(tariffOf(rate), 1255)).toBe(0);
  });

  test('leaving within the exit grace costs nothing more, beyond it the whole overstay', () => {
    const tariff = tariffOf({ stepMinutes: 60, stepMinor: 300 });
    const promised = stayOf(tariff, between('2026-06-01T08:00:00Z', '2026-06-01T10:00:00Z'));
    const dueAt = (leftAt: string) =>
      overstay({ ...promised, leftAt: new Date(leftAt), exitGraceMinutes: 15 }).dueMinor;
    expect(dueAt('2026-06-01T09:00:00Z')).toBe(0);
    expect(dueAt('2026-06-01T10:15:00Z')).toBe(0);
    expect(dueAt('2026-06-01T10:15:01Z')).toBe(300);
    expect(dueAt('2026-06-01T12:00:00Z')).toBe(600);
  });
});
