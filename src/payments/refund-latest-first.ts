import { LockMode } from '@mikro-orm/postgresql';
import type { PaymentKind, RefundReason } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { promiseRefund } from './promise-refund.ts';

/** What was paid: by payments of these kinds, for one reservation or one stay. */
type Paid = { readonly lotId: string; readonly kinds: readonly PaymentKind[] } & (
  { readonly reservationId: string } | { readonly stayId: string }
);

/**
 * Promises back a part of what was paid, the latest payment first. Gives the amount that was promised: never more than is left of what
 * was captured. Locks the payments, in their order of making.
 */
export async function refundLatestFirst(
  tx: Transaction,
  { kinds, ...paid }: Paid,
  wish: { readonly amountMinor: number; readonly reason: RefundReason },
): Promise<number> {
  if (wish.amountMinor <= 0) return 0;
  const payments = await tx.em.find(
    Payment,
    { ...paid, kind: { $in: [...kinds] }, capturedMinor: { $gt: 0 } },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  let left = wish.amountMinor;
  for (const payment of payments.toReversed()) {
    const amountMinor = Math.min(left, payment.capturedMinor - payment.refundedMinor);
    if (amountMinor <= 0) continue;
    await promiseRefund(tx, { lotId: paid.lotId, paymentId: payment.id, amountMinor, reason: wish.reason });
    left -= amountMinor;
  }
  return wish.amountMinor - left;
}
