import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { MINUTE_MS } from './arbitraries.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

/** The date on the lot's wall, asked of Intl: the engine asks Temporal, so that one cannot hide the other's mistake. */
export function wallDate(instantMs: number, timeZone: string): string {
  const format =
    formats.get(timeZone) ??
    new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  formats.set(timeZone, format);
  return format.format(instantMs);
}

/**
 * The same price found the slow way: walks the stay minute by minute, starts a step whenever the last one is used up, writes it to
 * the date on the wall, and caps each date at the end. Whole minutes only.
 */
export function priceByTheMinute(stay: StayToPrice): { totalMinor: number; byDate: Map<string, number> } {
  const { tariff, timeZone, period, spotType, multiplierPercent } = stay;
  const rate = tariff.rates[spotType] ?? tariff.defaultRate;
  const minutes = (period.endsAt.getTime() - period.startsAt.getTime()) / MINUTE_MS;
  const byDate = new Map<string, number>();
  if (minutes <= tariff.graceMinutes) return { totalMinor: 0, byDate };
  for (let minute = 0; minute < minutes; minute += 1) {
    if (minute % rate.stepMinutes !== 0) continue;
    const date = wallDate(period.startsAt.getTime() + minute * MINUTE_MS, timeZone);
    byDate.set(date, (byDate.get(date) ?? 0) + rate.stepMinor);
  }
  let totalMinor = 0;
  for (const [date, plainMinor] of byDate) {
    const hundredfold = plainMinor * multiplierPercent;
    const wholeMinor = (hundredfold - (hundredfold % 100)) / 100 + (hundredfold % 100 >= 50 ? 1 : 0);
    const dayMinor = Math.min(wholeMinor, rate.dailyCapMinor ?? Infinity);
    byDate.set(date, dayMinor);
    totalMinor += dayMinor;
  }
  return { totalMinor, byDate };
}
