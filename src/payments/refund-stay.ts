import { LockMode } from '@mikro-orm/postgresql';
import type { RefundReason } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { promiseRefund } from './promise-refund.ts';

/**
 * Promises back a part of what was paid at a till or by card for a walk-in's stay, the latest payment first. Gives the amount that was
 * promised: never more than is left of what was captured. Locks the payments, in their order of making.
 */
export async function refundStay(
  tx: Transaction,
  wish: { lotId: string; stayId: string; amountMinor: number; reason: RefundReason },
): Promise<number> {
  if (wish.amountMinor <= 0) return 0;
  const { lotId, stayId, reason } = wish;
  const payments = await tx.em.find(
    Payment,
    { lotId, stayId, kind: 'STAY', capturedMinor: { $gt: 0 } },
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
