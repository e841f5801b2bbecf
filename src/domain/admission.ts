import { addMinutes, MINUTE_MS } from './period.ts';
import type { LotPolicy } from './policies.ts';
import { graceEndsAt } from './reservation.ts';
import type { ReservationState } from './reservation.ts';

/** What a gate does: OPEN the barrier, DENY with a reason, or ASK for something (a code, a plate typed in, a payment). */
export const GATE_ACTIONS = ['OPEN', 'DENY', 'ASK'] as const;
export type GateAction = (typeof GATE_ACTIONS)[number];

/** Why a gate opens. */
export const OPEN_REASONS = [
  'RESERVATION',
  'STAY_PREPAID',
  'STAY_PAID',
  'WALK_IN',
  'NOTHING_DUE',
  'BILLED_LATER',
  'STAFF',
] as const;
export type OpenReason = (typeof OPEN_REASONS)[number];

/** Why a gate stays closed, in the order in which the reasons are tested: the first that holds is the one that is told. */
export const REFUSAL_REASONS = [
  'UNKNOWN_CREDENTIAL',
  'PASS_FORGED',
  'PASS_OF_ANOTHER_LOT',
  'WRONG_DIRECTION',
  'NOT_CONFIRMED',
  'CANCELLED',
  'EXPIRED',
  'NO_SHOW_RELEASED',
  'TOO_EARLY',
  'TOO_LATE',
  'ALREADY_INSIDE',
  'ALREADY_LEFT',
  'NOT_INSIDE',
  'LOT_FULL',
  'PAYMENT_DUE',
  'AMBIGUOUS',
  'UNREADABLE',
  'LOT_CLOSED',
  'SYSTEM_UNAVAILABLE',
] as const;
export type RefusalReason = (typeof REFUSAL_REASONS)[number];

/** Every reason a gate can give, in order of precedence. */
export const GATE_REASONS = [...OPEN_REASONS, ...REFUSAL_REASONS] as const;
export type GateReason = (typeof GATE_REASONS)[number];

/** What a reservation entitles to, as the gates' index holds it; instants in ms since 1970. Projected from the database. */
export interface Right {
  readonly lotId: string;
  readonly reservationId: string;
  /** Grows with every change of the reservation. */
  readonly revision: number;
  readonly state: ReservationState;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly spotId: string;
  readonly spotLabel: string;
  readonly directions: string | null;
  /** The human code ("PK-7Q3M-2F"). */
  readonly code: string;
  readonly paidMinor: number;
  readonly currency: string;
}

/** Where the vehicle of a right is, as the gate alone knows it; instants in ms since 1970. */
export type Presence =
  | { readonly at: 'OUTSIDE' }
  | { readonly at: 'INSIDE'; readonly stayId: string; readonly enteredAt: number }
  | { readonly at: 'LEFT'; readonly stayId: string; readonly leftAt: number }
  | { readonly at: 'RELEASED'; readonly releasedAt: number };
