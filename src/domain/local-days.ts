import { Temporal } from 'temporal-polyfill';
import type { Period } from './period.ts';

/** From the first moment of one local date to the end of another, the same or a later one: half-open, as long as the zone makes it. */
export function localDaysPeriod(days: { from: string; through: string }, timeZone: string): Period | undefined {
  const startsAt = startOf(days.from, timeZone, 0);
  const endsAt = startOf(days.through, timeZone, 1);
  return startsAt !== undefined && endsAt !== undefined && startsAt < endsAt ? { startsAt, endsAt } : undefined;
}

const DATE = /^\d{4}-\d{2}-\d{2}$/;

/** Undefined for a text that is no date ("2026-02-30"). */
function startOf(date: string, timeZone: string, laterDays: number): Date | undefined {
  if (!DATE.test(date)) return undefined;
  try {
    const day = Temporal.PlainDate.from(date, { overflow: 'reject' }).add({ days: laterDays });
    return new Date(day.toZonedDateTime({ timeZone }).epochMilliseconds);
  } catch {
    return undefined;
  }
}
