import type { PaymentState } from '../domain/payment.ts';
import { Debt } from '../entities/debt.ts';
import { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { reverseDebtsOf } from './debts.ts';
import { promiseRefund } from './promise-refund.ts';
import { isVoid, voidMark } from './void-mark.ts';

/** Nothing of these is with the provider, or nothing comes of it any more. */
const AT_REST: ReadonlySet<PaymentState> = new Set(['OWED', 'FAILED']);

/**
 * Calls off a locked payment that is charged later: what was captured is promised back, what was not tried yet is
 * CANCELED, and its debt is taken back: what is open of it is not owed, what was paid of it is promised back. One that is with the provider is for `chargeSavedCard` to end, which looks first.
 */
export async function voidCharge(tx: Transaction, payment: Payment): Promise<void> {
  if (isVoid(payment)) return;
  payment.detail = voidMark(payment, 'NO_SHOW');
  payment.updatedAt = tx.now;
  const { lotId, id: paymentId, capturedMinor } = payment;
  if (payment.capturedAt != null) {
    await promiseRefund(tx, { lotId, paymentId, amountMinor: capturedMinor, reason: 'NO_SHOW' });
  } else if (AT_REST.has(payment.state)) payment.state = 'CANCELED';
  await reverseDebtsOf(tx, { lotId, paymentId });
  await giveBackForDebt(tx, { lotId, paymentId });
}

/** Its debt may have been paid meanwhile, with another card or in coins. */
async function giveBackForDebt(tx: Transaction, { lotId, paymentId }: { lotId: string; paymentId: string }) {
  const debt = await tx.em.findOne(Debt, { lotId, paymentId });
  if (!debt) return;
  const paid = { lotId, debtId: debt.id, capturedMinor: { $gt: 0 } };
  for (const { id, capturedMinor: amountMinor } of await tx.em.find(Payment, paid, { orderBy: { id: 'asc' } }))
    await promiseRefund(tx, { lotId, paymentId: id, amountMinor, reason: 'NO_SHOW' });
}
