import type { EntityManager } from '@mikro-orm/postgresql';
import type { RefundReason } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { Transaction } from '../platform/db.ts';
import { refundLatestFirst } from './refund-latest-first.ts';

/**
 * Promises back a part of what was paid for a reservation, as `refundLatestFirst` does (an extension before the reservation itself);
 * what was charged afterwards (a fee, an overstay) is no part of it.
 */
export async function refundReservation(
  tx: Transaction,
  {
    lotId,
    reservationId,
    ...wish
  }: { lotId: string; reservationId: string; amountMinor: number; reason: RefundReason },
): Promise<number> {
  return refundLatestFirst(tx, { lotId, reservationId, kinds: ['RESERVATION', 'CHANGE'] }, wish);
}

/** What was promised back of a reservation for one reason. */
export async function promisedMinor(
  em: EntityManager,
  asked: { lotId: string; reservationId: string; reason: RefundReason },
): Promise<number> {
  const { lotId, reservationId, reason } = asked;
  const payments = await em.find(Payment, { lotId, reservationId }, { fields: ['lotId', 'id'] });
  const refunds = await em.find(Refund, { lotId, paymentId: { $in: payments.map(({ id }) => id) }, reason });
  return refunds.reduce((sum, refund) => sum + refund.amountMinor, 0);
}
