import { percentOf } from '../money.ts';
import { MINUTE_MS } from '../period.ts';
import { chooseCandidate } from './candidates.ts';
import type { Candidate } from './candidates.ts';
import { takeOff } from './discount.ts';
import type { Discount, MovedMinutes } from './discount.ts';
import type { PriceLimits, PriceRule, TariffDocument } from './document.ts';
import type { Customer } from './offers.ts';
import { roundAmount } from './rounding.ts';
import { movedVisit } from './visit.ts';
import type { Visit } from './visit.ts';

/** What changes the chosen price as a whole: an amount in whole minor units, and why. */
export interface Adjustment {
  readonly rule: PriceRule;
  readonly description: string;
  readonly amountMinor: number;
}

/** How a stay comes to its price. */
export interface Reckoning {
  readonly candidate: Candidate;
  readonly adjustments: readonly Adjustment[];
  readonly totalMinor: number;
}

/** What a price depends on beside the stay itself. */
export interface Terms {
  readonly customer: Customer;
  readonly discounts: readonly Discount[];
  /** What the visits before were charged from which this one goes on (question 7). */
  readonly chargedBeforeMinor: number;
}

/**
 * The price of a stay from the chosen candidate on, in whole minor units: limits, discounts, tax on top, rounding, and what earlier visits
 * were charged. A price that has come to nothing stays nothing: no minimum, tax or rounding brings it back.
 */
export function reckon(visit: Visit, { customer, discounts, chargedBeforeMinor }: Terms): Reckoning {
  const { document } = visit.tariff;
  const candidate = chooseCandidate(visit, customer);
  const sum = new Sum(candidate.amountMinor);
  const hasFirstLimits = areLimitsFirst(document);
  if (hasFirstLimits) sum.limit(document.limits);
  const undiscountedMinor = sum.totalMinor;
  if (undiscountedMinor > 0) sum.discount(discounts, visit, customer);
  const isDiscounted = sum.totalMinor < undiscountedMinor;
  sum.addTax(document);
  if (!hasFirstLimits) sum.limit(isDiscounted ? withoutMinimum(document.limits) : document.limits);
  sum.round(document);
  sum.add('REENTRY', 'Charged for the visits before', -Math.min(chargedBeforeMinor, sum.totalMinor));
  return { candidate, adjustments: sum.adjustments, totalMinor: sum.totalMinor };
}

/**
 * Question 13: limits are of the price before discounts, unless they are meant with a tax that only comes on top of it: then they come
 * after that, and the least price is not asked for again of who has a discount.
 */
function areLimitsFirst({ limits, tax }: TariffDocument): boolean {
  return limits?.apply === 'BEFORE_TAX' || tax?.mode !== 'ADDED';
}

function withoutMinimum({ minimumMinor: _minimumMinor, ...limits }: PriceLimits = {}): PriceLimits {
  return limits;
}

/** A sum that says how it came about. It never falls below zero. */
class Sum {
  readonly adjustments: Adjustment[] = [];
  totalMinor: number;

  constructor(amountMinor: number) {
    this.totalMinor = amountMinor;
  }

  add(rule: PriceRule, description: string, amountMinor: number): void {
    if (amountMinor === 0) return;
    this.adjustments.push({ rule, description, amountMinor });
    this.totalMinor += amountMinor;
  }

  limit({ minimumMinor = 0, maximumMinor = Infinity }: PriceLimits = {}): void {
    if (this.totalMinor > maximumMinor)
      this.add('MAXIMUM', 'The most that a stay costs', maximumMinor - this.totalMinor);
    if (this.totalMinor > 0 && this.totalMinor < minimumMinor) {
      this.add('MINIMUM', 'The least that a stay costs', minimumMinor - this.totalMinor);
    }
  }

  discount(discounts: readonly Discount[], visit: Visit, customer: Customer): void {
    if (discounts.length === 0) return;
    const price = {
      amountMinor: this.totalMinor,
      movedMinor: (moved: MovedMinutes) => movedPriceMinor(visit, customer, moved),
    };
    for (const { discount, minor } of takeOff(discounts, price, visit.tariff.document.discounts)) {
      this.add(discount.source, discount.name, -minor);
    }
  }

  addTax({ tax }: TariffDocument): void {
    if (tax?.mode !== 'ADDED') return;
    this.add('TAX', `${tax.name ?? 'Tax'} ${tax.percent} %`, percentOf(this.totalMinor, tax.percent));
  }

  round({ rounding }: TariffDocument): void {
    if (rounding === undefined) return;
    const description = `Rounded to ${rounding.toMinor}`;
    this.add('ROUNDING', description, roundAmount(this.totalMinor, rounding) - this.totalMinor);
  }
}

/** What a stay would cost before discounts if validations had moved its entry and its end. */
function movedPriceMinor(visit: Visit, customer: Customer, moved: MovedMinutes): number {
  const { LATER_ARRIVAL: later, EARLIER_DEPARTURE: earlier, LOWEST_PRICE: either } = moved;
  const price = (laterMinutes: number, earlierMinutes: number): number => {
    const entryMs = visit.entryMs + laterMinutes * MINUTE_MS;
    const endsMs = visit.endsMs - earlierMinutes * MINUTE_MS;
    const sum = new Sum(chooseCandidate(movedVisit(visit, { entryMs, endsMs }), customer).amountMinor);
    if (areLimitsFirst(visit.tariff.document)) sum.limit(visit.tariff.document.limits);
    return sum.totalMinor;
  };
  return either === 0
    ? price(later, earlier)
    : Math.min(price(later + either, earlier), price(later, earlier + either));
}
