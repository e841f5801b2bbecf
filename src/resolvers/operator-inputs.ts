import { Refusal } from '../domain/refusal.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import type { OpeningHoursInput, TariffInput } from '../schema/operator-documents.ts';
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

/** A tariff as lots keep it, with rates by type. Refuses with TARIFF_INVALID when a type has two rates: one would be lost. */
export function tariffDocumentOf({ rates, ...input }: TariffInput): Record<string, unknown> {
  const byType = new Map<string, Record<string, unknown>>();
  for (const { spotType, ...rate } of rates ?? []) {
    if (byType.has(spotType)) {
      const errors = [{ field: `rates.${spotType}`, message: 'must be there only once' }];
      throw new Refusal('TARIFF_INVALID', 'The tariff is not usable.', { field: ['tariff'], details: { errors } });
    }
    byType.set(spotType, told(rate));
  }
  return { ...told(input), rates: Object.fromEntries(byType) };
}
