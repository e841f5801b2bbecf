import { Debt } from '../entities/debt.ts';
import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { openDebt } from './debts.ts';
import { isVoid } from './void-mark.ts';

/**
 * Ends a charge that its owner's card will not pay: the locked payment is FAILED, and one debt says what is owed. For
 * what is charged later alone. Repeated, or once it was called off, it changes nothing. Announces `payment.charge_refused`.
 */
export async function oweCharge(tx: Transaction, payment: Payment, failureCode: string): Promise<void> {
  if (payment.state === 'FAILED' || isVoid(payment)) return;
  payment.state = 'FAILED';
  payment.failureCode = failureCode;
  payment.updatedAt = tx.now;
  const { lotId, id: paymentId, stayId = null, reservationId, driverId = null, amountMinor, currency, kind } = payment;
  // A debt's own payment leaves it as it was; and the exit may have written the debt of the same stay already.
  // Nor is a month of a monthly pass that nobody pays for: the pass ends.
  if (kind !== 'DEBT' && kind !== 'MONTHLY_PASS')
    await openDebt(tx, { lotId, stayId, reservationId, paymentId, driverId, amountMinor, currency, reason: kind });
  const debtId = payment.debtId ?? (await tx.em.findOne(Debt, { lotId, paymentId }, { fields: ['id'] }))?.id ?? null;
  const about = { kind, reservationId, stayId, driverId, amountMinor, currency, debtId };
  const payload = { paymentId, failureCode, ...about };
  tx.announce({ lotId, type: 'payment.charge_refused', aggregateId: paymentId, payload });
  tx.afterCommit(({ metrics }) => metrics.savedCardCharges.inc({ kind, outcome: 'refused' }));
}
