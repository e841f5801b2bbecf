import type { SpotType } from '../spot-type.ts';

/** The price of one spot type: every `stepMinutes` that are started cost `stepMinor`, at most `dailyCapMinor` a local day. */
export interface TariffRate {
  readonly stepMinutes: number;
  readonly stepMinor: number;
  readonly dailyCapMinor?: number;
}

/** At this occupancy (percent of the lot's spots) prices are this percentage of the rate. */
export interface MultiplierPoint {
  readonly occupancyPercent: number;
  readonly percent: number;
}

/** How prices follow occupancy: straight lines between the points, never outside floor and ceiling. */
export interface TariffMultiplier {
  readonly floorPercent: number;
  readonly ceilingPercent: number;
  readonly points: readonly MultiplierPoint[];
}

/** One published version of a lot's prices. Amounts are minor units of `currency` and include tax. */
export interface TariffDocument {
  readonly version: 1;
  readonly currency: string;
  readonly rates: Readonly<Partial<Record<SpotType, TariffRate>>>;
  readonly defaultRate: TariffRate;
  /** A stay up to this long is free; a longer one is charged from its first minute. */
  readonly graceMinutes: number;
  readonly multiplier?: TariffMultiplier;
  readonly taxPercent?: number;
}
