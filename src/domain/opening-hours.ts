import { Temporal } from 'temporal-polyfill';

/**
 * When a lot lets vehicles in, in its own time zone. ALWAYS: day and night. WEEKLY: windows of the days of the week
 * (0 = Monday) from `opens` to `closes` ("06:00", "24:00"); a day without one is closed. Exits are always open.
 */
export type OpeningHours =
  { readonly kind: 'ALWAYS' } | { readonly kind: 'WEEKLY'; readonly days: readonly OpeningWindow[] };

export interface OpeningWindow {
  readonly day: number;
  readonly opens: string;
  readonly closes: string;
}

const CLOCK_TIME = /^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/;

/** Whether a vehicle may come in at an instant. */
export function isOpenAt(hours: OpeningHours, timeZone: string, instant: Date): boolean {
  if (hours.kind === 'ALWAYS') return true;
  const local = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone);
  const clock = local.toPlainTime().toString({ smallestUnit: 'minute' });
  return hours.days.some(({ day, opens, closes }) => day === local.dayOfWeek - 1 && opens <= clock && clock < closes);
}

const DAYS_AHEAD = 7;

/** When vehicles may come in next, after an instant at which they may not; undefined where no day has a window. */
export function opensNextAt(hours: OpeningHours, timeZone: string, instant: Date): Date | undefined {
  if (hours.kind === 'ALWAYS') return undefined;
  const today = Temporal.Instant.fromEpochMilliseconds(instant.getTime()).toZonedDateTimeISO(timeZone).toPlainDate();
  const openings = Array.from({ length: DAYS_AHEAD + 1 }, (_, days) => today.add({ days })).flatMap((date) =>
    hours.days
      .filter(({ day }) => day === date.dayOfWeek - 1)
      .map(({ opens }) => date.toZonedDateTime({ timeZone, plainTime: opens }).epochMilliseconds),
  );
  const next = Math.min(...openings.filter((ms) => ms > instant.getTime()));
  return Number.isFinite(next) ? new Date(next) : undefined;
}

/** What is wrong with a set of opening hours, or undefined: days 0–6, times "HH:MM", each window opening before it closes. */
export function openingHoursProblem(hours: OpeningHours): string | undefined {
  if (hours.kind === 'ALWAYS') return undefined;
  for (const { day, opens, closes } of hours.days) {
    if (!Number.isInteger(day) || day < 0 || day > 6)
      return 'a day of the week is a number from 0 (Monday) to 6 (Sunday)';
    if (!CLOCK_TIME.test(opens) || !CLOCK_TIME.test(closes)) return 'times are written HH:MM, from 00:00 to 24:00';
    if (opens >= closes)
      return `the window that opens at ${opens} must close later the same day; split one that runs over midnight`;
  }
  return undefined;
}
