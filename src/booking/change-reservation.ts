import { claimOf, endAllocation, extendAllocation } from '../allocation/claim.ts';
import { extendByMoving } from '../allocation/extend-by-moving.ts';
import { lockPoolsToBook, withPools, type PoolsToLock } from '../allocation/pools.ts';
import { PERIOD_MESSAGES } from '../availability/bookable.ts';
import { priceSpot } from '../availability/price-spot.ts';
import { promisedConcessions } from '../domain/concessions.ts';
import { checkPeriod } from '../domain/period.ts';
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
import { readPayment } from '../payments/payment-row.ts';
import { refundReservation } from '../payments/refund-reservation.ts';
import { startPayment } from '../payments/start-payment.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey, findKeyed } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import { inTurn } from '../platform/in-turn.ts';
import type { Platform } from '../platform/platform.ts';
import { applyEnd, type NewEnd } from './apply-end.ts';
import {
  dropExtension,
  endOpenExtensions,
  hasOpenExtension,
  settleExtension,
  type ExtensionDetail,
} from './extension.ts';
import { lockReservation, reservationNotFound, type ReservationKey } from './move.ts';

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
 * goes back. Whoever has the spot then is moved, or else the reservation itself, where they may be. An earlier end gives the rest of the spot back at once, and of the price difference what cancelling would give: what that
 * withholds is a fee. The price is the tariff, spot type and multiplier that were promised. One change at a time: an earlier one
 * that still waits for its payment is called off.
 *
 * Refuses with IDEMPOTENCY_KEY_REUSED, RESERVATION_NOT_FOUND, RESERVATION_STATE, the PERIOD_ reasons, PAYMENT_REQUIRED (no card given),
 * SPOT_UNAVAILABLE (somebody has the spot then who can't be moved), PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_UNAVAILABLE and
 * PAYMENT_IMPOSSIBLE (no card is charged such an amount).
 * Locks the pool, then the row; publishes that the lot and the reservation changed. Talks to the provider outside of transactions.
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
  const em = platform.orm.em.fork();
  const mine = { lotId: input.lotId, id: input.reservationId, driverId: driver.driverId };
  // Before anything of it is called off: a stranger must not end somebody's payment.
  if ((await em.count(Reservation, mine)) === 0) throw reservationNotFound();
  const earlier = await findKeyed<{ paymentId: string }>(em, keyOf(input, driver));
  if ((await endOpenExtensions(platform, reservationKey(input), earlier?.paymentId)) === 'BUSY') throw changePending();
  const step = await withPools((toLock) => inTransaction(platform, (tx) => startChange(tx, { input, driver, toLock })));
  const key = { lotId: input.lotId, id: step.paymentId ?? '' };
  if (step.paymentId !== null) await collect(platform, key, input.paymentMethodId);
  const row = { lotId: input.lotId, id: input.reservationId };
  return { reservation: await platform.orm.em.fork().findOneOrFail(Reservation, row), replayed: step.replayed };
}

function reservationKey({ lotId, reservationId }: ReservationKey): ReservationKey {
  return { lotId, reservationId };
}

function keyOf(input: ChangeReservationInput, driver: Driver) {
  const { idempotencyKey: key, ...rest } = input;
  return { actor: actorKey(driver), key, operation: 'changeReservation', input: rest };
}

/** What a price is asked of: a reservation, with the tariff it was promised. */
export interface Priceable {
  readonly tariff: Pick<Tariff, 'document'>;
  readonly lot: Pick<Lot, 'timeZone'>;
  readonly reservation: Reservation;
}

/** The price of the reservation with another end, by the terms that were promised. */
export function priceWithEnd(asked: Priceable, endsAt: Date): Price {
  return priceIf(asked, { endsAt, vehicleClass: asked.reservation.vehicleClass });
}

/** The price of the reservation with another end or another vehicle, by the terms that were promised. */
export function priceIf(
  { tariff, lot, reservation }: Priceable,
  { endsAt, vehicleClass }: Pick<Reservation, 'endsAt' | 'vehicleClass'>,
): Price {
  const { pricedSpotType: spotType, multiplierPercent, startsAt, concessions } = reservation;
  const terms = { spotType, vehicleClass, multiplierPercent, concessions: promisedConcessions(concessions) };
  return priceSpot({ lot, tariff, ...terms, period: { startsAt, endsAt } });
}

async function startChange(
  tx: Transaction,
  asked: { input: ChangeReservationInput; driver: Driver; toLock: PoolsToLock },
): Promise<Step> {
  const { input, driver, toLock } = asked;
  const call = { ...keyOf(input, driver), result: { paymentId: newId(tx.now) } };
  const key = await claimKey(tx, call);
  const { reservation, lot } = await lockReservation(tx, input, toLock);
  if (reservation.driverId !== driver.driverId) throw reservationNotFound();
  if (key.replayed) return resumed(tx, reservation, key.result.paymentId);
  if (await hasOpenExtension(tx, reservation)) throw changePending();
  const tariff = await tx.em.findOneOrFail(Tariff, { lotId: lot.id, id: reservation.tariffId });
  refuseUnchangeable({ reservation, tariff }, { endsAt: input.endsAt, now: tx.now });
  const price = priceWithEnd({ tariff, lot, reservation }, input.endsAt);
  const change = { reservation, lot, price, endsAt: input.endsAt };
  if (input.endsAt <= reservation.endsAt) {
    await shorten(tx, change);
    return { replayed: false, paymentId: null };
  }
  const { paymentId } = key.result;
  return extend(tx, { ...change, paymentId, hasCard: input.paymentMethodId !== undefined, key: call, toLock });
}

/** A repeated request goes on where the first one stopped: its payment may still be open. */
async function resumed(tx: Transaction, reservation: Reservation, paymentId: string): Promise<Step> {
  const payment = await tx.em.findOne(Payment, { lotId: reservation.lotId, id: paymentId });
  const open = payment != null && payment.capturedAt == null;
  return { replayed: true, paymentId: open ? paymentId : null };
}

function changePending(): Refusal {
  return new Refusal(
    'PAYMENT_UNAVAILABLE',
    'An earlier change of this reservation still waits for the payment provider. Try again in a moment.',
    { field: ['reservationId'] },
  );
}

/** By the policy and the tariff that the reservation was made under. */
function refuseUnchangeable(
  { reservation, tariff }: { reservation: Reservation; tariff: Tariff },
  change: { endsAt: Date; now: Date },
): void {
  const { state, startsAt, policy } = reservation;
  if (state !== 'CONFIRMED' && state !== 'CHECKED_IN') {
    throw new Refusal('RESERVATION_STATE', 'Only a confirmed reservation that is not over can be changed.', {
      field: ['reservationId'],
      details: { state },
    });
  }
  if (change.endsAt <= change.now)
    throw new Refusal('PERIOD_IN_PAST', 'The new end is in the past.', { field: ['endsAt'] });
  const { minStayMinutes: minMinutes, maxStayMinutes } = policy;
  const maxMinutes = Math.min(maxStayMinutes, tariff.document.longestStayMinutes ?? Infinity);
  const reason = checkPeriod({ startsAt, endsAt: change.endsAt }, { now: startsAt, minMinutes, maxMinutes });
  if (reason) throw new Refusal(reason, PERIOD_MESSAGES[reason], { field: ['endsAt'] });
}

async function shorten(tx: Transaction, change: NewEnd): Promise<void> {
  const { reservation, lot, price, endsAt } = change;
  const savedMinor = Math.max(0, reservation.totalMinor - price.totalMinor);
  const { policy } = reservation;
  const { refundMinor } = cancellationRefund({ policy, paidMinor: savedMinor, period: reservation, now: tx.now });
  const key = { lotId: lot.id, reservationId: reservation.id };
  const promisedMinor = await refundReservation(tx, { ...key, amountMinor: refundMinor, reason: 'SHORTENED' });
  reservation.refundedMinor += promisedMinor;
  reservation.feeMinor += savedMinor - promisedMinor;
  await endAllocation(tx, { ...key, endsAt });
  applyEnd(tx, change);
}

interface Extension extends NewEnd {
  readonly paymentId: string;
  readonly hasCard: boolean;
  readonly toLock: PoolsToLock;
  readonly key: { readonly actor: string; readonly key: string };
}

async function extend(tx: Transaction, change: Extension): Promise<Step> {
  const { reservation, lot, price, endsAt } = change;
  const extraMinor = price.totalMinor - reservation.totalMinor;
  if (extraMinor > 0 && !change.hasCard) {
    throw new Refusal('PAYMENT_REQUIRED', 'The later end costs more. Give a card for the difference.', {
      field: ['paymentMethodId'],
      details: { due: { amountMinor: extraMinor, currency: reservation.currency } },
    });
  }
  const holder = { lotId: lot.id, reservationId: reservation.id };
  const pools = change.toLock([reservation.spotType]);
  await lockPoolsToBook(tx, lot.id, pools);
  const before = await claimOf(tx, holder);
  const { policy } = lot;
  const isExtended =
    before !== undefined &&
    ((await extendAllocation(tx, { ...holder, endsAt })) ||
      (await extendByMoving(tx, { reservation, claim: before, endsAt, policy, pools })));
  if (!isExtended) {
    const options = { field: ['endsAt'], details: { alternatives: [] } };
    throw new Refusal('SPOT_UNAVAILABLE', 'Somebody else has this spot by then.', options);
  }
  if (extraMinor <= 0) {
    applyEnd(tx, change);
    return { replayed: false, paymentId: null };
  }
  openExtension(tx, change, { extraMinor, claimEndsAt: before.endsAt });
  return { replayed: false, paymentId: change.paymentId };
}

function openExtension(tx: Transaction, change: Extension, opened: { extraMinor: number; claimEndsAt: Date }): void {
  const { reservation, lot, price, endsAt, key } = change;
  const detail: ExtensionDetail = {
    endsAt: endsAt.toISOString(),
    price,
    from: { endsAt: reservation.endsAt.toISOString(), totalMinor: reservation.totalMinor },
    claimEndsAt: opened.claimEndsAt.toISOString(),
    key: { actor: key.actor, key: key.key },
  };
  openPayment(tx, {
    id: change.paymentId,
    lotId: lot.id,
    kind: 'CHANGE',
    reservationId: reservation.id,
    driverId: reservation.driverId,
    amountMinor: opened.extraMinor,
    currency: reservation.currency,
    detail: { ...detail },
  });
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
    if (!(error instanceof Refusal) || !(await isOver(platform, payment, error))) throw error;
    await dropExtension(platform, key);
    throw error;
  }
}

/** Whether the card was charged is asked of the provider before the claim is given back: a lost answer is no refusal. */
async function isOver(platform: Platform, payment: { lotId: string; id: string }, refusal: Refusal): Promise<boolean> {
  if ((await readPayment(platform, payment)).state === 'FAILED') return true;
  return refusal.code === 'PAYMENT_DECLINED' && (await cancelIntent(platform, payment)) === 'CANCELED';
}
