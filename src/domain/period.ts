/** A half-open stretch of time `[startsAt, endsAt)`: the end belongs to whoever comes next. Both are instants (UTC). */
export interface Period {
  readonly startsAt: Date;
  readonly endsAt: Date;
}

/** Why a period cannot be booked, in the order in which the reasons are tested. */
export const PERIOD_REFUSALS = [
  'PERIOD_BACKWARDS',
  'PERIOD_IN_PAST',
  'PERIOD_TOO_SHORT',
  'PERIOD_TOO_LONG',
  'PERIOD_TOO_FAR_AHEAD',
] as const;
export type PeriodRefusal = (typeof PERIOD_REFUSALS)[number];

/** What a lot allows; everything but `now` comes from the lot's policy. */
export interface PeriodLimits {
  readonly now: Date;
  readonly maxMinutes: number;
  readonly minMinutes?: number;
  /** How long ago a period may have started: phones are slow and clocks differ. 5 unless told. */
  readonly pastToleranceMinutes?: number;
  readonly maxAdvanceDays?: number;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;

const DEFAULT_PAST_TOLERANCE_MINUTES = 5;

/** True when the two share at least one instant; periods that only touch do not overlap. */
export function overlaps(a: Period, b: Period): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

/** True when no instant of `inner` lies outside `outer`. */
export function contains(outer: Period, inner: Period): boolean {
  return outer.startsAt <= inner.startsAt && inner.endsAt <= outer.endsAt;
}

/** True when the instant lies in the period: the start does, the end does not. */
export function covers(period: Period, instant: Date): boolean {
  return period.startsAt <= instant && instant < period.endsAt;
}

/** Elapsed minutes from start to end, with fractions; negative when the period is backwards. Clock changes do not matter. */
export function durationMinutes(period: Period): number {
  return (period.endsAt.getTime() - period.startsAt.getTime()) / MINUTE_MS;
}

/** The instant `minutes` later (earlier when negative). */
export function addMinutes(instant: Date, minutes: number): Date {
  return new Date(instant.getTime() + minutes * MINUTE_MS);
}

/**
 * Gives the first reason (in the order of PERIOD_REFUSALS) why a lot would not book this period, or undefined when it would.
 * An instant that is no date counts as backwards. The bounds themselves are allowed: exactly `maxMinutes` is not too long.
 */
export function checkPeriod(period: Period, limits: PeriodLimits): PeriodRefusal | undefined {
  const minutes = durationMinutes(period);
  if (!(minutes > 0)) return 'PERIOD_BACKWARDS';
  const tolerance = limits.pastToleranceMinutes ?? DEFAULT_PAST_TOLERANCE_MINUTES;
  if (period.startsAt < addMinutes(limits.now, -tolerance)) return 'PERIOD_IN_PAST';
  if (minutes < (limits.minMinutes ?? 0)) return 'PERIOD_TOO_SHORT';
  if (minutes > limits.maxMinutes) return 'PERIOD_TOO_LONG';
  const { maxAdvanceDays } = limits;
  if (maxAdvanceDays !== undefined && period.startsAt.getTime() > limits.now.getTime() + maxAdvanceDays * DAY_MS) {
    return 'PERIOD_TOO_FAR_AHEAD';
  }
  return undefined;
}

/** The earlier of two instants. */
export function earlierOf(a: Date, b: Date): Date {
  return a < b ? a : b;
}

/** The later of two instants. */
export function laterOf(a: Date, b: Date): Date {
  return a > b ? a : b;
}
