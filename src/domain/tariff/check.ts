import { FieldReader } from '../field-reader.ts';
import { isCurrency } from '../money.ts';
import { refuseUnchargeable } from './check-chargeable.ts';
import { readCalendar, refuseUnknownDays } from './check-calendar.ts';
import { refuseGapsAndOverlaps } from './check-coverage.ts';
import {
  readDiscounts,
  readExitGrace,
  readGrace,
  readLimits,
  readMultiplier,
  readReserved,
  readRounding,
  readTax,
} from './check-money.ts';
import { readOffers } from './check-offers.ts';
import { AMOUNT, MAX_STAY_MINUTES } from './check-parts.ts';
import { readRates } from './check-rates.ts';
import {
  DAY_CLASS_RULES,
  EDGE_RULES,
  BLOCK_ROUNDINGS,
  OFFER_CHOICES,
  ROUNDED_OVER,
  TARIFF_CLOCKS,
  VERSION_MOMENTS,
} from './document.ts';
import type { BlockRule, TariffDocument } from './document.ts';

/** The part of a tariff that an error is about. */
export type TariffPart =
  | 'DOCUMENT'
  | 'CURRENCY'
  | 'GRACE'
  | 'RATE'
  | 'BAND'
  | 'STEP'
  | 'CAP'
  | 'OFFER'
  | 'CALENDAR'
  | 'MULTIPLIER'
  | 'TAX'
  | 'LIMITS'
  | 'ROUNDING'
  | 'DISCOUNT'
  | 'SEGMENT';

/** One thing that is wrong with a tariff: the rule it belongs to, the field ("rates[1].bands[0].steps[0].minor") and what to do. */
export interface TariffError {
  readonly rule: TariffPart;
  readonly field: string;
  readonly message: string;
}

/** By the field's last part that has a rule of its own. */
const PART_BY_FIELD: ReadonlyMap<string, TariffPart> = new Map<string, TariffPart>([
  ['currency', 'CURRENCY'],
  ['grace', 'GRACE'],
  ['reentry', 'GRACE'],
  ['exitGrace', 'GRACE'],
  ['rates', 'RATE'],
  ['bands', 'BAND'],
  ['steps', 'STEP'],
  ['caps', 'CAP'],
  ['capMinor', 'CAP'],
  ['offers', 'OFFER'],
  ['calendar', 'CALENDAR'],
  ['multiplier', 'MULTIPLIER'],
  ['tax', 'TAX'],
  ['limits', 'LIMITS'],
  ['rounding', 'ROUNDING'],
  ['cashRounding', 'ROUNDING'],
  ['blocks', 'ROUNDING'],
  ['discounts', 'DISCOUNT'],
  ['reserved', 'SEGMENT'],
]);

/**
 * Reads a tariff for a lot of the given currency. Gives the tariff, holding only what a tariff has, or everything that is wrong with
 * the document at once: first what stands in single fields, and once those are right what the rules do together (a minute without a
 * band, a price that no card is charged).
 */
export function checkTariffDocument(
  value: unknown,
  lot: { readonly currency: string },
): { tariff: TariffDocument } | { errors: TariffError[] } {
  const reader = new FieldReader(value);
  const tariff = readTariff(reader, lot.currency);
  reader.refuseUnknown();
  if (reader.errors.length === 0) refuseUnknownDays(reader, tariff);
  if (reader.errors.length === 0) {
    refuseGapsAndOverlaps(reader, tariff);
    refuseUnchargeable(reader, tariff);
  }
  if (reader.errors.length === 0) return { tariff };
  return { errors: reader.errors.map((error) => ({ rule: partOf(error.field), ...error })) };
}

function readTariff(reader: FieldReader, currency: string): TariffDocument {
  reader.integer('version', { min: 1, max: 1 });
  const named = reader.text('currency');
  if (named === undefined || !isCurrency(named)) reader.refuse('currency', 'must be an ISO 4217 code');
  else if (named !== currency) reader.refuse('currency', `must be the lot's currency, ${currency}`);
  return {
    version: 1,
    currency,
    ...readTime(reader),
    ...(reader.has('calendar') ? { calendar: readCalendar(reader.section('calendar')) } : {}),
    rates: readRates(reader),
    ...(reader.has('offers') ? { offers: readOffers(reader) } : {}),
    ...readAmounts(reader),
  };
}

function readTime(reader: FieldReader): Omit<TariffDocument, 'version' | 'currency' | 'rates'> {
  const minutes = { min: 1, max: MAX_STAY_MINUTES };
  return {
    ...(reader.has('clock') ? { clock: reader.oneOf('clock', TARIFF_CLOCKS, 'ELAPSED') } : {}),
    ...(reader.has('grace') ? { grace: readGrace(reader.section('grace')) } : {}),
    ...(reader.has('reentry') ? { reentry: readReentry(reader.section('reentry')) } : {}),
    ...(reader.has('exitGrace') ? { exitGrace: readExitGrace(reader.section('exitGrace')) } : {}),
    ...(reader.has('edges') ? { edges: reader.oneOf('edges', EDGE_RULES, 'RUN_ON') } : {}),
    ...(reader.has('blocks') ? { blocks: readBlocks(reader.section('blocks')) } : {}),
    ...(reader.has('dayClass') ? { dayClass: reader.oneOf('dayClass', DAY_CLASS_RULES, 'EACH_DAY') } : {}),
    ...(reader.has('versionAt') ? { versionAt: reader.oneOf('versionAt', VERSION_MOMENTS, 'BOOKING') } : {}),
    ...(reader.has('longestStayMinutes') ? { longestStayMinutes: reader.integer('longestStayMinutes', minutes) } : {}),
  };
}

function readAmounts(reader: FieldReader): Omit<TariffDocument, 'version' | 'currency' | 'rates'> {
  return {
    ...(reader.has('offerChoice') ? { offerChoice: reader.oneOf('offerChoice', OFFER_CHOICES, 'CHEAPEST') } : {}),
    ...(reader.has('multiplier') ? { multiplier: readMultiplier(reader.section('multiplier')) } : {}),
    ...(reader.has('limits') ? { limits: readLimits(reader.section('limits')) } : {}),
    ...(reader.has('tax') ? { tax: readTax(reader.section('tax')) } : {}),
    ...(reader.has('rounding') ? { rounding: readRounding(reader.section('rounding')) } : {}),
    ...(reader.has('cashRounding') ? { cashRounding: readRounding(reader.section('cashRounding')) } : {}),
    ...(reader.has('discounts') ? { discounts: readDiscounts(reader.section('discounts')) } : {}),
    ...(reader.has('lostCredentialMinor')
      ? { lostCredentialMinor: reader.integer('lostCredentialMinor', AMOUNT) }
      : {}),
    ...(reader.has('reserved') ? { reserved: readReserved(reader.section('reserved')) } : {}),
  };
}

function readReentry(reader: FieldReader): { withinMinutes: number } {
  const withinMinutes = reader.integer('withinMinutes', { min: 1, max: 24 * 60 });
  reader.refuseUnknown();
  return { withinMinutes };
}

function readBlocks(reader: FieldReader): BlockRule {
  const rounding = reader.oneOf('rounding', BLOCK_ROUNDINGS, 'UP');
  const over = reader.oneOf('over', ROUNDED_OVER, 'SEGMENT');
  reader.refuseUnknown();
  return { rounding, over };
}

function partOf(field: string): TariffPart {
  const names = field.match(/[A-Za-z]\w*/g) ?? [];
  const ruled = names.findLast((name) => PART_BY_FIELD.has(name));
  return PART_BY_FIELD.get(ruled ?? '') ?? 'DOCUMENT';
}
