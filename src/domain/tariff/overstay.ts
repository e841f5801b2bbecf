import { addMinutes } from '../period.ts';
import type { Price } from './document.ts';
import { priceStay } from './engine.ts';
import type { StayToPrice } from './engine.ts';

/** A reserved stay that may have gone on past its period; `period` is the promised one. */
export interface ReservedStay extends StayToPrice {
  readonly leftAt: Date;
  readonly exitGraceMinutes: number;
}

/** What is owed beyond the promised price, in minor units, and the price of the whole stay that explains it. */
export interface Overstay {
  readonly dueMinor: number;
  readonly stayPrice: Price;
}

/**
 * What staying past the promised end costs: nothing within the exit grace, beyond it what the stay until `leftAt` costs more than
 * the promised period by the same tariff and multiplier. Never negative; staying longer never costs less.
 */
export function overstay(stay: ReservedStay): Overstay {
  const { period, leftAt, exitGraceMinutes } = stay;
  const promised = priceStay(stay);
  if (leftAt <= addMinutes(period.endsAt, exitGraceMinutes)) return { dueMinor: 0, stayPrice: promised };
  const stayPrice = priceStay({ ...stay, period: { startsAt: period.startsAt, endsAt: leftAt } });
  return { dueMinor: stayPrice.totalMinor - promised.totalMinor, stayPrice };
}
