import { FieldReader } from '../field-reader.ts';
import { isCurrency, percentOf, smallestChargeMinor } from '../money.ts';
import { isSpotType } from '../spot-type.ts';
import type { SpotType } from '../spot-type.ts';
import { multiplierPercent } from './multiplier.ts';
import type { MultiplierPoint, TariffDocument, TariffMultiplier, TariffRate } from './document.ts';

/** The part of a tariff that an error is about. */
export type TariffPart = 'DOCUMENT' | 'CURRENCY' | 'RATE' | 'GRACE' | 'MULTIPLIER' | 'TAX';

/** One thing that is wrong with a tariff: the rule it belongs to, the field ("rates.EV.stepMinutes") and what it must be. */
export interface TariffError {
  readonly rule: TariffPart;
  readonly field: string;
  readonly message: string;
}

/** A week: no step is longer, and a stay of a year at the dearest rate stays a safe integer. */
const MAX_STEP_MINUTES = 7 * 24 * 60;
const MAX_MINOR = 1_000_000_000;
const MAX_PERCENT = 1000;
const MAX_POINTS = 101;

const PART_BY_FIELD: ReadonlyMap<string, TariffPart> = new Map([
  ['currency', 'CURRENCY'],
  ['rates', 'RATE'],
  ['defaultRate', 'RATE'],
  ['graceMinutes', 'GRACE'],
  ['multiplier', 'MULTIPLIER'],
  ['taxPercent', 'TAX'],
]);

/**
 * Reads a tariff for a lot of the given currency. Gives the tariff, holding only what a tariff has, or everything that is wrong with
 * the document at once.
 */
export function checkTariffDocument(
  value: unknown,
  lot: { readonly currency: string },
): { tariff: TariffDocument } | { errors: TariffError[] } {
  const reader = new FieldReader(value);
  const tariff = readTariff(reader, lot.currency);
  if (reader.errors.length === 0) refuseUnchargeable(reader, tariff);
  reader.refuseUnknown();
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
    rates: readRates(reader.section('rates')),
    defaultRate: readRate(reader.section('defaultRate')),
    graceMinutes: reader.integer('graceMinutes', { min: 0, max: 24 * 60 }, 0),
    ...(reader.has('multiplier') ? { multiplier: readMultiplier(reader.section('multiplier')) } : {}),
    ...(reader.has('taxPercent') ? { taxPercent: reader.hundredths('taxPercent', { min: 0, max: 100 }) } : {}),
  };
}

function readRates(reader: FieldReader): Partial<Record<SpotType, TariffRate>> {
  const rates: Partial<Record<SpotType, TariffRate>> = {};
  for (const name of reader.names()) {
    if (isSpotType(name)) rates[name] = readRate(reader.section(name));
  }
  reader.refuseUnknown();
  return rates;
}

function readRate(reader: FieldReader): TariffRate {
  const amount = { min: 0, max: MAX_MINOR };
  const rate = {
    stepMinutes: reader.integer('stepMinutes', { min: 1, max: MAX_STEP_MINUTES }),
    stepMinor: reader.integer('stepMinor', amount),
    ...(reader.has('dailyCapMinor') ? { dailyCapMinor: reader.integer('dailyCapMinor', amount) } : {}),
  };
  reader.refuseUnknown();
  return rate;
}

function readMultiplier(reader: FieldReader): TariffMultiplier {
  const percent = { min: 0, max: MAX_PERCENT };
  const floorPercent = reader.integer('floorPercent', percent);
  const ceilingPercent = reader.integer('ceilingPercent', percent);
  if (floorPercent > ceilingPercent) reader.refuse('floorPercent', 'must not be above ceilingPercent');
  const points = readPoints(reader);
  reader.refuseUnknown();
  return { floorPercent, ceilingPercent, points };
}

function readPoints(reader: FieldReader): MultiplierPoint[] {
  const points = reader.list('points').map((point) => {
    const occupancyPercent = point.integer('occupancyPercent', { min: 0, max: 100 });
    const percent = point.integer('percent', { min: 0, max: MAX_PERCENT });
    point.refuseUnknown();
    return { occupancyPercent, percent };
  });
  if (points.length === 0 || points.length > MAX_POINTS) reader.refuse('points', `must be 1 to ${MAX_POINTS} points`);
  const isRising = points.every((point, index) => {
    const before = points[index - 1];
    return before === undefined || before.occupancyPercent < point.occupancyPercent;
  });
  if (!isRising) reader.refuse('points', 'must rise in occupancyPercent');
  return points;
}

const OCCUPANCIES = Array.from({ length: 101 }, (_, percent) => percent);

/** Every price above zero must be one that a card can be charged: whoever can't pay for a spot can't book it. */
function refuseUnchargeable(reader: FieldReader, tariff: TariffDocument): void {
  const smallestMinor = smallestChargeMinor(tariff.currency);
  const lowestPercent = Math.min(
    ...OCCUPANCIES.map((occupancy) => multiplierPercent(tariff, occupancy)).filter((percent) => percent > 0),
  );
  const ofTypes = Object.entries(tariff.rates).map(([spotType, rate]) => ({ path: `rates.${spotType}`, rate }));
  for (const { path, rate } of [{ path: 'defaultRate', rate: tariff.defaultRate }, ...ofTypes]) {
    const { stepMinutes, stepMinor, dailyCapMinor = MAX_MINOR } = rate;
    if (lowestPercent === Infinity || stepMinor === 0 || dailyCapMinor === 0) continue;
    const steps = Math.floor(tariff.graceMinutes / stepMinutes) + 1;
    const leastMinor = Math.min(percentOf(steps * stepMinor, lowestPercent), dailyCapMinor);
    if (leastMinor >= smallestMinor) continue;
    const field = dailyCapMinor < smallestMinor ? 'dailyCapMinor' : 'stepMinor';
    const why = `a stay can cost as little as ${leastMinor}, and cards are charged ${smallestMinor} at least`;
    reader.refuse(`${path}.${field}`, `must be 0 or higher: ${why}`);
  }
}

function partOf(field: string): TariffPart {
  const part = /^\w*/.exec(field)?.[0] ?? '';
  return PART_BY_FIELD.get(part) ?? 'DOCUMENT';
}
