import { Temporal } from 'temporal-polyfill';
import type { Period } from './period.ts';

export const WEEKDAYS = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/**
 * When a monthly pass covers parking, on the lot's own clock: on these days (every day unless told) from one time of day until another.
 * `to` at or before `from` runs over midnight and belongs to the day on which it starts; without both the whole day is covered.
 */
export interface PassHours {
  readonly days?: readonly Weekday[];
  readonly from?: string;
  readonly to?: string;
}

/** A monthly pass as a price needs it. Instants in ms since 1970; no hours: the whole day, every day. */
export interface MonthlyPassTerms {
  readonly id: string;
  readonly name: string;
  readonly hours: readonly PassHours[];
  readonly startsAt: number;
  readonly endsAt: number;
}

const MOST_HOURS = 20;
const TIME = /^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** What is wrong with the hours of a monthly pass, with the index of the one that is; undefined when nothing is. */
export function passHoursProblem(hours: readonly PassHours[]): { index: number; message: string } | undefined {
  if (hours.length > MOST_HOURS) return { index: MOST_HOURS, message: `at most ${MOST_HOURS} stretches of hours` };
  for (const [index, { days, from, to }] of hours.entries()) {
    const fault = hourFault({ days, from, to });
    if (fault !== undefined) return { index, message: fault };
  }
  return undefined;
}

function hourFault(hours: {
  days: readonly Weekday[] | undefined;
  from: string | undefined;
  to: string | undefined;
}): string | undefined {
  const { days, from, to } = hours;
  if (days?.length === 0) return 'name a day, or none for every day';
  if ((from === undefined) !== (to === undefined)) return 'give both `from` and `to`, or neither';
  if (from === undefined || to === undefined) return undefined;
  if (!TIME.test(from) || from === '24:00' || !TIME.test(to)) return 'times are written HH:MM, from 00:00 to 24:00';
  return from === to ? 'the window never opens: `from` and `to` are the same' : undefined;
}

/**
 * The stretches of a period that a monthly pass covers, in order, apart from each other and within the pass's own time. A local time
 * that a clock change skips is the instant after the gap; one that comes twice is its first.
 */
export function coveredPeriods(terms: MonthlyPassTerms, period: Period, timeZone: string): Period[] {
  const fromMs = Math.max(terms.startsAt, period.startsAt.getTime());
  const toMs = Math.min(terms.endsAt, period.endsAt.getTime());
  if (!(fromMs < toMs)) return [];
  if (terms.hours.length === 0) return [{ startsAt: new Date(fromMs), endsAt: new Date(toMs) }];
  const stretches = localDates({ fromMs, toMs, timeZone }).flatMap((date) =>
    terms.hours.filter((hours) => isOn(hours, date)).map((hours) => windowOn(hours, date, timeZone)),
  );
  return merged(stretches, { fromMs, toMs });
}

/** When a month that begins at this instant ends: at the same time of the same day of the next month, or of that month's last day. */
export function monthLater(startsAt: Date, timeZone: string): Date {
  const month = zoned(startsAt.getTime(), timeZone).add({ months: 1 });
  return new Date(month.epochMilliseconds);
}

/** The beginning of the day in which an instant lies, on the lot's own clock. */
export function startOfLocalDay(instant: Date, timeZone: string): Date {
  return new Date(zoned(instant.getTime(), timeZone).startOfDay().epochMilliseconds);
}

/** The month of an instant on the lot's own clock: "2026-11". */
export function localMonth(instant: Date, timeZone: string): string {
  return zoned(instant.getTime(), timeZone).toPlainDate().toPlainYearMonth().toString();
}

/** Every local date on which a window may have begun that reaches into the stretch: a window over midnight begins the day before. */
function localDates(stretch: { fromMs: number; toMs: number; timeZone: string }): Temporal.PlainDate[] {
  const { fromMs, toMs, timeZone } = stretch;
  const last = zoned(toMs, timeZone).toPlainDate();
  const dates: Temporal.PlainDate[] = [];
  let date = zoned(fromMs, timeZone).toPlainDate().subtract({ days: 1 });
  while (Temporal.PlainDate.compare(date, last) <= 0) {
    dates.push(date);
    date = date.add({ days: 1 });
  }
  return dates;
}

function isOn({ days }: PassHours, date: Temporal.PlainDate): boolean {
  const day = WEEKDAYS[date.dayOfWeek - 1];
  return days === undefined || (day !== undefined && days.includes(day));
}

function windowOn({ from = '00:00', to = '24:00' }: PassHours, date: Temporal.PlainDate, timeZone: string) {
  const ends = to <= from ? date.add({ days: 1 }) : date;
  return { fromMs: instantOf(date, from, timeZone), toMs: instantOf(ends, to, timeZone) };
}

function instantOf(date: Temporal.PlainDate, time: string, timeZone: string): number {
  if (time === '24:00') return date.add({ days: 1 }).toZonedDateTime(timeZone).startOfDay().epochMilliseconds;
  const wanted = date.toPlainDateTime(Temporal.PlainTime.from(time));
  const found = wanted.toZonedDateTime(timeZone, { disambiguation: 'compatible' });
  if (found.toPlainDateTime().equals(wanted)) return found.epochMilliseconds;
  // Skipped: the clock shows nothing between the gap's two sides, so the window's edge is where the clock goes on.
  const gap = wanted.toZonedDateTime(timeZone, { disambiguation: 'earlier' }).getTimeZoneTransition('next');
  return (gap ?? found).epochMilliseconds;
}

function merged(
  stretches: readonly { fromMs: number; toMs: number }[],
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Period[] {
  const within = stretches
    .map((stretch) => ({ fromMs: Math.max(stretch.fromMs, fromMs), toMs: Math.min(stretch.toMs, toMs) }))
    .filter((stretch) => stretch.fromMs < stretch.toMs)
    .sort((a, b) => a.fromMs - b.fromMs);
  const joined: { fromMs: number; toMs: number }[] = [];
  for (const stretch of within) {
    const last = joined.at(-1);
    if (last !== undefined && stretch.fromMs <= last.toMs) last.toMs = Math.max(last.toMs, stretch.toMs);
    else joined.push({ ...stretch });
  }
  return joined.map((stretch) => ({ startsAt: new Date(stretch.fromMs), endsAt: new Date(stretch.toMs) }));
}

function zoned(instantMs: number, timeZone: string): Temporal.ZonedDateTime {
  return Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(timeZone);
}
