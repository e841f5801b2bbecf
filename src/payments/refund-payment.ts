import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import { Reservation } from '../entities/reservation.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { lockPayment, readPayment, type PaymentKey } from './payment-row.ts';
import { promiseRefund } from './promise-refund.ts';
import { servedLot } from './till/served-lot.ts';

export interface RefundPaymentInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  /** For whoever reads the books. */
  readonly reason: string;
}

/** The kinds whose refunds a reservation counts as its own. */
const OF_RESERVATION = ['RESERVATION', 'CHANGE'];

/**
 * An operator sends back money that was paid by card, beyond what any policy gives: at most what is left of the payment. The refund keeps
 * who did it and why. What was paid in coins or on a terminal goes back out of a drawer (`refundInCash`).
 * Refuses with LOT_NOT_FOUND, REASON_REQUIRED, IDEMPOTENCY_KEY_REUSED, NOT_FOUND, INVALID_INPUT. Locks its reservation, then the
 * payment. Announces `payment.refund_promised`, and that the reservation changed.
 */
export async function refundPayment(
  platform: Platform,
  input: RefundPaymentInput,
  staff: Extract<Viewer, { kind: 'STAFF' }>,
): Promise<{ payment: Payment; replayed: boolean }> {
  const { lotId, paymentId } = input;
  const { idempotencyKey: key, ...asked } = input;
  if (input.reason.trim() === '')
    throw new Refusal('REASON_REQUIRED', 'Say why money is given back.', { field: ['reason'] });
  const keyed = { actor: actorKey(staff), key, operation: 'refundPayment', input: asked };
  const replayed = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const claimed = await claimKey(tx, { ...keyed, result: { paymentId } });
    if (!claimed.replayed) await sendBack(tx, input, staff.staffId);
    return claimed.replayed;
  });
  return { payment: await readPayment(platform, { lotId, id: paymentId }), replayed };
}

async function sendBack(tx: Transaction, input: RefundPaymentInput, staffId: string): Promise<void> {
  const { lotId, paymentId, amountMinor, reason } = input;
  const reservation = await lockReservationOf(tx, { lotId, id: paymentId });
  const payment = await lockPayment(tx, { lotId, id: paymentId });
  if (payment.method !== 'CARD')
    throw new Refusal('INVALID_INPUT', 'It was not paid by card: give it back out of a drawer.', {
      field: ['paymentId'],
    });
  const leftMinor = payment.capturedMinor - payment.refundedMinor;
  if (payment.state !== 'CAPTURED' || !Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > leftMinor)
    throw new Refusal('INVALID_INPUT', 'Send back more than nothing, and not more than is left of what was paid.', {
      field: ['amountMinor'],
      details: { leftMinor },
    });
  const id = await promiseRefund(tx, { lotId, paymentId, amountMinor, reason: 'STAFF' });
  if (id === undefined) throw new Error('what is left of a locked payment was given back by somebody else');
  const refund = await tx.em.findOneOrFail(Refund, { lotId, id });
  Object.assign(refund, { staffId, note: reason.trim() });
  if (reservation && OF_RESERVATION.includes(payment.kind)) countAsRefunded(tx, reservation, amountMinor);
}

/** What counts as paid is another amount now: who watches it hears of that, and so do the gates, which say at the exit what comes back. */
function countAsRefunded(tx: Transaction, reservation: Reservation, amountMinor: number): void {
  reservation.refundedMinor += amountMinor;
  reservation.revision += 1;
  const { lotId, id: reservationId, revision, state } = reservation;
  tx.publish(topic.reservation(reservationId), { lotId, reservationId });
  const type = `reservation.${state.toLowerCase()}`;
  tx.announce({ lotId, type, aggregateId: reservationId, payload: { reservationId, revision } });
}

/** Locked before the payment, in the order of the house; undefined when it was paid for something else. */
async function lockReservationOf(tx: Transaction, key: PaymentKey): Promise<Reservation | undefined> {
  const { lotId } = key;
  const paid = await tx.em.findOne(Payment, { lotId, id: key.id }, { fields: ['lotId', 'id', 'reservationId'] });
  if (paid?.reservationId == null) return undefined;
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
  return (await tx.em.findOne(Reservation, { lotId, id: paid.reservationId }, lock)) ?? undefined;
}
