import type { Discount, TimeMeaning } from './tariff/discount.ts';

export const DISCOUNT_KINDS = ['MONEY', 'PERCENT', 'TIME'] as const;
export type DiscountKind = (typeof DISCOUNT_KINDS)[number];

/** What a discount of time moves: the arrival later, the departure earlier, or whichever of the two costs the driver least. */
export const TIME_MEANINGS = [
  'LOWEST_PRICE',
  'LATER_ARRIVAL',
  'EARLIER_DEPARTURE',
] as const satisfies readonly TimeMeaning[];

/** What a discount takes off: an amount in minor units, a percentage, or minutes. */
export type DiscountValue =
  | { readonly kind: 'MONEY'; readonly minor: number }
  | { readonly kind: 'PERCENT'; readonly percent: number }
  | { readonly kind: 'TIME'; readonly minutes: number; readonly meaning: TimeMeaning };

/** A value as a row keeps it: the columns of other kinds are null. */
export interface DiscountColumns {
  readonly kind: DiscountKind;
  readonly minor?: number | null | undefined;
  readonly percent?: number | null | undefined;
  readonly minutes?: number | null | undefined;
  readonly meaning?: TimeMeaning | null | undefined;
}

/** Larger ones are slips of the finger. */
const MOST_MINOR = 1_000_000_000;
const MOST_MINUTES = 7 * 24 * 60;

/** What is wrong with a value, and with which part of it; undefined when nothing is. */
export function discountValueProblem(value: DiscountValue): { field: string; message: string } | undefined {
  switch (value.kind) {
    case 'MONEY':
      return inRange(value.minor, MOST_MINOR)
        ? undefined
        : { field: 'money', message: `1 to ${MOST_MINOR} minor units` };
    case 'PERCENT':
      return inRange(value.percent, 100) ? undefined : { field: 'percent', message: '1 to 100 per cent' };
    case 'TIME':
      return inRange(value.minutes, MOST_MINUTES)
        ? undefined
        : { field: 'time', message: `1 to ${MOST_MINUTES} minutes` };
  }
}

/** The columns of a value. */
export function columnsOf(value: DiscountValue): Required<DiscountColumns> {
  const none = { minor: null, percent: null, minutes: null, meaning: null };
  return { ...none, ...value };
}

/** The value of columns; throws on a row that no verb of ours wrote. */
export function valueOf(columns: DiscountColumns): DiscountValue {
  const { kind, minor, percent, minutes, meaning } = columns;
  if (kind === 'MONEY' && minor != null) return { kind, minor };
  if (kind === 'PERCENT' && percent != null) return { kind, percent };
  if (kind === 'TIME' && minutes != null && meaning != null) return { kind, minutes, meaning };
  throw new Error(`a discount of ${kind} has no value`);
}

/** A discount as a price takes it: its value, and what stands on the line. */
export function discountOf(about: Pick<Discount, 'source' | 'id' | 'name'>, value: DiscountValue): Discount {
  return { ...about, ...value };
}

function inRange(value: number, most: number): boolean {
  return Number.isSafeInteger(value) && value >= 1 && value <= most;
}
