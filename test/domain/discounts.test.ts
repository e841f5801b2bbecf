import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import { longConcessions, shortConcessions } from '../../src/domain/concession-text.ts';
import { concededPrice, validationShares, type Concessions } from '../../src/domain/concessions.ts';
import { heldMinor, validationProblem, type MerchantLimits } from '../../src/domain/merchant-limits.ts';
import { normalizePromoCode } from '../../src/domain/promo-code.ts';
import { settleReservedStay, type ReservedStayToSettle } from '../../src/domain/settle-stay.ts';
import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { validatedSettlement } from '../../src/domain/validated-settlement.ts';
import { plainTariff } from '../support/tariffs.ts';

const HOUR_MS = 3_600_000;
const AT = Date.parse('2026-12-01T06:00Z');
/** 2.00 an hour. */
const TARIFF = plainTariff({ blockMinutes: 60, minor: 200 });
const period = (hours: number) => ({ startsAt: new Date(AT), endsAt: new Date(AT + hours * HOUR_MS) });
const stay = (hours: number, tariff = TARIFF) =>
  ({
    tariff,
    timeZone: 'Europe/Helsinki',
    period: period(hours),
    spotType: 'STANDARD',
    multiplierPercent: 100,
  }) as const;

const money = (minor: number, id = 'v1'): Discount => ({
  source: 'VALIDATION',
  id,
  name: 'Shop',
  kind: 'MONEY',
  minor,
});
const percent = (of: number, id = 'v2'): Discount => ({
  source: 'VALIDATION',
  id,
  name: 'Café',
  kind: 'PERCENT',
  percent: of,
});
const minutes = (of: number, id = 'v3'): Discount => ({
  ...{ source: 'VALIDATION', id, name: 'Cinema', kind: 'TIME', minutes: of, meaning: 'LATER_ARRIVAL' },
});
const promo: Discount = { source: 'PROMO', id: 'p1', name: 'SUMMER', kind: 'PERCENT', percent: 50 };

describe('a price with what makes it cheaper', () => {
  test('takes validations first, then the promo code, unless the tariff says otherwise', () => {
    const concessions = { promo, validations: [money(200)] };
    expect(concededPrice(stay(4), concessions).totalMinor).toBe(300);
    const promoFirst: TariffDocument = { ...TARIFF, discounts: { order: ['PROMO', 'VALIDATION'] } };
    expect(concededPrice(stay(4, promoFirst), concessions).totalMinor).toBe(200);
    const best: TariffDocument = { ...TARIFF, discounts: { stacking: 'BEST' } };
    expect(concededPrice(stay(4, best), concessions).totalMinor).toBe(400);
  });

  test('lets off what is left when a card can’t be charged so little, in a line of its own', () => {
    const price = concededPrice(stay(4), { validations: [money(770)] });
    expect(price.totalMinor).toBe(0);
    expect(price.lines.at(-1)).toMatchObject({ rule: 'ROUNDING', amountMinor: -30, runningMinor: 0 });
    expect(concededPrice(stay(4), { validations: [money(750)] }).totalMinor).toBe(50);
  });

  test('is the tariff’s own without any', () => {
    expect(concededPrice(stay(4), null)).toEqual(concededPrice(stay(4), {}));
  });

  test('is never below zero, and its lines sum to it', () => {
    const value = fc.oneof(
      fc.integer({ min: 1, max: 2000 }).map((minor) => money(minor)),
      fc.integer({ min: 1, max: 100 }).map((of) => percent(of)),
      fc.integer({ min: 1, max: 600 }).map((of) => minutes(of)),
    );
    fc.assert(
      fc.property(
        fc.array(value, { maxLength: 4 }),
        fc.boolean(),
        fc.integer({ min: 0, max: 30 }),
        (given, hasPromo, hours) => {
          const validations = given.map((one, n) => ({ ...one, id: `v${n}` }));
          const price = concededPrice(stay(hours), { validations, ...(hasPromo ? { promo } : {}) });
          const sum = price.lines.reduce((total, { amountMinor }) => total + amountMinor, 0);
          expect(price.totalMinor).toBe(sum);
          expect(price.totalMinor).toBeGreaterThanOrEqual(0);
          const shares = validationShares(validations, (some) => concededPrice(stay(hours), { validations: some }));
          const taken = [...shares.values()].reduce((total, minor) => total + minor, 0);
          expect(taken).toBeLessThanOrEqual(concededPrice(stay(hours), null).totalMinor);
        },
      ),
      { numRuns: 300 },
    );
  });
});

test('each validation is worth what its line says', () => {
  const validations = [money(100), percent(50), minutes(60)];
  const shares = validationShares(validations, (some) => concededPrice(stay(4), { promo, validations: some }));
  expect(Object.fromEntries(shares)).toEqual({ v1: 100, v2: 350, v3: 200 });
});

describe('a reserved stay at its end', () => {
  const asked = (hours: number, more: Partial<ReservedStayToSettle> = {}): ReservedStayToSettle => ({
    ...stay(4),
    policy: { exitGraceMinutes: 10 },
    state: 'CHECKED_IN',
    earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 },
    enteredAt: new Date(AT),
    leftAt: new Date(AT + hours * HOUR_MS),
    paidMinor: 800,
    ...more,
  });
  const settled = (of: ReservedStayToSettle, concessions: Concessions) => {
    const { dueMinor, refundMinor, worthMinor } = validatedSettlement(of, settleReservedStay(of), concessions);
    return { dueMinor, refundMinor, worth: [...worthMinor.values()] };
  };

  test.each([
    { when: 'on time', hours: 4, given: money(300), expected: [0, 300, 300] },
    { when: 'early: of the time that was used', hours: 2, given: percent(50), expected: [0, 600, 200] },
    { when: 'late: off what is owed', hours: 6, given: money(300), expected: [100, 0, 300] },
    { when: 'late: more than is owed', hours: 6, given: percent(50), expected: [0, 200, 600] },
    { when: 'with more than it cost', hours: 4, given: money(5000), expected: [0, 800, 800] },
  ])('$when: owes, gets back, was given $expected', ({ hours, given, expected }) => {
    const { dueMinor, refundMinor, worth } = settled(asked(hours), { validations: [given] });
    expect([dueMinor, refundMinor, ...worth]).toEqual(expected);
  });

  test('that was paid for by a promo code gives back no more than was paid', () => {
    const paid = asked(4, { paidMinor: 400 });
    expect(settled(paid, { promo, validations: [money(500)] })).toEqual({
      dueMinor: 0,
      refundMinor: 400,
      worth: [400],
    });
  });

  test('without validations is settled as it was', () => {
    const of = asked(2);
    const { worthMinor, ...settlement } = validatedSettlement(of, settleReservedStay(of), { promo });
    expect(settlement).toEqual(settleReservedStay(of));
    expect(worthMinor.size).toBe(0);
  });
});

describe('what a merchant may give', () => {
  const limits: MerchantLimits = { budgetMinor: 1000, budgetCount: 5, mostMinor: 400, perStay: 2, stackable: true };
  const ask = (more: object = {}, of: MerchantLimits = limits) =>
    validationProblem(of, {
      value: { kind: 'MONEY', minor: 400 },
      stay: { own: 0, others: 0, hasLone: false },
      month: { minor: 0, count: 0 },
      ...more,
    })?.code;

  test('is held of its budget at its most, an amount at its own', () => {
    expect(heldMinor(limits, { kind: 'MONEY', minor: 100 })).toBe(100);
    expect(heldMinor(limits, { kind: 'PERCENT', percent: 1 })).toBe(400);
    expect(heldMinor(limits, { kind: 'TIME', minutes: 1, meaning: 'LATER_ARRIVAL' })).toBe(400);
  });

  test.each([
    ['within everything', {}, undefined],
    ['to the last cent', { month: { minor: 600, count: 4 } }, undefined],
    ['a cent beyond', { month: { minor: 601, count: 0 } }, 'BUDGET_USED_UP'],
    ['one beyond', { month: { minor: 0, count: 5 } }, 'BUDGET_USED_UP'],
    ['more than one may be worth', { value: { kind: 'MONEY', minor: 401 } }, 'INVALID_INPUT'],
    ['a third one of its own', { stay: { own: 2, others: 0, hasLone: false } }, 'VALIDATION_LIMIT'],
    ['beside one that stands alone', { stay: { own: 0, others: 1, hasLone: true } }, 'VALIDATION_LIMIT'],
    ['the eleventh of all', { stay: { own: 0, others: 10, hasLone: false } }, 'VALIDATION_LIMIT'],
  ])('%s: %j → %s', (_what, more, expected) => {
    expect(ask(more)).toBe(expected);
  });

  test('stands alone when it is not stackable', () => {
    const alone = { ...limits, stackable: false };
    expect(ask({ stay: { own: 0, others: 1, hasLone: false } }, alone)).toBe('VALIDATION_LIMIT');
    expect(ask({ stay: { own: 1, others: 0, hasLone: false } }, alone)).toBeUndefined();
  });
});

test.each([
  [' summer-26 ', 'SUMMER-26'],
  ['ｓｕｍｍｅｒ', 'SUMMER'],
  ['AB', undefined],
  ['-ABC', undefined],
  ['A'.repeat(25), undefined],
  ['CÖDE', undefined],
])('the promo code typed as %j is %s', (typed, code) => {
  expect(normalizePromoCode(typed)).toBe(code);
});

test.each<[{ promo: Discount }]>([
  [{ promo }],
  [{ promo: { source: 'PROMO', id: 'p', name: 'M', kind: 'MONEY', minor: 300 } }],
  [
    {
      promo: {
        source: 'PROMO',
        id: 'p',
        name: 'T',
        kind: 'TIME',
        minutes: 60,
        meaning: 'EARLIER_DEPARTURE',
      },
    },
  ],
])('what a quote promises comes back out of its id: %j', (concessions) => {
  const monthlyPass = { id: 'm', name: 'Commuter', hours: [], startsAt: 1, endsAt: 2 };
  const long = longConcessions(shortConcessions({ ...concessions, monthlyPass }));
  expect(long).toEqual({ ...concessions, monthlyPass: { id: 'm', startsAt: 1, endsAt: 2 } });
});
