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

/** The rules a line can come from, by their machine names. */
export const PRICE_RULES = ['GRACE', 'STEP', 'MULTIPLIER', 'DAILY_CAP'] as const;
export type PriceRule = (typeof PRICE_RULES)[number];

/**
 * One reason for one amount. `localFrom` and `localTo` are the lot's clock ("2026-10-24T22:00:00", no offset);
 * `amountMinor` is `quantity` times `unitMinor`, `runningMinor` the sum so far.
 */
export interface PriceLine {
  readonly rule: string;
  readonly description: string;
  readonly localFrom: string;
  readonly localTo: string;
  readonly quantity: number;
  readonly unitMinor: number;
  readonly amountMinor: number;
  readonly runningMinor: number;
}

/** A price that explains itself: the lines' amounts sum to the total, always. Minor units of `currency`, tax included. */
export interface Price {
  readonly totalMinor: number;
  readonly currency: string;
  readonly lines: readonly PriceLine[];
}
