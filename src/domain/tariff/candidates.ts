import { chargeRates } from './charge.ts';
import { minorNumber, wholeMinor } from './exact.ts';
import { fittingOffers } from './offers.ts';
import type { Customer, FittingOffer } from './offers.ts';
import { isCovered, isWithinGrace, restOfVisit } from './visit.ts';
import type { Visit } from './visit.ts';

/** One way to price a stay: nothing within the grace, the plain rates, or an offer and the rates after what it covers. */
export interface Candidate {
  readonly kind: 'GRACE' | 'RATES' | 'OFFER';
  readonly fitting?: FittingOffer;
  /** Rounded half up, once. */
  readonly amountMinor: number;
}

/**
 * Questions 6, 9 and 10: how a stay is priced. CHEAPEST: the least of the rates and of every offer that fits, on a tie the rates, then
 * the first that is listed. PRIORITY: the fitting offer of the lowest number, even if it is dearer. A stay that a monthly pass covers
 * whole is free before any offer is looked at.
 */
export function chooseCandidate(visit: Visit, customer: Customer): Candidate {
  if (isWithinGrace(visit)) return { kind: 'GRACE', amountMinor: 0 };
  const offers = visit.tariff.offers.length === 0 || isCovered(visit) ? [] : fittingOffers(visit, customer);
  if (offers.length > 0 && visit.tariff.document.offerChoice === 'PRIORITY') {
    const priorityOf = ({ offer }: FittingOffer): number => offer.offer.priority ?? 0;
    return byOffer(
      visit,
      offers.reduce((first, other) => (priorityOf(other) < priorityOf(first) ? other : first)),
    );
  }
  const plain = byRates(visit);
  return offers
    .map((fitting) => byOffer(visit, fitting))
    .reduce((best, other) => (other.amountMinor < best.amountMinor ? other : best), plain);
}

function byRates(visit: Visit): Candidate {
  return { kind: 'RATES', amountMinor: minorNumber(wholeMinor(chargeRates(visit), visit.rate.scale)) };
}

function byOffer(visit: Visit, fitting: FittingOffer): Candidate {
  const flat = BigInt(fitting.offer.offer.minor);
  const { scale } = visit.rate;
  const amount = flat * scale + chargeRates(restOfVisit(visit, fitting.coversUntilMs));
  return { kind: 'OFFER', fitting, amountMinor: minorNumber(wholeMinor(amount, scale)) };
}
