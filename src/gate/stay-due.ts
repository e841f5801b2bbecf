import { concededPrice, type Concessions } from '../domain/concessions.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Price, TariffDocument } from '../domain/tariff/document.ts';
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
export function walkInPrice(stay: WalkInToPrice, { now, tariff, timeZone }: PricedAt): Price {
  const { enteredAt, spotType, vehicleClass = 'CAR', multiplierPercent, concessions } = stay;
  const period = { startsAt: enteredAt, endsAt: now };
  return concededPrice({ tariff, timeZone, period, spotType, vehicleClass, multiplierPercent }, concessions);
}

/** What a walk-in owes at an instant: its price so far, less what it has paid; minor units, never negative. */
export function walkInDue(stay: WalkInToPrice & { readonly paidMinor: number }, at: PricedAt): number {
  return Math.max(0, walkInPrice(stay, at).totalMinor - stay.paidMinor);
}
