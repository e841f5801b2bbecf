// The price of a stay as a patient clerk finds it with the tariff, a wall clock and a pencil: minute by minute, block by block. It
// shares nothing with the engine but the document's types, so that one cannot hide the other's mistake. Whole minutes only.

import type { Discount } from '../../src/domain/tariff/discount.ts';
import type { Band, DayName, Offer, Rate, Step, TariffDocument } from '../../src/domain/tariff/document.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import { DAY_MINUTES, dateText, minuteOfDay, wallClock } from './wall-clock.ts';

// Jest looks up globals slowly, and minutes are many.
const { ceil, floor, max, min, round } = Math;

const WEEK = ['THU', 'FRI', 'SAT', 'SUN', 'MON', 'TUE', 'WED'] as const;

/** The stay on its time line. Minutes are elapsed ones, or with clock WALL those of the wall; `reading` is the wall's date and time. */
interface Visit {
  readonly stay: StayToPrice;
  readonly tariff: TariffDocument;
  readonly entry: number;
  readonly exit: number;
  /** Prices are counted in so many parts of a minor unit that each of them is whole. */
  readonly parts: number;
  reading(minute: number): number;
  covers(minute: number): boolean;
}

/** What the clerk asks for the stay, and the tax in it. */
export function priceByTheMinute(stay: StayToPrice): { totalMinor: number; taxMinor: number } {
  const { tariff } = stay;
  const { limits, tax } = tariff;
  const visit = visitOf(stay);
  const full = limitedMinor(visit, visit.entry, visit.exit);
  const discounted = afterDiscounts(visit, full);
  let total = discounted;
  if (tax?.mode === 'ADDED') total += halfUp(discounted * hundredths(tax.percent), 10_000);
  if (limitsAfterTax(tariff) && total > 0) {
    total = min(total, limits?.maximumMinor ?? total);
    if (discounted === full) total = max(total, limits?.minimumMinor ?? 0);
  }
  total = roundedTo(total, tariff.rounding);
  if (tariff.reentry && stay.earlier) total = max(0, total - stay.earlier.chargedMinor);
  const percent = hundredths(tax?.percent ?? 0);
  return { totalMinor: total, taxMinor: halfUp(total * percent, 10_000 + percent) };
}

/** The minutes of the visit; one that goes on from an earlier one begins with that. */
function visitOf(stay: StayToPrice): Visit {
  const { tariff, period, earlier, covered = [] } = stay;
  const wall = wallClock(stay.timeZone);
  const byWall = tariff.clock === 'WALL';
  const minuteOf = (instant: Date): number => {
    const minute = instant.getTime() / 60_000;
    return byWall ? wall.shows(minute) : minute;
  };
  const periods = covered.map((time) => [minuteOf(time.startsAt), minuteOf(time.endsAt)] as const);
  const first = tariff.reentry && earlier ? earlier.firstEntryAt : period.startsAt;
  return {
    stay,
    tariff,
    entry: minuteOf(first),
    // Nobody leaves before they came, whatever the wall shows.
    exit: minuteOf(period.endsAt > first ? period.endsAt : first),
    parts: partsPerMinor(tariff),
    reading: (minute) => (byWall ? minute : wall.furthest(minute)),
    covers: (minute) => periods.some(([from, to]) => from <= minute && minute < to),
  };
}

// --- Discounts, limits and rounding: in whole minor units ----------------------------------------------------------------

/** The minutes by which time discounts move the entry, the exit, or whichever of the two costs less. */
type Moved = Record<'LATER_ARRIVAL' | 'EARLIER_DEPARTURE' | 'LOWEST_PRICE', number>;

function afterDiscounts(visit: Visit, full: number): number {
  const { stay, tariff } = visit;
  const order = tariff.discounts?.order ?? ['VALIDATION', 'PROMO'];
  const named = order.flatMap((source) => (stay.discounts ?? []).filter((discount) => discount.source === source));
  const unnamed = (stay.discounts ?? []).filter((discount) => !order.includes(discount.source));
  const sorted = [...named, ...unnamed];
  if (tariff.discounts?.stacking === 'BEST') return min(full, ...sorted.map((one) => afterAll(visit, full, [one])));
  return afterAll(visit, full, sorted);
}

function afterAll(visit: Visit, full: number, discounts: readonly Discount[]): number {
  let left = full;
  let leastByTime = full;
  const moved: Moved = { LATER_ARRIVAL: 0, EARLIER_DEPARTURE: 0, LOWEST_PRICE: 0 };
  for (const discount of discounts) {
    if (discount.kind === 'MONEY') left -= discount.minor;
    if (discount.kind === 'PERCENT') left -= halfUp(left * hundredths(discount.percent), 10_000);
    if (discount.kind === 'TIME') {
      moved[discount.meaning] += discount.minutes;
      const minor = min(leastByTime, movedMinor(visit, moved));
      left -= leastByTime - minor;
      leastByTime = minor;
    }
    left = max(0, left);
  }
  return left;
}

function movedMinor(visit: Visit, moved: Moved): number {
  const entry = visit.entry + moved.LATER_ARRIVAL;
  const exit = visit.exit - moved.EARLIER_DEPARTURE;
  const later = limitedMinor(visit, entry + moved.LOWEST_PRICE, exit);
  const earlier = limitedMinor(visit, entry, exit - moved.LOWEST_PRICE);
  return min(later, earlier);
}

function limitsAfterTax({ tax, limits }: TariffDocument): boolean {
  return tax?.mode === 'ADDED' && limits?.apply !== 'BEFORE_TAX';
}

function limitedMinor(visit: Visit, entry: number, exit: number): number {
  const { tariff } = visit;
  const minor = halfUp(priceInParts(visit, entry, exit), visit.parts);
  if (minor === 0 || limitsAfterTax(tariff)) return minor;
  const { minimumMinor = 0, maximumMinor = Infinity } = tariff.limits ?? {};
  return max(minimumMinor, min(maximumMinor, minor));
}

function roundedTo(minor: number, rounding: TariffDocument['rounding']): number {
  if (!rounding) return minor;
  const { toMinor, mode } = rounding;
  if (mode === 'UP') return ceil(minor / toMinor) * toMinor;
  if (mode === 'DOWN') return floor(minor / toMinor) * toMinor;
  return halfUp(minor, toMinor) * toMinor;
}

function halfUp(numerator: number, denominator: number): number {
  const rest = numerator % denominator;
  return (numerator - rest) / denominator + (2 * rest >= denominator ? 1 : 0);
}

/** A percentage has two decimals at most. */
function hundredths(percent: number): number {
  return round(percent * 100);
}

// --- Grace, passes and offers: in parts of a minor unit, so many that every price is whole --------------------------------

function partsPerMinor(tariff: TariffDocument): number {
  const steps = tariff.rates.flatMap((rate) => rate.bands.flatMap((band) => band.steps));
  // A hundred times over, because the multiplier is a percentage.
  return 100 * steps.reduce((all, step) => leastCommonMultiple(all, step.perMinutes ?? step.blockMinutes), 1);
}

function leastCommonMultiple(a: number, b: number): number {
  let multiple = a;
  while (multiple % b !== 0) multiple += a;
  return multiple;
}

/** The price of the minutes from `entry` to `exit`: nothing, an offer (and what follows it), or the rates. */
function priceInParts(visit: Visit, entry: number, exit: number): number {
  const { stay, tariff } = visit;
  const graceMinutes = tariff.grace?.minutes ?? 0;
  if (exit - entry <= max(0, graceMinutes)) return 0;
  if (coversAll(visit, entry, exit)) return 0;

  const from = tariff.grace?.kind === 'DEDUCTED' ? entry + graceMinutes : entry;
  const rates = ratesInParts(visit, { from, to: exit, entry });
  const fitting = (tariff.offers ?? []).filter((offer) => takes(offer, stay) && fits(visit, offer, [entry, exit]));
  const costs = (offer: Offer): number => {
    const coveredUntil = coverageEnd(visit, offer, entry);
    const after = coveredUntil < exit ? ratesInParts(visit, { from: coveredUntil, to: exit, entry: coveredUntil }) : 0;
    return offer.minor * visit.parts + after;
  };
  if (tariff.offerChoice !== 'PRIORITY') return min(rates, ...fitting.map(costs));
  const [first] = fitting.toSorted((a, b) => (a.priority ?? 0) - (b.priority ?? 0));
  return first ? costs(first) : rates;
}

function coversAll(visit: Visit, from: number, to: number): boolean {
  for (let minute = from; minute < to; minute += 1) if (!visit.covers(minute)) return false;
  return true;
}

function takes(
  priced: Rate | Offer,
  { spotType, vehicleClass = 'CAR', monthlyPassHolder = false }: StayToPrice,
): boolean {
  if ('holdersOnly' in priced && priced.holdersOnly && !monthlyPassHolder) return false;
  return (priced.spotTypes?.includes(spotType) ?? true) && (priced.vehicleClasses?.includes(vehicleClass) ?? true);
}

function fits(visit: Visit, offer: Offer, [entry, exit]: readonly [number, number]): boolean {
  const { days, minStayMinutes = 0, maxStayMinutes = Infinity } = offer;
  const names = classesOf(visit.tariff, floor(visit.reading(entry) / DAY_MINUTES));
  if (days && !days.some((day) => names.has(day))) return false;
  if (offer.entry && !isWithin(visit.reading(entry), offer.entry)) return false;
  // Who leaves at the very end of the window leaves within it.
  const { exit: exitWindow } = offer;
  if (exitWindow && ![exit, exit - 1].some((minute) => isWithin(visit.reading(minute), exitWindow))) return false;
  if (exit - entry < minStayMinutes || exit - entry > maxStayMinutes) return false;
  return offer.then !== 'NOTHING' || exit <= coverageEnd(visit, offer, entry);
}

/** Whether the wall's time of day lies in a window, which may run over midnight. */
function isWithin(reading: number, window: { from: string; to: string }): boolean {
  const [from, to] = [minuteOfDay(window.from), minuteOfDay(window.to)];
  const time = reading % DAY_MINUTES;
  return from < to ? from <= time && time < to : from <= time || time < to;
}

function coverageEnd(visit: Visit, offer: Offer, entry: number): number {
  const { coversMinutes, coversUntil } = offer;
  if (coversMinutes === undefined && coversUntil === undefined) {
    return offer.exit ? nextTime(visit, offer.exit.to, entry) : Infinity;
  }
  return min(
    coversMinutes === undefined ? Infinity : entry + coversMinutes,
    coversUntil === undefined ? Infinity : nextTime(visit, coversUntil, entry),
  );
}

/** The first minute after `minute` at which the wall reaches the time of day. */
function nextTime(visit: Visit, text: string, minute: number): number {
  const begins = minuteOfDay(text);
  const daysBegun = (at: number): number => floor((visit.reading(at) - begins) / DAY_MINUTES);
  const begun = daysBegun(minute);
  let next = minute + 1;
  while (daysBegun(next) === begun) next += 1;
  return next;
}

// --- The rates: walk the minutes, write down blocks, then add them up ------------------------------------------------------

interface Charged {
  readonly from: number;
  readonly to: number;
  readonly entry: number;
}

interface Block {
  readonly startsAt: number;
  readonly band: Band;
  /** Which of the band's windows the block starts in. */
  readonly window: number;
  readonly step: Step;
  minutes: number;
  parts: number;
}

/** What the rates ask for the minutes between; `entry` is where the driver came in, or where an offer left off. */
function ratesInParts(visit: Visit, { from, to, entry }: Charged): number {
  const rate = visit.tariff.rates.find((candidate) => takes(candidate, visit.stay))!;
  const blocks = writeBlocks(visit, rate, { from, to, entry });
  const { parts } = visit;
  for (const block of blocks)
    block.parts = visit.covers(block.startsAt) ? 0 : blockInParts(visit, block, block === blocks.at(-1));
  multiply(visit, blocks);
  for (const band of rate.bands) {
    if (band.capMinor === undefined) continue;
    capEach(blocks, band.capMinor * parts, (block) => (block.band === band ? block.window : undefined));
  }
  for (const cap of rate.caps ?? []) {
    const windowAt = (minute: number): number => {
      if (cap.window === 'ROLLING') return floor((minute - from) / (cap.minutes ?? DAY_MINUTES));
      const dayStart = cap.window === 'BUSINESS_DAY' ? minuteOfDay(cap.dayStartsAt ?? '00:00') : 0;
      return floor((visit.reading(minute) - dayStart) / DAY_MINUTES);
    };
    capEach(blocks, cap.minor * parts, ({ startsAt }) => {
      const window = windowAt(startsAt);
      return cap.repeats === false && window !== windowAt(from) ? undefined : window;
    });
  }
  return blocks.reduce((sum, block) => sum + block.parts, 0);
}

function writeBlocks(visit: Visit, rate: Rate, { from, to, entry }: Charged): Block[] {
  const { edges = 'RUN_ON' } = visit.tariff;
  const bandAt = bandsOf(visit, rate, entry);
  const fixed = edges === 'ENTRY' ? bandAt(entry) : edges === 'EXIT' ? bandAt(to - 1) : undefined;
  const dayStart = minuteOfDay(rate.caps?.find((cap) => cap.window === 'BUSINESS_DAY')?.dayStartsAt ?? '00:00');
  const dayAt = (minute: number): number => floor((visit.reading(minute) - dayStart) / DAY_MINUTES);

  const blocks: Block[] = [];
  let countedFrom = from;
  let before: { band: Band; window: number } | undefined;
  let block: Block | undefined;
  for (let minute = from; minute < to; minute += 1) {
    const here = fixed ? { band: fixed.band, window: floor((minute - from) / DAY_MINUTES) } : bandAt(minute);
    const windowBegins = before !== undefined && (here.band !== before.band || here.window !== before.window);
    const dayBegins = before !== undefined && dayAt(minute) !== dayAt(minute - 1);
    if ((rate.stepsRestart === 'WINDOW' && windowBegins) || (rate.stepsRestart === 'DAY' && dayBegins))
      countedFrom = minute;
    const cut = edges === 'CUT' && here.band !== before?.band;
    if (!block || cut || block.minutes === block.step.blockMinutes) {
      block = { startsAt: minute, ...here, step: stepAt(here.band, minute - countedFrom), minutes: 0, parts: 0 };
      blocks.push(block);
    }
    block.minutes += 1;
    before = here;
  }
  return blocks;
}

function stepAt(band: Band, minutes: number): Step {
  let until = 0;
  return band.steps.find((step) => (until += (step.times ?? Infinity) * step.blockMinutes) > minutes)!;
}

function blockInParts(visit: Visit, { step, minutes }: Block, isLast: boolean): number {
  const { rounding = 'UP', over = 'SEGMENT' } = visit.tariff.blocks ?? {};
  const perMinute = (step.minor * visit.parts) / (step.perMinutes ?? step.blockMinutes);
  const whole = perMinute * step.blockMinutes;
  if (minutes === step.blockMinutes) return whole;
  if (over === 'STAY' && !isLast) return perMinute * minutes;
  const counts = rounding === 'UP' || (rounding === 'NEAREST' && 2 * minutes >= step.blockMinutes);
  return counts ? whole : 0;
}

/** Demand changes the sum of each date, and every sum on the way to it is rounded: a block costs what the sum grows by. */
function multiply(visit: Visit, blocks: readonly Block[]): void {
  const { multiplierPercent } = visit.stay;
  if (multiplierPercent === 100) return;
  const sums = new Map<number, number>();
  const rounded = (parts: number): number => halfUp((parts * multiplierPercent) / 100, visit.parts) * visit.parts;
  for (const block of blocks) {
    const date = floor(visit.reading(block.startsAt) / DAY_MINUTES);
    const sum = sums.get(date) ?? 0;
    sums.set(date, sum + block.parts);
    block.parts = rounded(sum + block.parts) - rounded(sum);
  }
}

/** In order of time each block costs what its window has left below the cap. */
function capEach(blocks: readonly Block[], cap: number, windowOf: (block: Block) => number | undefined): void {
  const left = new Map<number, number>();
  for (const block of blocks) {
    const window = windowOf(block);
    if (window === undefined) continue;
    const rest = left.get(window) ?? cap;
    block.parts = min(block.parts, rest);
    left.set(window, rest - block.parts);
  }
}

// --- Bands and days ---------------------------------------------------------------------------------------------------------

/** Finds the band that holds at a minute, and which of its windows: numbered by the date on which the window began. */
function bandsOf(visit: Visit, rate: Rate, entry: number): (minute: number) => { band: Band; window: number } {
  const entryDate = floor(visit.reading(entry) / DAY_MINUTES);
  const held = new Map<number, readonly Band[]>();
  const heldOn = (date: number): readonly Band[] => {
    const classDate = visit.tariff.dayClass === 'ENTRY' ? entryDate : date;
    const bands = held.get(date) ?? bandsOn(visit.tariff, rate, classDate);
    held.set(date, bands);
    return bands;
  };
  return (minute) => {
    const date = floor(visit.reading(minute) / DAY_MINUTES);
    const time = visit.reading(minute) % DAY_MINUTES;
    for (const window of [date, date - 1]) {
      for (const band of heldOn(window)) {
        const from = minuteOfDay(band.from ?? '00:00');
        const to = minuteOfDay(band.to ?? '24:00');
        const since = time + (date - window) * DAY_MINUTES;
        if (from <= since && since < (to <= from ? to + DAY_MINUTES : to)) return { band, window };
      }
    }
    throw new Error(`no band of ${rate.name} holds at minute ${time} of ${dateText(date)}`);
  };
}

function bandsOn(tariff: TariffDocument, rate: Rate, date: number): readonly Band[] {
  const names = classesOf(tariff, date);
  const naming = (isKind: (day: DayName) => boolean): readonly Band[] =>
    rate.bands.filter((band) => band.days?.some((day) => isKind(day) && names.has(day)));
  const special = [
    naming((day) => day.startsWith('EVENT:')),
    naming((day) => day === 'HOLIDAY'),
    naming((day) => day === 'HOLIDAY_EVE'),
  ].find((bands) => bands.length > 0);
  if (special) return special;
  const ordinary = (day: DayName): boolean => !day.startsWith('EVENT:') && !day.startsWith('HOLIDAY') && names.has(day);
  return rate.bands.filter((band) => !band.days || band.days.some(ordinary));
}

/** Everything a date is: its weekday, weekday or weekend, holiday, the eve of one, and its events. */
function classesOf({ calendar = {} }: TariffDocument, date: number): ReadonlySet<string> {
  const weekday = WEEK[date % 7]!;
  const { weekend = ['SAT', 'SUN'], holidays = [], events = [] } = calendar;
  const names = new Set<string>([weekday, weekend.includes(weekday) ? 'WEEKEND' : 'WEEKDAY']);
  if (holidays.includes(dateText(date))) names.add('HOLIDAY');
  if (holidays.includes(dateText(date + 1))) names.add('HOLIDAY_EVE');
  for (const event of events) if (event.dates.includes(dateText(date))) names.add(`EVENT:${event.name}`);
  return names;
}
