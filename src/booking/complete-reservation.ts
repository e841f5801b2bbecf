import { Refusal } from '../domain/refusal.ts';
import { holdLapsed } from '../domain/reservation.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import type { Payment } from '../entities/payment.ts';
import { Reservation } from '../entities/reservation.ts';
import { confirmIntent } from '../payments/intent.ts';
import { paymentOfReservation } from '../payments/payment-of-reservation.ts';
import { readPayment } from '../payments/payment-row.ts';
import { startPayment } from '../payments/start-payment.ts';
import { claimKey, forgetKey, type KeyedCall } from '../platform/idempotency.ts';
import { inTransaction } from '../platform/db.ts';
import { inTurn } from '../platform/in-turn.ts';
import type { Platform } from '../platform/platform.ts';
import { reservationNotFound, type ReservationKey } from './move.ts';
import { confirmFreeReservation, settleReservation, type Settlement } from './settle-reservation.ts';

export interface CompleteReservationInput extends ReservationKey {
  readonly idempotencyKey: string;
  /** The card to charge, as the provider's library gave it to the client; absent when the client confirmed the payment itself. */
  readonly paymentMethodId?: string;
}

type Driver = Extract<Viewer, { kind: 'DRIVER' }>;

/**
 * Pays for a held reservation and confirms it. With a card: charges it. Without: looks whether the client has paid by itself. A refused
 * card leaves the hold to its deadline, and another may be tried. A reservation that is confirmed already is the answer again.
 *
 * Refuses with RESERVATION_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, HOLD_LAPSED (details `refunded`: true when money had come too late and
 * goes back), RESERVATION_STATE, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_REQUIRED (both with `clientSecret`),
 * PAYMENT_UNAVAILABLE and PAYMENT_IMPOSSIBLE (no card is charged such an amount). The provider is called outside of every transaction; locks as `settleReservation` does.
 */
export async function completeReservation(
  platform: Platform,
  input: CompleteReservationInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  return inTurn(platform, `pay/${input.reservationId}`, () => completeOnce(platform, input, driver));
}

async function completeOnce(
  platform: Platform,
  input: CompleteReservationInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const row = { lotId: input.lotId, id: input.reservationId, driverId: driver.driverId };
  const reservation = await platform.orm.em.fork().findOne(Reservation, row);
  if (!reservation) throw reservationNotFound();
  const call = keyOf(input, driver);
  // Before anything is asked of the provider: of two reservations with one key only one may be charged.
  const { replayed } = await inTransaction(platform, (tx) => claimKey(tx, call));
  const wasConfirmed = reservation.confirmedAt != null;
  const asItIs = () => platform.orm.em.fork().findOneOrFail(Reservation, row);
  try {
    if (!wasConfirmed) refuseUnless(await pay(platform, input, reservation));
    else if (!replayed) refuseOver(reservation);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    // The webhook, or the same request at another process, may have confirmed it while the provider kept us waiting.
    const meanwhile = await asItIs();
    if (isPaidFor(meanwhile)) return { reservation: meanwhile, replayed: true };
    await inTransaction(platform, (tx) => forgetKey(tx, call));
    throw error;
  }
  return { reservation: await asItIs(), replayed: wasConfirmed };
}

function keyOf(input: CompleteReservationInput, driver: Driver): KeyedCall<Record<string, unknown>> {
  const { lotId, reservationId } = input;
  return {
    actor: actorKey(driver),
    key: input.idempotencyKey,
    operation: 'completeReservation',
    input: { lotId, reservationId, paymentMethodId: input.paymentMethodId },
    result: { lotId, reservationId },
  };
}

async function pay(platform: Platform, input: CompleteReservationInput, reservation: Reservation): Promise<Settlement> {
  const payment = await paymentOfReservation(platform.orm.em.fork(), input);
  if (isHoldOver(reservation, platform.clock.now())) return paidTooLate(platform, reservation, payment);
  if (reservation.state !== 'HELD') throw noLongerPayable(reservation);
  if (!payment) return confirmFreeReservation(platform, input);
  const key = { lotId: payment.lotId, paymentId: payment.id };
  await startPayment(platform, key);
  if (input.paymentMethodId !== undefined) await confirmIntent(platform, payment, input.paymentMethodId);
  const settlement = await settleReservation(platform, key);
  if (settlement === 'NOT_PAID') throw paymentRequired(await readPayment(platform, payment));
  return settlement;
}

function isHoldOver(reservation: Reservation, now: Date): boolean {
  return reservation.state === 'EXPIRED' || holdLapsed(reservation, now);
}

/** The driver may have paid by themselves, and the webhook not be here yet: then the money goes back now, and they are told so. */
async function paidTooLate(platform: Platform, reservation: Reservation, payment: Payment | null): Promise<Settlement> {
  if (payment?.providerRef == null) throw holdLapsedRefusal(reservation.outcomeRule === 'PAID_LATE');
  const settlement = await settleReservation(platform, { lotId: payment.lotId, paymentId: payment.id });
  if (settlement === 'NOT_PAID') throw holdLapsedRefusal(false);
  return settlement;
}

function refuseUnless(settlement: Settlement): void {
  if (settlement === 'PAID_LATE') throw holdLapsedRefusal(true);
}

function refuseOver(reservation: Reservation): void {
  if (!isPaidFor(reservation)) throw noLongerPayable(reservation);
}

function isPaidFor({ state }: Reservation): boolean {
  return state === 'CONFIRMED' || state === 'CHECKED_IN';
}

function noLongerPayable({ state }: Reservation): Refusal {
  const options = { field: ['reservationId'], details: { state } };
  return new Refusal('RESERVATION_STATE', 'This reservation can no longer be paid.', options);
}

function holdLapsedRefusal(refunded: boolean): Refusal {
  const sentence = refunded
    ? 'The reservation had ended before the payment came. The money goes back to the card by itself; reserve again.'
    : 'The hold has run out. Reserve again.';
  return new Refusal('HOLD_LAPSED', sentence, { field: ['reservationId'], details: { refunded } });
}

function paymentRequired(payment: Payment): Refusal {
  return new Refusal(
    'PAYMENT_REQUIRED',
    'This reservation has not been paid. Give a card, or confirm the payment with its client secret.',
    {
      field: ['paymentMethodId'],
      details: { clientSecret: payment.clientSecret ?? null },
    },
  );
}
