import type { EntityManager } from '@mikro-orm/postgresql';
import { findConcessions, type BroughtAlong } from '../discounts/find-concessions.ts';
import { refusePrice } from '../discounts/find-promo-code.ts';
import { addMinutes, type Period } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price } from '../domain/tariff/document.ts';
import { multiplierPercent } from '../domain/tariff/multiplier.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Lot } from '../entities/lot.ts';
import { Vehicle } from '../entities/vehicle.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { alternatives, type Alternative } from './alternatives.ts';
import { findOpenLot, refusePeriod, wantedTypes } from './bookable.ts';
import { countSpots, type SpotCount } from './count-spots.ts';
import { takenPercent } from './occupancy.ts';
import { priceSpot, type SpotToPrice } from './price-spot.ts';
import { issueQuote, QUOTE_MINUTES } from './quote-token.ts';

export interface QuoteRequest extends BroughtAlong {
  readonly lotId: string;
  readonly period: Period;
  /** Only this type; without it the first type that takes the vehicle and is free. */
  readonly spotType?: SpotType;
  /** CAR unless told. */
  readonly vehicleClass?: VehicleClass;
  /** One of the asking driver's vehicles, instead of its class. */
  readonly vehicleId?: string;
}

/** A price for a period, kept until `expiresAt`, and whether there is a spot to have for it. Nothing is held. */
export interface Quote {
  /** The token that `reserveSpot` takes. */
  readonly quoteId: string;
  readonly lot: Lot;
  readonly period: Period;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly available: boolean;
  readonly spotsFree: number;
  readonly price: Price;
  /** What `nextSpotPrices` needs for the price of a longer stay. */
  readonly priced: SpotToPrice;
  readonly multiplierPercent: number;
  readonly expiresAt: Date;
  /** Empty while it is available. */
  readonly alternatives: readonly Alternative[];
}

/**
 * Answers "is it free, at what price, and if not what is near" for one lot. Writes nothing, locks nothing, and needs no sign-in
 * (a vehicle by id needs its driver).
 * Refuses with LOT_NOT_FOUND, LOT_CLOSED, VEHICLE_NOT_FOUND, the PERIOD_ reasons, SPOT_DOES_NOT_FIT, SPOT_NOT_FOUND (no spot of such a type),
 * the PROMO_CODE_ and MONTHLY_PASS_ reasons.
 */
export async function quote(platform: Platform, request: QuoteRequest, viewer?: Viewer): Promise<Quote> {
  const em = platform.orm.em.fork();
  const now = platform.clock.now();
  const { lotId, period } = request;
  const { lot, tariff } = await findOpenLot(em, lotId);
  const vehicleClass = await vehicleClassOf(em, request, viewer);
  refusePeriod({ lot, tariff, period }, now);
  const wanted = wantedTypes(request.spotType, vehicleClass);
  const counts = await countSpots(em, { lotIds: [lotId], period, now, spotTypes: wanted });
  const count = pick(wanted, counts);
  const percent = multiplierPercent(tariff.document, takenPercent(count));
  const { spotType } = count;
  const available = count.free > 0;
  const expiresAt = addMinutes(now, QUOTE_MINUTES);
  const driverId = viewer?.kind === 'DRIVER' ? viewer.driverId : undefined;
  const found = await findConcessions(em, { ...request, lot, now, driverId });
  const { concessions } = found;
  const priced = { lot, tariff, spotType, vehicleClass, period, multiplierPercent: percent, concessions };
  if (found.promoCode) refusePrice(found.promoCode, priceWithoutPromo(priced));
  const offer = { lotId, period, spotType, vehicleClass, tariffId: tariff.id, multiplierPercent: percent, expiresAt };
  return {
    quoteId: issueQuote(platform, { ...offer, concessions }),
    lot,
    period,
    spotType,
    vehicleClass,
    available,
    spotsFree: count.free,
    price: priceSpot(priced),
    priced,
    multiplierPercent: percent,
    expiresAt,
    alternatives: available ? [] : await alternatives(em, { lot, vehicleClass, spotTypes: wanted, period, now }),
  };
}

async function vehicleClassOf(
  em: EntityManager,
  request: QuoteRequest,
  viewer: Viewer | undefined,
): Promise<VehicleClass> {
  if (request.vehicleId === undefined) return request.vehicleClass ?? 'CAR';
  const driverId = viewer?.kind === 'DRIVER' ? viewer.driverId : undefined;
  const own = driverId && (await em.findOne(Vehicle, { id: request.vehicleId, driverId, removedAt: null }));
  if (!own) throw new Refusal('VEHICLE_NOT_FOUND', 'You have no such vehicle.', { field: ['vehicleId'] });
  return own.vehicleClass;
}

/** What a promo code is measured by: what the parking costs without it, in minor units. */
export function priceWithoutPromo(priced: SpotToPrice): number {
  const { promo: _promo, ...others } = priced.concessions ?? {};
  return priceSpot({ ...priced, concessions: others }).totalMinor;
}

/** The best fitting type with a free spot; when all are taken the best fitting one that the lot has, for its price. */
function pick(bestFirst: readonly SpotType[], counts: readonly SpotCount[]): SpotCount {
  const has = bestFirst.flatMap((type) => counts.filter((count) => count.spotType === type));
  const picked = has.find((count) => count.free > 0) ?? has[0];
  if (!picked)
    throw new Refusal('SPOT_NOT_FOUND', 'This lot has no spot that takes this vehicle.', { field: ['spotType'] });
  return picked;
}
