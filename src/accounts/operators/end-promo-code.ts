import { Refusal } from '../../domain/refusal.ts';
import type { Viewer } from '../../domain/viewer.ts';
import { PromoCode } from '../../entities/promo-code.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { servesPromoCode } from './list-promo-codes.ts';

/**
 * Ends a promo code: nobody uses it from now on, but for quotes that are still kept; what was booked with it keeps its price. Ending it
 * again changes nothing. Refuses with NOT_FOUND.
 */
export async function endPromoCode(platform: Platform, id: string, viewer: Viewer | undefined): Promise<PromoCode> {
  return inTransaction(platform, async (tx) => {
    const promoCode = await tx.em.findOne(PromoCode, { id });
    if (!promoCode || !servesPromoCode(viewer, promoCode))
      throw new Refusal('NOT_FOUND', 'There is no such promo code of yours.', { field: ['promoCodeId'] });
    promoCode.endedAt ??= tx.now;
    return promoCode;
  });
}
