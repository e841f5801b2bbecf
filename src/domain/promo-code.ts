import type { Period } from './period.ts';
import { contains } from './period.ts';

/** When and where a promo code holds. Absent bounds do not limit; both ends of `valid…` and `periods…` are instants, the later one excluded. */
export interface PromoCodeTerms {
  /** Null: every lot of its operator. */
  readonly lotIds?: readonly string[] | null | undefined;
  /** When it may be used. */
  readonly validFrom: Date;
  readonly validUntil?: Date | null | undefined;
  /** Parking must lie within these. */
  readonly periodsFrom?: Date | null | undefined;
  readonly periodsUntil?: Date | null | undefined;
  /** Of the amounts that it names; null when it names none. */
  readonly currency?: string | null | undefined;
  /** What the parking must cost at least without the code, in minor units of `currency`. */
  readonly smallestPriceMinor?: number | null | undefined;
  readonly endedAt?: Date | null | undefined;
}

/** What a promo code is wanted for. */
export interface PromoCodeWish {
  readonly lotId: string;
  readonly currency: string;
  readonly period: Period;
  readonly now: Date;
}

export const PROMO_CODE_REFUSALS = [
  'PROMO_CODE_UNKNOWN',
  'PROMO_CODE_EXPIRED',
  'PROMO_CODE_USED_UP',
  'PROMO_CODE_NOT_APPLICABLE',
] as const;
export type PromoCodeRefusal = (typeof PROMO_CODE_REFUSALS)[number];

/** Why a code does not help, with a sentence for the driver. */
export interface PromoCodeProblem {
  readonly code: PromoCodeRefusal;
  readonly message: string;
}

const CODE = /^[A-Z0-9][A-Z0-9-]{2,23}$/;

/** A code as it is stored, from what a person typed: capitals, without spaces. Undefined for what is no code: 3 to 24 letters, digits, hyphens. */
export function normalizePromoCode(text: string): string | undefined {
  const code = text.normalize('NFKC').toUpperCase().replace(/\s/g, '');
  return CODE.test(code) ? code : undefined;
}

/**
 * Why a code does not hold for a wish, or undefined: tested in the order ended, too late, too early, other lot, other currency, other
 * period. How often it was used and what the parking costs is looked at by others.
 */
export function promoCodeProblem(terms: PromoCodeTerms, wish: PromoCodeWish): PromoCodeProblem | undefined {
  const { endedAt, validUntil, validFrom, lotIds, currency } = terms;
  if (endedAt != null || (validUntil != null && validUntil <= wish.now))
    return { code: 'PROMO_CODE_EXPIRED', message: 'This promo code is no longer valid.' };
  if (validFrom > wish.now) return notApplicable('This promo code is not valid yet.');
  if (lotIds != null && !lotIds.includes(wish.lotId)) return notApplicable('This promo code is not for this lot.');
  if (currency != null && currency !== wish.currency)
    return notApplicable('This promo code is for lots with another currency.');
  const within = {
    startsAt: terms.periodsFrom ?? wish.period.startsAt,
    endsAt: terms.periodsUntil ?? wish.period.endsAt,
  };
  if (!contains(within, wish.period)) return notApplicable('This promo code is not for this time.');
  return undefined;
}

/** As `promoCodeProblem`, of what the parking costs without the code (minor units). */
export function promoPriceProblem(
  { smallestPriceMinor }: Pick<PromoCodeTerms, 'smallestPriceMinor'>,
  priceMinor: number,
): PromoCodeProblem | undefined {
  if (priceMinor === 0) return notApplicable('There is nothing to take off: the parking is free.');
  if (smallestPriceMinor == null || priceMinor >= smallestPriceMinor) return undefined;
  return notApplicable('The parking costs less than this promo code asks for.');
}

export function notApplicable(message: string): PromoCodeProblem {
  return { code: 'PROMO_CODE_NOT_APPLICABLE', message };
}
