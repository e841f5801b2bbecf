// Coupons, limits, tax, rounding and demand: what becomes of a price after the hours are counted. Amounts by hand.

import { describe, expect, test } from '@jest/globals';
import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { Band, TariffDocument } from '../../src/domain/tariff/document.ts';
import { cashAmountMinor, includedTaxMinor } from '../../src/domain/tariff/engine.ts';
import { AMSTERDAM, allDay, hourly, price } from './tariff-place.ts';

const tariff = (more: Partial<TariffDocument>): TariffDocument => ({
  ...{ version: 1, currency: 'EUR', rates: allDay(hourly(300)) },
  ...more,
});
const HOUR = ['2026-06-01 10:00', '2026-06-01 11:00'] as const;
const FIVE_HOURS = ['2026-06-01 10:00', '2026-06-01 15:00'] as const;

const named = { source: 'PROMO', id: 'd', name: 'Coupon' } as const;
const money = (minor: number): Discount => ({ ...named, kind: 'MONEY', minor });
const percent = (value: number): Discount => ({ ...named, kind: 'PERCENT', percent: value });
const time = (minutes: number, meaning: 'LOWEST_PRICE' | 'LATER_ARRIVAL' | 'EARLIER_DEPARTURE'): Discount => ({
  ...{ ...named, kind: 'TIME' as const, minutes, meaning },
});
const byMerchant = (discount: Discount): Discount => ({ ...discount, source: 'VALIDATION' });

describe('coupons of garages: dollars, percent or time (five hours for €15)', () => {
  const after = (discounts: readonly Discount[], more: Partial<TariffDocument> = {}): number =>
    price([tariff(more), AMSTERDAM], ...FIVE_HOURS, { discounts }).totalMinor;

  test.each([
    ['€5', [money(500)], 1000],
    ['20 %', [percent(20)], 1200],
    ['an hour', [time(60, 'LATER_ARRIVAL')], 1200],
    ['€20: never below zero', [money(2000)], 0],
    ['everything', [percent(100)], 0],
    ['more hours than the stay has', [time(600, 'EARLIER_DEPARTURE')], 0],
    ['33 %: 4.95', [percent(33)], 1005],
    ['two of €5', [money(500), money(500)], 500],
    ['half, and half of what is left', [percent(50), percent(50)], 375],
    ['€5, then 20 % of what is left', [money(500), percent(20)], 800],
    ['20 %, then €5', [percent(20), money(500)], 700],
    ['€20, then an hour: nothing is left to take off', [money(2000), time(60, 'LATER_ARRIVAL')], 0],
    ['two hours in two coupons', [time(60, 'LATER_ARRIVAL'), time(60, 'LATER_ARRIVAL')], 900],
    ['an hour at each end', [time(60, 'LATER_ARRIVAL'), time(60, 'EARLIER_DEPARTURE')], 900],
  ])('%s', (_name, discounts, minor) => {
    expect(after(discounts)).toBe(minor);
  });

  test("the half cent of a percentage is the driver's", () => {
    const document = tariff({ rates: allDay(hourly(333)) });
    expect(price([document, AMSTERDAM], ...HOUR, { discounts: [percent(50)] }).totalMinor).toBe(166);
  });

  test('validations come before promo codes, unless the tariff says otherwise', () => {
    const both = [money(500), byMerchant(percent(20))];
    expect(after(both)).toBe(700);
    expect(after(both, { discounts: { order: ['VALIDATION', 'PROMO'] } })).toBe(700);
    expect(after(both, { discounts: { order: ['PROMO', 'VALIDATION'] } })).toBe(800);
  });

  test('where they do not stack, the one that takes off most counts', () => {
    const best = { discounts: { stacking: 'BEST' } } as const;
    expect(after([money(500), byMerchant(percent(20))], best)).toBe(1000);
    expect(after([money(200), byMerchant(percent(20))], best)).toBe(1200);
    expect(after([time(60, 'LATER_ARRIVAL'), time(60, 'LATER_ARRIVAL')], best)).toBe(1200);
    expect(after([], best)).toBe(1500);
  });

  test('each stands on a line with what it took off', () => {
    const discounts = [money(500), byMerchant(percent(20))];
    const { lines } = price([tariff({}), AMSTERDAM], ...FIVE_HOURS, { discounts });
    expect(lines.map((line) => [line.rule, line.amountMinor, line.runningMinor])).toEqual([
      ['BLOCK', 1500, 1500],
      ['VALIDATION', -300, 1200],
      ['PROMO', -500, 700],
    ]);
  });
});

describe('what two hours off mean (16:00 to 21:00; €3 an hour until 18:00, then €1)', () => {
  const bands: Band[] = [
    { name: 'Day', from: '06:00', to: '18:00', steps: hourly(300) },
    { name: 'Evening', from: '18:00', to: '06:00', steps: hourly(100) },
  ];
  const document = tariff({ rates: [{ name: 'Everybody', bands }] });

  test.each([
    ['LATER_ARRIVAL', 300, '18:00 to 21:00'],
    ['EARLIER_DEPARTURE', 700, '16:00 to 19:00'],
    ['LOWEST_PRICE', 300, 'the lower of the two'],
  ] as const)('%s: 9.00 become %d: %s', (...[meaning, minor]) => {
    const stay = ['2026-06-01 16:00', '2026-06-01 21:00', { discounts: [time(120, meaning)] }] as const;
    expect(price([document, AMSTERDAM], ...stay).totalMinor).toBe(minor);
  });

  test('a later arrival that would cost more takes nothing off', () => {
    const early = tariff({ offers: [{ name: 'Early', minor: 300, entry: { from: '06:00', to: '09:00' } }] });
    const stay = ['2026-06-01 08:00', '2026-06-01 18:00', { discounts: [time(120, 'LATER_ARRIVAL')] }] as const;
    expect(price([early, AMSTERDAM], ...stay).totalMinor).toBe(300);
  });

  test('the moved stay has the grace of its own length', () => {
    const graced = tariff({ grace: { minutes: 30, kind: 'ABSORBED' } });
    const discounts = [time(60, 'EARLIER_DEPARTURE')];
    expect(price([graced, AMSTERDAM], '2026-06-01 10:00', '2026-06-01 11:30', { discounts }).totalMinor).toBe(0);
    expect(price([graced, AMSTERDAM], '2026-06-01 10:00', '2026-06-01 11:31', { discounts }).totalMinor).toBe(300);
  });
});

describe('the least and the most that a stay costs', () => {
  const FREE_SUNDAY: Band[] = [
    { name: 'Week', days: ['WEEKDAY', 'SAT'], steps: hourly(300) },
    { name: 'Sunday', days: ['SUN'], steps: hourly(0) },
  ];
  const limits = { minimumMinor: 500, maximumMinor: 1000 };
  const total = (more: Partial<TariffDocument>, hours: number, discounts: readonly Discount[] = []): number =>
    price([tariff({ limits, ...more }), AMSTERDAM], '2026-06-01 10:00', `2026-06-01 ${10 + hours}:00`, { discounts })
      .totalMinor;

  test('an hour for 3.00 is raised to 5.00, five for 15.00 are lowered to 10.00', () => {
    expect([1, 2, 3, 5].map((hours) => total({}, hours))).toEqual([500, 600, 900, 1000]);
  });

  test('coupons come off after that, and nothing raises the price again', () => {
    expect(total({}, 5, [money(200)])).toBe(800);
    expect(total({}, 5, [money(900)])).toBe(100);
    expect(total({}, 1, [money(100)])).toBe(400);
    expect(total({}, 1, [money(500)])).toBe(0);
  });

  test('a free stay stays free', () => {
    const grace = { minutes: 60, kind: 'ABSORBED' } as const;
    expect(total({ grace }, 1)).toBe(0);
    const sunday = tariff({ limits, rates: [{ name: 'Everybody', bands: FREE_SUNDAY }] });
    expect(price([sunday, AMSTERDAM], '2026-06-07 10:00', '2026-06-07 20:00').totalMinor).toBe(0);
  });

  const tax = { percent: 20, mode: 'ADDED' } as const;
  test.each([
    ['BEFORE_TAX', 1, 600, 'raised to 5.00, and 1.00 of tax'],
    ['BEFORE_TAX', 5, 1200, 'lowered to 10.00, and 2.00 of tax'],
    ['AFTER_TAX', 1, 500, '3.60 with tax, raised to 5.00'],
    ['AFTER_TAX', 3, 1000, '10.80 with tax, lowered to 10.00'],
    ['AFTER_TAX', 2, 720, '7.20 with tax'],
  ] as const)('%s, tax added: %d hours cost %d: %s', (...[apply, hours, minor]) => {
    expect(total({ tax, limits: { ...limits, apply } }, hours)).toBe(minor);
  });

  test('after tax, a coupon keeps the minimum away and the maximum holds', () => {
    expect(total({ tax }, 1, [money(100)])).toBe(240);
    expect(total({ tax }, 5, [money(100)])).toBe(1000);
  });
});

describe('tax', () => {
  test.each([
    // currency, an hour's price, percent, mode, total, the tax in it
    ['CHF', 1000, 8.1, 'ADDED', 1081, 81, '8.1 % of 10.00'],
    ['CHF', 1000, 8.1, 'INCLUDED', 1000, 75, '10.00 × 8.1 ÷ 108.1 = 0.749'],
    ['EUR', 1000, 19, 'INCLUDED', 1000, 160, '10.00 × 19 ÷ 119 = 1.597'],
    ['EUR', 1050, 21, 'ADDED', 1271, 221, '2.205 is rounded half up'],
    ['EUR', 250, 25.5, 'ADDED', 314, 64, '0.6375'],
    ['JPY', 333, 10, 'ADDED', 366, 33, '33.3 yen'],
    ['JPY', 1100, 10, 'INCLUDED', 1100, 100, '1100 × 10 ÷ 110'],
    ['EUR', 1000, 0, 'ADDED', 1000, 0, 'none'],
  ] as const)(
    '%s %d with %d %% %s is %d and contains %d: %s',
    (...[currency, minor, value, mode, totalMinor, taxMinor]) => {
      const document = tariff({ currency, rates: allDay(hourly(minor)), tax: { percent: value, mode } });
      expect(price([document, AMSTERDAM], ...HOUR)).toMatchObject({ totalMinor, taxMinor, currency });
    },
  );

  test('only tax that is added has a line', () => {
    const rules = (mode: 'ADDED' | 'INCLUDED'): string[] =>
      price([tariff({ tax: { percent: 20, mode } }), AMSTERDAM], ...HOUR).lines.map((line) => line.rule);
    expect(rules('ADDED')).toEqual(['BLOCK', 'TAX']);
    expect(rules('INCLUDED')).toEqual(['BLOCK']);
  });

  test('what part of any amount is tax', () => {
    expect(includedTaxMinor(tariff({ tax: { percent: 21, mode: 'INCLUDED' } }), 1210)).toBe(210);
    expect(includedTaxMinor(tariff({ tax: { percent: 8.1, mode: 'ADDED' } }), 1081)).toBe(81);
    expect(includedTaxMinor(tariff({}), 1210)).toBe(0);
  });
});

describe('rounding', () => {
  test.each([
    [1082, 5, 'NEAREST', 1080],
    [1083, 5, 'NEAREST', 1085],
    [1081, 5, 'UP', 1085],
    [1084, 5, 'DOWN', 1080],
    [1085, 5, 'UP', 1085],
    [1085, 10, 'NEAREST', 1090],
    [1149, 100, 'NEAREST', 1100],
    [1150, 100, 'NEAREST', 1200],
    [3, 5, 'DOWN', 0],
  ] as const)(
    '%d to %d, %s, is %d: of the price, or of what is handed over in cash',
    (...[minor, toMinor, mode, rounded]) => {
      const rates = allDay(hourly(minor));
      expect(price([tariff({ rates, rounding: { toMinor, mode } }), AMSTERDAM], ...HOUR).totalMinor).toBe(rounded);
      const cash = tariff({ rates, cashRounding: { toMinor, mode } });
      expect(price([cash, AMSTERDAM], ...HOUR).totalMinor).toBe(minor);
      expect(cashAmountMinor(cash, minor)).toBe(rounded);
    },
  );

  test('cash is handed over as it is where the tariff says nothing', () => {
    expect(cashAmountMinor(tariff({}), 1083)).toBe(1083);
  });

  test('Switzerland: 8.1 % on ten francs, to five centimes, on lines of their own', () => {
    const document = tariff({
      ...{ currency: 'CHF', rates: allDay(hourly(1000)), tax: { percent: 8.1, mode: 'ADDED' } },
      rounding: { toMinor: 5, mode: 'NEAREST' },
    });
    const { lines, totalMinor, taxMinor } = price([document, AMSTERDAM], ...HOUR);
    expect(lines.map((line) => [line.rule, line.amountMinor])).toEqual([
      ['BLOCK', 1000],
      ['TAX', 81],
      ['ROUNDING', -1],
    ]);
    expect([totalMinor, taxMinor]).toEqual([1080, 81]);
  });

  test('parts of a cent are rounded once, at the end: a minute at 0.50 per half hour', () => {
    const document = tariff({ rates: allDay([{ blockMinutes: 1, minor: 50, perMinutes: 30 }]) });
    const minutes = (to: string): number =>
      price([document, AMSTERDAM], '2026-06-01 10:00', `2026-06-01 ${to}`).totalMinor;
    // 5 ÷ 3 cents a minute.
    expect(['10:01', '10:02', '10:03', '10:29', '10:30'].map(minutes)).toEqual([2, 3, 5, 48, 50]);
  });
});

describe('demand', () => {
  const multiplied = (multiplierPercent: number, more: Partial<TariffDocument>, to = '2026-06-01 13:00'): number => {
    return price([tariff({ rates: allDay(hourly(333)), ...more }), AMSTERDAM], '2026-06-01 10:00', to, {
      multiplierPercent,
    }).totalMinor;
  };

  test('three hours at 3.33 are 9.99, at 115 % 11.49 and at 80 % 7.99', () => {
    expect([100, 115, 80, 0].map((percentage) => multiplied(percentage, {}))).toEqual([999, 1149, 799, 0]);
  });

  test('each date is rounded by itself', () => {
    // 14 hours on Monday: 46.62 × 1.15 = 53.613; 10 on Tuesday: 33.30 × 1.15 = 38.295.
    expect(multiplied(115, {}, '2026-06-02 10:00')).toBe(5361 + 3830);
  });

  test('caps hold after it, and offers know nothing of it', () => {
    const capped = allDay(hourly(333), { caps: [{ window: 'CALENDAR_DAY', minor: 1000 }] });
    expect(multiplied(150, { rates: capped })).toBe(1000);
    expect(multiplied(80, { rates: capped })).toBe(799);
    expect(multiplied(300, { offers: [{ name: 'Flat', minor: 1200 }] })).toBe(1200);
    expect(multiplied(100, { offers: [{ name: 'Flat', minor: 1200 }] })).toBe(999);
  });
});
