import type { EntityManager } from '@mikro-orm/postgresql';
import type { QuotedConcessions } from '../domain/concession-text.ts';
import type { Concessions } from '../domain/concessions.ts';
import type { Period } from '../domain/period.ts';
import { normalizePromoCode } from '../domain/promo-code.ts';
import type { Lot } from '../entities/lot.ts';
import type { PromoCode } from '../entities/promo-code.ts';
import { findMonthlyPass } from './find-monthly-pass.ts';
import { findPromoCode } from './find-promo-code.ts';
import { passTerms } from './monthly-pass-uses.ts';

/** What a driver brings along that makes parking cheaper. */
export interface BroughtAlong {
  readonly promoCode?: string;
  /** One of the asking driver's own. */
  readonly monthlyPassId?: string;
}

export interface WantedConcessions extends BroughtAlong {
  readonly lot: Lot;
  readonly period: Period;
  readonly now: Date;
  readonly driverId: string | undefined;
}

export interface FoundConcessions {
  readonly concessions: Concessions | null;
  /** Its price has still to be looked at: `refusePrice`. */
  readonly promoCode: PromoCode | undefined;
}

/**
 * What of it holds for a period in a lot. Asks the database nothing when nothing was brought along. Claims nothing.
 * Refuses as `findPromoCode` and `findMonthlyPass` do.
 */
export async function findConcessions(em: EntityManager, wanted: WantedConcessions): Promise<FoundConcessions> {
  const { lot, period, now, driverId, promoCode: code, monthlyPassId } = wanted;
  if (code === undefined && monthlyPassId === undefined) return { concessions: null, promoCode: undefined };
  const { id: lotId, operatorId, currency, timeZone } = lot;
  const promo =
    code === undefined
      ? undefined
      : await findPromoCode(em, { operatorId, code, lotId, currency, period, now, driverId });
  const pass =
    monthlyPassId === undefined
      ? undefined
      : await findMonthlyPass(em, { lotId, monthlyPassId, driverId, period, now, timeZone });
  return {
    promoCode: promo?.promoCode,
    concessions: {
      ...(promo === undefined ? {} : { promo: promo.discount }),
      ...(pass === undefined ? {} : { monthlyPass: passTerms(pass) }),
    },
  };
}

/** Whether what a quote promised is what the request brings along; a request that names nothing takes what was quoted. */
export function isSameBrought(brought: BroughtAlong, quoted: QuotedConcessions | null): boolean {
  const { promoCode, monthlyPassId } = brought;
  const sameCode = promoCode === undefined || normalizePromoCode(promoCode) === quoted?.promo?.name;
  return sameCode && (monthlyPassId === undefined || monthlyPassId === quoted?.monthlyPass?.id);
}
