import { Temporal } from 'temporal-polyfill';
import type { Period } from '../period.ts';

/** One day of the lot's calendar as a stretch of instants (ms since 1970): 23, 24, 25 or, on Lord Howe, 23½ hours long. */
export interface LocalDay {
  /** The date on the lot's wall ("2026-10-25"). */
  readonly date: string;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

/** True for an IANA time zone that the runtime knows ("Europe/Amsterdam"). */
export function isTimeZone(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** What the lot's clock shows at an instant, to the second and without offset ("2026-10-24T22:00:00"). */
export function localDateTime(instantMs: number, timeZone: string): string {
  return zoned(instantMs, timeZone).toPlainDateTime().toString({ smallestUnit: 'second' });
}

/**
 * A clock for one price: `localDateTime` of its zone, worked out once per instant, because a day's lines begin and end together
 * and zones are slow to ask.
 */
export function localClock(timeZone: string): (instantMs: number) => string {
  const known = new Map<number, string>();
  return (instantMs) => {
    const text = known.get(instantMs) ?? localDateTime(instantMs, timeZone);
    known.set(instantMs, text);
    return text;
  };
}

/** The lot's calendar days that the period touches, in order; none when the period is empty or backwards. */
export function localDays(period: Period, timeZone: string): LocalDay[] {
  const endsAtMs = period.endsAt.getTime();
  if (!(period.startsAt.getTime() < endsAtMs)) return [];
  const days: LocalDay[] = [];
  let day = zoned(period.startsAt.getTime(), timeZone).startOfDay();
  while (day.epochMilliseconds < endsAtMs) {
    // Not "plus 24 hours", and again the start of the day: some zones skip midnight itself when the clock changes.
    const next = day.add({ days: 1 }).startOfDay();
    days.push({
      date: day.toPlainDate().toString(),
      startsAtMs: day.epochMilliseconds,
      endsAtMs: next.epochMilliseconds,
    });
    day = next;
  }
  return days;
}

function zoned(instantMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
}
