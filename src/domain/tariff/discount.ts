import { percentOf } from '../money.ts';
import { DISCOUNT_SOURCES } from './document.ts';
import type { DiscountRule, DiscountSource } from './document.ts';

/**
 * What the minutes of a validation mean. LATER_ARRIVAL: as if the driver had come so much later. EARLIER_DEPARTURE: as if they had left
 * so much earlier. LOWEST_PRICE: whichever of the two costs less.
 */
export type TimeMeaning = 'LOWEST_PRICE' | 'LATER_ARRIVAL' | 'EARLIER_DEPARTURE';

/** Something that makes one stay cheaper than its tariff says. `id` names it in the rows, `name` on the line. */
export type Discount = { readonly source: DiscountSource; readonly id: string; readonly name: string } & (
  | { readonly kind: 'MONEY'; readonly minor: number }
  | { readonly kind: 'PERCENT'; readonly percent: number }
  | { readonly kind: 'TIME'; readonly minutes: number; readonly meaning: TimeMeaning }
);

/** How many minutes validations have taken off, by what they mean. */
export type MovedMinutes = Readonly<Record<TimeMeaning, number>>;

const UNMOVED: MovedMinutes = { LOWEST_PRICE: 0, LATER_ARRIVAL: 0, EARLIER_DEPARTURE: 0 };

/** A price to take something off: what it is, and what it would be for a stay that is so much shorter. */
export interface DiscountedPrice {
  readonly amountMinor: number;
  readonly movedMinor: (moved: MovedMinutes) => number;
}

/** What one discount takes off; never below zero and never more than was left. */
export interface TakenOff {
  readonly discount: Discount;
  readonly minor: number;
}

/**
 * Question 14: what discounts take off a price, in the tariff's order of their sources. ALL: one after the other on what is left. BEST:
 * only the one that takes off most; of two, the first.
 */
export function takeOff(discounts: readonly Discount[], price: DiscountedPrice, rule: DiscountRule = {}): TakenOff[] {
  const ordered = inOrder(discounts, rule.order ?? DISCOUNT_SOURCES);
  if (rule.stacking !== 'BEST') return stacked(ordered, price);
  const alone = ordered.flatMap((discount) => stacked([discount], price));
  return alone.slice(0, 1).map((first) => alone.reduce((best, one) => (one.minor > best.minor ? one : best), first));
}

function inOrder(discounts: readonly Discount[], order: readonly DiscountSource[]): Discount[] {
  const place = ({ source }: Discount): number => (order.includes(source) ? order.indexOf(source) : order.length);
  return [...discounts].sort((a, b) => place(a) - place(b));
}

function stacked(discounts: readonly Discount[], { amountMinor, movedMinor }: DiscountedPrice): TakenOff[] {
  let leftMinor = amountMinor;
  let movedPriceMinor = amountMinor;
  let moved = UNMOVED;
  return discounts.map((discount) => {
    let minor: number;
    if (discount.kind === 'TIME') {
      // Minutes of one meaning add up: two hours free and one more are three, not two prices taken off.
      moved = { ...moved, [discount.meaning]: moved[discount.meaning] + discount.minutes };
      const cheaperMinor = Math.min(movedPriceMinor, movedMinor(moved));
      minor = movedPriceMinor - cheaperMinor;
      movedPriceMinor = cheaperMinor;
    } else {
      minor = discount.kind === 'MONEY' ? discount.minor : percentOf(leftMinor, discount.percent);
    }
    minor = Math.min(Math.max(0, minor), leftMinor);
    leftMinor -= minor;
    return { discount, minor };
  });
}
