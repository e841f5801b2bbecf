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
 * Undoes what a no-show wrote on the row: no fee any more, because what was kept is a part of the price paid. What was promised back
 * stays promised and is owed again at the exit.
 */
export function reinstate(reservation: Reservation): void {
  reservation.endedAt = null;
  reservation.feeMinor = 0;
  reservation.outcomeRule = REINSTATED;
}
