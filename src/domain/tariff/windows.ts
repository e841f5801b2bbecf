import { DAY_MS, MINUTE_MS } from '../period.ts';
import type { TimeOfDay, TimeWindow } from './document.ts';

/** A window as ms from a date's midnight on the wall; one that runs over midnight ends past 24 h. */
export interface DayWindow {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The minute of a time of day: 0 to 1440. */
export function minuteOfDay(time: TimeOfDay): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
}

/** When a window begins and ends, counted from midnight of the date to which it belongs; the whole day without `from` and `to`. */
export function dayWindow({ from = '00:00', to = '24:00' }: Partial<TimeWindow>): DayWindow {
  const fromMs = minuteOfDay(from) * MINUTE_MS;
  const toMs = minuteOfDay(to) * MINUTE_MS;
  return { fromMs, toMs: toMs > fromMs ? toMs : toMs + DAY_MS };
}
