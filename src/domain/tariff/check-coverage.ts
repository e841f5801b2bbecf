import type { FieldReader } from '../field-reader.ts';
import { DAY_MS, MINUTE_MS } from '../period.ts';
import { DayClasses, dateText, weekdayOf } from './calendar.ts';
import { WEEKDAY_NAMES } from './document.ts';
import type { Band, TariffDocument } from './document.ts';
import { dayWindow } from './windows.ts';

/** Two weeks of dates with nothing special near the epoch: every weekday after every weekday that can stand before it. */
const PLAIN_DAYS = [4, 5, 6, 7, 8, 9, 10];

/** A pair of dates that follow each other, by the bands that hold on them. */
interface DatePair {
  readonly day: number;
  readonly before: readonly Band[];
  readonly on: readonly Band[];
  /** For people: "MON" or "2026-12-25". */
  readonly name: string;
}

/**
 * Every minute of every date must lie in exactly one band of every rate, the night of the date before counted in. The dates that
 * differ are few: the seven weekdays, what the calendar names, and the day after each.
 */
export function refuseGapsAndOverlaps(reader: FieldReader, tariff: TariffDocument): void {
  const classes = new DayClasses(tariff.calendar ?? {});
  tariff.rates.forEach(({ name, bands }, index) => {
    const seen = new Set<string>();
    for (const pair of datePairs(tariff, classes, bands)) {
      const problem = problemOf(pair);
      if (problem === undefined || seen.has(problem.minutes)) continue;
      seen.add(problem.minutes);
      const { rule, cure } = problem;
      reader.refuse(`rates[${index}].bands`, `${rule} in "${name}": ${pair.name} ${problem.minutes}; ${cure}`);
    }
  });
}

function datePairs(tariff: TariffDocument, classes: DayClasses, bands: readonly Band[]): DatePair[] {
  const special = classes.specialDays;
  const days = new Set([...special, ...special.map((day) => day + 1)]);
  // The weekdays are looked at far from every date that the calendar names, the named ones where they are.
  const far = Math.max(0, ...special.map((day) => Math.ceil(Math.abs(day) / 7) * 7 + 14));
  const plain = PLAIN_DAYS.map((day) => day + far);
  return [...plain, ...days].map((day) => {
    const on = classes.bandsOn(day, bands);
    const before = tariff.dayClass === 'ENTRY' ? on : classes.bandsOn(day - 1, bands);
    const name = plain.includes(day) ? (WEEKDAY_NAMES[weekdayOf(day)] ?? '') : dateText(day);
    return { day, before, on, name };
  });
}

function problemOf({ before, on }: DatePair): { rule: string; minutes: string; cure: string } | undefined {
  const windows = [
    ...before
      .map((band) => ({ band, ...dayWindow(band) }))
      .map(({ band, fromMs, toMs }) => ({ band, fromMs: fromMs - DAY_MS, toMs: toMs - DAY_MS })),
    ...on.map((band) => ({ band, ...dayWindow(band) })),
  ].sort((a, b) => a.fromMs - b.fromMs);
  let coveredUntilMs = 0;
  let holding = '';
  for (const { band, fromMs, toMs } of windows) {
    if (toMs <= 0) continue;
    const startsMs = Math.max(0, fromMs);
    if (startsMs > coveredUntilMs) return gap(coveredUntilMs, startsMs);
    if (startsMs < coveredUntilMs) {
      const minutes = span(startsMs, Math.min(coveredUntilMs, toMs));
      return { rule: 'overlap', minutes, cure: `"${holding}" and "${band.name}" both hold: shorten one of them` };
    }
    coveredUntilMs = toMs;
    holding = band.name;
  }
  return coveredUntilMs < DAY_MS ? gap(coveredUntilMs, DAY_MS) : undefined;
}

function gap(fromMs: number, toMs: number): { rule: string; minutes: string; cure: string } {
  return { rule: 'gap', minutes: span(fromMs, toMs), cure: 'no band holds: add one or lengthen one' };
}

function span(fromMs: number, toMs: number): string {
  return `${timeText(fromMs)}–${timeText(toMs)}`;
}

function timeText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
