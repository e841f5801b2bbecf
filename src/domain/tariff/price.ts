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
