// A tariff as an operator publishes it. Sixteen questions that every garage answers, often without knowing, are fields here or have a
// default that is said; the number of the question stands beside the field. Amounts are whole minor units of `currency`, times of day
// "HH:MM" and dates "YYYY-MM-DD" on the lot's own clock.

import type { SpotType } from '../spot-type.ts';
import type { VehicleClass } from '../vehicle.ts';

/** A date on the lot's clock: "2026-12-24". */
export type LocalDate = string;
/** A time of day on the lot's clock, "00:00" to "23:59"; an end may be "24:00". */
export type TimeOfDay = string;

export const WEEKDAY_NAMES = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
export type WeekdayName = (typeof WEEKDAY_NAMES)[number];

export const DAY_CLASSES = [...WEEKDAY_NAMES, 'WEEKDAY', 'WEEKEND', 'HOLIDAY', 'HOLIDAY_EVE'] as const;
/** What kinds of date something holds on; an event of the calendar is named `EVENT:Name`. */
export type DayName = (typeof DAY_CLASSES)[number] | `EVENT:${string}`;

/** A stretch of every day; `to` at or before `from` runs over midnight and belongs to the date on which it starts. */
export interface TimeWindow {
  readonly from: TimeOfDay;
  readonly to: TimeOfDay;
}

/** Every block that counts costs `minor` × `blockMinutes` ÷ `perMinutes`, exactly; after `times` blocks the next step is read. */
export interface Step {
  readonly blockMinutes: number;
  readonly minor: number;
  /** For how long `minor` is the price; `blockMinutes` unless told. "0.60 per half hour, by the minute" is 60, 30 and 1. */
  readonly perMinutes?: number;
  /** The last step of a band has none: it goes on for ever. */
  readonly times?: number;
}

/** What holds in one part of the day. Without `from` and `to` it holds all day, without `days` on every date. */
export interface Band extends Partial<TimeWindow> {
  readonly name: string;
  readonly days?: readonly DayName[];
  readonly steps: readonly Step[];
  /** Question 1: the most that one window of this band costs ("night, at most 5.00"). */
  readonly capMinor?: number;
}

export const CAP_WINDOWS = ['ROLLING', 'CALENDAR_DAY', 'BUSINESS_DAY'] as const;

/** Questions 1 and 2: the most that a stretch of time costs. A block counts where it starts. */
export interface Cap {
  /** ROLLING: stretches of `minutes` (1440) one after the other from the entry. BUSINESS_DAY: from `dayStartsAt` to the next. */
  readonly window: (typeof CAP_WINDOWS)[number];
  readonly minutes?: number;
  readonly dayStartsAt?: TimeOfDay;
  readonly minor: number;
  /** false: only the stay's first window is capped. */
  readonly repeats?: boolean;
}

export const STEP_RESTARTS = ['STAY', 'DAY', 'WINDOW'] as const;

/** What some spots cost some vehicles; without lists, every spot and vehicle. */
export interface Rate {
  readonly name: string;
  readonly spotTypes?: readonly SpotType[];
  readonly vehicleClasses?: readonly VehicleClass[];
  readonly bands: readonly Band[];
  readonly caps?: readonly Cap[];
  /**
   * From where the minutes are counted at which a list of steps is read. STAY: from where charging starts. DAY: anew on each date (at
   * `dayStartsAt` of the first BUSINESS_DAY cap, else at midnight). WINDOW: anew whenever the band begins.
   */
  readonly stepsRestart?: (typeof STEP_RESTARTS)[number];
}

export const AFTER_OFFER = ['RATES', 'NOTHING'] as const;

/** Question 9: a flat price for stays that fit all of what it names. */
export interface Offer {
  readonly name: string;
  readonly minor: number;
  /** Classes of the entry's date; any of them will do. */
  readonly days?: readonly DayName[];
  readonly entry?: TimeWindow;
  readonly exit?: TimeWindow;
  readonly minStayMinutes?: number;
  readonly maxStayMinutes?: number;
  /** How long it covers: so many minutes, until that time, else until the exit window's first end, else the whole stay. */
  readonly coversMinutes?: number;
  readonly coversUntil?: TimeOfDay;
  /** RATES: after that the rates go on as for a stay that begins there. NOTHING: only stays that end by then fit. */
  readonly then?: (typeof AFTER_OFFER)[number];
  /** Only for holders of one of the lot's monthly passes. */
  readonly holdersOnly?: boolean;
  readonly spotTypes?: readonly SpotType[];
  readonly vehicleClasses?: readonly VehicleClass[];
  /** For `offerChoice: PRIORITY`; the lowest wins. 0 unless told. */
  readonly priority?: number;
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

export const GRACE_KINDS = ['ABSORBED', 'DEDUCTED'] as const;

/** Question 6. ABSORBED: a longer stay is charged from its first minute. DEDUCTED: the first minutes are never charged. */
export interface Grace {
  readonly minutes: number;
  readonly kind: (typeof GRACE_KINDS)[number];
}

export const PAY_POINTS = ['APP', 'KIOSK', 'CASH', 'TERMINAL'] as const;
/** Where a driver has paid. */
export type PayPoint = (typeof PAY_POINTS)[number];

/** Question 8: how long an exit stays open after paying. */
export interface ExitGrace {
  readonly minutes: number;
  readonly byPayPoint?: Readonly<Partial<Record<PayPoint, number>>>;
}

export const BLOCK_ROUNDINGS = ['UP', 'DOWN', 'NEAREST'] as const;
export type BlockRounding = (typeof BLOCK_ROUNDINGS)[number];
export const ROUNDED_OVER = ['SEGMENT', 'STAY'] as const;

/**
 * Question 5: how a part of a block counts. SEGMENT: the last block before each edge that cuts, and of the stay, is rounded. STAY: only
 * the stay's last one; a block that an edge cuts is charged by its exact share.
 */
export interface BlockRule {
  readonly rounding: BlockRounding;
  readonly over: (typeof ROUNDED_OVER)[number];
}

export interface CalendarEvent {
  readonly name: string;
  readonly dates: readonly LocalDate[];
}

/** Which dates are special. The weekend is Saturday and Sunday unless told; the eve of a holiday is the date before it. */
export interface TariffCalendar {
  readonly weekend?: readonly WeekdayName[];
  readonly holidays?: readonly LocalDate[];
  readonly events?: readonly CalendarEvent[];
}

export const LIMITS_APPLY = ['BEFORE_TAX', 'AFTER_TAX'] as const;

/** Question 13: the least and the most that a stay costs that is not free. */
export interface PriceLimits {
  readonly minimumMinor?: number;
  readonly maximumMinor?: number;
  readonly apply?: (typeof LIMITS_APPLY)[number];
}

export const TAX_MODES = ['INCLUDED', 'ADDED'] as const;

/** Question 13: amounts contain the tax, or it comes on top. The percentage has at most two decimals. */
export interface TariffTax {
  readonly percent: number;
  readonly mode: (typeof TAX_MODES)[number];
  readonly name?: string;
}

/** Question 13: to which multiple of minor units. */
export interface AmountRounding {
  readonly toMinor: number;
  readonly mode: BlockRounding;
}

export const DISCOUNT_SOURCES = ['VALIDATION', 'PROMO'] as const;
export type DiscountSource = (typeof DISCOUNT_SOURCES)[number];
export const STACKINGS = ['ALL', 'BEST'] as const;

/** Question 14. ALL: one after the other on what is left. BEST: only the one that takes off most. */
export interface DiscountRule {
  readonly order?: readonly DiscountSource[];
  readonly stacking?: (typeof STACKINGS)[number];
}

export const EARLY_ARRIVALS = ['FREE', 'TARIFF'] as const;
export const OVERSTAY_METHODS = ['CONTINUE', 'SEPARATE'] as const;

/** What a reserved stay costs beside its promised period. */
export interface ReservedRule {
  /** FREE: nothing before the promised start. TARIFF: what the stay from the entry costs more. */
  readonly earlyArrival?: (typeof EARLY_ARRIVALS)[number];
  readonly overstay?: OverstayRule;
}

/**
 * CONTINUE: what the stay until the exit costs more than the promised period. SEPARATE: the time past the end as a stay of its own
 * without grace. Times `percent` (100), plus `displacedMinor` if another driver had to be moved.
 */
export interface OverstayRule {
  readonly method: (typeof OVERSTAY_METHODS)[number];
  readonly percent?: number;
  readonly displacedMinor?: number;
}

export const TARIFF_CLOCKS = ['ELAPSED', 'WALL'] as const;
export const EDGE_RULES = ['RUN_ON', 'CUT', 'ENTRY', 'EXIT'] as const;
export type EdgeRule = (typeof EDGE_RULES)[number];
export const DAY_CLASS_RULES = ['EACH_DAY', 'ENTRY'] as const;
export const OFFER_CHOICES = ['CHEAPEST', 'PRIORITY'] as const;
export const VERSION_MOMENTS = ['BOOKING', 'ENTRY', 'EXIT'] as const;
export type VersionMoment = (typeof VERSION_MOMENTS)[number];

/** One published version of a lot's prices. */
export interface TariffDocument {
  readonly version: 1;
  /** The lot's. */
  readonly currency: string;
  /** Question 12. ELAPSED (default): the hours that passed. WALL: the hours the wall shows, so 22:00 to 06:00 is always eight. */
  readonly clock?: (typeof TARIFF_CLOCKS)[number];
  readonly grace?: Grace;
  /** Question 7: back within this time, the clock goes on from the first entry. Absent: every visit stands alone. */
  readonly reentry?: { readonly withinMinutes: number };
  readonly exitGrace?: ExitGrace;
  /**
   * Questions 3 and 4. RUN_ON (default): a block costs what holds where it starts, and runs on through the edge. CUT: an edge ends the
   * block and begins another. ENTRY, EXIT: the whole stay by the band of its entry or exit.
   */
  readonly edges?: EdgeRule;
  readonly blocks?: BlockRule;
  /** Question 11. EACH_DAY (default): each date has its own class. ENTRY: that of the entry's date holds throughout. */
  readonly dayClass?: (typeof DAY_CLASS_RULES)[number];
  readonly calendar?: TariffCalendar;
  /** The first whose lists take the stay; the last takes everything. */
  readonly rates: readonly Rate[];
  readonly offers?: readonly Offer[];
  /** Question 10. CHEAPEST (default): the least of rates and fitting offers. PRIORITY: the fitting offer of the lowest number. */
  readonly offerChoice?: (typeof OFFER_CHOICES)[number];
  readonly multiplier?: TariffMultiplier;
  readonly limits?: PriceLimits;
  readonly tax?: TariffTax;
  readonly rounding?: AmountRounding;
  /** Of what is handed over in cash, never of the price. */
  readonly cashRounding?: AmountRounding;
  readonly discounts?: DiscountRule;
  /** Question 15: the price of a stay whose entry is unknown. */
  readonly lostCredentialMinor?: number;
  /** Question 16: which version prices what was not promised. The oldest of the versions in question says it. */
  readonly versionAt?: VersionMoment;
  /** A quote beyond is refused; a stay beyond is priced by the same rules and shown to a person. */
  readonly longestStayMinutes?: number;
  readonly reserved?: ReservedRule;
}

/** The rules a line can come from, by their machine names, in the order in which they are applied. */
export const PRICE_RULES = [
  'GRACE',
  'BLOCK',
  'OFFER',
  'MONTHLY_PASS',
  'MULTIPLIER',
  'WINDOW_CAP',
  'CAP',
  'MINIMUM',
  'MAXIMUM',
  'VALIDATION',
  'PROMO',
  'TAX',
  'ROUNDING',
  'REENTRY',
  'EARLY_ARRIVAL',
  'OVERSTAY',
  'DISPLACED',
  'LOST_CREDENTIAL',
] as const;
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
  /** The tax contained in the total; 0 when the tariff names none. */
  readonly taxMinor: number;
  readonly taxPercent?: number;
}
