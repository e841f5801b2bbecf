import { formatDuration } from '../../format/time.ts';
import { tell } from './texts.ts';

/** "43%"; "—" for what is not known. */
export function percentOf(percent: number | null | undefined, locale: string): string {
  if (percent == null) return '—';
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 }).format(percent / 100);
}

/** "Fri, 20 Nov" */
export function dayName(day: string, locale: string): string {
  const form = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return new Intl.DateTimeFormat(locale, form).format(Date.parse(day));
}

/** "06:00", as the reader writes a full hour. */
export function clockHour(hour: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1, hour));
}

/** "6 AM", "06 Uhr": as short as the reader's language has it. */
export function shortHour(hour: number, locale: string): string {
  return new Intl.DateTimeFormat(locale, { hour: 'numeric', timeZone: 'UTC' }).format(Date.UTC(2024, 0, 1, hour));
}

/** "1 hr to 2 hr" */
export function lengthName(fromMinutes: number, untilMinutes: number | null | undefined, locale: string): string {
  const name = (minutes: number) => formatDuration(minutes * 60_000, locale);
  if (untilMinutes == null) return tell('longer', { from: name(fromMinutes) });
  if (fromMinutes === 0) return tell('upTo', { until: name(untilMinutes) });
  return tell('between', { from: name(fromMinutes), until: name(untilMinutes) });
}

/** The one of a list with the most of something. */
export function largest<T>(list: readonly T[], of: (one: T) => number): T | undefined {
  return list.reduce<T | undefined>((best, one) => (best === undefined || of(one) > of(best) ? one : best), undefined);
}
