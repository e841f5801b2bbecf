import type { EntryPolicy, Presence, RefusalReason, Right } from './admission.ts';
import { MINUTE_MS } from './period.ts';
import { graceEndsAt } from './reservation.ts';

/** What an entry by one right depends on; `observedMs` is ms since 1970. */
export interface EntryFacts {
  readonly right: Right;
  readonly presence: Presence;
  readonly policy: EntryPolicy;
  readonly lotId: string | undefined;
  readonly observedMs: number;
}

/** One reason to keep an entry closed. */
export interface EntryRule {
  readonly reason: RefusalReason;
  readonly when: (facts: EntryFacts) => boolean;
  /** Whether a vehicle known by its plate is kept from coming in as a walk-in instead. */
  readonly barsWalkIn: (facts: EntryFacts) => boolean;
}

const always = (): boolean => true;
const never = (): boolean => false;

/** Why a right does not open an entry, first match first. A right that none of these holds for opens. */
export const ENTRY_RULES: readonly EntryRule[] = [
  { reason: 'PASS_OF_ANOTHER_LOT', when: isOfAnotherLot, barsWalkIn: never },
  { reason: 'NOT_CONFIRMED', when: ({ right }) => right.state === 'HELD', barsWalkIn: isDue },
  { reason: 'CANCELLED', when: ({ right }) => right.state === 'CANCELLED', barsWalkIn: never },
  { reason: 'EXPIRED', when: ({ right }) => right.state === 'EXPIRED', barsWalkIn: never },
  { reason: 'NO_SHOW_RELEASED', when: wasReleased, barsWalkIn: isReinstatable },
  { reason: 'TOO_EARLY', when: isTooEarly, barsWalkIn: walkInWouldRunIntoIt },
  { reason: 'TOO_LATE', when: isOver, barsWalkIn: never },
  { reason: 'ALREADY_INSIDE', when: isInside, barsWalkIn: always },
  { reason: 'ALREADY_LEFT', when: hasLeft, barsWalkIn: never },
];

const DEFAULT_USUAL_STAY_MINUTES = 240;

function isOfAnotherLot({ right, lotId }: EntryFacts): boolean {
  return lotId !== undefined && right.lotId !== lotId;
}

function isTooEarly({ right, policy, observedMs }: EntryFacts): boolean {
  return observedMs < right.startsAt - policy.earlyEntryMinutes * MINUTE_MS;
}

function isOver({ right, observedMs }: EntryFacts): boolean {
  return observedMs >= right.endsAt;
}

function isDue(facts: EntryFacts): boolean {
  return !isTooEarly(facts) && !isOver(facts);
}

/** The gate's record says when; without one (the index was rebuilt) the end of the grace stands for it. */
function wasReleased({ right, presence, policy, observedMs }: EntryFacts): boolean {
  if (presence.at === 'RELEASED' && right.state !== 'CHECKED_IN') return observedMs >= presence.releasedAt;
  if (presence.at !== 'OUTSIDE' || right.state !== 'NO_SHOW') return false;
  return observedMs >= graceEndOf(right, policy);
}

/** When the spot of a right no longer waits for its driver; ms since 1970. */
export function graceEndOf(right: Right, { graceMinutes }: Pick<EntryPolicy, 'graceMinutes'>): number {
  const period = { startsAt: new Date(right.startsAt), endsAt: new Date(right.endsAt) };
  return right.graceEndsAt ?? graceEndsAt(period, graceMinutes).getTime();
}

/** True when the lot takes late drivers back and some of the period is left. */
export function isReinstatable(facts: EntryFacts): boolean {
  return facts.policy.reinstateLateArrival && !isOver(facts);
}

function walkInWouldRunIntoIt({ right, policy, observedMs }: EntryFacts): boolean {
  const usualStayMinutes = policy.usualStayMinutes ?? DEFAULT_USUAL_STAY_MINUTES;
  return observedMs + usualStayMinutes * MINUTE_MS > right.startsAt;
}

/** A reservation that is checked in without a record at the gate (the index was rebuilt) is inside too. */
export function isInside({ right, presence }: EntryFacts): boolean {
  if (right.state === 'COMPLETED' || presence.at === 'LEFT') return false;
  return presence.at === 'INSIDE' || right.state === 'CHECKED_IN';
}

function hasLeft({ right, presence }: EntryFacts): boolean {
  return presence.at === 'LEFT' || right.state === 'COMPLETED';
}
