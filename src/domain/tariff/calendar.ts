import { DAY_MS } from '../period.ts';
import { WEEKDAY_NAMES } from './document.ts';
import type { DayName, LocalDate, TariffCalendar, WeekdayName } from './document.ts';

// A date is counted in days since 1970-01-01 on the lot's wall.

/** Thursday: the weekday of day 0, counted from Monday. */
const WEEKDAY_OF_DAY_0 = 3;
const USUAL_WEEKEND: readonly WeekdayName[] = ['SAT', 'SUN'];

/** The number of a date. */
export function dayNumber(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The date of a number: "2026-12-24". */
export function dateText(day: number): LocalDate {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** The number of a date's weekday, 0 for Monday. */
export function weekdayOf(day: number): number {
  return (((day + WEEKDAY_OF_DAY_0) % 7) + 7) % 7;
}

/** Which classes dates have, worked out once for a tariff. */
export class DayClasses {
  readonly #weekend: ReadonlySet<number>;
  readonly #holidays: ReadonlySet<number>;
  readonly #events = new Map<number, Set<string>>();
  readonly #special: ReadonlySet<number>;

  constructor({ weekend = USUAL_WEEKEND, holidays = [], events = [] }: TariffCalendar) {
    this.#weekend = new Set(weekend.map((name) => WEEKDAY_NAMES.indexOf(name)));
    this.#holidays = new Set(holidays.map(dayNumber));
    for (const { name, dates } of events) {
      for (const day of dates.map(dayNumber)) {
        this.#events.set(day, (this.#events.get(day) ?? new Set()).add(name));
      }
    }
    this.#special = new Set(this.specialDays);
  }

  /** The dates that are more than their weekday: holidays, their eves and events, in order. */
  get specialDays(): number[] {
    const holidays = [...this.#holidays];
    const days = new Set([...holidays, ...holidays.map((day) => day - 1), ...this.#events.keys()]);
    return [...days].sort((a, b) => a - b);
  }

  /** A number that only dates of the same classes share. */
  kindOf(day: number): number {
    return this.#special.has(day) ? day : weekdayOf(day) - 7;
  }

  /** All classes of a date: a holiday Monday is MON, WEEKDAY and HOLIDAY. Its events come first, its weekday last. */
  namesOf(day: number): readonly DayName[] {
    const weekday = weekdayOf(day);
    const names: DayName[] = [...(this.#events.get(day) ?? [])].map((name) => `EVENT:${name}` as const);
    if (this.#holidays.has(day)) names.push('HOLIDAY');
    if (this.#holidays.has(day + 1)) names.push('HOLIDAY_EVE');
    names.push(this.#weekend.has(weekday) ? 'WEEKEND' : 'WEEKDAY', WEEKDAY_NAMES[weekday] ?? 'MON');
    return names;
  }

  /** Whether a date is of a class. */
  has(day: number, name: DayName): boolean {
    return this.namesOf(day).includes(name);
  }
}

/**
 * Question 11: which of a rate's bands hold on a date. Those that name one of its events, if any does; else those that name HOLIDAY, if it
 * is one and any does; else HOLIDAY_EVE likewise; else those that name its weekday, WEEKDAY or WEEKEND, or nothing.
 */
export class BandCalendar<B extends { readonly days?: readonly DayName[] }> {
  readonly #classes: DayClasses;
  readonly #bands: readonly B[];
  readonly #byName = new Map<DayName, Set<B>>();
  readonly #always: readonly B[];

  constructor(classes: DayClasses, bands: readonly B[]) {
    this.#classes = classes;
    this.#bands = bands;
    this.#always = bands.filter(({ days }) => days === undefined);
    for (const band of bands) {
      for (const name of band.days ?? []) this.#byName.set(name, (this.#byName.get(name) ?? new Set()).add(band));
    }
  }

  on(day: number): readonly B[] {
    const names = this.namesOf(day);
    const events = names.filter((name) => name.startsWith('EVENT:'));
    const ofTheWeek = names.filter((name) => !events.includes(name) && name !== 'HOLIDAY' && name !== 'HOLIDAY_EVE');
    const special = [events, ['HOLIDAY'] as const, ['HOLIDAY_EVE'] as const].map((some) =>
      this.#naming(some.filter((name) => names.includes(name))),
    );
    const found = special.find((bands) => bands.size > 0) ?? new Set([...this.#always, ...this.#naming(ofTheWeek)]);
    return this.#bands.filter((band) => found.has(band));
  }

  /** The classes of a date that any band names: dates with the same ones have the same bands. */
  namesOf(day: number): readonly DayName[] {
    return this.#classes.namesOf(day).filter((name) => this.#byName.has(name));
  }

  #naming(names: readonly DayName[]): Set<B> {
    return new Set(names.flatMap((name) => [...(this.#byName.get(name) ?? [])]));
  }
}
