/** What a driver who does not come pays. */
export const NO_SHOW_FEES = ['NONE', 'FIXED', 'PERCENT', 'FIRST_HOURS', 'FULL'] as const;
export type NoShowFeeKind = (typeof NO_SHOW_FEES)[number];

/** How a spot is chosen among the free ones of the pools that fit. */
export const ALLOCATION_STRATEGIES = ['NEAREST', 'BEST_FIT', 'TIGHTEST_GAP'] as const;
export type AllocationStrategy = (typeof ALLOCATION_STRATEGIES)[number];

/** Until when cancelling is free (minutes before the start), and how much of the price comes back afterwards (percent). */
export interface CancellationPolicy {
  readonly freeUntilMinutesBefore: number;
  readonly refundPercentAfter: number;
}

/** How much of the unused part comes back (percent), and how many minutes are charged in any case. */
export interface EarlyDeparturePolicy {
  readonly refundPercent: number;
  readonly minimumChargeMinutes: number;
}

/** The fee of a no-show: FIXED needs `fixedMinor` (minor units of the lot's currency), PERCENT `percent`, FIRST_HOURS `hours`. */
export interface NoShowPolicy {
  readonly fee: NoShowFeeKind;
  readonly fixedMinor?: number;
  readonly percent?: number;
  readonly hours?: number;
}

/** What a lot promises and asks beside its tariff. It is copied onto each reservation, so a later change touches no promise. */
export interface LotPolicy {
  /** How long a spot is kept while the driver pays. */
  readonly holdMinutes: number;
  /** How long after the start a driver may come before the spot is given away. */
  readonly graceMinutes: number;
  readonly earlyEntryMinutes: number;
  /** How long after the end, or after paying, the exit opens without a further charge. */
  readonly exitGraceMinutes: number;
  readonly minStayMinutes: number;
  readonly maxStayMinutes: number;
  readonly maxAdvanceDays: number;
  /** How long a walk-in is expected to stay. */
  readonly usualStayMinutes: number;
  readonly cancellation: CancellationPolicy;
  readonly earlyDeparture: EarlyDeparturePolicy;
  readonly noShow: NoShowPolicy;
  /** Whether a driver who comes after the grace gets a spot again, if there is one, for what is left of the period. */
  readonly reinstateLateArrival: boolean;
  readonly allocationStrategy: AllocationStrategy;
}

/** What a lot has that says nothing else. */
export const DEFAULT_LOT_POLICY: LotPolicy = {
  holdMinutes: 10,
  graceMinutes: 30,
  earlyEntryMinutes: 15,
  exitGraceMinutes: 15,
  minStayMinutes: 15,
  maxStayMinutes: 14 * 24 * 60,
  maxAdvanceDays: 180,
  usualStayMinutes: 240,
  cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 },
  earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 60 },
  noShow: { fee: 'FIRST_HOURS', hours: 24 },
  reinstateLateArrival: true,
  allocationStrategy: 'NEAREST',
};

/** One thing that is wrong, and where ("cancellation.refundPercentAfter"). */
export interface FieldError {
  readonly field: string;
  readonly message: string;
}
