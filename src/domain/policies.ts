import { FieldReader } from './field-reader.ts';
import type { FieldError } from './field-reader.ts';

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

/** When a plate that was read is taken for one that is expected, though it is not spelled the same. */
export interface PlateMatchingPolicy {
  /** In how many characters that cameras confuse it may differ: 0, 1 or 2. */
  readonly maxConfusions: number;
  /** From this much at stake (minor units) on, only the exact plate counts; below it, the more the surer the camera must be. */
  readonly exactFromMinor: number;
}

/** What a lot has that says nothing else about plates. */
export const DEFAULT_PLATE_MATCHING: PlateMatchingPolicy = { maxConfusions: 1, exactFromMinor: 20_000 };

/** What a lot gives back that says nothing else. */
export const DEFAULT_NO_SPOT_REFUND_PERCENT = 100;

/** How much longer a lot waits that says nothing else. */
export const DEFAULT_LATE_NOTICE_MINUTES = 30;

/** What a lot promises and asks beside its tariff. It is copied onto each reservation, so a later change touches no promise. */
export interface LotPolicy {
  /** How long a spot is kept while the driver pays. */
  readonly holdMinutes: number;
  /** How long after the start a driver may come before the spot is given away. */
  readonly graceMinutes: number;
  /** How much longer the spot waits for a driver who says before then that they are late; absent in policies that were stored before: 0. */
  readonly lateNoticeMinutes?: number;
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
  /** How much of the price comes back (percent) when there is no spot for a driver; absent in those written before it was asked. */
  readonly noSpotRefundPercent?: number;
  /** Whether a driver who comes after the grace gets a spot again, if there is one, for what is left of the period. */
  readonly reinstateLateArrival: boolean;
  readonly allocationStrategy: AllocationStrategy;
  /** Absent in policies that were stored before there was one: DEFAULT_PLATE_MATCHING. */
  readonly plateMatching?: PlateMatchingPolicy;
  /** Whether a pass opens an entry only with the code of the moment from its driver's phone; absent: no. */
  readonly livePass?: boolean;
}

/** What a lot has that says nothing else. */
export const DEFAULT_LOT_POLICY: LotPolicy = {
  holdMinutes: 10,
  graceMinutes: 30,
  lateNoticeMinutes: DEFAULT_LATE_NOTICE_MINUTES,
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
  noSpotRefundPercent: DEFAULT_NO_SPOT_REFUND_PERCENT,
  plateMatching: DEFAULT_PLATE_MATCHING,
  livePass: false,
};

const DAY_MINUTES = 24 * 60;
const YEAR_MINUTES = 366 * DAY_MINUTES;
const PERCENT = { min: 0, max: 100 };
const MAX_MINOR = 1_000_000_000;

/**
 * Reads a lot's policy from a document; what it leaves out has DEFAULT_LOT_POLICY's value. Gives the policy, or everything that is
 * wrong with the document at once, each with its field ("noShow.percent").
 */
export function checkLotPolicy(value: unknown): { policy: LotPolicy } | { errors: FieldError[] } {
  const reader = new FieldReader(value);
  const usual = DEFAULT_LOT_POLICY;
  const policy: LotPolicy = {
    holdMinutes: reader.integer('holdMinutes', { min: 1, max: 60 }, usual.holdMinutes),
    graceMinutes: reader.integer('graceMinutes', { min: 0, max: DAY_MINUTES }, usual.graceMinutes),
    lateNoticeMinutes: reader.integer('lateNoticeMinutes', { min: 0, max: DAY_MINUTES }, DEFAULT_LATE_NOTICE_MINUTES),
    earlyEntryMinutes: reader.integer('earlyEntryMinutes', { min: 0, max: DAY_MINUTES }, usual.earlyEntryMinutes),
    exitGraceMinutes: reader.integer('exitGraceMinutes', { min: 0, max: DAY_MINUTES }, usual.exitGraceMinutes),
    minStayMinutes: reader.integer('minStayMinutes', { min: 1, max: YEAR_MINUTES }, usual.minStayMinutes),
    maxStayMinutes: reader.integer('maxStayMinutes', { min: 1, max: YEAR_MINUTES }, usual.maxStayMinutes),
    maxAdvanceDays: reader.integer('maxAdvanceDays', { min: 1, max: 730 }, usual.maxAdvanceDays),
    usualStayMinutes: reader.integer('usualStayMinutes', { min: 1, max: YEAR_MINUTES }, usual.usualStayMinutes),
    cancellation: readCancellation(reader.section('cancellation')),
    earlyDeparture: readEarlyDeparture(reader.section('earlyDeparture')),
    noShow: reader.has('noShow') ? readNoShow(reader.section('noShow')) : usual.noShow,
    reinstateLateArrival: reader.boolean('reinstateLateArrival', usual.reinstateLateArrival),
    allocationStrategy: reader.oneOf('allocationStrategy', ALLOCATION_STRATEGIES, usual.allocationStrategy),
    noSpotRefundPercent: reader.integer('noSpotRefundPercent', PERCENT, DEFAULT_NO_SPOT_REFUND_PERCENT),
    plateMatching: readPlateMatching(reader.section('plateMatching')),
    livePass: reader.boolean('livePass', false),
  };
  if (policy.minStayMinutes > policy.maxStayMinutes)
    reader.refuse('minStayMinutes', 'must not be above maxStayMinutes');
  reader.refuseUnknown();
  return reader.errors.length > 0 ? { errors: reader.errors } : { policy };
}

function readCancellation(reader: FieldReader): CancellationPolicy {
  const usual = DEFAULT_LOT_POLICY.cancellation;
  const before = { min: 0, max: YEAR_MINUTES };
  const cancellation = {
    freeUntilMinutesBefore: reader.integer('freeUntilMinutesBefore', before, usual.freeUntilMinutesBefore),
    refundPercentAfter: reader.integer('refundPercentAfter', PERCENT, usual.refundPercentAfter),
  };
  reader.refuseUnknown();
  return cancellation;
}

function readEarlyDeparture(reader: FieldReader): EarlyDeparturePolicy {
  const usual = DEFAULT_LOT_POLICY.earlyDeparture;
  const charged = { min: 0, max: YEAR_MINUTES };
  const earlyDeparture = {
    refundPercent: reader.integer('refundPercent', PERCENT, usual.refundPercent),
    minimumChargeMinutes: reader.integer('minimumChargeMinutes', charged, usual.minimumChargeMinutes),
  };
  reader.refuseUnknown();
  return earlyDeparture;
}

function readPlateMatching(reader: FieldReader): PlateMatchingPolicy {
  const usual = DEFAULT_PLATE_MATCHING;
  const plateMatching = {
    maxConfusions: reader.integer('maxConfusions', { min: 0, max: 2 }, usual.maxConfusions),
    exactFromMinor: reader.integer('exactFromMinor', { min: 0, max: MAX_MINOR }, usual.exactFromMinor),
  };
  reader.refuseUnknown();
  return plateMatching;
}

/** A fee needs its own figure and takes no other: a percentage beside FULL would be a promise that nobody keeps. */
function readNoShow(reader: FieldReader): NoShowPolicy {
  if (!reader.has('fee')) reader.refuse('fee', `must be one of ${NO_SHOW_FEES.join(', ')}`);
  const fee = reader.oneOf('fee', NO_SHOW_FEES, 'NONE');
  const figure = readNoShowFigure(reader, fee);
  reader.refuseUnknown();
  return { fee, ...figure };
}

function readNoShowFigure(reader: FieldReader, fee: NoShowFeeKind): Omit<NoShowPolicy, 'fee'> {
  switch (fee) {
    case 'FIXED':
      return { fixedMinor: reader.integer('fixedMinor', { min: 0, max: MAX_MINOR }) };
    case 'PERCENT':
      return { percent: reader.integer('percent', PERCENT) };
    case 'FIRST_HOURS':
      return { hours: reader.integer('hours', { min: 1, max: 366 * 24 }) };
    case 'NONE':
    case 'FULL':
      return {};
  }
}
