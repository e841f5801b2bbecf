import { concededPrice, type Concessions } from '../domain/concessions.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price, TariffDocument } from '../domain/tariff/document.ts';
import type { StayToPrice } from '../domain/tariff/engine.ts';
import { nextPrices, type NextPrice } from '../domain/tariff/next-prices.ts';
import type { VehicleClass } from '../domain/vehicle.ts';

/** A walk-in as its price needs it. */
export interface WalkInToPrice {
  readonly enteredAt: Date;
  readonly spotType: SpotType;
  /** CAR where it is not known. */
  readonly vehicleClass?: VehicleClass | undefined;
  readonly multiplierPercent: number;
  readonly concessions?: Concessions | null | undefined;
}

interface PricedAt {
  readonly now: Date;
  readonly tariff: TariffDocument;
  readonly timeZone: string;
}

/** What a walk-in that leaves at an instant costs, with everything that makes it cheaper. The gates and the rows ask the same. */
export function walkInPrice(stay: WalkInToPrice, at: PricedAt): Price {
  return concededPrice(pricedAs(stay, at), stay.concessions);
}

/** What the whole visit costs if it leaves later: the next four prices within a day. */
export function nextWalkInPrices(stay: WalkInToPrice, at: PricedAt): NextPrice[] {
  const { concessions } = stay;
  const priceOf = (longer: StayToPrice) => concededPrice(longer, concessions);
  return nextPrices(pricedAs(stay, at), concessions == null ? {} : { priceOf });
}

function pricedAs(stay: WalkInToPrice, { now, tariff, timeZone }: PricedAt): StayToPrice {
  const { enteredAt, spotType, vehicleClass = 'CAR', multiplierPercent } = stay;
  const period = { startsAt: enteredAt, endsAt: now };
  return { tariff, timeZone, period, spotType, vehicleClass, multiplierPercent };
}

/** What a walk-in owes at an instant: its price so far, less what it has paid; minor units, never negative. */
export function walkInDue(stay: WalkInToPrice & { readonly paidMinor: number }, at: PricedAt): number {
  return Math.max(0, walkInPrice(stay, at).totalMinor - stay.paidMinor);
}
