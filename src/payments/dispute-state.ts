import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';

/**
 * Moves a locked payment into a dispute, or out of one that was won, and tells of it once, whoever hears first: the
 * webhook of the dispute, or a refund that the provider refuses because of it. Announces `payment.disputed` or
 * `payment.dispute_won`.
 */
export function moveDispute(tx: Transaction, payment: Payment, stands: 'DISPUTED' | 'WON'): void {
  const undisputed = payment.capturedAt == null ? 'PROCESSING' : 'CAPTURED';
  const next = stands === 'WON' ? undisputed : 'DISPUTED';
  if (payment.state === next) return;
  payment.state = next;
  payment.updatedAt = tx.now;
  const { lotId, id: paymentId } = payment;
  const type = next === 'DISPUTED' ? 'payment.disputed' : 'payment.dispute_won';
  tx.announce({ lotId, type, aggregateId: paymentId, payload: { paymentId } });
}
