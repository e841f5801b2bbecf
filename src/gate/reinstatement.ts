import { isTerminal } from '../domain/reservation.ts';
import type { Reinstatement } from '../domain/settle-stay.ts';
import type { Reservation } from '../entities/reservation.ts';

const REINSTATED = 'REINSTATED';

/** By what a reservation is charged that a no-show had taken; undefined for one that was never taken. */
export function reinstatementOf(reservation: Reservation): Reinstatement | undefined {
  const { state, outcomeRule, totalMinor: promisedMinor, policy } = reservation;
  if (state !== 'NO_SHOW' && outcomeRule !== REINSTATED) return undefined;
  return { promisedMinor, earlyDeparture: policy.earlyDeparture };
}

/**
 * Undoes what a no-show wrote on the row: what it had kept (`keptMinor`) is a part of the price paid again. What was promised back
 * stays promised and is owed again at the exit.
 */
export function reinstate(reservation: Reservation, { keptMinor }: { keptMinor: number }): void {
  reservation.endedAt = null;
  reservation.feeMinor -= keptMinor;
  reservation.outcomeRule = REINSTATED;
}

/**
 * What of the money paid for a reservation counts for its stay, in minor units: not what was promised back, nor the fee of a change. A
 * right that was taken back or has ended has no other claim on what was kept.
 */
export function paidForStay({ state, paidMinor, refundedMinor, feeMinor }: Reservation): number {
  const isKeptForStay = state === 'NO_SHOW' || isTerminal(state);
  return paidMinor - refundedMinor - (isKeptForStay ? 0 : feeMinor);
}
