import { percentOf } from '../money.ts';
import { addMinutes } from '../period.ts';
import type { OverstayRule, PriceLine, PriceRule, TariffDocument } from './document.ts';
import { priceStay, priceStayTotal } from './engine.ts';
import type { StayToPrice } from './engine.ts';
import { localDateTime } from './local-time.ts';

/** A reserved stay as it was; `period` and `tariff` are the promised ones. */
export interface ReservedStayToPrice extends StayToPrice {
  readonly enteredAt: Date;
  readonly leftAt: Date;
  readonly exitGraceMinutes: number;
  /** Whether another driver had to be moved because the spot was still taken. */
  readonly displaced?: boolean | undefined;
  /** The version that prices what was not promised (question 16); the promised one unless told. */
  readonly unpromisedTariff?: TariffDocument | undefined;
}

/** What a reserved stay costs beside its promised period, in minor units; none is negative. */
export interface UnpromisedMinors {
  readonly earlyArrivalMinor: number;
  /** Together with `displacedMinor`, which is a part of it. */
  readonly overstayMinor: number;
  readonly displacedMinor: number;
}

/** The segments of a reserved stay, and the lines that explain them; the lines sum to promised, early arrival and overstay. */
export interface ReservedPrice extends UnpromisedMinors {
  readonly promisedMinor: number;
  readonly lines: readonly PriceLine[];
}

/**
 * A reserved stay in its segments: what the tariff says for the promised period, what the time before it costs, and what staying on past
 * the exit grace costs. A price that was promised is what it is: `promisedMinor` explains it, and nobody is charged it again.
 */
export function priceReservedStay(stay: ReservedStayToPrice): ReservedPrice {
  const promised = priceStay(stay);
  const minors = unpromisedMinors(stay);
  const { earlyArrivalMinor, overstayMinor, displacedMinor } = minors;
  const { period, enteredAt, leftAt } = stay;
  const lines = [...promised.lines];
  const add = (rule: PriceRule, amountMinor: number, { from, to }: { from: Date; to: Date }): void => {
    if (amountMinor !== 0) lines.push(segmentLine(stay, { rule, amountMinor, from, to, before: lines.at(-1) }));
  };
  add('EARLY_ARRIVAL', earlyArrivalMinor, { from: enteredAt, to: period.startsAt });
  add('OVERSTAY', overstayMinor - displacedMinor, { from: period.endsAt, to: leftAt });
  add('DISPLACED', displacedMinor, { from: period.endsAt, to: leftAt });
  return { ...minors, promisedMinor: promised.totalMinor, lines };
}

/**
 * What a reserved stay costs beside its promised period. Before the start: nothing, or what the stay from the entry costs more. Past the
 * end: nothing within the exit grace; beyond it what the stay until the exit costs more than the promised period, or the time past the
 * end as a stay of its own, by the tariff's percentage, and what moving another driver costs. Never negative; staying longer never
 * costs less by the first way where the tariff itself does not say so.
 */
export function unpromisedMinors(stay: ReservedStayToPrice): UnpromisedMinors {
  const { period, enteredAt, leftAt, exitGraceMinutes, displaced = false } = stay;
  const { reserved = {} } = stay.unpromisedTariff ?? stay.tariff;
  const isEarly = reserved.earlyArrival === 'TARIFF' && enteredAt < period.startsAt;
  const earlyArrivalMinor = isEarly ? moreThanPromised(stay, { startsAt: enteredAt, endsAt: period.endsAt }) : 0;
  if (leftAt <= addMinutes(period.endsAt, exitGraceMinutes)) {
    return { earlyArrivalMinor, overstayMinor: 0, displacedMinor: 0 };
  }
  const rule = reserved.overstay ?? { method: 'CONTINUE' };
  const displacedMinor = displaced ? (rule.displacedMinor ?? 0) : 0;
  const timeMinor = percentOf(overstayedTimeMinor(stay, rule), rule.percent ?? 100);
  return { earlyArrivalMinor, overstayMinor: timeMinor + displacedMinor, displacedMinor };
}

function overstayedTimeMinor(stay: ReservedStayToPrice, { method }: OverstayRule): number {
  const { period, leftAt } = stay;
  if (method === 'CONTINUE') return moreThanPromised(stay, { startsAt: period.startsAt, endsAt: leftAt });
  // Discounts were for the promised time, and are used up.
  const tariff = withoutGrace(stay.unpromisedTariff ?? stay.tariff);
  return priceStayTotal({ ...stay, tariff, discounts: [], period: { startsAt: period.endsAt, endsAt: leftAt } });
}

function moreThanPromised(stay: ReservedStayToPrice, period: StayToPrice['period']): number {
  const asPriced = { ...stay, tariff: stay.unpromisedTariff ?? stay.tariff };
  return Math.max(0, priceStayTotal({ ...asPriced, period }) - priceStayTotal(asPriced));
}

const graceless = new WeakMap<TariffDocument, TariffDocument>();

/** The same tariff without free minutes; always the same object, because tariffs are compiled once an object. */
function withoutGrace(tariff: TariffDocument): TariffDocument {
  if (tariff.grace === undefined) return tariff;
  const { grace: _grace, ...rest } = tariff;
  const known = graceless.get(tariff) ?? rest;
  graceless.set(tariff, known);
  return known;
}

const SEGMENT_TEXTS: Readonly<Partial<Record<PriceRule, string>>> = {
  EARLY_ARRIVAL: 'Before the reserved period',
  OVERSTAY: 'Past the reserved period',
  DISPLACED: 'Another driver had to be moved',
};

function segmentLine(
  { timeZone }: ReservedStayToPrice,
  segment: { rule: PriceRule; amountMinor: number; from: Date; to: Date; before: PriceLine | undefined },
): PriceLine {
  const { rule, amountMinor, from, to, before } = segment;
  return {
    rule,
    description: SEGMENT_TEXTS[rule] ?? rule,
    localFrom: localDateTime(from.getTime(), timeZone),
    localTo: localDateTime(to.getTime(), timeZone),
    quantity: 1,
    unitMinor: amountMinor,
    amountMinor,
    runningMinor: (before?.runningMinor ?? 0) + amountMinor,
  };
}
