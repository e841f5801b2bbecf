// What holds for every tariff that can be published, whatever it says. Where a law holds only for some, the reason stands with it.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cap, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceStay, priceStayTotal } from '../../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { periodOf } from './tariff-arbitraries.ts';
import {
  anyMinutes,
  anyStay,
  byRates,
  entryOf,
  exitOf,
  runs,
  takesTimeOff,
  until,
  without,
  LAW_LIMIT_MS,
} from './tariff-stays.ts';
import { DAY_MINUTES, minuteOfDay, wallClock } from './wall-clock.ts';

jest.setTimeout(LAW_LIMIT_MS + 10_000);

describe('every price', () => {
  test('is never negative, not even in between, and nothing but whole minor units', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const { totalMinor, taxMinor, lines, currency } = priceStay(stay);
        expect(lines.filter((line) => line.runningMinor < 0)).toEqual([]);
        const amounts = lines.flatMap((line) => [line.quantity, line.unitMinor, line.amountMinor, line.runningMinor]);
        expect([totalMinor, taxMinor, ...amounts].filter((amount) => !Number.isSafeInteger(amount))).toEqual([]);
        expect(taxMinor).toBeGreaterThanOrEqual(0);
        expect(taxMinor).toBeLessThanOrEqual(totalMinor);
        expect(currency).toBe(stay.tariff.currency);
      }),
      runs(600),
    );
  });

  test('is the sum of its lines, each of which is a quantity of a unit', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const { totalMinor, lines } = priceStay(stay);
        let sum = 0;
        const wrong = lines.filter((line) => {
          sum += line.amountMinor;
          return line.amountMinor !== line.quantity * line.unitMinor || line.runningMinor !== sum;
        });
        expect(wrong).toEqual([]);
        expect(totalMinor).toBe(sum);
        expect(priceStayTotal(stay)).toBe(sum);
      }),
      runs(600),
    );
  });

  test('accounts for all of the time on the wall: no gap and no overlap between grace, offer and blocks', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const spans = priceStay(stay).lines.filter(({ rule }) => ['GRACE', 'OFFER', 'BLOCK'].includes(rule));
        expect(spans.slice(1).map((line) => line.localFrom)).toEqual(spans.slice(0, -1).map((line) => line.localTo));
        const first = stay.tariff.reentry && stay.earlier ? stay.earlier.firstEntryAt : stay.period.startsAt;
        const shown = (instant: Date): string => {
          const reading = wallClock(stay.timeZone).shows(instant.getTime() / 60_000);
          return new Date(reading * 60_000).toISOString().slice(0, 19);
        };
        const isEmpty = stay.tariff.clock === 'WALL' && shown(stay.period.endsAt) <= shown(first);
        if (spans.length === 0 || isEmpty) return;
        expect(spans.at(0)!.localFrom).toBe(shown(first));
        expect(spans.at(-1)!.localTo).toBe(shown(stay.period.endsAt));
      }),
      runs(600),
    );
  });

  test('is the same whenever it is asked for, and asking changes nothing', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const before = JSON.stringify(stay);
        const copy = structuredClone(stay);
        const price = priceStay(stay);
        expect(priceStay(copy)).toEqual(price);
        expect(priceStay(stay)).toEqual(price);
        expect(JSON.stringify(stay)).toBe(before);
      }),
      runs(400),
    );
  });

  test('is nothing for a stay that is empty or ends before it begins', () => {
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 0, max: 5000 }), (stay, minutes) => {
        const alone = without(stay, 'earlier');
        expect(priceStay(until(alone, entryOf(stay) - minutes)).totalMinor).toBe(0);
      }),
      runs(300),
    );
  });
});

describe('a longer stay', () => {
  /**
   * Some tariffs say themselves that a longer stay may cost less; this takes what says so out of them:
   * - by the wall, who leaves after the clock was put back leaves earlier;
   * - by the exit's band, the whole stay changes its price at the edge;
   * - a cut block costs its exact share, the last one of the stay is rounded: it loses what rounding gave when the stay goes on;
   * - an offer with an exit window or a shortest stay fits only who stays long enough, and by priority an offer that does not fit
   *   any more may have been dearer than what comes next;
   * - a coupon keeps the minimum after added tax away, unless it takes nothing off a stay that is too short for it;
   * - coupons of time take off what they would save of the full price, also where others took off before.
   */
  function steady(stay: StayToPrice): StayToPrice {
    const { edges, offers = [], offerChoice, limits, ...plain } = without(stay.tariff, 'clock', 'blocks');
    const byPriority = offerChoice === 'PRIORITY' ? (['then', 'maxStayMinutes'] as const) : [];
    const tariff: TariffDocument = {
      ...plain,
      ...(edges === undefined || edges === 'EXIT' ? {} : { edges }),
      ...(stay.tariff.blocks && edges !== 'CUT' ? { blocks: stay.tariff.blocks } : {}),
      ...(offerChoice ? { offerChoice } : {}),
      offers: offers.map((offer) => without(offer, 'exit', 'minStayMinutes', ...byPriority)),
      ...(limits ? { limits: stay.discounts?.length ? without(limits, 'minimumMinor') : limits } : {}),
    };
    return { ...stay, tariff, discounts: (stay.discounts ?? []).filter((discount) => !takesTimeOff(discount)) };
  }

  test('never costs less, unless the tariff says so', () => {
    fc.assert(
      fc.property(anyStay.map(steady), anyMinutes, (stay, minutes) => {
        const longer = priceStay(until(stay, exitOf(stay) + minutes)).totalMinor;
        expect(longer).toBeGreaterThanOrEqual(priceStay(stay).totalMinor);
      }),
      runs(600),
    );
  });

  test('may cost less where a tariff says so: out in the exit window, or past the edge of a cheaper band', () => {
    const longer = (more: Partial<TariffDocument>): number[] =>
      [90, 130].map((minutes) => {
        const bands = [
          { name: 'Day', from: '06:00', to: '18:00', steps: [{ blockMinutes: 60, minor: 500 }] },
          { name: 'Night', from: '18:00', to: '06:00', steps: [{ blockMinutes: 60, minor: 100 }] },
        ];
        const tariff: TariffDocument = { version: 1, currency: 'EUR', rates: [{ name: 'Everybody', bands }], ...more };
        const period = periodOf(Date.parse('2026-06-01T16:00:00Z') / 60_000, minutes);
        return priceStay({ tariff, timeZone: 'UTC', period, spotType: 'STANDARD', multiplierPercent: 100 }).totalMinor;
      });
    expect(longer({})).toEqual([1000, 1100]);
    expect(longer({ edges: 'EXIT' })).toEqual([1000, 300]);
    expect(longer({ offers: [{ name: 'Out', minor: 700, exit: { from: '18:00', to: '19:00' } }] })).toEqual([
      1000, 700,
    ]);
    expect(longer({ offers: [{ name: 'Long', minor: 700, minStayMinutes: 120 }] })).toEqual([1000, 700]);
  });

  test('costs the same within a minute: prices know no shorter blocks', () => {
    // A part of a block that is not rounded up depends on its length, and so does which offer fits at the end.
    const atMinutes = anyStay.map((stay): StayToPrice => {
      const offers = (stay.tariff.offers ?? []).map((offer) => without(offer, 'exit', 'minStayMinutes'));
      return { ...stay, tariff: { ...without(stay.tariff, 'blocks'), offers } };
    });
    fc.assert(
      fc.property(atMinutes, fc.integer({ min: 1, max: 59_999 }), (stay, milliseconds) => {
        const endsAt = new Date(stay.period.endsAt.getTime() - milliseconds);
        const shorter = { ...stay, period: { ...stay.period, endsAt } };
        expect(priceStay(shorter).totalMinor).toBe(priceStay(stay).totalMinor);
      }),
      runs(400),
    );
  });
});

describe('caps', () => {
  /** Where windows begin within the stay, and where it ends: the first of each group of minutes with the same number. */
  function bounds(stay: StayToPrice, windowAt: (minute: number) => number): number[] {
    const starts: number[] = [];
    for (let minute = entryOf(stay); minute < exitOf(stay); minute += 1) {
      if (minute === entryOf(stay) || windowAt(minute) !== windowAt(minute - 1)) starts.push(minute);
    }
    return [...starts, exitOf(stay)];
  }

  /** What each window adds to the price: as blocks are rounded up, a stay until its end pays all that begin in it. */
  function expectWindowsBelow(stay: StayToPrice, capMinor: number, windows: readonly number[]): void {
    const prices = windows.map((minute) => priceStay(until(stay, minute)).totalMinor);
    const added = prices.slice(1).map((price, index) => price - prices[index]!);
    expect(added.filter((minor) => minor > capMinor)).toEqual([]);
  }

  /** Rounded up, and by elapsed time, so that what was paid until a window's end does not change later. */
  function rounded(stay: StayToPrice): StayToPrice {
    const plain = byRates(stay);
    const { edges } = plain.tariff;
    const tariff = { ...without(plain.tariff, 'blocks', 'clock', 'edges'), ...(edges === 'CUT' ? { edges } : {}) };
    return { ...plain, tariff };
  }

  function windowOf(stay: StayToPrice, cap: Cap): (minute: number) => number {
    const wall = wallClock(stay.timeZone);
    if (cap.window === 'ROLLING')
      return (minute) => Math.floor((minute - entryOf(stay)) / (cap.minutes ?? DAY_MINUTES));
    const dayStart = cap.window === 'BUSINESS_DAY' ? minuteOfDay(cap.dayStartsAt!) : 0;
    return (minute) => Math.floor((wall.furthest(minute) - dayStart) / DAY_MINUTES);
  }

  test('of a rate hold over every window, rolling, of the calendar and of the business day, whatever demand does', () => {
    fc.assert(
      fc.property(anyStay, (any) => {
        const stay = rounded({ ...any, tariff: { ...any.tariff, rates: any.tariff.rates.slice(-1) } });
        const { caps = [] } = stay.tariff.rates[0]!;
        fc.pre(caps.length > 0);
        for (const cap of caps) {
          const windows = bounds(stay, windowOf(stay, cap));
          expectWindowsBelow(stay, cap.minor, cap.repeats === false ? windows.slice(0, 2) : windows);
        }
      }),
      runs(400),
    );
  });

  test('of a band hold over every one of its windows', () => {
    const daytime = (capMinor: number): TariffDocument['rates'] => [
      {
        name: 'Everybody',
        bands: [
          { name: 'Day', from: '07:00', to: '22:30', steps: [{ blockMinutes: 1, minor: 3 }], capMinor },
          { name: 'Night', from: '22:30', to: '07:00', steps: [{ blockMinutes: 1, minor: 3 }], capMinor },
        ],
      },
    ];
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 3, max: 1500 }), (any, capMinor) => {
        const stay = rounded({ ...any, tariff: { ...any.tariff, rates: daytime(capMinor) } });
        const wall = wallClock(stay.timeZone);
        const isNight = (minute: number): number => {
          const time = wall.furthest(minute) % DAY_MINUTES;
          return Number(time >= minuteOfDay('22:30') || time < minuteOfDay('07:00'));
        };
        expectWindowsBelow(stay, capMinor, bounds(stay, isNight));
      }),
      runs(300),
    );
  });

  test('of the whole stay: no price is above the maximum but by its rounding', () => {
    fc.assert(
      fc.property(anyStay, (stay) => {
        const { limits, rounding, tax } = stay.tariff;
        fc.pre(limits?.maximumMinor !== undefined);
        const isBeforeTax = limits?.apply === 'BEFORE_TAX' && tax?.mode === 'ADDED';
        const highest = limits.maximumMinor * (isBeforeTax ? 1 + tax.percent / 100 : 1) + (isBeforeTax ? 0.5 : 0);
        expect(priceStay(stay).totalMinor).toBeLessThan(highest + (rounding?.toMinor ?? 1));
      }),
      runs(500),
    );
  });
});

describe('splitting a stay where a block ends', () => {
  test('changes nothing by a tariff that does not look back', () => {
    // One length of block and no list of steps, caps, grace, offers, minimums or earlier visits, whole prices: then a block's price
    // depends on nothing but where it starts. Blocks must run on, or a cut would begin a new one.
    const anyBlock = fc.record({
      blockMinutes: fc.constantFrom(1, 10, 30, 45, 60),
      blocks: fc.integer({ min: 1, max: 60 }),
    });
    fc.assert(
      fc.property(anyStay, anyBlock, (any, { blockMinutes, blocks }) => {
        const plain = byRates(any);
        const rates = plain.tariff.rates.slice(-1).map((rate) => ({
          name: rate.name,
          bands: rate.bands.map((band) => ({
            ...without(band, 'capMinor'),
            steps: [{ blockMinutes, minor: band.steps[0]!.minor }],
          })),
        }));
        const tariff = { ...without(plain.tariff, 'edges', 'dayClass', 'clock'), rates };
        const stay: StayToPrice = { ...plain, tariff, multiplierPercent: 100 };
        const split = entryOf(stay) + blocks * blockMinutes;
        fc.pre(split < exitOf(stay));
        const first = priceStay(until(stay, split)).totalMinor;
        const second = priceStay({ ...stay, period: periodOf(split, exitOf(stay) - split) }).totalMinor;
        expect(first + second).toBe(priceStay(stay).totalMinor);
      }),
      runs(400),
    );
  });
});
