import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';

/**
 * Moves a locked payment into a dispute, or out of one that was won, and tells of it once, whoever hears first: the
 * webhook of the dispute, or a refund that the provider refuses because of it. Publishes that its reservation changed. Announces `payment.disputed` or
 * `payment.dispute_won`.
 */
export function moveDispute(tx: Transaction, payment: Payment, stands: 'DISPUTED' | 'WON'): void {
  const undisputed = payment.capturedAt == null ? 'PROCESSING' : 'CAPTURED';
  const next = stands === 'WON' ? undisputed : 'DISPUTED';
  if (payment.state === next) return;
  payment.state = next;
  payment.updatedAt = tx.now;
  const { lotId, id: paymentId, reservationId } = payment;
  const type = next === 'DISPUTED' ? 'payment.disputed' : 'payment.dispute_won';
  tx.announce({ lotId, type, aggregateId: paymentId, payload: { paymentId } });
  if (reservationId != null) tx.publish(topic.reservation(reservationId), { lotId, reservationId });
  tx.afterCommit(({ metrics }) => metrics.disputes.inc({ outcome: stands.toLowerCase() }));
}
