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

  isHoliday(day: number): boolean {
    return this.#holidays.has(day);
  }

  isHolidayEve(day: number): boolean {
    return this.#holidays.has(day + 1);
  }

  /** Whether a date is of a class; a holiday Monday is MON, WEEKDAY and HOLIDAY. */
  has(day: number, name: DayName): boolean {
    if (name === 'HOLIDAY') return this.isHoliday(day);
    if (name === 'HOLIDAY_EVE') return this.isHolidayEve(day);
    if (name.startsWith('EVENT:')) return this.#events.get(day)?.has(name.slice('EVENT:'.length)) ?? false;
    const weekday = weekdayOf(day);
    if (name === 'WEEKEND' || name === 'WEEKDAY') return this.#weekend.has(weekday) === (name === 'WEEKEND');
    return WEEKDAY_NAMES[weekday] === name;
  }

  /**
   * Question 11: which bands hold on a date. Those that name one of its events, if any does; else those that name HOLIDAY, if it is
   * one and any does; else HOLIDAY_EVE likewise; else those that name its weekday, WEEKDAY or WEEKEND, or nothing.
   */
  bandsOn<B extends { readonly days?: readonly DayName[] }>(day: number, bands: readonly B[]): readonly B[] {
    const naming = (is: (name: DayName) => boolean): B[] =>
      bands.filter(({ days }) => days?.some((name) => is(name) && this.has(day, name)) ?? false);
    const byEvent = naming((name) => name.startsWith('EVENT:'));
    if (byEvent.length > 0) return byEvent;
    const byHoliday = naming((name) => name === 'HOLIDAY');
    if (byHoliday.length > 0) return byHoliday;
    const byEve = naming((name) => name === 'HOLIDAY_EVE');
    if (byEve.length > 0) return byEve;
    return bands.filter(({ days }) => days?.some((name) => this.#isOfTheWeek(day, name)) ?? true);
  }

  #isOfTheWeek(day: number, name: DayName): boolean {
    return name !== 'HOLIDAY' && name !== 'HOLIDAY_EVE' && !name.startsWith('EVENT:') && this.has(day, name);
  }
}
