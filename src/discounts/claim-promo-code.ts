import { LockMode } from '@mikro-orm/postgresql';
import { PromoCode } from '../entities/promo-code.ts';
import { PromoUse } from '../entities/promo-use.ts';
import type { Transaction } from '../platform/db.ts';
import { refuseIf } from './find-promo-code.ts';
import { isLimited, promoUsesLeft } from './promo-limits.ts';

/**
 * Uses a promo code for a reservation that the caller's transaction makes. Of a limited code the row is locked before the uses are
 * counted, so that however many reserve at once a limit is never passed. The use is given back by the reservation itself: it counts while
 * that stands. A code that was ended after it was quoted still counts as quoted.
 *
 * Lock order: after the pools and the reservation, before monthly passes. Refuses with PROMO_CODE_USED_UP and PROMO_CODE_NOT_APPLICABLE.
 */
export async function claimPromoCode(
  tx: Transaction,
  claim: { promoCodeId: string; lotId: string; reservationId: string; driverId: string },
): Promise<void> {
  const { promoCodeId, lotId, reservationId, driverId } = claim;
  const promoCode = await tx.em.findOneOrFail(PromoCode, { id: promoCodeId });
  if (isLimited(promoCode)) {
    // What it is limited to never changes, so what was read before the lock is still true.
    await tx.em.findOneOrFail(PromoCode, { id: promoCodeId }, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
    refuseIf(await promoUsesLeft(tx.em, promoCode, { driverId, now: tx.now }));
  }
  tx.insert(PromoUse, { lotId, reservationId, promoCodeId, driverId, claimedAt: tx.now });
}
