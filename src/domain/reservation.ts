import { addMinutes, earlierOf, laterOf } from './period.ts';
import type { Period } from './period.ts';

/** Every state a reservation can be in. */
export const RESERVATION_STATES = [
  'HELD',
  'CONFIRMED',
  'CHECKED_IN',
  'COMPLETED',
  'EXPIRED',
  'CANCELLED',
  'NO_SHOW',
] as const;
export type ReservationState = (typeof RESERVATION_STATES)[number];

/** Everything that can happen to a reservation. */
export const RESERVATION_EVENTS = [
  'CONFIRM',
  'EXPIRE',
  'CANCEL',
  'CHECK_IN',
  'CHECK_OUT',
  'RELEASE_NO_SHOW',
  'REINSTATE',
  'BACK_OUT',
] as const;
export type ReservationEvent = (typeof RESERVATION_EVENTS)[number];

type Moves = Readonly<Record<ReservationState, Readonly<Partial<Record<ReservationEvent, ReservationState>>>>>;

/**
 * The whole life. A hold is a two-phase transfer with a deadline: CONFIRM completes it, EXPIRE and CANCEL undo it.
 * A NO_SHOW is not quite the end: a late driver may be reinstated. Who backs out of the gate has not come in yet.
 */
const MOVES: Moves = {
  HELD: { CONFIRM: 'CONFIRMED', EXPIRE: 'EXPIRED', CANCEL: 'CANCELLED' },
  CONFIRMED: { CHECK_IN: 'CHECKED_IN', CANCEL: 'CANCELLED', RELEASE_NO_SHOW: 'NO_SHOW' },
  CHECKED_IN: { CHECK_OUT: 'COMPLETED', BACK_OUT: 'CONFIRMED' },
  NO_SHOW: { REINSTATE: 'CHECKED_IN' },
  COMPLETED: {},
  EXPIRED: {},
  CANCELLED: {},
};

const OCCUPYING: ReadonlySet<ReservationState> = new Set(['HELD', 'CONFIRMED', 'CHECKED_IN']);

/** A move that the life of a reservation does not have. */
export interface IllegalMove {
  readonly reason: 'ILLEGAL_MOVE';
  readonly from: ReservationState;
  readonly event: ReservationEvent;
}

export type ReservationMove = { readonly state: ReservationState } | IllegalMove;

/** The state that the event leads to, or ILLEGAL_MOVE when there is no such move. */
export function moveReservation(state: ReservationState, event: ReservationEvent): ReservationMove {
  const next = MOVES[state][event];
  return next === undefined ? { reason: 'ILLEGAL_MOVE', from: state, event } : { state: next };
}

/** True for COMPLETED, EXPIRED and CANCELLED: no event changes them. */
export function isTerminal(state: ReservationState): boolean {
  return Object.keys(MOVES[state]).length === 0;
}

/** True while the reservation has a claim on its spot; whether a hold has lapsed is `holdLapsed`'s question. */
export function occupiesSpot(state: ReservationState): boolean {
  return OCCUPYING.has(state);
}

/** True from the very minute at which a hold runs out, whether or not a sweeper has noticed; false in every other state. */
export function holdLapsed(
  reservation: { readonly state: ReservationState; readonly holdExpiresAt: Date | null | undefined },
  now: Date,
): boolean {
  const { state, holdExpiresAt } = reservation;
  return state === 'HELD' && holdExpiresAt != null && holdExpiresAt <= now;
}

/** When a driver who has not come loses the spot: `graceMinutes` after the start, and never after the period's end. */
export function graceEndsAt(period: Period, graceMinutes: number): Date {
  return earlierOf(addMinutes(period.startsAt, graceMinutes), period.endsAt);
}

/** Until when the spot waits for a driver who said in time that they are late: longer by what the policy gives, never shorter than it does already. */
export function keptForLate(
  reservation: Period & { readonly graceEndsAt: Date },
  { graceMinutes, lateNoticeMinutes = 0 }: { readonly graceMinutes: number; readonly lateNoticeMinutes?: number },
): Date {
  return laterOf(reservation.graceEndsAt, graceEndsAt(reservation, graceMinutes + lateNoticeMinutes));
}
