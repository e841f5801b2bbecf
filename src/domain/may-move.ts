import { fittingSpotTypes } from './fit.ts';
import { addMinutes } from './period.ts';
import { holdLapsed, type ReservationState } from './reservation.ts';
import type { SpotType } from './spot-type.ts';
import type { VehicleClass } from './vehicle.ts';

/** What says where a reservation may be moved. */
export interface SeatedReservation {
  readonly state: ReservationState;
  readonly pinned: boolean;
  readonly spotType: SpotType;
  /** The type whose rate was promised. */
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly startsAt: Date;
  readonly holdExpiresAt: Date | null | undefined;
}

/** Servers' clocks may be so far apart: within it, another one may be letting the vehicle in. */
const CLOCK_MARGIN_MINUTES = 10;

/** Made for somebody's need: whoever has one keeps it. */
const KEPT: ReadonlySet<SpotType> = new Set(['EV', 'ACCESSIBLE']);

/**
 * Whether somebody else's wish may move it: held or confirmed, not pinned to its spot, and its vehicle cannot be at a gate yet
 * (`earlyEntryMinutes` before the start it may).
 */
export function mayMove(reservation: SeatedReservation, at: { now: Date; earlyEntryMinutes: number }): boolean {
  return !reservation.pinned && mustMoveIfTaken(reservation, at.now) && !mayBeAtGate(reservation, at);
}

/** Whether its vehicle may stand at a gate at this moment, by any server's clock. */
export function mayBeAtGate(
  { startsAt }: Pick<SeatedReservation, 'startsAt'>,
  at: { now: Date; earlyEntryMinutes: number },
): boolean {
  return addMinutes(startsAt, -at.earlyEntryMinutes - CLOCK_MARGIN_MINUTES) <= at.now;
}

/** Whether it moves when its own spot can't be had: pinned or not, as long as its vehicle is not inside. */
export function mustMoveIfTaken(reservation: SeatedReservation, now: Date): boolean {
  const { state } = reservation;
  return state === 'CONFIRMED' || (state === 'HELD' && !holdLapsed(reservation, now));
}

/**
 * The spot types that keep what was promised: its own, and of those that fit the vehicle the promised one and larger ones. Spots with a
 * charger and accessible ones are left to nobody else.
 */
export function typesToMoveTo(reservation: {
  readonly spotType: SpotType;
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
}): readonly SpotType[] {
  const { spotType, pricedSpotType, vehicleClass } = reservation;
  if (KEPT.has(spotType)) return [spotType];
  const fitting = fittingSpotTypes(vehicleClass);
  const promised = fitting.indexOf(pricedSpotType);
  const larger = promised < 0 ? [] : fitting.slice(promised);
  return [...new Set([spotType, ...larger])];
}
