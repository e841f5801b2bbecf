import { multiply, percentOf } from '../money.ts';
import { MINUTE_MS } from '../period.ts';
import type { Period } from '../period.ts';
import type { SpotType } from '../spot-type.ts';
import type { Price, PriceLine, PriceRule, TariffDocument, TariffRate } from './document.ts';
import { localClock, localDays } from './local-time.ts';
import type { LocalDay } from './local-time.ts';

/** What a price depends on, and nothing else: the same input has the same price for ever. */
export interface StayToPrice {
  readonly tariff: TariffDocument;
  /** The lot's IANA time zone. */
  readonly timeZone: string;
  readonly period: Period;
  readonly spotType: SpotType;
  /** What `multiplierPercent` said when the price was quoted; 100 changes nothing. */
  readonly multiplierPercent: number;
}

/** A line before the clock text and the running sum are put to it. */
interface Charge {
  readonly rule: PriceRule;
  readonly description: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly quantity: number;
  readonly unitMinor: number;
}

/**
 * The price of a stay, line by line. A stay of at most the tariff's grace is free; a longer one is charged from its first minute.
 * Every step that is started is charged whole and belongs to the local day in which it starts. Per local day: the steps, then what
 * occupancy adds or takes, then what the day's cap takes off, so that the cap on the sign holds whatever the demand.
 * Time is elapsed time: a night with a clock change costs the hours that passed. An empty or backwards period costs nothing.
 * With the same arrival a longer stay never costs less.
 */
export function priceStay(stay: StayToPrice): Price {
  const { tariff, timeZone } = stay;
  const charges = isFree(stay) ? [graceCharge(stay)] : chargesByDay(stay);
  const clock = localClock(timeZone);
  const lines: PriceLine[] = [];
  let runningMinor = 0;
  for (const { rule, description, fromMs, toMs, quantity, unitMinor } of charges) {
    const amountMinor = multiply(unitMinor, { numerator: quantity, denominator: 1 });
    runningMinor += amountMinor;
    lines.push({
      rule,
      description,
      localFrom: clock(fromMs),
      localTo: clock(toMs),
      quantity,
      unitMinor,
      amountMinor,
      runningMinor,
    });
  }
  return { totalMinor: runningMinor, currency: tariff.currency, lines };
}

/** The rate that a spot type is charged by: its own, or the tariff's default. */
export function rateFor(tariff: TariffDocument, spotType: SpotType): TariffRate {
  return tariff.rates[spotType] ?? tariff.defaultRate;
}

/** For how many minutes a stay costs nothing. */
export function freeMinutes(tariff: TariffDocument): number {
  return tariff.graceMinutes;
}

/** The tax inside an amount that includes it, in minor units, rounded half up; 0 when the tariff names no tax. */
export function includedTaxMinor(tariff: TariffDocument, amountMinor: number): number {
  const hundredths = Math.round((tariff.taxPercent ?? 0) * 100);
  return multiply(amountMinor, { numerator: hundredths, denominator: 10_000 + hundredths });
}

function isFree({ tariff, period }: StayToPrice): boolean {
  return period.endsAt.getTime() - period.startsAt.getTime() <= tariff.graceMinutes * MINUTE_MS;
}

function graceCharge({ tariff, period }: StayToPrice): Charge {
  const fromMs = period.startsAt.getTime();
  const toMs = Math.max(fromMs, period.endsAt.getTime());
  const description = `Up to ${minutesText(tariff.graceMinutes)} is free`;
  return { rule: 'GRACE', description, fromMs, toMs, quantity: 1, unitMinor: 0 };
}

function chargesByDay(stay: StayToPrice): Charge[] {
  const startsAtMs = stay.period.startsAt.getTime();
  const endsAtMs = stay.period.endsAt.getTime();
  const stepMs = rateFor(stay.tariff, stay.spotType).stepMinutes * MINUTE_MS;
  const stepsTotal = Math.ceil((endsAtMs - startsAtMs) / stepMs);
  const charges: Charge[] = [];
  let stepsBefore = 0;
  for (const day of localDays(stay.period, stay.timeZone)) {
    // A step belongs to the day in which it starts, so a day ends with the first step that starts in the next one.
    const stepsUntil = Math.min(stepsTotal, Math.ceil((day.endsAtMs - startsAtMs) / stepMs));
    const steps = stepsUntil - stepsBefore;
    if (steps === 0) continue;
    const fromMs = startsAtMs + stepsBefore * stepMs;
    const toMs = Math.min(endsAtMs, startsAtMs + stepsUntil * stepMs);
    charges.push(...chargesOfDay(stay, { day, steps, fromMs, toMs }));
    stepsBefore = stepsUntil;
  }
  return charges;
}

interface ChargedDay {
  readonly day: LocalDay;
  readonly steps: number;
  readonly fromMs: number;
  readonly toMs: number;
}

function chargesOfDay(stay: StayToPrice, { day, steps, fromMs, toMs }: ChargedDay): Charge[] {
  const { stepMinutes, stepMinor, dailyCapMinor } = rateFor(stay.tariff, stay.spotType);
  const plainMinor = multiply(stepMinor, { numerator: steps, denominator: 1 });
  // Rounded once a day, not once a step: a tariff by the minute has steps too small to be rounded each.
  const adjustedMinor = percentOf(plainMinor, stay.multiplierPercent);
  const description = `${steps} × ${minutesText(stepMinutes)}`;
  const charges: Charge[] = [{ rule: 'STEP', description, fromMs, toMs, quantity: steps, unitMinor: stepMinor }];
  const add = (rule: PriceRule, text: string, unitMinor: number): void => {
    charges.push({ rule, description: text, fromMs, toMs, quantity: 1, unitMinor });
  };
  if (adjustedMinor !== plainMinor) {
    add('MULTIPLIER', `Demand: ${stay.multiplierPercent} % of the rate`, adjustedMinor - plainMinor);
  }
  if (dailyCapMinor !== undefined && adjustedMinor > dailyCapMinor) {
    add('DAILY_CAP', `Day maximum of ${day.date}`, dailyCapMinor - adjustedMinor);
  }
  return charges;
}

function minutesText(minutes: number): string {
  return minutes % 60 === 0 && minutes > 0 ? `${minutes / 60} h` : `${minutes} min`;
}
