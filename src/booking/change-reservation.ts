import { endAllocation, extendAllocation } from '../allocation/claim.ts';
import { lockPoolsToBook } from '../allocation/pools.ts';
import { refusePeriod } from '../availability/bookable.ts';
import { priceSpot } from '../availability/price-spot.ts';
import { Refusal } from '../domain/refusal.ts';
import { cancellationRefund } from '../domain/refunds.ts';
import type { Price } from '../domain/tariff/document.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import { Payment } from '../entities/payment.ts';
import { Reservation } from '../entities/reservation.ts';
import { Tariff } from '../entities/tariff.ts';
import { cancelIntent, confirmIntent } from '../payments/intent.ts';
import { openPayment } from '../payments/open-payment.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import { startPayment } from '../payments/start-payment.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import { inTurn } from '../platform/in-turn.ts';
import type { Platform } from '../platform/platform.ts';
import { applyEnd, type NewEnd } from './apply-end.ts';
import { lockReservation, reservationNotFound, type ReservationKey } from './move.ts';
import { dropExtension, settleExtension, type ExtensionDetail } from './settle-extension.ts';

export interface ChangeReservationInput extends ReservationKey {
  readonly idempotencyKey: string;
  readonly endsAt: Date;
  /** The card for what a later end costs more; an earlier end needs none. */
  readonly paymentMethodId?: string;
}

type Driver = Extract<Viewer, { kind: 'DRIVER' }>;

/** A change that has been written (an earlier end, or a later one that costs nothing), or that waits for its payment. */
interface Step {
  readonly replayed: boolean;
  readonly paymentId: string | null;
}

/**
 * Moves the end of a reservation. A later end claims the spot at once and counts when it is paid; when the card is refused the claim
 * goes back. An earlier end gives the rest of the spot back at once, and of the price difference what cancelling would give.
 * The price is the tariff, spot type and multiplier that were promised.
 *
 * Refuses with RESERVATION_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, RESERVATION_STATE, the PERIOD_ reasons, SPOT_UNAVAILABLE (somebody else
 * has the spot then), PAYMENT_REQUIRED (no card given), PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED and PAYMENT_UNAVAILABLE.
 * Locks the pool, then the row; publishes that the lot and the reservation changed.
 */
export async function changeReservation(
  platform: Platform,
  input: ChangeReservationInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  return inTurn(platform, `pay/${input.reservationId}`, () => changeOnce(platform, input, driver));
}

async function changeOnce(
  platform: Platform,
  input: ChangeReservationInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const step = await inTransaction(platform, (tx) => startChange(tx, input, driver));
  if (step.paymentId !== null)
    await collect(platform, { lotId: input.lotId, id: step.paymentId }, input.paymentMethodId);
  const reservation = await platform.orm.em
    .fork()
    .findOneOrFail(Reservation, { lotId: input.lotId, id: input.reservationId });
  return { reservation, replayed: step.replayed };
}

/** The price of the reservation with another end, by the terms that were promised. */
export function priceWithEnd(
  asked: { tariff: Pick<Tariff, 'document'>; lot: Pick<Lot, 'timeZone'>; reservation: Reservation },
  endsAt: Date,
): Price {
  const { reservation, tariff, lot } = asked;
  const { pricedSpotType: spotType, multiplierPercent, startsAt } = reservation;
  return priceSpot({ lot, tariff, spotType, multiplierPercent, period: { startsAt, endsAt } });
}

async function startChange(tx: Transaction, input: ChangeReservationInput, driver: Driver): Promise<Step> {
  const key = await claimKey(tx, {
    actor: actorKey(driver),
    key: input.idempotencyKey,
    operation: 'changeReservation',
    input: { ...input, idempotencyKey: undefined },
    result: { paymentId: newId(tx.now) },
  });
  const { reservation, lot } = await lockReservation(tx, input);
  if (reservation.driverId !== driver.driverId) throw reservationNotFound();
  if (key.replayed) return resumed(tx, reservation, key.result.paymentId);
  refuseUnchangeable(reservation, lot, { endsAt: input.endsAt, now: tx.now });
  const tariff = await tx.em.findOneOrFail(Tariff, { lotId: lot.id, id: reservation.tariffId });
  const price = priceWithEnd({ tariff, lot, reservation }, input.endsAt);
  const change = { reservation, lot, price, endsAt: input.endsAt };
  if (input.endsAt <= reservation.endsAt) {
    await shorten(tx, change);
    return { replayed: false, paymentId: null };
  }
  return extend(tx, { ...change, paymentId: key.result.paymentId, hasCard: input.paymentMethodId !== undefined });
}

/** A repeated request goes on where the first one stopped: its payment may still be open. */
async function resumed(tx: Transaction, reservation: Reservation, paymentId: string): Promise<Step> {
  const payment = await tx.em.findOne(Payment, { lotId: reservation.lotId, id: paymentId });
  const open = payment != null && payment.capturedAt == null && payment.state !== 'CANCELED';
  return { replayed: true, paymentId: open ? paymentId : null };
}

function refuseUnchangeable(reservation: Reservation, lot: Lot, change: { endsAt: Date; now: Date }): void {
  const { state, startsAt } = reservation;
  if (state !== 'CONFIRMED' && state !== 'CHECKED_IN') {
    throw new Refusal('RESERVATION_STATE', 'Only a confirmed reservation that is not over can be changed.', {
      field: ['reservationId'],
      details: { state },
    });
  }
  if (change.endsAt <= change.now)
    throw new Refusal('PERIOD_IN_PAST', 'The new end is in the past.', { field: ['endsAt'] });
  const started = startsAt < change.now ? startsAt : change.now;
  refusePeriod({ ...lot, openingHours: { kind: 'ALWAYS' } }, { startsAt, endsAt: change.endsAt }, started);
}

async function shorten(tx: Transaction, change: NewEnd): Promise<void> {
  const { reservation, lot, price, endsAt } = change;
  const savedMinor = Math.max(0, reservation.totalMinor - price.totalMinor);
  const { refundMinor } = cancellationRefund({
    policy: reservation.policy,
    paidMinor: savedMinor,
    period: reservation,
    now: tx.now,
  });
  const key = { lotId: lot.id, reservationId: reservation.id };
  reservation.refundedMinor += await refundReservation(tx, { ...key, amountMinor: refundMinor, reason: 'SHORTENED' });
  await endAllocation(tx, { ...key, endsAt });
  applyEnd(tx, change);
}

async function extend(tx: Transaction, change: NewEnd & { paymentId: string; hasCard: boolean }): Promise<Step> {
  const { reservation, lot, price, endsAt } = change;
  const extraMinor = price.totalMinor - reservation.totalMinor;
  if (extraMinor > 0 && !change.hasCard) {
    throw new Refusal('PAYMENT_REQUIRED', 'The later end costs more. Give a card for the difference.', {
      field: ['paymentMethodId'],
      details: { due: { amountMinor: extraMinor, currency: reservation.currency } },
    });
  }
  await lockPoolsToBook(tx, lot.id, [reservation.spotType]);
  const extended = await extendAllocation(tx, { lotId: lot.id, reservationId: reservation.id, endsAt });
  if (!extended)
    throw new Refusal('SPOT_UNAVAILABLE', 'Somebody else has this spot by then.', {
      field: ['endsAt'],
      details: { alternatives: [] },
    });
  if (extraMinor <= 0) {
    applyEnd(tx, change);
    return { replayed: false, paymentId: null };
  }
  const detail: ExtensionDetail = { endsAt: endsAt.toISOString(), price };
  openPayment(tx, {
    id: change.paymentId,
    lotId: lot.id,
    kind: 'CHANGE',
    reservationId: reservation.id,
    driverId: reservation.driverId,
    amountMinor: extraMinor,
    currency: reservation.currency,
    detail: { ...detail },
  });
  return { replayed: false, paymentId: change.paymentId };
}

async function collect(
  platform: Platform,
  payment: { lotId: string; id: string },
  paymentMethodId: string | undefined,
): Promise<void> {
  const key = { lotId: payment.lotId, paymentId: payment.id };
  try {
    await startPayment(platform, key);
    if (paymentMethodId !== undefined) await confirmIntent(platform, payment, paymentMethodId);
    await settleExtension(platform, key);
  } catch (error) {
    // Whether the card was charged is asked of the provider before the claim is given back: a lost answer is no refusal.
    if (
      error instanceof Refusal &&
      error.code === 'PAYMENT_DECLINED' &&
      (await cancelIntent(platform, payment)) === 'CANCELED'
    ) {
      await dropExtension(platform, key);
    }
    throw error;
  }
}
