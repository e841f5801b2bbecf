import type { RefundReason } from '../domain/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { inBackground } from './background.ts';
import { revenueAccount, transfer } from './ledger.ts';
import { lockPayment } from './payment-row.ts';
import { sendRefund } from './send-refund.ts';

/**
 * Promises money back: a refund row (OWED) and its posting, at most what is left of the captured amount; gives its id,
 * or undefined when nothing is left. Refunds never exceed captures, because the amount is taken from the locked row
 * (and the database checks it again). It is sent beside the caller after the commit; a sweep finds what could not be.
 * Locks the payment's row. Announces `payment.refund_promised`.
 */
export async function promiseRefund(
  tx: Transaction,
  wish: { lotId: string; paymentId: string; amountMinor: number; reason: RefundReason },
): Promise<string | undefined> {
  const { lotId } = wish;
  const payment = await lockPayment(tx, { lotId, id: wish.paymentId });
  const amountMinor = Math.min(wish.amountMinor, payment.capturedMinor - payment.refundedMinor);
  if (amountMinor <= 0) return undefined;
  payment.refundedMinor += amountMinor;
  payment.updatedAt = tx.now;
  await tx.em.flush();
  const { id: paymentId, currency } = payment;
  const id = newId(tx.now);
  const stamps = { attempts: 0, createdAt: tx.now, updatedAt: tx.now };
  await tx.em.insert(Refund, {
    lotId,
    id,
    paymentId,
    amountMinor,
    currency,
    reason: wish.reason,
    state: 'OWED',
    ...stamps,
  });
  await transfer(tx, {
    lotId,
    causeKind: 'REFUND_PROMISED',
    causeId: id,
    currency,
    debit: revenueAccount(payment.kind),
    credit: 'refunds:owed',
    amountMinor,
  });
  const payload = {
    refundId: id,
    paymentId,
    reservationId: payment.reservationId,
    stayId: payment.stayId,
    reason: wish.reason,
  };
  tx.announce({ lotId, type: 'payment.refund_promised', aggregateId: paymentId, payload });
  tx.afterCommit((platform) => inBackground(platform, () => sendRefund(platform, { lotId, refundId: id })));
  return id;
}
