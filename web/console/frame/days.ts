import { fromLocalField, toLocalField } from '../../format/time.ts';
import { nowMs } from '../../data/now.ts';
import { usePlace } from './router.ts';

/** Days of a place, from the first to the last, as an address says them (`from=2026-11-20&until=2026-11-22`). */
export interface Days {
  readonly from: string;
  readonly until: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

/** Today at a place. */
export const todayAt = (timeZone: string): string => toLocalField(new Date(nowMs()), timeZone).slice(0, 10);

/** Some days before (negative) or after a day. */
export function dayPlus(day: string, days: number): string {
  return new Date(Date.parse(day) + days * DAY_MS).toISOString().slice(0, 10);
}

/** The days that the address of the console asks for; without any, `usual` days ending today. */
export function useDays(timeZone: string, usual: number): Days {
  const { query } = usePlace();
  const [from, until] = [query.get('from') ?? '', query.get('until') ?? ''];
  if (DAY.test(from) && DAY.test(until)) return from <= until ? { from, until } : { from: until, until: from };
  const today = todayAt(timeZone);
  return { from: dayPlus(today, 1 - usual), until: today };
}

/** The instants of such days: from the first midnight to the one after the last, by the clock of the place. */
export function instantsOf({ from, until }: Days, timeZone: string): { startsAt: string; endsAt: string } {
  const midnight = (day: string) => (fromLocalField(`${day}T00:00`, timeZone) ?? new Date(day)).toISOString();
  return { startsAt: midnight(from), endsAt: midnight(dayPlus(until, 1)) };
}

/** As many days right before, to compare with. */
export function daysBefore({ from, until }: Days): Days {
  const count = Math.round((Date.parse(until) - Date.parse(from)) / DAY_MS) + 1;
  return { from: dayPlus(from, -count), until: dayPlus(from, -1) };
}
