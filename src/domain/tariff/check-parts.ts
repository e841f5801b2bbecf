import type { FieldReader } from '../field-reader.ts';
import { isSpotType } from '../spot-type.ts';
import type { SpotType } from '../spot-type.ts';
import { isVehicleClass } from '../vehicle.ts';
import type { VehicleClass } from '../vehicle.ts';
import type { DayName, LocalDate, TimeOfDay, TimeWindow } from './document.ts';
import { DAY_CLASSES } from './document.ts';
import { minuteOfDay } from './windows.ts';

/** An amount of a tariff, in minor units. */
export const AMOUNT = { min: 0, max: 1_000_000_000 };
/** A week: no block is longer. */
export const BLOCK_MINUTES = { min: 1, max: 7 * 24 * 60 };
/** A leap year: nobody stays longer. */
export const MAX_STAY_MINUTES = 366 * 24 * 60;

const NAME_LENGTH = 60;
const MOST_DAY_NAMES = 61;
const TIME_OF_DAY = /^(?:[01]\d|2[0-3]):[0-5]\d$/;
const DATE = /^\d{4}-\d\d-\d\d$/;

/** The name that lines of a price will show. */
export function readName(reader: FieldReader): string {
  const name = reader.text('name')?.trim();
  if (name !== undefined && name.length > 0 && name.length <= NAME_LENGTH) return name;
  reader.refuse('name', `must be 1 to ${NAME_LENGTH} characters: lines of a price show it`);
  return '';
}

/** Sizes are bounded: a document is read at every scan of a gate. */
export function readList<T>(
  reader: FieldReader,
  ask: { field: string; least: number; most: number; read: (element: FieldReader) => T },
): T[] {
  const { field, least, most, read } = ask;
  const elements = reader.list(field);
  if (elements.length < least || elements.length > most) reader.refuse(field, `must be ${least} to ${most} of them`);
  return elements.slice(0, most).map((element) => {
    const value = read(element);
    element.refuseUnknown();
    return value;
  });
}

export function readTimeOfDay(reader: FieldReader, field: string, isEnd = false): TimeOfDay {
  const text = reader.text(field);
  if (text !== undefined && (TIME_OF_DAY.test(text) || (isEnd && text === '24:00'))) return text;
  reader.refuse(field, `must be a time of day, 00:00 to ${isEnd ? '24:00' : '23:59'}`);
  return '00:00';
}

/** A stretch of the day. One that ends where it begins is refused: leave it out, and it is the whole day. */
export function readWindow(reader: FieldReader): TimeWindow {
  const from = readTimeOfDay(reader, 'from');
  const to = readTimeOfDay(reader, 'to', true);
  if (minuteOfDay(from) === minuteOfDay(to) && reader.has('to')) {
    reader.refuse(
      'to',
      'must not be the time it begins at: such a window never opens; leave both out for the whole day',
    );
  }
  return { from, to };
}

export function readDate(text: string): LocalDate | undefined {
  if (!DATE.test(text)) return undefined;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : text;
}

/** Classes of dates; whether an event is one of the calendar's is asked when the calendar is known. */
export function readDays(reader: FieldReader): DayName[] {
  const days: DayName[] = [];
  const texts = reader.texts('days');
  texts.forEach((text, index) => {
    const known = dayName(text);
    if (known === undefined) reader.refuse(`days[${index}]`, `must be one of ${DAY_CLASSES.join(', ')} or EVENT:name`);
    else days.push(known);
  });
  if (texts.length === 0) reader.refuse('days', 'must name a day; leave it out for every day');
  if (texts.length > MOST_DAY_NAMES) reader.refuse('days', `must be at most ${MOST_DAY_NAMES} names`);
  return days;
}

function dayName(text: string): DayName | undefined {
  if (text.startsWith('EVENT:')) return `EVENT:${text.slice('EVENT:'.length)}`;
  return DAY_CLASSES.find((name) => name === text);
}

/** The spots and vehicles that a rate or an offer is for. */
export function readTakes(reader: FieldReader): { spotTypes?: SpotType[]; vehicleClasses?: VehicleClass[] } {
  return {
    ...(reader.has('spotTypes') ? { spotTypes: readNames(reader, 'spotTypes', isSpotType) } : {}),
    ...(reader.has('vehicleClasses') ? { vehicleClasses: readNames(reader, 'vehicleClasses', isVehicleClass) } : {}),
  };
}

function readNames<T extends string>(reader: FieldReader, field: string, isOne: (text: string) => text is T): T[] {
  const names: T[] = [];
  const texts = reader.texts(field);
  texts.forEach((text, index) => {
    if (isOne(text)) names.push(text);
    else reader.refuse(`${field}[${index}]`, `is not one of the ${field}`);
  });
  if (texts.length === 0) reader.refuse(field, 'must name at least one; leave it out for all');
  return names;
}
