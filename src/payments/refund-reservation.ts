import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import type { RefundReason } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { Transaction } from '../platform/db.ts';
import { promiseRefund } from './promise-refund.ts';

/**
 * Promises back a part of what was paid for a reservation, the latest payment first (an extension before the reservation itself);
 * what was charged afterwards (a fee, an overstay) is no part of it.
 * Gives the amount that was promised: never more than is left of what was captured. Locks the payments, in their order of making.
 */
export async function refundReservation(
  tx: Transaction,
  wish: { lotId: string; reservationId: string; amountMinor: number; reason: RefundReason },
): Promise<number> {
  if (wish.amountMinor <= 0) return 0;
  const { lotId, reservationId, reason } = wish;
  const payments = await tx.em.find(
    Payment,
    { lotId, reservationId, kind: { $in: ['RESERVATION', 'CHANGE'] }, capturedMinor: { $gt: 0 } },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  let left = wish.amountMinor;
  for (const payment of payments.toReversed()) {
    const amountMinor = Math.min(left, payment.capturedMinor - payment.refundedMinor);
    if (amountMinor <= 0) continue;
    await promiseRefund(tx, { lotId, paymentId: payment.id, amountMinor, reason });
    left -= amountMinor;
  }
  return wish.amountMinor - left;
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
