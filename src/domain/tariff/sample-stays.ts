import { Temporal } from 'temporal-polyfill';
import type { Period } from '../period.ts';
import type { SpotType } from '../spot-type.ts';
import type { VehicleClass } from '../vehicle.ts';
import { WEEKDAY_NAMES, type CalendarEvent, type TariffCalendar, type TariffDocument } from './document.ts';
import { priceStayTotal } from './engine.ts';

/** A stay that two tariffs are compared by, and what each makes of it, in minor units. */
export interface ComparedStay {
  /** The class of the date of arrival: WEEKDAY, WEEKEND, HOLIDAY, HOLIDAY_EVE or an event. */
  readonly dayClass: string;
  /** Arrival on the lot's clock: "2026-11-23T09:00". */
  readonly arrival: string;
  readonly minutes: number;
  readonly oldMinor: number;
  readonly newMinor: number;
}

/** All sample stays with both prices, and the five that change most each way, by share of the old price and then by amount. */
export interface EffectDifference {
  readonly stays: readonly ComparedStay[];
  readonly rises: readonly ComparedStay[];
  readonly falls: readonly ComparedStay[];
  readonly unchanged: number;
}

/** A quarter of an hour to five days: what people stay, and where steps and caps usually end. */
const LENGTHS_MINUTES = [15, 30, 60, 90, 120, 180, 240, 360, 480, 600, 720, 1440, 2880, 4320, 7200] as const;
const ARRIVALS = ['07:30', '09:00', '12:00', '17:30', '22:00'] as const;
const LISTED = 5;
const MOST_EVENTS = 12;

export interface Comparison {
  readonly from: TariffDocument;
  readonly to: TariffDocument;
  readonly timeZone: string;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  /** The samples arrive on the first dates of each class from its date in the lot on. */
  readonly now: Date;
}

/** A stay to compare two tariffs by. */
export type SampleStay = Pick<ComparedStay, 'dayClass' | 'arrival' | 'minutes'>;

/**
 * The stays that two tariffs are compared by: every length at every hour of arrival on one date of each class that either of them knows,
 * of events the twelve that come next. At most 1,200. Pure.
 */
export function sampleStays(asked: Comparison): SampleStay[] {
  return sampleDates(asked).flatMap(({ dayClass, date }) =>
    ARRIVALS.flatMap((time) => LENGTHS_MINUTES.map((minutes) => ({ dayClass, arrival: `${date}T${time}`, minutes }))),
  );
}

/** What compared stays come to. */
export function effectOf(stays: readonly ComparedStay[]): EffectDifference {
  const rises = stays.filter((stay) => stay.newMinor > stay.oldMinor).sort((a, b) => change(b) - change(a));
  const falls = stays.filter((stay) => stay.newMinor < stay.oldMinor).sort((a, b) => change(a) - change(b));
  return {
    stays,
    rises: rises.slice(0, LISTED),
    falls: falls.slice(0, LISTED),
    unchanged: stays.length - rises.length - falls.length,
  };
}

function change({ oldMinor, newMinor }: ComparedStay): number {
  return newMinor - oldMinor;
}

/** What both tariffs charge for a stay, without demand and discounts. Pure. */
export function comparedStay(asked: Comparison, sample: SampleStay): ComparedStay {
  const { timeZone, spotType, vehicleClass } = asked;
  const arrival = Temporal.PlainDateTime.from(sample.arrival).toZonedDateTime(timeZone);
  const startsAt = new Date(arrival.epochMilliseconds);
  const period: Period = { startsAt, endsAt: new Date(startsAt.getTime() + sample.minutes * 60_000) };
  const totalOf = (tariff: TariffDocument) =>
    priceStayTotal({ tariff, timeZone, period, spotType, vehicleClass, multiplierPercent: 100 });
  return { ...sample, oldMinor: totalOf(asked.from), newMinor: totalOf(asked.to) };
}

interface SampleDate {
  readonly dayClass: string;
  readonly date: string;
}

function sampleDates({ from, to, timeZone, now }: Comparison): SampleDate[] {
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime()).toZonedDateTimeISO(timeZone);
  const onOrAfter = today.toPlainDate().toString();
  const calendar: TariffCalendar = { ...from.calendar, ...to.calendar };
  const holidays = [...(from.calendar?.holidays ?? []), ...(to.calendar?.holidays ?? [])].sort();
  const events = [...(from.calendar?.events ?? []), ...(to.calendar?.events ?? [])];
  const special = new Set([...holidays, ...events.flatMap(({ dates }) => dates)]);
  const weekend = new Set<string>(calendar.weekend ?? ['SAT', 'SUN']);
  const plain = (isWeekend: boolean) =>
    nextDates(onOrAfter).find((date) => weekend.has(weekdayOf(date)) === isWeekend && !special.has(date));
  const holiday = firstFrom(holidays, onOrAfter);
  const dates: (readonly [string, string | undefined])[] = [
    ['WEEKDAY', plain(false)],
    ['WEEKEND', plain(true)],
    ['HOLIDAY', holiday],
    ['HOLIDAY_EVE', holiday && Temporal.PlainDate.from(holiday).subtract({ days: 1 }).toString()],
    ...nextEvents(events, onOrAfter),
  ];
  return dates.flatMap(([dayClass, date]) => (date === undefined ? [] : [{ dayClass, date }]));
}

/** The events that come next, with their dates, and then those that are past. */
function nextEvents(events: readonly CalendarEvent[], onOrAfter: string): (readonly [string, string | undefined])[] {
  const names = [...new Set(events.map(({ name }) => name))];
  const dated = names.map((name) => {
    const dates = events.filter((event) => event.name === name).flatMap((event) => event.dates);
    return [`EVENT:${name}`, firstFrom(dates.sort(), onOrAfter)] as const;
  });
  if (dated.length <= MOST_EVENTS) return dated;
  const order = ([, date = '']: (typeof dated)[number]) => `${date >= onOrAfter ? 'next' : 'past'} ${date}`;
  return dated.sort((a, b) => (order(a) < order(b) ? -1 : 1)).slice(0, MOST_EVENTS);
}

/** The first of these dates from a date on; when all are past, the last. */
function firstFrom(dates: readonly string[], onOrAfter: string): string | undefined {
  return dates.find((date) => date >= onOrAfter) ?? dates.at(-1);
}

/** Four weeks: long enough for a day of each kind between holidays. */
function nextDates(first: string): string[] {
  const start = Temporal.PlainDate.from(first);
  return Array.from({ length: 28 }, (_, days) => start.add({ days }).toString());
}

function weekdayOf(date: string): string {
  return WEEKDAY_NAMES[Temporal.PlainDate.from(date).dayOfWeek - 1] ?? 'MON';
}
