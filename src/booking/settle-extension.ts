import { endAllocation } from '../allocation/claim.ts';
import type { Price } from '../domain/tariff/document.ts';
import { Payment } from '../entities/payment.ts';
import { cancelIntent, readIntent } from '../payments/intent.ts';
import { lockPayment, readPayment } from '../payments/payment-row.ts';
import { promiseRefund } from '../payments/promise-refund.ts';
import { recordCapture } from '../payments/record-capture.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { applyEnd } from './apply-end.ts';
import { lockReservation, tellOfChange } from './move.ts';

/** What a payment of kind CHANGE buys. */
export interface ExtensionDetail {
  readonly endsAt: string;
  readonly price: Price;
}

interface ExtensionKey {
  readonly lotId: string;
  readonly paymentId: string;
}

/** A claim that nobody paid for is kept this long, as a hold would be. */
const UNPAID_MINUTES = 10;

/**
 * Looks what became of the payment of a later end and, when it is paid, makes the end count, once. Money for a stay that is over
 * by then goes back. Locks the pool, the reservation, then the payment; publishes that the reservation changed.
 */
export async function settleExtension(
  platform: Platform,
  key: ExtensionKey,
): Promise<'EXTENDED' | 'ALREADY' | 'NOT_PAID' | 'PAID_LATE'> {
  const payment = await readPayment(platform, { lotId: key.lotId, id: key.paymentId });
  if (payment.reservationId == null || payment.kind !== 'CHANGE')
    throw new Error(`payment ${payment.id} is not for a change`);
  const intent = await readIntent(platform, payment);
  if (intent.status !== 'SUCCEEDED') return 'NOT_PAID';
  const reservationKey = { lotId: payment.lotId, reservationId: payment.reservationId };
  return inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, reservationKey);
    const first = await recordCapture(tx, { ...key, capturedMinor: intent.capturedMinor, providerRef: intent.ref });
    if (first === 'AGAIN') return 'ALREADY';
    const { endsAt, price } = payment.detail as unknown as ExtensionDetail;
    if (reservation.state !== 'CONFIRMED' && reservation.state !== 'CHECKED_IN') {
      reservation.paidMinor += intent.capturedMinor;
      reservation.refundedMinor += intent.capturedMinor;
      await promiseRefund(tx, { ...key, amountMinor: intent.capturedMinor, reason: 'PAID_LATE' });
      return 'PAID_LATE';
    }
    reservation.paidMinor += intent.capturedMinor;
    applyEnd(tx, { reservation, lot, price, endsAt: new Date(endsAt) });
    return 'EXTENDED';
  });
}

/** Gives back what a later end had claimed and was not paid for. Locks the pool, the reservation, then the payment. */
export async function dropExtension(platform: Platform, key: ExtensionKey): Promise<void> {
  const { reservationId } = await readPayment(platform, { lotId: key.lotId, id: key.paymentId });
  if (reservationId == null) return;
  await inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, { lotId: key.lotId, reservationId });
    const payment = await lockPayment(tx, { lotId: key.lotId, id: key.paymentId });
    if (payment.capturedAt != null) return;
    payment.state = 'CANCELED';
    payment.updatedAt = tx.now;
    await endAllocation(tx, { lotId: lot.id, reservationId, endsAt: reservation.endsAt });
    tellOfChange(tx, { reservation, lot });
  });
}

/** Settles or gives back later ends whose request ended before their payment did; gives how many there were. */
export async function sweepExtensions(platform: Platform, limit: number): Promise<number> {
  const before = new Date(platform.clock.now().getTime() - UNPAID_MINUTES * 60_000);
  const open = await platform.orm.em.fork().find(
    Payment,
    {
      kind: 'CHANGE',
      capturedAt: null,
      state: { $nin: ['CANCELED', 'FAILED', 'CAPTURED', 'DISPUTED'] },
      createdAt: { $lt: before },
    },
    { orderBy: { createdAt: 'asc' }, limit },
  );
  for (const payment of open) {
    const key = { lotId: payment.lotId, paymentId: payment.id };
    const outcome = await cancelIntent(platform, payment);
    if (outcome === 'CAPTURED') await settleExtension(platform, key);
    if (outcome === 'CANCELED') await dropExtension(platform, key);
  }
  return open.length;
}
