import { concededPrice, type Concessions } from '../domain/concessions.ts';
import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price, TariffDocument } from '../domain/tariff/document.ts';
import type { StayToPrice } from '../domain/tariff/engine.ts';
import { nextPrices, type NextPrice } from '../domain/tariff/next-prices.ts';
import type { VehicleClass } from '../domain/vehicle.ts';

/** What a price depends on. A quote carries the tariff's id and the multiplier, so that the same price comes out again. */
export interface SpotToPrice {
  readonly lot: { readonly timeZone: string };
  readonly tariff: { readonly document: TariffDocument };
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly period: Period;
  readonly multiplierPercent: number;
  /** What makes it cheaper; nothing unless told. */
  readonly concessions?: Concessions | null | undefined;
}

/** The price of a spot of that type for a period, with its lines, in minor units of the tariff's currency. Pure. */
export function priceSpot(spot: SpotToPrice): Price {
  return concededPrice(stayOf(spot), spot.concessions);
}

/** What the spot would cost for longer: the next four prices within a day of the period's end. Pure. */
export function nextSpotPrices(spot: SpotToPrice): NextPrice[] {
  const { concessions } = spot;
  const priceOf = (stay: StayToPrice) => concededPrice(stay, concessions);
  return nextPrices(stayOf(spot), concessions == null ? {} : { priceOf });
}

function stayOf({ lot, tariff, spotType, vehicleClass, period, multiplierPercent }: SpotToPrice): StayToPrice {
  return { tariff: tariff.document, timeZone: lot.timeZone, period, spotType, vehicleClass, multiplierPercent };
}
