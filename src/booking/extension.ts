import { claimOf, endAllocation } from '../allocation/claim.ts';
import { laterOf } from '../domain/period.ts';
import type { Price } from '../domain/tariff/document.ts';
import { Payment } from '../entities/payment.ts';
import type { Reservation } from '../entities/reservation.ts';
import { cancelIntent, readIntent } from '../payments/intent.ts';
import { lockPayment, readPayment } from '../payments/payment-row.ts';
import { promiseRefund } from '../payments/promise-refund.ts';
import { recordCapture } from '../payments/record-capture.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { forgetKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { applyEnd } from './apply-end.ts';
import { lockReservation, tellOfChange, type ReservationKey } from './move.ts';

/** What a payment of kind CHANGE buys, and what it was bought against: kept on the payment's row. */
export interface ExtensionDetail {
  readonly endsAt: string;
  readonly price: Price;
  /** The reservation as it was: settled only while it still is. */
  readonly from: { readonly endsAt: string; readonly totalMinor: number };
  /** Until when the spot was claimed before: what the claim goes back to. */
  readonly claimEndsAt: string;
  /** Whose request it was: a refused one leaves no key. */
  readonly key: { readonly actor: string; readonly key: string };
  /** When its claim was given back; absent while it may still be paid. */
  readonly droppedAt?: string;
}

interface ExtensionKey {
  readonly lotId: string;
  readonly paymentId: string;
}

/** A change that waits for its payment. A reservation has at most one; the table sees to it. */
const OPEN = { kind: 'CHANGE' as const, capturedAt: null, detail: { droppedAt: null } };

/** A claim that nobody paid for is kept this long, as a hold would be. */
const UNPAID_MINUTES = 10;

/**
 * Looks what became of the payment of a later end and, when it is paid, makes the end count, once. Where the reservation or its claim is
 * no longer what was paid for, the money goes back (PAID_LATE). Locks the pool, the reservation, then the payment; publishes that the
 * reservation changed.
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
    const { capturedMinor, ref: providerRef } = intent;
    if ((await recordCapture(tx, { ...key, capturedMinor, providerRef })) === 'AGAIN') return 'ALREADY';
    const detail = detailOf(payment);
    reservation.paidMinor += capturedMinor;
    if (await stillFits(tx, reservation, detail)) {
      applyEnd(tx, { reservation, lot, price: detail.price, endsAt: new Date(detail.endsAt) });
      return 'EXTENDED';
    }
    reservation.refundedMinor += capturedMinor;
    await promiseRefund(tx, { ...key, amountMinor: capturedMinor, reason: 'PAID_LATE' });
    tellOfChange(tx, { reservation, lot });
    return 'PAID_LATE';
  });
}

function detailOf(payment: Payment): ExtensionDetail {
  return payment.detail as unknown as ExtensionDetail;
}

/** The money was asked for one step, from one end to another; after any other step it would buy something else. */
async function stillFits(tx: Transaction, reservation: Reservation, detail: ExtensionDetail): Promise<boolean> {
  const { lotId, id: reservationId, state, endsAt, totalMinor } = reservation;
  if (state !== 'CONFIRMED' && state !== 'CHECKED_IN') return false;
  const { from } = detail;
  if (endsAt.getTime() !== Date.parse(from.endsAt) || totalMinor !== from.totalMinor) return false;
  const claim = await claimOf(tx, { lotId, reservationId });
  return claim !== undefined && claim.endsAt >= new Date(detail.endsAt);
}

/**
 * Gives back what a later end had claimed and was not paid for, and forgets its key. What the claim was before stays, and so does the
 * spot under a vehicle that has outstayed it. Locks the pool, the reservation, then the payment.
 */
export async function dropExtension(platform: Platform, key: ExtensionKey): Promise<void> {
  const { reservationId } = await readPayment(platform, { lotId: key.lotId, id: key.paymentId });
  if (reservationId == null) return;
  await inTransaction(platform, async (tx) => {
    const { reservation, lot } = await lockReservation(tx, { lotId: key.lotId, reservationId });
    const payment = await lockPayment(tx, { lotId: key.lotId, id: key.paymentId });
    const detail = detailOf(payment);
    if (payment.capturedAt != null || detail.droppedAt !== undefined) return;
    payment.state = 'CANCELED';
    payment.detail = { ...detail, droppedAt: tx.now.toISOString() };
    payment.updatedAt = tx.now;
    await forgetKey(tx, detail.key);
    const back = laterOf(reservation.endsAt, new Date(detail.claimEndsAt));
    const isUnderVehicle = reservation.state === 'CHECKED_IN' && back <= tx.now;
    if (!isUnderVehicle) await endAllocation(tx, { lotId: lot.id, reservationId, endsAt: back });
    tellOfChange(tx, { reservation, lot });
  });
}

/**
 * Ends what is open of earlier changes, before another begins: settles what was paid after all, drops the rest. BUSY: the provider can't
 * say now. `except` is the change that is being repeated.
 */
export async function endOpenExtensions(
  platform: Platform,
  reservation: ReservationKey,
  except: string | undefined,
): Promise<'DONE' | 'BUSY'> {
  for (const payment of await openExtensions(platform, { ...reservation }, 10)) {
    if (payment.id !== except && (await endExtension(platform, payment)) === 'BUSY') return 'BUSY';
  }
  return 'DONE';
}

/** Whether a change of the locked reservation waits for its payment. */
export async function hasOpenExtension(tx: Transaction, { lotId, id }: Reservation): Promise<boolean> {
  return (await tx.em.count(Payment, { ...OPEN, lotId, reservationId: id })) > 0;
}

/** Settles or gives back later ends whose request ended before their payment did; gives how many there were. */
export async function sweepExtensions(platform: Platform, limit: number): Promise<number> {
  const before = new Date(platform.clock.now().getTime() - UNPAID_MINUTES * 60_000);
  const open = await openExtensions(platform, { createdAt: { $lt: before } }, limit);
  for (const payment of open) {
    try {
      await endExtension(platform, payment);
    } catch (error) {
      platform.log.error(
        { err: error, paymentId: payment.id },
        'an open change could not be ended; the next sweep tries again',
      );
    }
  }
  return open.length;
}

async function openExtensions(
  platform: Platform,
  which: Partial<ReservationKey> & { createdAt?: { $lt: Date } },
  limit: number,
): Promise<Payment[]> {
  return platform.orm.em.fork().find(Payment, { ...OPEN, ...which }, { orderBy: { createdAt: 'asc' }, limit });
}

async function endExtension(platform: Platform, payment: Payment): Promise<'ENDED' | 'BUSY'> {
  const key = { lotId: payment.lotId, paymentId: payment.id };
  const outcome = payment.state === 'FAILED' ? 'CANCELED' : await cancelIntent(platform, payment);
  if (outcome === 'UNAVAILABLE') return 'BUSY';
  if (outcome === 'CAPTURED') await settleExtension(platform, key);
  else await dropExtension(platform, key);
  return 'ENDED';
}
