import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price, TariffDocument } from '../domain/tariff/document.ts';
import { priceStay } from '../domain/tariff/engine.ts';

/** What a price depends on. A quote carries the tariff's id and the multiplier, so that the same price comes out again. */
export interface SpotToPrice {
  readonly lot: { readonly timeZone: string };
  readonly tariff: { readonly document: TariffDocument };
  readonly spotType: SpotType;
  readonly period: Period;
  readonly multiplierPercent: number;
}

/** The price of a spot of that type for a period, with its lines, in minor units of the tariff's currency. Pure. */
export function priceSpot({ lot, tariff, spotType, period, multiplierPercent }: SpotToPrice): Price {
  return priceStay({ tariff: tariff.document, timeZone: lot.timeZone, period, spotType, multiplierPercent });
}
