import type { OpeningHours } from '../domain/opening-hours.ts';
import type { OpeningHoursInput } from '../schema/operator-documents.ts';
import { WeekdayEnum } from '../schema/lot.ts';
import { badInput } from './payload.ts';

const WEEKDAYS = Object.keys(WeekdayEnum);

/** A document without what was left out or sent as null: in a document, what is not told is not there. */
export function told(input: object): Record<string, unknown> {
  const members = Object.entries(input).filter(([, value]) => value !== null && value !== undefined);
  return Object.fromEntries(members.map(([name, value]) => [name, toldValue(value)]));
}

function toldValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(toldValue);
  return typeof value === 'object' && value !== null ? told(value) : value;
}

/** Opening hours as lots keep them, with days counted from Monday. */
export function openingHoursOf(input: OpeningHoursInput): OpeningHours {
  if (input.weekly == null) {
    if (input.always !== true) throw badInput('`always` takes no other value than true; name windows with `weekly`');
    return { kind: 'ALWAYS' };
  }
  const days = input.weekly.map(({ day, opens, closes }) => ({ day: WEEKDAYS.indexOf(day), opens, closes }));
  return { kind: 'WEEKLY', days };
}
