// What a field of a tariff may be, and which parts have which fields.

import type * as document from '../src/domain/tariff/document.ts';

export type Shape =
  | { readonly kind: 'integer' | 'hundredths'; readonly min: number; readonly max: number }
  | { readonly kind: 'name' | 'currency' | 'date' | 'day' | 'boolean' }
  | { readonly kind: 'time'; readonly end?: boolean }
  | { readonly kind: 'one of'; readonly names: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape; readonly least: number; readonly most: number }
  | { readonly kind: 'part'; readonly part: PartName };

export interface Field {
  readonly shape: Shape;
  /** What holds without it; undefined: it must be there. */
  readonly otherwise?: string;
  readonly text: string;
}

export const PART_NAMES = [
  ...([
    'Tariff',
    'Rate',
    'Band',
    'Step',
    'Cap',
    'Offer',
    'Window',
    'Grace',
    'Reentry',
    'ExitGrace',
    'PayPoints',
  ] as const),
  ...(['Blocks', 'Calendar', 'Event', 'Multiplier', 'Point', 'Limits', 'Tax', 'Rounding', 'Discounts'] as const),
  ...(['Reserved', 'Overstay'] as const),
] as const;
export type PartName = (typeof PART_NAMES)[number];

type Fields<T> = Readonly<Record<keyof T, Field>>;

/** Every field of every part: the compiler knows when one is missing. */
export interface AllFields {
  readonly Tariff: Fields<document.TariffDocument>;
  readonly Rate: Fields<document.Rate>;
  readonly Band: Fields<document.Band>;
  readonly Step: Fields<document.Step>;
  readonly Cap: Fields<document.Cap>;
  readonly Offer: Fields<document.Offer>;
  readonly Window: Fields<document.TimeWindow>;
  readonly Grace: Fields<document.Grace>;
  readonly Reentry: Fields<NonNullable<document.TariffDocument['reentry']>>;
  readonly ExitGrace: Fields<document.ExitGrace>;
  readonly PayPoints: Fields<Record<document.PayPoint, number>>;
  readonly Blocks: Fields<document.BlockRule>;
  readonly Calendar: Fields<document.TariffCalendar>;
  readonly Event: Fields<document.CalendarEvent>;
  readonly Multiplier: Fields<document.TariffMultiplier>;
  readonly Point: Fields<document.MultiplierPoint>;
  readonly Limits: Fields<document.PriceLimits>;
  readonly Tax: Fields<document.TariffTax>;
  readonly Rounding: Fields<document.AmountRounding>;
  readonly Discounts: Fields<document.DiscountRule>;
  readonly Reserved: Fields<document.ReservedRule>;
  readonly Overstay: Fields<document.OverstayRule>;
}
