import { includedTax } from '../domain/tax.ts';
import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { payDebts } from './debts.ts';
import { earnedAs } from './earned-as.ts';
import { postPaymentCaptured } from './ledger.ts';
import { lockPayment } from './payment-row.ts';
import { promiseRefund } from './promise-refund.ts';
import { taxPercentOf } from './tax-percent.ts';
import { isVoid, voidReason } from './void-mark.ts';

/**
 * Puts captured money into the books, once: FIRST for the call that did it, AGAIN (and nothing written) for every
 * other, whoever comes first, the client or the webhook. `capturedMinor` and `providerRef` are what the provider said.
 * It pays the debts that the payment is for; what comes for a debt that was paid or let go of meanwhile goes back.
 * Locks the payment's row, then those debts. Announces `payment.captured`, `debt.settled`, `payment.refund_promised`.
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
  const { overpaidMinor } = await bookCapture(tx, payment, capture.capturedMinor);
  const amountMinor = isVoid(payment) ? payment.capturedMinor : overpaidMinor;
  const reason = isVoid(payment) ? voidReason(payment) : 'PAID_TWICE';
  if (amountMinor > 0) await promiseRefund(tx, { lotId: payment.lotId, paymentId: payment.id, amountMinor, reason });
  return 'FIRST';
}

/**
 * What every capture has in common, whoever took it: debts, tax, the posting, the event. `payment` is locked or new, its
 * `capturedMinor` and state are set; `takenMinor` is what the taker holds of it. Gives what came for a debt that was not open any more.
 */
export async function bookCapture(
  tx: Transaction,
  payment: Payment,
  takenMinor: number,
): Promise<{ overpaidMinor: number }> {
  const { lotId, id: causeId, currency, method, capturedMinor: amountMinor } = payment;
  payment.capturedAt = tx.now;
  payment.updatedAt = tx.now;
  await tx.em.flush();
  const { debtMinor, taxMinor: debtTaxMinor, isForDebt } = await payDebts(tx, payment, amountMinor);
  const earnedMinor = amountMinor - debtMinor;
  const taxMinor = earnedMinor === 0 ? 0 : includedTax(earnedMinor, await taxPercentOf(tx, payment));
  payment.taxMinor = debtTaxMinor + taxMinor;
  // At once: whoever locks the row next in this transaction reads it again.
  await tx.em.flush();
  await postPaymentCaptured(tx, {
    ...{ lotId, causeId, currency, method, amountMinor, taxMinor, debtMinor, takenMinor },
    revenue: await earnedAs(tx, payment),
  });
  const { reservationId, stayId } = payment;
  const payload = { paymentId: causeId, reservationId, stayId };
  tx.announce({ lotId, type: 'payment.captured', aggregateId: causeId, payload });
  return { overpaidMinor: isForDebt ? earnedMinor : 0 };
}
