import { concededPrice, concededTerms, type Concessions } from './concessions.ts';
import { earlierOf, laterOf } from './period.ts';
import type { Period } from './period.ts';
import type { LotPolicy } from './policies.ts';
import type { ReservationState } from './reservation.ts';
import { settleReservedStay } from './settle-stay.ts';
import type { SpotType } from './spot-type.ts';
import type { TariffDocument } from './tariff/document.ts';
import { priceStayTotal, type StayToPrice } from './tariff/engine.ts';
import { validatedSettlement } from './validated-settlement.ts';
import type { VehicleClass } from './vehicle.ts';

/** What a stay's reservation had promised, and what has become of its money. */
export interface RecordedReservation {
  readonly state: ReservationState;
  readonly period: Period;
  /** The type whose rate was promised. */
  readonly spotType: SpotType;
  /** The vehicle that it was promised for. */
  readonly vehicleClass: VehicleClass;
  readonly multiplierPercent: number;
  readonly policy: Pick<LotPolicy, 'earlyDeparture' | 'exitGraceMinutes'>;
  readonly completedAt: Date | null;
  /** What was paid for it less what was promised back, in minor units. */
  readonly keptMinor: number;
  readonly concessions: Concessions | null;
}

/** A visit that is over, as it stands in the records: all that its price depends on. Amounts are minor units of `currency`. */
export interface RecordedStay {
  readonly enteredAt: Date;
  readonly leftAt: Date;
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly multiplierPercent: number;
  readonly currency: string;
  /** What it cost; null when nobody worked that out. */
  readonly totalMinor: number | null;
  readonly paidMinor: number;
  /** The minute until which a walk-in was charged when it paid. */
  readonly paidUntil: Date | null;
  /** What made a walk-in cheaper. */
  readonly concessions: Concessions | null;
  readonly reservation: RecordedReservation | undefined;
}

/**
 * Why a past stay is not priced again. BACKWARDS: its exit stands before its entry, which is for a person to look at. NO_TOTAL: it
 * never got a price. OTHER_CURRENCY: it was paid in another one. RIGHT_ENDED: its reservation had ended before it came in or was
 * taken back and given again, so that it was not charged by the reservation's period alone. REENTRY: it
 * went on from an earlier visit, whose charge was by the old tariff. NOT_PRICED: the rules gave no answer.
 */
export const LEFT_OUT_REASONS = [
  'BACKWARDS',
  'NO_TOTAL',
  'OTHER_CURRENCY',
  'RIGHT_ENDED',
  'REENTRY',
  'NOT_PRICED',
] as const;
export type LeftOutReason = (typeof LEFT_OUT_REASONS)[number];

/** In minor units: what it cost, what it would have cost, and how much of the difference the driver has paid too much. */
export interface RepricedStay {
  readonly oldMinor: number;
  readonly newMinor: number;
  /** At most what was paid for it and is still kept. */
  readonly refundDueMinor: number;
}

/**
 * What a past stay would have cost under another tariff, or why that is not said. A walk-in is priced for the time it was charged for:
 * until the minute in which it paid, when it left within the exit grace then, otherwise until it left. A reserved stay is priced by its
 * promised period, an early departure and an overstay by its own policy. Multiplier and discounts are the recorded ones. Pure.
 */
export function repriceStay(
  stay: RecordedStay,
  by: { readonly tariff: TariffDocument; readonly timeZone: string },
): RepricedStay | { readonly leftOut: LeftOutReason } {
  const leftOut = reasonToLeaveOut(stay, by.tariff);
  if (leftOut !== undefined) return { leftOut };
  const oldMinor = stay.totalMinor ?? 0;
  const { reservation } = stay;
  const newMinor = reservation === undefined ? walkInMinor(stay, by) : reservedMinor(stay, reservation, by);
  const keptMinor = stay.paidMinor + (reservation?.keptMinor ?? 0);
  return { oldMinor, newMinor, refundDueMinor: Math.max(0, Math.min(oldMinor - newMinor, keptMinor)) };
}

function reasonToLeaveOut(stay: RecordedStay, tariff: TariffDocument): LeftOutReason | undefined {
  if (stay.leftAt < stay.enteredAt) return 'BACKWARDS';
  if (stay.totalMinor === null) return 'NO_TOTAL';
  if (stay.currency !== tariff.currency) return 'OTHER_CURRENCY';
  if (stay.concessions?.earlier !== undefined) return 'REENTRY';
  const { reservation, leftAt } = stay;
  if (reservation === undefined) return undefined;
  const wasItsOwn = reservation.state === 'COMPLETED' && reservation.completedAt?.getTime() === leftAt.getTime();
  return wasItsOwn ? undefined : 'RIGHT_ENDED';
}

interface PricedBy {
  readonly tariff: TariffDocument;
  readonly timeZone: string;
}

function walkInMinor(stay: RecordedStay, by: PricedBy): number {
  const { enteredAt, leftAt, paidUntil, totalMinor, paidMinor, concessions } = stay;
  const wasPaidFor = paidUntil !== null && paidUntil < leftAt && totalMinor === paidMinor;
  const period = { startsAt: enteredAt, endsAt: wasPaidFor ? paidUntil : leftAt };
  const { spotType, vehicleClass, multiplierPercent } = stay;
  return totalOf({ ...by, period, spotType, vehicleClass, multiplierPercent }, concessions);
}

function totalOf(stay: StayToPrice, concessions: Concessions | null): number {
  return concessions === null ? priceStayTotal(stay) : concededPrice(stay, concessions).totalMinor;
}

function reservedMinor(stay: RecordedStay, reservation: RecordedReservation, by: PricedBy): number {
  const { enteredAt, leftAt } = stay;
  const { period, spotType, vehicleClass, multiplierPercent, policy, concessions } = reservation;
  const priced = { ...by, period, spotType, vehicleClass, multiplierPercent };
  // What merchants took over comes off at the end; the rest was promised with the price.
  const promised = concessions && { ...concessions, validations: [] };
  const whole = { startsAt: earlierOf(period.startsAt, enteredAt), endsAt: laterOf(period.endsAt, leftAt) };
  const asked = {
    ...priced,
    ...concededTerms(promised, { period: whole, timeZone: by.timeZone }),
    ...{ policy, state: 'CHECKED_IN' as const, earlyDeparture: policy.earlyDeparture, enteredAt, leftAt },
    paidMinor: totalOf(priced, promised),
  };
  return validatedSettlement(asked, settleReservedStay(asked), concessions).totalMinor;
}
