import { randomBytes } from 'node:crypto';
import { chooseSpot, type ChosenSpot, type SpotWish } from '../allocation/choose-spot.ts';
import { claimSpot } from '../allocation/claim.ts';
import { makeRoom } from '../allocation/make-room.ts';
import { lockPoolsToBook, NeedsMorePools, withPools, type PoolsToLock } from '../allocation/pools.ts';
import { alternatives, type Alternative } from '../availability/alternatives.ts';
import { findOpenLot, refusePeriod, wantedTypes } from '../availability/bookable.ts';
import { readQuote } from '../availability/quote-token.ts';
import { claimMonthlyPass } from '../discounts/claim-monthly-pass.ts';
import { claimPromoCode } from '../discounts/claim-promo-code.ts';
import type { BroughtAlong } from '../discounts/find-concessions.ts';
import { cardConsent } from '../domain/card-consent.ts';
import { reservationCode } from '../domain/code.ts';
import { addMinutes, checkPeriod, earlierOf, laterOf, type Period } from '../domain/period.ts';
import { normalizePlate } from '../domain/plate.ts';
import { Refusal } from '../domain/refusal.ts';
import { graceEndsAt } from '../domain/reservation.ts';
import { fits } from '../domain/fit.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import { openPayment } from '../payments/open-payment.ts';
import { monotonicMs } from '../platform/clock.ts';
import { DoubleClaim, inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey, findKeyed, type KeyedCall } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { proveFull, provenFull } from './full-proof.ts';
import { tellOfChange, type ReservationKey } from './move.ts';
import { noRoomFound, noteMorePools, noteNoRoom, type NoRoomFound } from './no-room-found.ts';
import { isQuoteOf, termsOf, type Terms } from './terms.ts';
import { vehicleOfRequest, type BookedVehicle, type VehicleRef } from './vehicle-of-request.ts';

export interface ReserveSpotInput extends BroughtAlong {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly period: Period;
  /** Only a spot of this type; without it the best one that takes the vehicle. */
  readonly spotType?: SpotType;
  /** Only this spot; it will not be moved. */
  readonly spotId?: string;
  readonly vehicle: VehicleRef;
  readonly quoteId?: string;
}

type Driver = Extract<Viewer, { kind: 'DRIVER' }>;

/** A request that has been checked and priced: all that is left to find out is whether there is a spot. */
interface Request {
  readonly input: ReserveSpotInput;
  readonly driver: Driver;
  readonly lot: Lot;
  readonly vehicle: BookedVehicle;
  readonly spotTypes: readonly SpotType[];
  readonly terms: Terms;
}

const CODE_BYTES = 5;

/**
 * Holds a spot for a driver for `policy.holdMinutes`, at the quoted price or today's, until `completeReservation` or the provider's
 * webhook confirms it. A repeated key gives the first reservation again (`replayed`).
 *
 * Where no single spot is free for the whole period but the pools have room, others are moved to make it (`allocation/make-room`).
 * A promo code and a monthly pass are claimed with it, and given back when it expires or is cancelled.
 *
 * Locks every pool that fits, before it looks, then a limited promo code, then the monthly pass. Refuses, in this order, with LOT_NOT_FOUND, LOT_CLOSED, the PERIOD_ reasons,
 * VEHICLE_NOT_FOUND, PLATE_INVALID, SPOT_DOES_NOT_FIT, SPOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT, SPOT_OUT_OF_SERVICE, QUOTE_INVALID,
 * QUOTE_EXPIRED, the PROMO_CODE_ and MONTHLY_PASS_ reasons, IDEMPOTENCY_KEY_REUSED and SPOT_UNAVAILABLE (with alternatives). Publishes that the lot and the reservation changed.
 */
export async function reserveSpot(
  platform: Platform,
  input: ReserveSpotInput,
  driver: Driver,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const offers = await provenFullOffers(platform, input, driver);
  if (offers) throw unavailable(platform, offers);
  let request: Request;
  try {
    request = await checkRequest(platform, input, driver);
  } catch (error) {
    return replayOrThrow(platform, input, { driver, error });
  }
  return bookOrRefuse(platform, request);
}

async function bookOrRefuse(
  platform: Platform,
  request: Request,
): Promise<{ reservation: Reservation; replayed: boolean }> {
  try {
    const answer = await withPools((toLock) =>
      inTransaction(platform, (tx) => book(tx, { platform, request, toLock })),
    );
    platform.metrics.reservations.inc({ outcome: answer.replayed ? 'replayed' : 'held' });
    return answer;
  } catch (error) {
    if (error instanceof NoSpot) {
      platform.metrics.reseatings.inc({ reason: 'ROOM', outcome: error.found.outcome });
      throw await refuseFull(platform, request, error.found);
    }
    if (!(error instanceof DoubleClaim)) throw error;
    platform.log.error(
      { lotId: request.lot.id, cause: error.message },
      'a claim was refused by the table: some writer does not lock the pool',
    );
    throw await refuseFull(platform, request, { outcome: 'GAVE_UP', foundMs: monotonicMs() });
  }
}

/** What was right when the key was first used may be too late, too old or closed by now: the first answer stands all the same. */
async function replayOrThrow(
  platform: Platform,
  input: ReserveSpotInput,
  failed: { driver: Driver; error: unknown },
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const em = platform.orm.em.fork();
  const first = failed.error instanceof Refusal ? await findKeyed(em, keyOf(input, failed.driver)) : undefined;
  if (!first) throw failed.error;
  const row = { lotId: first.lotId, id: first.reservationId };
  return { reservation: await em.findOneOrFail(Reservation, row), replayed: true };
}

function keyOf(
  input: ReserveSpotInput,
  driver: Driver,
): Omit<KeyedCall<ReservationKey & Record<string, unknown>>, 'result'> {
  const { idempotencyKey: key, ...rest } = input;
  return { actor: actorKey(driver), key, operation: 'reserveSpot', input: rest };
}

/** The refusal of a request that found nothing, with what is near: looked up once for all who are refused by the same search. */
async function refuseFull(platform: Platform, request: Request, found: NoRoomFound): Promise<Refusal> {
  found.offers ??= findOffers(platform, request, found);
  try {
    return unavailable(platform, await found.offers);
  } catch (error) {
    delete found.offers;
    throw error;
  }
}

/** A "full" that was proven is kept with them for those who ask next. */
async function findOffers(platform: Platform, request: Request, found: NoRoomFound): Promise<Alternative[]> {
  const { input, lot, spotTypes, vehicle } = request;
  const { vehicleClass } = vehicle;
  const { lotId, period } = input;
  const wish = { lot, vehicleClass, spotTypes, period, now: platform.clock.now() };
  const offers = await alternatives(platform.orm.em.fork(), wish);
  if (found.outcome === 'NONE' && isOpen(input)) {
    const { foundMs } = found;
    await proveFull(platform, { lotId, spotTypes, vehicleClass, period }, { alternatives: offers, foundMs });
  }
  return offers;
}

/** Rolls back a booking that found no spot, and says whether it is proven that moving others would not help. */
class NoSpot extends Error {
  readonly found: NoRoomFound;

  constructor(found: NoRoomFound) {
    super(found.outcome);
    this.found = found;
  }
}

/**
 * What to offer instead when a proof says that the request can't be met; undefined: ask the database. Only for a request with which
 * nothing else is wrong that can be seen without it: another reason comes before "full".
 */
async function provenFullOffers(
  platform: Platform,
  input: ReserveSpotInput,
  driver: Driver,
): Promise<Alternative[] | undefined> {
  const { lotId, period, vehicle } = input;
  if (!isOpen(input) || vehicle.plate === undefined || normalizePlate(vehicle.plate.text) === undefined)
    return undefined;
  const now = platform.clock.now();
  if (checkPeriod(period, { now, maxMinutes: Number.POSITIVE_INFINITY })) return undefined;
  const vehicleClass = vehicle.plate.vehicleClass ?? 'CAR';
  const spotTypes = wantedTypes(input.spotType, vehicleClass);
  if (input.quoteId !== undefined) {
    const quoted = readQuote(platform, input.quoteId);
    if (
      quoted === 'INVALID' ||
      quoted.expiresAt <= now ||
      !isQuoteOf(quoted, { lotId, period, spotTypes, vehicleClass })
    )
      return undefined;
  }
  const key = { actor: actorKey(driver), idempotencyKey: input.idempotencyKey };
  const offers = await provenFull<StoredAlternative[]>(platform, { lotId, spotTypes, vehicleClass, period }, key);
  return offers?.map(revive);
}

/** A request for one named spot says nothing about the others. */
function isOpen(input: ReserveSpotInput): boolean {
  return input.spotId === undefined;
}

type StoredAlternative = Omit<Alternative, 'period'> & { period: { startsAt: string; endsAt: string } };

function revive(stored: StoredAlternative): Alternative {
  return { ...stored, period: { startsAt: new Date(stored.period.startsAt), endsAt: new Date(stored.period.endsAt) } };
}

function unavailable(platform: Platform, offers: readonly Alternative[]): Refusal {
  platform.metrics.reservations.inc({ outcome: 'full' });
  return new Refusal('SPOT_UNAVAILABLE', 'No spot that fits is free for the whole period.', {
    field: ['period'],
    details: { alternatives: offers },
  });
}

async function checkRequest(platform: Platform, input: ReserveSpotInput, driver: Driver): Promise<Request> {
  const em = platform.orm.em.fork();
  const now = platform.clock.now();
  const { lot, tariff } = await findOpenLot(em, input.lotId);
  refusePeriod({ lot, tariff, period: input.period }, now);
  if (graceEndsAt(input.period, lot.policy.graceMinutes) <= now)
    throw new Refusal('PERIOD_IN_PAST', 'The spot would be given away at once: its grace is over.', {
      field: ['period'],
    });
  const vehicle = await vehicleOfRequest({ em, plates: platform.plates }, input.vehicle, {
    lotId: lot.id,
    driverId: driver.driverId,
  });
  const named =
    input.spotId === undefined ? undefined : await namedSpot(platform, { ...input, spotId: input.spotId }, vehicle);
  const spotTypes = named ? [named.spotType] : wantedTypes(input.spotType, vehicle.vehicleClass);
  const terms = await termsOf(platform, em, {
    lot,
    tariff,
    period: input.period,
    spotTypes,
    vehicleClass: vehicle.vehicleClass,
    now,
    driverId: driver.driverId,
    ...(input.quoteId === undefined ? {} : { quoteId: input.quoteId }),
    ...(input.promoCode === undefined ? {} : { promoCode: input.promoCode }),
    ...(input.monthlyPassId === undefined ? {} : { monthlyPassId: input.monthlyPassId }),
  });
  return { input, driver, lot, vehicle, spotTypes, terms };
}

async function namedSpot(
  platform: Platform,
  input: ReserveSpotInput & { spotId: string },
  vehicle: BookedVehicle,
): Promise<Spot> {
  const field = ['spotId'];
  const spot = await platform.orm.em.fork().findOne(Spot, { id: input.spotId });
  if (!spot) throw new Refusal('SPOT_NOT_FOUND', 'There is no such spot.', { field });
  if (spot.lotId !== input.lotId)
    throw new Refusal('SPOT_OF_ANOTHER_LOT', 'This spot belongs to another lot.', { field });
  if (!spot.inService) throw new Refusal('SPOT_OUT_OF_SERVICE', 'This spot is closed.', { field });
  const otherType = input.spotType !== undefined && input.spotType !== spot.spotType;
  if (otherType || !fits(vehicle.vehicleClass, spot.spotType)) {
    throw new Refusal(
      'SPOT_DOES_NOT_FIT',
      'This spot does not take this vehicle, or is not of the type you asked for.',
      { field },
    );
  }
  return spot;
}

async function book(
  tx: Transaction,
  { platform, request, toLock }: { platform: Platform; request: Request; toLock: PoolsToLock },
): Promise<{ reservation: Reservation; replayed: boolean }> {
  const { input, lot, driver, spotTypes } = request;
  const key = await claimKey(tx, { ...keyOf(input, driver), result: { lotId: lot.id, reservationId: newId(tx.now) } });
  const row = { lotId: key.result.lotId, id: key.result.reservationId };
  if (key.replayed) return { reservation: await tx.em.findOneOrFail(Reservation, row), replayed: true };
  const pools = toLock(spotTypes);
  await lockPoolsToBook(tx, lot.id, pools);
  const spot = await findSpot(tx, { platform, request, pools });
  await claimConcessions(tx, request, row.id);
  const reservation = hold(tx, { request, spot, id: row.id });
  return { reservation, replayed: false };
}

interface Search {
  readonly platform: Platform;
  readonly request: Request;
  /** Those that are locked. */
  readonly pools: readonly SpotType[];
}

/** A free spot; where there is none, one that comes free when others are moved who may be moved. */
async function findSpot(tx: Transaction, search: Search): Promise<ChosenSpot> {
  const { platform, request, pools } = search;
  const { input, lot, spotTypes, vehicle } = request;
  const strategy = lot.policy.allocationStrategy;
  const named = input.spotId === undefined ? {} : { spotId: input.spotId };
  const wish = { lotId: lot.id, spotTypes, period: input.period, strategy, ...named };
  const free = await chooseSpot(tx, wish);
  if (free) return free;
  const asked = { ...wish, vehicleClass: vehicle.vehicleClass };
  if (!isOpen(input)) {
    const room = await spotByMoving(tx, search, wish);
    if (typeof room !== 'string') return room;
    throw new NoSpot({ outcome: room, foundMs: monotonicMs() });
  }
  const known = noRoomFound(platform, asked);
  if (known && known.outcome !== 'MORE_POOLS') throw new NoSpot(known);
  if (known && pools.length === spotTypes.length) throw new NeedsMorePools();
  try {
    const room = await spotByMoving(tx, search, wish);
    if (typeof room !== 'string') return room;
    throw new NoSpot(noteNoRoom(platform, asked, room));
  } catch (error) {
    if (error instanceof NeedsMorePools) noteMorePools(platform, asked);
    throw error;
  }
}

async function spotByMoving(
  tx: Transaction,
  { request, pools }: Search,
  wish: SpotWish,
): Promise<ChosenSpot | NoRoomFound['outcome']> {
  const { earlyEntryMinutes } = request.lot.policy;
  const room = await makeRoom(tx, { ...wish, pools, beyondPools: 'LOCK_MORE', earlyEntryMinutes, reason: 'ROOM' });
  return room.outcome === 'FITS' ? room.spot : room.outcome;
}

async function claimConcessions(tx: Transaction, request: Request, reservationId: string): Promise<void> {
  const { lot, input, driver, terms } = request;
  const { promo, monthlyPass } = terms.concessions ?? {};
  const claim = { lotId: lot.id, reservationId, driverId: driver.driverId };
  if (promo) await claimPromoCode(tx, { ...claim, promoCodeId: promo.id });
  if (!monthlyPass) return;
  const { timeZone } = lot;
  await claimMonthlyPass(tx, { ...claim, monthlyPassId: monthlyPass.id, period: input.period, timeZone });
}

function hold(tx: Transaction, held: { request: Request; spot: ChosenSpot; id: string }): Reservation {
  const { request, spot, id } = held;
  const { lot, driver, input } = request;
  const reservation = newReservation(tx.now, held);
  tx.insert(Reservation, reservation);
  // Not from before now: somebody may have left the spot a moment ago.
  const period = { startsAt: laterOf(input.period.startsAt, tx.now), endsAt: input.period.endsAt };
  claimSpot(tx, { lotId: lot.id, spot, period, kind: 'RESERVATION', reservationId: id });
  const { totalMinor: amountMinor, currency } = reservation;
  if (amountMinor > 0) {
    openPayment(tx, {
      lotId: lot.id,
      kind: 'RESERVATION',
      reservationId: id,
      driverId: driver.driverId,
      amountMinor,
      currency,
    });
  }
  tellOfChange(tx, { reservation, lot });
  return reservation;
}

function newReservation(now: Date, held: { request: Request; spot: ChosenSpot; id: string }): Reservation {
  const { request, spot, id } = held;
  const { lot, driver, input, terms, vehicle } = request;
  const graceEnd = graceEndsAt(input.period, lot.policy.graceMinutes);
  return Object.assign(new Reservation(), {
    lotId: lot.id,
    id,
    code: reservationCode(randomBytes(CODE_BYTES)),
    driverId: driver.driverId,
    state: 'HELD' as const,
    spotType: spot.spotType,
    spotId: spot.spotId,
    pinned: input.spotId !== undefined,
    ...vehicle,
    startsAt: input.period.startsAt,
    endsAt: input.period.endsAt,
    // Paid after the grace it would be a no-show at once.
    holdExpiresAt: earlierOf(addMinutes(now, lot.policy.holdMinutes), graceEnd),
    graceEndsAt: graceEnd,
    ...terms,
    totalMinor: terms.price.totalMinor,
    currency: terms.price.currency,
    policy: lot.policy,
    consent: cardConsent(lot.policy, terms.price.currency, 'en'),
    revision: 1,
    paidMinor: 0,
    refundedMinor: 0,
    feeMinor: 0,
    createdAt: now,
  });
}
