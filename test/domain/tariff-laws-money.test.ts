// What holds for every tariff about offers, coupons, tax, rounding and coming back. Where a law holds only for some, the reason stands
// with it.

import { describe, expect, jest, test } from '@jest/globals';
import fc from 'fast-check';
import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { Price, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceStay } from '../../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { anyDiscount, periodOf } from './tariff-arbitraries.ts';
import { anyMinutes, anyStay, exitOf, runs, takesTimeOff, until, without, LAW_LIMIT_MS } from './tariff-stays.ts';

jest.setTimeout(LAW_LIMIT_MS + 10_000);

describe('offers', () => {
  const alone = (stay: StayToPrice, offers: TariffDocument['offers']): Price =>
    priceStay({ ...stay, tariff: { ...without(stay.tariff, 'offers'), ...(offers ? { offers } : {}) } });

  test('the cheapest deal is never above the rates or any single offer, and is one of them', () => {
    fc.assert(
      fc.property(anyStay, (any) => {
        // Coupons of time compare two whole prices, so each deal would have its own.
        const stay = {
          ...any,
          tariff: without(any.tariff, 'offerChoice'),
          discounts: (any.discounts ?? []).filter((one) => !takesTimeOff(one)),
        };
        const { offers = [] } = stay.tariff;
        fc.pre(offers.length > 0);
        const deals = [alone(stay, undefined), ...offers.map((offer) => alone(stay, [offer]))];
        expect(priceStay(stay).totalMinor).toBe(Math.min(...deals.map((deal) => deal.totalMinor)));
      }),
      runs(400),
    );
  });

  test('by priority, the price is that of one deal, and no order of the list changes it while numbers differ', () => {
    fc.assert(
      fc.property(anyStay, (any) => {
        const { offers: listed = [] } = any.tariff;
        fc.pre(listed.length > 1);
        const offers = listed.map((offer, index) => ({ ...offer, priority: index }));
        const stay = { ...any, tariff: { ...any.tariff, offers, offerChoice: 'PRIORITY' as const } };
        const backwards = { ...stay, tariff: { ...stay.tariff, offers: offers.toReversed() } };
        expect(priceStay(backwards)).toEqual(priceStay(stay));
      }),
      runs(300),
    );
  });
});

describe('coupons', () => {
  const withCoupons = (stay: StayToPrice, discounts: readonly Discount[]): number =>
    priceStay({ ...stay, discounts }).totalMinor;

  const withSome = fc
    .tuple(anyStay, fc.array(anyDiscount, { minLength: 1, maxLength: 4 }))
    .map(([stay, discounts]): StayToPrice => ({ ...stay, discounts }));
  // Several coupons of time may together reach a dearer entry or exit than one alone: all but one are left out.
  const stackable = withSome.map((stay): StayToPrice => {
    const [ofTime, ...others] = stay.discounts!.toSorted((a, b) => Number(takesTimeOff(b)) - Number(takesTimeOff(a)));
    return { ...stay, discounts: [ofTime!, ...others.filter((discount) => !takesTimeOff(discount))] };
  });

  test('never raise a price, and never take off more than there is', () => {
    fc.assert(
      fc.property(withSome, (stay) => {
        const { discounts = [] } = stay;
        expect(withCoupons(stay, discounts)).toBeLessThanOrEqual(withCoupons(stay, []));
        expect(withCoupons(stay, discounts)).toBeGreaterThanOrEqual(0);
      }),
      runs(400),
    );
  });

  test('all of them together never cost more than the best of them', () => {
    fc.assert(
      fc.property(stackable, (stay) => {
        const stacked = (stacking: 'ALL' | 'BEST'): number =>
          priceStay({ ...stay, tariff: { ...stay.tariff, discounts: { ...stay.tariff.discounts, stacking } } })
            .totalMinor;
        expect(stacked('ALL')).toBeLessThanOrEqual(stacked('BEST'));
        const single = stay.discounts!.map((discount) => withCoupons(stay, [discount]));
        expect(stacked('BEST')).toBe(Math.min(...single));
      }),
      runs(400),
    );
  });

  test('of different sources come in the order of the tariff, however they were handed over', () => {
    fc.assert(
      fc.property(withSome, (stay) => {
        const bySource = (source: Discount['source']): Discount[] =>
          (stay.discounts ?? []).filter((one) => one.source === source);
        const [promos, validations] = [bySource('PROMO'), bySource('VALIDATION')];
        expect(priceStay({ ...stay, discounts: [...promos, ...validations] })).toEqual(
          priceStay({ ...stay, discounts: [...validations, ...promos] }),
        );
      }),
      runs(300),
    );
  });

  test('of money add up, in any order', () => {
    fc.assert(
      fc.property(
        anyStay,
        fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 2, maxLength: 4 }),
        (any, amounts) => {
          const stay = { ...any, tariff: without(any.tariff, 'discounts') };
          const coupon = (minor: number): Discount => ({
            source: 'PROMO',
            id: 'd',
            name: 'Coupon',
            kind: 'MONEY',
            minor,
          });
          const sum = amounts.reduce((total, minor) => total + minor, 0);
          expect(withCoupons(stay, amounts.map(coupon))).toBe(withCoupons(stay, [coupon(sum)]));
          expect(withCoupons(stay, amounts.toReversed().map(coupon))).toBe(withCoupons(stay, [coupon(sum)]));
        },
      ),
      runs(400),
    );
  });
});

describe('tax and rounding', () => {
  test('added tax is at most half a unit off, included tax changes nothing', () => {
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 0, max: 3000 }), (any, hundredths) => {
        const plain = { ...any, tariff: without(any.tariff, 'tax', 'rounding', 'limits', 'reentry') };
        const percent = hundredths / 100;
        const net = priceStay(plain).totalMinor;
        const taxed = (mode: 'ADDED' | 'INCLUDED'): Price =>
          priceStay({ ...plain, tariff: { ...plain.tariff, tax: { percent, mode } } });
        const added = taxed('ADDED');
        expect(added.totalMinor - net).toBe(added.taxMinor);
        expect(Math.abs(10_000 * added.taxMinor - net * hundredths)).toBeLessThanOrEqual(5000);
        const included = taxed('INCLUDED');
        expect(included.totalMinor).toBe(net);
        expect(Math.abs((10_000 + hundredths) * included.taxMinor - net * hundredths)).toBeLessThanOrEqual(
          (10_000 + hundredths) / 2,
        );
      }),
      runs(300),
    );
  });

  test('a rounded price is a multiple, less than one away, in the direction that was said', () => {
    fc.assert(
      fc.property(anyStay, (any) => {
        const { rounding, ...exact } = without(any.tariff, 'reentry');
        fc.pre(rounding !== undefined);
        const { toMinor, mode } = rounding;
        const before = priceStay({ ...any, tariff: exact }).totalMinor;
        const after = priceStay({ ...any, tariff: { ...exact, rounding: rounding } }).totalMinor;
        expect(after % toMinor).toBe(0);
        expect(Math.abs(after - before)).toBeLessThan(toMinor);
        if (mode === 'UP') expect(after).toBeGreaterThanOrEqual(before);
        if (mode === 'DOWN') expect(after).toBeLessThanOrEqual(before);
        if (mode === 'NEAREST') expect(2 * Math.abs(after - before)).toBeLessThanOrEqual(toMinor);
      }),
      runs(300),
    );
  });
});

describe('coming back', () => {
  test('is never cheaper than one stay from the first entry to the last exit, nor dearer unless the first visit was', () => {
    const anyGap = fc.integer({ min: 1, max: 120 });
    fc.assert(
      fc.property(anyStay, anyGap, anyMinutes, (any, gap, minutes) => {
        const stay = { ...without(any, 'earlier'), tariff: { ...any.tariff, reentry: { withinMinutes: 120 } } };
        const back = exitOf(stay) + gap;
        const first = priceStay(stay).totalMinor;
        const again = { ...stay, earlier: { firstEntryAt: stay.period.startsAt, chargedMinor: first } };
        const second = priceStay({ ...again, period: periodOf(back, minutes) }).totalMinor;
        const merged = priceStay(until(stay, back + minutes)).totalMinor;
        expect(first + second).toBe(Math.max(first, merged));
      }),
      runs(400),
    );
  });
});
