import type { EntityManager } from '@mikro-orm/postgresql';
import { addMinutes, DAY_MS, earlierOf, laterOf, type Period } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Discount } from '../domain/tariff/discount.ts';
import type { Price, TariffDocument } from '../domain/tariff/document.ts';
import {
  cashAmountMinor,
  exitGraceMinutes,
  includedTaxMinor,
  priceStay,
  type StayToPrice,
} from '../domain/tariff/engine.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import { nextPrices, type NextPrice } from '../domain/tariff/next-prices.ts';
import { priceReservedStay } from '../domain/tariff/segments.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Lot } from '../entities/lot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { lotOfStaff } from './lot-of-staff.ts';
import { tariffAsked, type TariffAsked } from './tariff-asked.ts';

export interface PriceForRequest extends TariffAsked {
  readonly lotId: string;
  readonly period: Period;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  /** What demand makes of the rates: told outright, or by the occupancy; neither: nothing. */
  readonly multiplierPercent?: number | undefined;
  readonly occupancyPercent?: number | undefined;
  readonly discounts: readonly Discount[];
  readonly monthlyPassHolder: boolean;
  /** When a reserved stay came and left whose promised period is `period`. */
  readonly visit?: { readonly enteredAt: Date; readonly leftAt: Date; readonly displaced: boolean } | undefined;
}

/** What a reserved stay costs beside its promised period, in minor units. */
export interface ReservedMinors {
  readonly earlyArrivalMinor: number;
  readonly promisedMinor: number;
  readonly overstayMinor: number;
}

/** What a stay would cost by a tariff, and what is to be said about it. */
export interface PriceFor {
  /** The version that priced it; undefined for a draft. */
  readonly version: Tariff | undefined;
  readonly document: TariffDocument;
  readonly price: Price;
  /** Of a reserved stay. */
  readonly reserved?: ReservedMinors;
  readonly multiplierPercent: number;
  /** What is handed over in cash. */
  readonly cashMinor: number;
  /** How long the exit opens after paying, by the tariff or the lot's policy. */
  readonly exitGraceMinutes: number;
  readonly next: readonly NextPrice[];
  /** What a person should know who prices such a stay. */
  readonly warnings: readonly string[];
}

const LONGEST_DAYS = 400;
/** What a price may take: some 2 µs each. Beyond, a scan at a gate of this process would wait too long. */
const MOST_EFFORT = 100_000;
/** The next prices are found by asking for dozens. */
const MOST_EFFORT_OF_NEXT = 10_000;

/**
 * What a stay would cost by a published version or a draft, line by line, with what staying longer costs. For staff of the lot; writes nothing.
 * Refuses with LOT_NOT_FOUND, NOT_FOUND (no such version), TARIFF_INVALID (as publishing does), INVALID_INPUT (a percentage out of
 * range, or more than can be priced at once), PERIOD_BACKWARDS and PERIOD_TOO_LONG (400 days).
 */
export async function priceFor(
  em: EntityManager,
  request: PriceForRequest,
  viewer: Viewer | undefined,
): Promise<PriceFor> {
  const lot = await lotOfStaff(em, request.lotId, viewer);
  const { tariffId, document: draft } = request;
  const field = [draft === undefined ? 'tariffId' : 'document'];
  const { version, document } = await tariffAsked(em, lot, { tariffId, document: draft, field });
  refuseUnpriceable(request);
  const percent = percentOf(request, document);
  const effort = effortOf(request, document);
  if (effort > MOST_EFFORT) {
    const message = 'This is too much to price at once: ask for a shorter time, or with fewer offers or discounts.';
    throw new Refusal('INVALID_INPUT', message, { field: ['period'] });
  }
  const stay = stayOf(request, { lot, document, percent });
  const { price, reserved } = segmentsOf(stay, { visit: request.visit, lot });
  return {
    version,
    document,
    price,
    ...(reserved ? { reserved } : {}),
    multiplierPercent: percent,
    cashMinor: cashAmountMinor(document, price.totalMinor),
    exitGraceMinutes: exitGraceMinutes(document, lot.policy.exitGraceMinutes),
    next: effort > MOST_EFFORT_OF_NEXT ? [] : nextPrices(stay),
    warnings: warningsOf(request, { document, percent, effort }),
  };
}

function refuseUnpriceable({ period, ...request }: PriceForRequest): void {
  if (period.endsAt < period.startsAt)
    throw new Refusal('PERIOD_BACKWARDS', 'The period ends before it begins.', { field: ['period'] });
  const { enteredAt, leftAt } = request.visit ?? { enteredAt: period.startsAt, leftAt: period.endsAt };
  if (leftAt < enteredAt) throw new Refusal('PERIOD_BACKWARDS', 'It left before it came.', { field: ['leftAt'] });
  const [first, last] = [earlierOf(enteredAt, period.startsAt), laterOf(leftAt, period.endsAt)];
  if (addMinutes(first, LONGEST_DAYS * 1440) < last)
    throw new Refusal('PERIOD_TOO_LONG', `Price ${LONGEST_DAYS} days at most.`, { field: ['period'] });
  refuseOutside(request.multiplierPercent, { field: 'multiplierPercent', most: 1000 });
  refuseOutside(request.occupancyPercent, { field: 'occupancyPercent', most: 100 });
}

/** How much work a price is: days by bands by what is compared, as often as a discount of time asks for another price. */
function effortOf({ period, visit, discounts }: PriceForRequest, { rates, offers = [] }: TariffDocument): number {
  const first = earlierOf(visit?.enteredAt ?? period.startsAt, period.startsAt);
  const last = laterOf(visit?.leftAt ?? period.endsAt, period.endsAt);
  const days = 1 + (last.getTime() - first.getTime()) / DAY_MS;
  const bands = Math.max(...rates.map((rate) => rate.bands.length));
  const ofTime = discounts.filter(({ kind }) => kind === 'TIME').length;
  return days * bands * (1 + offers.length) * (1 + 2 * ofTime);
}

function refuseOutside(value: number | undefined, { field, most }: { field: string; most: number }): void {
  if (
    value === undefined ||
    (value >= 0 && value <= most && (field !== 'multiplierPercent' || Number.isInteger(value)))
  )
    return;
  throw new Refusal('INVALID_INPUT', `must be from 0 to ${most}`, { field: [field] });
}

function percentOf(request: PriceForRequest, document: TariffDocument): number {
  if (request.multiplierPercent !== undefined) return request.multiplierPercent;
  return request.occupancyPercent === undefined ? 100 : multiplierPercent(document, request.occupancyPercent);
}

function stayOf(
  { period, spotType, vehicleClass, discounts, monthlyPassHolder }: PriceForRequest,
  { lot, document, percent }: { lot: Lot; document: TariffDocument; percent: number },
): StayToPrice {
  const priced = { tariff: document, timeZone: lot.timeZone, period, spotType, vehicleClass };
  return { ...priced, multiplierPercent: percent, discounts, monthlyPassHolder };
}

/** A reserved stay has the lines of all its segments; what is promised stands first. */
function segmentsOf(
  stay: StayToPrice,
  { visit, lot }: { visit: PriceForRequest['visit']; lot: Lot },
): { price: Price; reserved?: ReservedMinors } {
  const price = priceStay(stay);
  if (!visit) return { price };
  const { exitGraceMinutes: graceMinutes } = lot.policy;
  const { lines, ...reserved } = priceReservedStay({ ...stay, ...visit, exitGraceMinutes: graceMinutes });
  const totalMinor = reserved.promisedMinor + reserved.earlyArrivalMinor + reserved.overstayMinor;
  const taxMinor = includedTaxMinor(stay.tariff, totalMinor);
  return { price: { ...price, totalMinor, lines, taxMinor }, reserved };
}

function warningsOf(
  { period, discounts, visit, multiplierPercent: told }: PriceForRequest,
  { document, percent, effort }: { document: TariffDocument; percent: number; effort: number },
): string[] {
  const minutes = (period.endsAt.getTime() - period.startsAt.getTime()) / 60_000;
  const { longestStayMinutes, multiplier, calendar } = document;
  const warnings: string[] = [];
  if (effort > MOST_EFFORT_OF_NEXT)
    warnings.push('What staying longer costs is not looked for: ask for a shorter time.');
  if (longestStayMinutes !== undefined && minutes > longestStayMinutes)
    warnings.push(`The stay is longer than the tariff sells (${longestStayMinutes} min): no quote is given for it.`);
  if (multiplier && told !== undefined && (percent < multiplier.floorPercent || percent > multiplier.ceilingPercent))
    warnings.push('This percentage is outside the floor and ceiling of the tariff: no quote has it.');
  if (!multiplier && percent !== 100) warnings.push('The tariff does not follow demand: no quote has this percentage.');
  const last = [...(calendar?.holidays ?? [])].sort().at(-1);
  if (last !== undefined && last < period.endsAt.toISOString().slice(0, 10))
    warnings.push(`The calendar ends on ${last}: holidays after it are charged as usual days.`);
  if (visit && visit.leftAt < period.endsAt)
    warnings.push('It left before the end: what comes back then is told by the lot’s policy, not by the tariff.');
  if (document.discounts?.stacking === 'BEST' && discounts.length > 1)
    warnings.push('Of several discounts only the one that takes off most counts.');
  return warnings;
}
