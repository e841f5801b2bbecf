// What the laws of tariffs are tried on, and how often.

import fc from 'fast-check';
import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { anyStayIn, periodOf, TARIFF_ZONES } from './tariff-arbitraries.ts';

export const anyStay = fc.constantFrom(...TARIFF_ZONES).chain((timeZone) => anyStayIn(timeZone));
export const anyMinutes = fc.oneof(fc.integer({ min: 1, max: 90 }), fc.integer({ min: 1, max: 3000 }));
/** PARKWELL_FULL=1 tries everything twenty times as often, PARKWELL_SEED=… tries the stays of a failure again. */
const SIZE = process.env['PARKWELL_FULL'] === '1' ? 20 : 1;
const seeded = process.env['PARKWELL_SEED'] === undefined ? {} : { seed: Number(process.env['PARKWELL_SEED']) };
/** For one law. A failure that takes longer to be made small is told as it stands. */
export const LAW_LIMIT_MS = 110_000 * SIZE;

/** How often a law is tried. */
export function runs(count: number): Pick<fc.Parameters, 'numRuns' | 'seed' | 'interruptAfterTimeLimit'> {
  return {
    numRuns: SIZE * count,
    interruptAfterTimeLimit: LAW_LIMIT_MS,
    ...{ markInterruptAsFailure: true },
    ...seeded,
  };
}

export const entryOf = ({ period }: StayToPrice): number => period.startsAt.getTime() / 60_000;
export const exitOf = ({ period }: StayToPrice): number => period.endsAt.getTime() / 60_000;

/** The same stay until another minute. */
export function until(stay: StayToPrice, minute: number): StayToPrice {
  return { ...stay, period: periodOf(entryOf(stay), minute - entryOf(stay)) };
}

export function without<T extends object, K extends keyof T>(from: T, ...fields: K[]): Omit<T, K> {
  return Object.fromEntries(Object.entries(from).filter(([field]) => !fields.includes(field as K))) as Omit<T, K>;
}

/** The stay by the rates alone, from the first minute: no grace, offers, limits, tax, rounding, pass, coupons or earlier visit. */
export function byRates(stay: StayToPrice): StayToPrice {
  const tariff = without(
    stay.tariff,
    'grace',
    'offers',
    'offerChoice',
    'limits',
    'tax',
    'rounding',
    'reentry',
    'discounts',
  );
  return { ...without(stay, 'covered', 'earlier', 'discounts'), tariff };
}

export const takesTimeOff = (discount: Discount): boolean => discount.kind === 'TIME';
