import { multiply } from '../money.ts';
import { laterOf } from '../period.ts';
import type { Period } from '../period.ts';
import type { SpotType } from '../spot-type.ts';
import type { VehicleClass } from '../vehicle.ts';
import { compileTariff } from './compile.ts';
import type { CompiledRate, CompiledTariff } from './compile.ts';
import type { Discount } from './discount.ts';
import type { PayPoint, Price, TariffDocument } from './document.ts';
import { explain } from './explain.ts';
import { roundAmount } from './rounding.ts';
import { reckon } from './totals.ts';
import type { Terms } from './totals.ts';
import { deductedMs, joined } from './visit.ts';
import type { Visit } from './visit.ts';

/** What a price depends on, and nothing else: the same input has the same price for ever. */
export interface StayToPrice {
  readonly tariff: TariffDocument;
  /** The lot's IANA time zone. */
  readonly timeZone: string;
  readonly period: Period;
  readonly spotType: SpotType;
  /** What `multiplierPercent` said when the price was quoted; 100 changes nothing. */
  readonly multiplierPercent: number;
  /** CAR unless told. */
  readonly vehicleClass?: VehicleClass;
  /** When a monthly pass covers the vehicle: blocks that begin then are free. */
  readonly covered?: readonly Period[];
  /** Whether offers for holders of a monthly pass are open to it. */
  readonly monthlyPassHolder?: boolean;
  /**
   * The visits from which this one goes on (question 7), where the tariff has `reentry` and the driver was back in time: when the first
   * began, and what they were charged.
   */
  readonly earlier?: { readonly firstEntryAt: Date; readonly chargedMinor: number };
  readonly discounts?: readonly Discount[];
}

/**
 * The price of a stay, line by line: grace; blocks, monthly pass, demand and caps by the rates, or an offer and the rates after it,
 * whichever the tariff chooses; limits; discounts; tax on top; rounding; what earlier visits were charged. A backwards or empty period
 * costs nothing. Exact: amounts are summed as fractions, and a line is what the rounded sum grows by. Never negative, because nothing is
 * taken off but from what is there. Throws RangeError for a zone that the runtime does not know and for sums above 2^53.
 */
export function priceStay(stay: StayToPrice): Price {
  const { visit, terms } = read(stay);
  const reckoning = reckon(visit, terms);
  const { currency, tax } = stay.tariff;
  return {
    totalMinor: reckoning.totalMinor,
    currency,
    lines: explain(visit, reckoning),
    taxMinor: includedTaxMinor(stay.tariff, reckoning.totalMinor),
    ...(tax === undefined ? {} : { taxPercent: tax.percent }),
  };
}

/** The total of `priceStay` without its lines, from the same rules and three times as fast: for comparing and pricing again. */
export function priceStayTotal(stay: StayToPrice): number {
  const { visit, terms } = read(stay);
  return reckon(visit, terms).totalMinor;
}

function read(stay: StayToPrice): { visit: Visit; terms: Terms } {
  const { spotType, vehicleClass = 'CAR', monthlyPassHolder = false, covered = [], discounts = [], period } = stay;
  const tariff = compileTariff(stay.tariff, stay.timeZone);
  const { timeline } = tariff;
  const earlier = stay.tariff.reentry === undefined ? undefined : stay.earlier;
  const cameInAt = earlier?.firstEntryAt ?? period.startsAt;
  const entryMs = timeline.at(cameInAt.getTime());
  const visit = {
    tariff,
    rate: rateFor(tariff, { spotType, vehicleClass }),
    entryMs,
    chargedFromMs: entryMs + deductedMs(tariff),
    // Nobody leaves before they came in, whatever a wall that was put back shows.
    endsMs: timeline.at(laterOf(period.endsAt, cameInAt).getTime()),
    multiplierPercent: stay.multiplierPercent,
    covered: joined(
      covered.map(({ startsAt, endsAt }) => ({
        fromMs: timeline.at(startsAt.getTime()),
        toMs: timeline.at(endsAt.getTime()),
      })),
    ),
  };
  const customer = { spotType, vehicleClass, isPassHolder: monthlyPassHolder };
  return { visit, terms: { customer, discounts, chargedBeforeMinor: earlier?.chargedMinor ?? 0 } };
}

function rateFor(
  { rates }: CompiledTariff,
  { spotType, vehicleClass }: { spotType: SpotType; vehicleClass: VehicleClass },
): CompiledRate {
  const found = rates.find(
    ({ rate }) => (rate.spotTypes?.includes(spotType) ?? true) && (rate.vehicleClasses?.includes(vehicleClass) ?? true),
  );
  if (found === undefined) throw new RangeError('no rate of the tariff takes this stay');
  return found;
}

/** The tax inside an amount that contains it, in minor units, rounded half up; 0 when the tariff names no tax. */
export function includedTaxMinor({ tax }: TariffDocument, amountMinor: number): number {
  const hundredths = Math.round((tax?.percent ?? 0) * 100);
  return multiply(amountMinor, { numerator: hundredths, denominator: 10_000 + hundredths });
}

/** For how many minutes a stay costs nothing. */
export function freeMinutes({ grace }: TariffDocument): number {
  return grace?.minutes ?? 0;
}

/** Question 13: what is handed over in cash for an amount; the price itself stays what it is. */
export function cashAmountMinor({ cashRounding }: TariffDocument, amountMinor: number): number {
  return cashRounding === undefined ? amountMinor : roundAmount(amountMinor, cashRounding);
}

/** Question 8: for how many minutes the exit opens after paying at a pay point; the lot's policy where the tariff does not say. */
export function exitGraceMinutes(tariff: TariffDocument, policyMinutes: number, payPoint?: PayPoint): number {
  const { exitGrace } = tariff;
  if (exitGrace === undefined) return policyMinutes;
  return (payPoint === undefined ? undefined : exitGrace.byPayPoint?.[payPoint]) ?? exitGrace.minutes;
}
