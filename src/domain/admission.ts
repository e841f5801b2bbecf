import { ENTRY_RULES, isInside, isReinstatable } from './entry-rules.ts';
import type { EntryFacts } from './entry-rules.ts';
import { addMinutes } from './period.ts';
import type { LotPolicy } from './policies.ts';
import type { ReservationState } from './reservation.ts';
import { standingOf } from './settle-stay.ts';
import type { Reinstatement } from './settle-stay.ts';

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

/** Why a gate stays closed, in the order in which the reasons are tested: the first that holds is the one that is told. */
export const REFUSAL_REASONS = [
  'UNKNOWN_CREDENTIAL',
  'PASS_FORGED',
  'PASS_OF_ANOTHER_LOT',
  'PASS_STALE',
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
  /** Until when its spot waits, where that is longer than the lot's policy says. */
  readonly graceEndsAt?: number;
  readonly spotId: string;
  readonly spotLabel: string;
  readonly directions: string | null;
  /** The human code ("PK-7Q3M-2F"). */
  readonly code: string;
  /** What of the money paid for it counts for a stay. */
  readonly paidMinor: number;
  readonly currency: string;
  /** Set once a no-show has taken the right. */
  readonly reinstatement?: Reinstatement;
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
  /** The lot of the gate; a right of another lot is refused. Left out, the caller has looked already. */
  readonly lotId?: string;
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

/**
 * Decides an entry, in the cloud, in a lane that is cut off and when journals are merged alike. It opens when one of the rights is
 * confirmed, due (from `earlyEntryMinutes` before its start until its end, also after the grace as long as nobody released it) and
 * its vehicle outside; of several the one that starts first. Otherwise it says why not: for a plate only what bars a walk-in (an
 * unpaid hold that is due, its own reservation about to start, a vehicle that is inside, a late driver who may be seated again), and
 * WALK_IN when nothing does. No right at all: WALK_IN, but UNKNOWN_CREDENTIAL for a pass or a code. A scan observed before the
 * release of its right wins over the release. The order of `rights` does not matter.
 */
export function admitEntry<R extends Right>(question: EntryQuestion<R>): EntryDecision<R> {
  const { rights, credential } = question;
  const judged = rights.map((candidate) => judge(candidate, question)).sort(byUsefulness);
  const best = judged[0];
  if (best === undefined) {
    const isUnknown = credential === 'PASS' || credential === 'CODE';
    return isUnknown ? { action: 'DENY', reason: 'UNKNOWN_CREDENTIAL' } : { action: 'WALK_IN' };
  }
  if (best.reason === undefined) return { action: 'OPEN', reason: 'RESERVATION', right: best.right };
  if (credential === 'PLATE' && !best.barsWalkIn) return { action: 'WALK_IN' };
  const denial = { action: 'DENY', reason: best.reason, right: best.right } as const;
  return best.isReinstatable ? { ...denial, reinstatable: true } : denial;
}

interface Judged<R extends Right> {
  readonly right: R;
  /** Undefined when the right opens. */
  readonly reason: RefusalReason | undefined;
  readonly barsWalkIn: boolean;
  readonly isReinstatable: boolean;
}

function judge<R extends Right>({ right, presence }: RightInPlace<R>, question: EntryQuestion<R>): Judged<R> {
  const { policy, lotId } = question;
  const facts: EntryFacts = { right, presence, policy, lotId, observedMs: question.observedAt.getTime() };
  const rule = ENTRY_RULES.find(({ when }) => when(facts));
  if (rule === undefined) return { right, reason: undefined, barsWalkIn: false, isReinstatable: false };
  const { reason, barsWalkIn } = rule;
  return {
    right,
    reason,
    // Whatever has become of its right: a vehicle that is inside does not come in once more.
    barsWalkIn: barsWalkIn(facts) || isInside(facts),
    isReinstatable: reason === 'NO_SHOW_RELEASED' && isReinstatable(facts),
  };
}

/** What opens first, then what keeps a walk-in out, then by precedence of the reason; of equals the earlier start. */
function byUsefulness(a: Judged<Right>, b: Judged<Right>): number {
  return (
    rank(a) - rank(b) ||
    a.right.startsAt - b.right.startsAt ||
    compareText(a.right.reservationId, b.right.reservationId)
  );
}

function rank({ reason, barsWalkIn }: Judged<Right>): number {
  if (reason === undefined) return -1;
  const precedence = REFUSAL_REASONS.indexOf(reason);
  return barsWalkIn ? precedence : precedence + REFUSAL_REASONS.length;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** One visit as an exit sees it; instants in ms since 1970, amounts in minor units of the lot's currency. */
export interface StayAtExit<R extends Right = Right> {
  readonly stayId: string;
  readonly kind: 'RESERVED' | 'WALK_IN';
  readonly enteredAt: number;
  readonly right?: R;
  /** Until when the stay has been paid for; the lot's exit grace comes on top. */
  readonly paidUntil?: number;
  /** What is owed at `observedAt`, worked out by the caller; never negative. */
  readonly dueMinor: number;
}

export interface ExitQuestion<R extends Right = Right> {
  /** Undefined when nobody knows the vehicle. */
  readonly stay: StayAtExit<R> | undefined;
  readonly policy: Pick<LotPolicy, 'exitGraceMinutes'>;
  readonly observedAt: Date;
}

export type ExitDecision =
  | {
      readonly action: 'OPEN';
      readonly reason: 'STAY_PREPAID' | 'STAY_PAID' | 'NOTHING_DUE' | 'BILLED_LATER';
      /** What is left to collect later; 0 unless BILLED_LATER. */
      readonly dueMinor: number;
      readonly stayId?: string;
      /** A person has to look at it; the vehicle does not wait for that. */
      readonly incident?: 'UNKNOWN_STAY';
    }
  | { readonly action: 'ASK'; readonly reason: 'PAYMENT_DUE'; readonly dueMinor: number; readonly stayId: string };

interface ExitRule {
  readonly reason: 'STAY_PREPAID' | 'STAY_PAID' | 'NOTHING_DUE' | 'BILLED_LATER';
  readonly when: (stay: StayAtExit, isWithinGraceOf: (until: number | undefined) => boolean) => boolean;
}

/** Why an exit opens, first match first. Only a walk-in who owes something and can be asked for it is asked. */
const EXIT_RULES: readonly ExitRule[] = [
  { reason: 'STAY_PREPAID', when: ({ right }, isWithinGraceOf) => isWithinGraceOf(prepaidUntil(right)) },
  { reason: 'STAY_PAID', when: ({ paidUntil }, isWithinGraceOf) => isWithinGraceOf(paidUntil) },
  { reason: 'NOTHING_DUE', when: ({ dueMinor }) => dueMinor <= 0 },
  { reason: 'BILLED_LATER', when: ({ kind }) => kind === 'RESERVED' },
];

/** A right that was taken back, or had ended before the vehicle came, has paid for nothing ahead. */
function prepaidUntil(right: Right | undefined): number | undefined {
  return right !== undefined && standingOf(right) === 'PROMISED' ? right.endsAt : undefined;
}

/**
 * Decides an exit; it never denies one. Paid for (ahead or at a till) and at most `exitGraceMinutes` over: opens with nothing due.
 * A reserved stay that owes something (over its time, reinstated after a no-show, or on a right that had ended) opens and is billed
 * later, because its driver has an account. A walk-in who owes is asked to pay. A vehicle that nobody knows is let out, and the incident says so.
 */
export function admitExit<R extends Right>({ stay, policy, observedAt }: ExitQuestion<R>): ExitDecision {
  if (stay === undefined) return { action: 'OPEN', reason: 'BILLED_LATER', dueMinor: 0, incident: 'UNKNOWN_STAY' };
  const { stayId, dueMinor } = stay;
  const isWithinGraceOf = (until: number | undefined): boolean =>
    until !== undefined && observedAt <= addMinutes(new Date(until), policy.exitGraceMinutes);
  const rule = EXIT_RULES.find(({ when }) => when(stay, isWithinGraceOf));
  if (rule === undefined) return { action: 'ASK', reason: 'PAYMENT_DUE', dueMinor, stayId };
  return { action: 'OPEN', reason: rule.reason, dueMinor: rule.reason === 'BILLED_LATER' ? dueMinor : 0, stayId };
}
