import type { FieldReader } from '../field-reader.ts';
import { DAY_MS, MINUTE_MS } from '../period.ts';
import { BandCalendar, DayClasses, dateText, weekdayOf } from './calendar.ts';
import { WEEKDAY_NAMES } from './document.ts';
import type { Band, TariffDocument } from './document.ts';
import { dayWindow } from './windows.ts';

/** A Monday to a Sunday, in days since 1970-01-01. */
const PLAIN_DAYS = [4, 5, 6, 7, 8, 9, 10];

/** A pair of dates that follow each other, by the bands that hold on them. */
interface DatePair {
  readonly before: readonly Band[];
  readonly on: readonly Band[];
  /** For people: "MON" or "2026-12-25". */
  readonly name: string;
}

interface Problem {
  readonly kind: 'gap' | 'overlap';
  readonly minutes: string;
  readonly cure: string;
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
      if (problem === undefined) continue;
      const { kind, minutes, cure } = problem;
      // The same on other dates is told once.
      if (seen.has(kind + minutes + cure)) continue;
      seen.add(kind + minutes + cure);
      reader.refuse(`rates[${index}].bands`, `${kind} in "${name}": ${pair.name} ${minutes}; ${cure}`);
    }
  });
}

/** Of dates that are alike for these bands and follow dates that are alike, one: a weekday rather than a named date. */
function datePairs(tariff: TariffDocument, classes: DayClasses, bands: readonly Band[]): DatePair[] {
  const special = classes.specialDays;
  // The weekdays are looked at far from every date that the calendar names, the named ones where they are.
  const far = Math.max(0, ...special.map((day) => Math.ceil(Math.abs(day) / 7) * 7 + 14));
  const plain = PLAIN_DAYS.map((day) => day + far);
  const calendar = new BandCalendar(classes, bands);
  const pairs = new Map<string, DatePair>();
  for (const day of [...plain, ...special, ...special.map((one) => one + 1)]) {
    const key = [...calendar.namesOf(day - 1), '', ...calendar.namesOf(day)].join();
    if (pairs.has(key)) continue;
    const on = calendar.on(day);
    const before = tariff.dayClass === 'ENTRY' ? on : calendar.on(day - 1);
    const name = plain.includes(day) ? (WEEKDAY_NAMES[weekdayOf(day)] ?? '') : dateText(day);
    pairs.set(key, { before, on, name });
  }
  return [...pairs.values()];
}

function problemOf({ before, on }: DatePair): Problem | undefined {
  const windows = [...windowsFrom(before, -DAY_MS), ...windowsFrom(on, 0)].sort((a, b) => a.fromMs - b.fromMs);
  let coveredUntilMs = 0;
  let holding = '';
  for (const { band, fromMs, toMs } of windows) {
    if (toMs <= 0) continue;
    const startsMs = Math.max(0, fromMs);
    if (startsMs > coveredUntilMs) return gap(coveredUntilMs, startsMs);
    if (startsMs < coveredUntilMs) {
      const minutes = span(startsMs, Math.min(coveredUntilMs, toMs));
      return { kind: 'overlap', minutes, cure: `"${holding}" and "${band.name}" both hold: shorten one of them` };
    }
    coveredUntilMs = toMs;
    holding = band.name;
  }
  return coveredUntilMs < DAY_MS ? gap(coveredUntilMs, DAY_MS) : undefined;
}

/** When bands hold that begin on the date whose midnight is so many ms away. */
function windowsFrom(bands: readonly Band[], midnightMs: number): { band: Band; fromMs: number; toMs: number }[] {
  return bands.map((band) => {
    const { fromMs, toMs } = dayWindow(band);
    return { band, fromMs: midnightMs + fromMs, toMs: midnightMs + toMs };
  });
}

function gap(fromMs: number, toMs: number): Problem {
  return { kind: 'gap', minutes: span(fromMs, toMs), cure: 'no band holds: add one or lengthen one' };
}

function span(fromMs: number, toMs: number): string {
  return `${timeText(fromMs)}–${timeText(toMs)}`;
}

function timeText(ms: number): string {
  const minutes = Math.round(ms / MINUTE_MS);
  return `${String(Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`;
}
