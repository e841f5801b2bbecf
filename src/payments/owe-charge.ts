import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/**
 * Ends a charge that its owner's card will not pay: the locked payment is FAILED, and one debt says what is owed. For
 * what is charged later alone. Repeated, it changes nothing. Announces `payment.charge_refused`.
 */
export async function oweCharge(tx: Transaction, payment: Payment, failureCode: string): Promise<void> {
  if (payment.state === 'FAILED') return;
  payment.state = 'FAILED';
  payment.failureCode = failureCode;
  payment.updatedAt = tx.now;
  const { lotId, id: paymentId, stayId = null, driverId = null, amountMinor, currency, kind: reason } = payment;
  // The exit may have written the debt of the same stay already: then that one stands.
  await tx.em.execute(
    `INSERT INTO debt (lot_id, id, payment_id, stay_id, driver_id, amount_minor, currency, reason, state, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'OPEN', ?) ON CONFLICT DO NOTHING`,
    [lotId, newId(tx.now), paymentId, stayId, driverId, amountMinor, currency, reason, tx.now],
  );
  tx.announce({ lotId, type: 'payment.charge_refused', aggregateId: paymentId, payload: { paymentId, failureCode } });
}
