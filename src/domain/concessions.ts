import { smallestChargeMinor } from './money.ts';
import { coveredPeriods, type MonthlyPassTerms } from './monthly-pass.ts';
import { earlierOf } from './period.ts';
import type { Period } from './period.ts';
import type { Discount } from './tariff/discount.ts';
import type { Price } from './tariff/document.ts';
import { priceStay, type StayToPrice } from './tariff/engine.ts';

/** The visits from which one goes on: when the first began (ms since 1970) and what they were charged, in minor units. */
export interface EarlierVisits {
  readonly firstEntryAt: number;
  readonly chargedMinor: number;
}

/** What makes one stay cheaper than the tariff says: kept with it as it was promised, and priced in this order. */
export interface Concessions {
  readonly promo?: Discount;
  readonly validations?: readonly Discount[];
  readonly monthlyPass?: MonthlyPassTerms;
  /** Set where the driver was back in time and the tariff counts on from the first entry. */
  readonly earlier?: EarlierVisits;
}

/** The parts of a stay's price that its concessions decide. */
export interface ConcededTerms {
  readonly discounts?: readonly Discount[];
  readonly covered?: readonly Period[];
  readonly monthlyPassHolder?: boolean;
  readonly earlier?: { readonly firstEntryAt: Date; readonly chargedMinor: number };
}

/** What concessions mean for a price of `period`; empty for a stay without any. */
export function concededTerms(
  concessions: Concessions | null | undefined,
  at: { readonly period: Period; readonly timeZone: string },
): ConcededTerms {
  if (concessions == null) return {};
  const { monthlyPass, earlier } = concessions;
  const discounts = discountsOf(concessions);
  const firstEntryAt = new Date(earlier?.firstEntryAt ?? at.period.startsAt);
  const period = { startsAt: earlierOf(firstEntryAt, at.period.startsAt), endsAt: at.period.endsAt };
  return {
    ...(discounts.length === 0 ? {} : { discounts }),
    ...(monthlyPass === undefined
      ? {}
      : {
          covered: coveredPeriods(monthlyPass, period, at.timeZone),
          monthlyPassHolder: isHolder(monthlyPass, period.startsAt),
        }),
    ...(earlier === undefined ? {} : { earlier: { firstEntryAt, chargedMinor: earlier.chargedMinor } }),
  };
}

/** Whoever comes while the pass holds is its holder for the whole stay. */
function isHolder({ startsAt, endsAt }: MonthlyPassTerms, arrival: Date): boolean {
  return startsAt <= arrival.getTime() && arrival.getTime() < endsAt;
}

/** What of the concessions was promised with the price: not what merchants gave afterwards, which is settled at the exit. */
export function promisedConcessions(concessions: Concessions | null | undefined): Concessions | null {
  if (concessions == null) return null;
  const { validations: _validations, ...promised } = concessions;
  return promised;
}

/** The promo code and the validations, which is all that a price can take off. */
export function discountsOf({ promo, validations = [] }: Concessions): readonly Discount[] {
  return promo === undefined ? validations : [promo, ...validations];
}

/**
 * The price of a stay with what makes it cheaper. What a discount leaves and no card can be charged is let off, as a line of its own:
 * nobody should fail to pay a coin that is left of a gift. A price without concessions is what the tariff says.
 */
export function concededPrice(stay: StayToPrice, concessions: Concessions | null | undefined): Price {
  if (concessions == null) return priceStay(stay);
  const price = priceStay({ ...stay, ...concededTerms(concessions, stay) });
  return letOff(price);
}

function letOff(price: Price): Price {
  const { totalMinor, currency, lines } = price;
  const last = lines.at(-1);
  if (last === undefined || totalMinor <= 0 || totalMinor >= smallestChargeMinor(currency)) return price;
  const line = {
    ...last,
    rule: 'ROUNDING',
    description: 'Less than a card can be charged: let off',
    ...{ quantity: 1, unitMinor: -totalMinor, amountMinor: -totalMinor, runningMinor: 0 },
  };
  return { ...price, totalMinor: 0, lines: [...lines, line] };
}

/** What the validations of a price take off together, in minor units: its lines of that rule. */
export function validatedMinor({ lines }: Price): number {
  return lines.reduce((sum, { rule, amountMinor }) => (rule === 'VALIDATION' ? sum - amountMinor : sum), 0);
}

/**
 * What each validation takes off, in minor units by its id: what its line says, which is what it adds to what those before it take off.
 * `priceWith` gives the price with some of them. None is negative; together they are what all take off.
 */
export function validationShares(
  validations: readonly Discount[],
  priceWith: (validations: readonly Discount[]) => Price,
): Map<string, number> {
  const shares = new Map<string, number>();
  let beforeMinor = 0;
  validations.forEach(({ id }, index) => {
    const takenMinor = validatedMinor(priceWith(validations.slice(0, index + 1)));
    shares.set(id, Math.max(0, takenMinor - beforeMinor));
    beforeMinor = Math.max(beforeMinor, takenMinor);
  });
  return shares;
}
