import { releaseAllocation } from '../allocation/claim.ts';
import { Refusal } from '../domain/refusal.ts';
import { holdLapsed } from '../domain/reservation.ts';
import type { Lot } from '../entities/lot.ts';
import type { Payment } from '../entities/payment.ts';
import type { Reservation } from '../entities/reservation.ts';
import { collectDebts } from '../payments/collect-debts.ts';
import { readIntent } from '../payments/intent.ts';
import { promiseRefund } from '../payments/promise-refund.ts';
import { readPayment } from '../payments/payment-row.ts';
import { recordCapture } from '../payments/record-capture.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { applyMove, lockReservation, type ReservationKey } from './move.ts';

/** What a look at the provider led to. PAID_LATE: the hold had ended, and the money goes back by itself. */
export type Settlement = 'CONFIRMED' | 'ALREADY_CONFIRMED' | 'PAID_LATE' | 'NOT_PAID';

/**
 * Asks the provider what became of a reservation's payment and takes the one step that follows: confirms a hold that is paid, once,
 * whoever asks first (the client or the webhook); promises everything back when the hold had ended before the money came.
 * Repeating it at any time does no harm. Locks the pool, the reservation, then the payment.
 */
export async function settleReservation(
  platform: Platform,
  asked: { lotId: string; paymentId: string },
): Promise<Settlement> {
  const payment = await readPayment(platform, { lotId: asked.lotId, id: asked.paymentId });
  if (payment.reservationId == null) throw new Error(`payment ${payment.id} is not for a reservation`);
  const intent = await readIntent(platform, payment);
  if (intent.status !== 'SUCCEEDED') return 'NOT_PAID';
  const key = { lotId: payment.lotId, reservationId: payment.reservationId };
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, key);
    const first = await recordCapture(tx, {
      lotId: payment.lotId,
      paymentId: payment.id,
      capturedMinor: intent.capturedMinor,
      providerRef: intent.ref,
    });
    if (first === 'AGAIN') return wasPaidInTime(reservation) ? 'ALREADY_CONFIRMED' : 'PAID_LATE';
    return takePayment(tx, { reservation, lot, payment, capturedMinor: intent.capturedMinor });
  });
}

/** Confirms a hold for which nothing has to be paid. Refuses with HOLD_LAPSED. */
export async function confirmFreeReservation(platform: Platform, key: ReservationKey): Promise<Settlement> {
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, key);
    if (reservation.totalMinor > 0)
      throw new Error('only a reservation without a price is confirmed without a payment');
    if (wasPaidInTime(reservation)) return 'ALREADY_CONFIRMED';
    if (holdLapsed(reservation, tx.now))
      throw new Refusal('HOLD_LAPSED', 'The hold has run out. Reserve again.', { field: ['reservationId'] });
    confirm(tx, { reservation, lot });
    return 'CONFIRMED';
  });
}

interface Paid {
  readonly reservation: Reservation;
  readonly lot: Lot;
  readonly payment: Payment;
  readonly capturedMinor: number;
}

async function takePayment(tx: Transaction, paid: Paid): Promise<Settlement> {
  const { reservation, lot } = paid;
  const payable = reservation.state === 'HELD' && !holdLapsed(reservation, tx.now);
  if (!payable) {
    await giveBack(tx, paid);
    return 'PAID_LATE';
  }
  reservation.paidMinor += paid.capturedMinor;
  confirm(tx, { reservation, lot });
  await collectDebts(tx, reservation);
  return 'CONFIRMED';
}

function confirm(tx: Transaction, paid: { reservation: Reservation; lot: Lot }): void {
  applyMove(tx, { ...paid, event: 'CONFIRM' });
  paid.reservation.confirmedAt = tx.now;
}

/** The spot may be somebody else's by now: a hold that ended is not revived, and its money is not kept. */
async function giveBack(tx: Transaction, paid: Paid): Promise<void> {
  const { reservation, lot, payment } = paid;
  if (reservation.state === 'HELD') {
    await releaseAllocation(tx, { lotId: lot.id, reservationId: reservation.id });
    applyMove(tx, { reservation, lot, event: 'EXPIRE' });
    reservation.endedAt = tx.now;
  }
  reservation.outcomeRule = 'PAID_LATE';
  reservation.paidMinor += paid.capturedMinor;
  reservation.refundedMinor += paid.capturedMinor;
  await promiseRefund(tx, {
    lotId: lot.id,
    paymentId: payment.id,
    amountMinor: paid.capturedMinor,
    reason: 'PAID_LATE',
  });
}

function wasPaidInTime(reservation: Reservation): boolean {
  return reservation.confirmedAt != null;
}
