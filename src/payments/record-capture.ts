import type { Transaction } from '../platform/db.ts';
import { Debt } from '../entities/debt.ts';
import { revenueAccount, transfer } from './ledger.ts';
import { lockPayment } from './payment-row.ts';

/**
 * Puts captured money into the books, once: FIRST for the call that did it, AGAIN (and nothing written) for every
 * other, whoever comes first, the client or the webhook. `capturedMinor` and `providerRef` are what the provider said.
 * A debt that this payment was opened for is settled with it.
 * Locks the payment's row. Announces `payment.captured`.
 */
export async function recordCapture(
  tx: Transaction,
  capture: { lotId: string; paymentId: string; capturedMinor: number; providerRef: string },
): Promise<'FIRST' | 'AGAIN'> {
  const payment = await lockPayment(tx, { lotId: capture.lotId, id: capture.paymentId });
  if (payment.capturedAt != null) return 'AGAIN';
  // A dispute may be heard of before the payment itself: webhooks come in any order.
  if (payment.state !== 'DISPUTED') payment.state = 'CAPTURED';
  payment.capturedMinor = capture.capturedMinor;
  payment.providerRef = capture.providerRef;
  payment.failureCode = null;
  payment.capturedAt = tx.now;
  payment.updatedAt = tx.now;
  await tx.em.flush();
  await transfer(tx, {
    lotId: payment.lotId,
    causeKind: 'PAYMENT_CAPTURED',
    causeId: payment.id,
    currency: payment.currency,
    debit: 'provider:clearing',
    credit: revenueAccount(payment.kind),
    amountMinor: capture.capturedMinor,
  });
  const debt = { lotId: payment.lotId, paymentId: payment.id, state: 'OPEN' as const };
  await tx.em.nativeUpdate(Debt, debt, { state: 'SETTLED', settledAt: tx.now });
  const { lotId, id: paymentId, reservationId, stayId } = payment;
  tx.announce({
    lotId,
    type: 'payment.captured',
    aggregateId: paymentId,
    payload: { paymentId, reservationId, stayId },
  });
  return 'FIRST';
}
