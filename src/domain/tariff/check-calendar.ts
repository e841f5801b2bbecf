import type { FieldReader } from '../field-reader.ts';
import { DayClasses } from './calendar.ts';
import { readDate, readList, readName } from './check-parts.ts';
import { WEEKDAY_NAMES } from './document.ts';
import type { CalendarEvent, DayName, LocalDate, TariffCalendar, TariffDocument, WeekdayName } from './document.ts';

const MOST_DATES = 366;
const MOST_EVENTS = 50;
/** Of all events together: each date may need bands of its own, and all of them are looked at. */
const MOST_EVENT_DATES = 1000;
/** Any Monday to Sunday: 1970-01-05 is day 4. */
const PLAIN_WEEK = [4, 5, 6, 7, 8, 9, 10];

/** The calendar: dates that exist, events with dates. */
export function readCalendar(reader: FieldReader): TariffCalendar {
  const calendar = {
    ...(reader.has('weekend') ? { weekend: readWeekend(reader) } : {}),
    ...(reader.has('holidays') ? { holidays: readDates(reader, 'holidays') } : {}),
    ...(reader.has('events')
      ? { events: readList(reader, { field: 'events', least: 0, most: MOST_EVENTS, read: readEvent }) }
      : {}),
  };
  refuseTwins(reader, calendar.events ?? []);
  if ((calendar.events ?? []).flatMap(({ dates }) => dates).length > MOST_EVENT_DATES) {
    reader.refuse('events', `must name at most ${MOST_EVENT_DATES} dates together`);
  }
  reader.refuseUnknown();
  return calendar;
}

function readWeekend(reader: FieldReader): WeekdayName[] {
  const weekend: WeekdayName[] = [];
  reader.texts('weekend').forEach((text, index) => {
    const name = WEEKDAY_NAMES.find((weekday) => weekday === text);
    if (name === undefined) reader.refuse(`weekend[${index}]`, `must be one of ${WEEKDAY_NAMES.join(', ')}`);
    else weekend.push(name);
  });
  return weekend;
}

function readDates(reader: FieldReader, field: string): LocalDate[] {
  const texts = reader.texts(field);
  if (texts.length > MOST_DATES) reader.refuse(field, `must be at most ${MOST_DATES} dates`);
  return texts.slice(0, MOST_DATES).flatMap((text, index) => {
    const date = readDate(text);
    if (date === undefined) reader.refuse(`${field}[${index}]`, 'must be a date that exists, YYYY-MM-DD');
    return date ?? [];
  });
}

function readEvent(reader: FieldReader): CalendarEvent {
  const event = { name: readName(reader), dates: readDates(reader, 'dates') };
  if (event.dates.length === 0) reader.refuse('dates', 'must name a date: an event without one never takes place');
  return event;
}

function refuseTwins(reader: FieldReader, events: readonly CalendarEvent[]): void {
  events.forEach(({ name }, index) => {
    const isTwin = events.findIndex((event) => event.name === name) < index;
    if (isTwin) reader.refuse(`events[${index}].name`, 'must be another name: an event before has this one');
  });
}

/** Bands and offers on days that the calendar does not have would never open. */
export function refuseUnknownDays(reader: FieldReader, tariff: TariffDocument): void {
  const classes = new DayClasses(tariff.calendar ?? {});
  const dates = [...PLAIN_WEEK, ...classes.specialDays];
  const check = (days: readonly DayName[] | undefined, path: string): void =>
    days?.forEach((name, index) => {
      if (dates.some((day) => classes.has(day, name))) return;
      const cure =
        name.startsWith('EVENT:') || name.startsWith('HOLIDAY')
          ? 'name its dates in `calendar`'
          : 'see `calendar.weekend`';
      reader.refuse(`${path}.days[${index}]`, `never comes: ${cure} or leave it out here`);
    });
  tariff.rates.forEach(({ bands }, rate) =>
    bands.forEach(({ days }, band) => check(days, `rates[${rate}].bands[${band}]`)),
  );
  tariff.offers?.forEach(({ days }, offer) => check(days, `offers[${offer}]`));
}
