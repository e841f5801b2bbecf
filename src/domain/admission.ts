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

/** How a vehicle said who it is. */
export const CREDENTIAL_KINDS = ['PLATE', 'PASS', 'CODE'] as const;
export type CredentialKind = (typeof CREDENTIAL_KINDS)[number];

/** What of the lot's policy an entry depends on. */
export type EntryPolicy = Pick<
  LotPolicy,
  'earlyEntryMinutes' | 'graceMinutes' | 'exitGraceMinutes' | 'reinstateLateArrival'
> &
  Partial<Pick<LotPolicy, 'usualStayMinutes'>>;

/** One right that the credential stands for, and where its vehicle is. */
export interface RightInPlace<R extends Right = Right> {
  readonly right: R;
  readonly presence: Presence;
}

export interface EntryQuestion<R extends Right = Right> {
  /** Every right of this lot that the credential stands for: one for a pass or a code, any number for a plate. */
  readonly rights: readonly RightInPlace<R>[];
  readonly policy: EntryPolicy;
  /** When the vehicle stood there. The device's clock must be corrected first; online it is the server's clock. */
  readonly observedAt: Date;
  /** With PLATE a right that is over does not bar a walk-in. Left out, every right is taken at its word, as with a pass. */
  readonly credential?: CredentialKind;
}

export type EntryDecision<R extends Right = Right> =
  | { readonly action: 'OPEN'; readonly reason: 'RESERVATION'; readonly right: R }
  | {
      readonly action: 'DENY' | 'ASK';
      readonly reason: RefusalReason;
      readonly right?: R;
      /** Set on NO_SHOW_RELEASED when the lot takes late drivers back: the caller may seat them again and open. */
      readonly reinstatable?: true;
    }
  | { readonly action: 'WALK_IN' };
