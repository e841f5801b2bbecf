import type { Payment } from '../entities/payment.ts';
import type { Debt } from '../entities/debt.ts';
import type { Transaction } from '../platform/db.ts';
import { lockPayment } from './payment-row.ts';
import { commandAgain } from './provider-commands.ts';
import { isVoid, voidMark } from './void-mark.ts';

/**
 * Calls off what else would pay a debt that is closed now: its own charge, and what its driver began to pay. What is with the provider
 * is ended there by the command CHARGE; should it be paid all the same, the money goes back (PAID_TWICE). Locks those payments.
 */
export async function dropChargesOf(tx: Transaction, debt: Debt, except: string | undefined): Promise<void> {
  const { lotId, id: debtId, paymentId } = debt;
  const open = await tx.em.execute<{ id: string }[]>(
    `SELECT id FROM payment WHERE lot_id = ? AND (id = ? OR debt_id = ?) AND captured_at IS NULL AND state NOT IN ('FAILED', 'CANCELED') ORDER BY id`,
    [lotId, paymentId ?? null, debtId],
  );
  for (const { id } of open) {
    if (id !== except) await drop(tx, { lotId, id });
  }
}

async function drop(tx: Transaction, key: { lotId: string; id: string }): Promise<void> {
  const payment: Payment = await lockPayment(tx, key);
  if (payment.capturedAt != null || isVoid(payment)) return;
  payment.detail = voidMark(payment, 'PAID_TWICE');
  payment.updatedAt = tx.now;
  if (payment.state === 'OWED') payment.state = 'CANCELED';
  else await commandAgain(tx, { kind: 'CHARGE', lotId: key.lotId, subjectId: key.id }, { dueInMs: 0 });
}
