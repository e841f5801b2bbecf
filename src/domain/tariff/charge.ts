import { BlockWalk } from './blocks.ts';
import type { Run } from './blocks.ts';
import { capMeters } from './caps.ts';
import type { CapMeter } from './caps.ts';
import { wholeMinor } from './exact.ts';
import type { Explanation } from './explanation.ts';
import { Days } from './spans.ts';
import type { Stretch, Visit } from './visit.ts';

/**
 * What the rates charge for a stay, in parts of the minor unit: each run of blocks in order of time, free where a monthly pass covers
 * its start, times what demand makes of it, less what is above a cap. Tells an explanation of every step, if there is one. Adds nothing
 * that is below zero, so the sum never is.
 */
export function chargeRates(visit: Visit, explanation?: Explanation): bigint {
  if (visit.chargedFromMs >= visit.endsMs) return 0n;
  const walk = new BlockWalk(visit);
  const days = new Days(visit.tariff.timeline);
  const meters = capMeters(visit, walk.bands);
  const demand = new Demand(visit, days);
  let total = 0n;
  for (let atMs = visit.chargedFromMs; atMs < visit.endsMs;) {
    const changesMs = Math.min(moveTo(atMs, days, meters), coverageChange(visit.covered, atMs));
    const run = walk.runFrom(atMs, Math.min(changesMs, visit.endsMs));
    explanation?.blocks(run, days.day);
    if (isCoveredAt(visit.covered, atMs)) explanation?.covered(run);
    else total += capped(run, { amount: demand.adjusted(run.amount), meters, explanation });
    atMs = run.toMs;
  }
  explanation?.endOfDay();
  return total;
}

/** Brings everything that changes with time to a point; gives the next one at which any of it changes. */
function moveTo(atMs: number, days: Days, meters: readonly CapMeter[]): number {
  days.moveTo(atMs);
  let nextMs = days.endsMs;
  for (const { spans } of meters) {
    spans.moveTo(atMs);
    nextMs = Math.min(nextMs, spans.endsMs);
  }
  return nextMs;
}

function capped(
  run: Run,
  {
    amount,
    meters,
    explanation,
  }: { amount: bigint; meters: readonly CapMeter[]; explanation: Explanation | undefined },
): bigint {
  explanation?.demanded(run, amount - run.amount);
  let left = amount;
  for (const meter of meters) {
    const passed = meter.pass(left);
    if (passed !== left) explanation?.capped(run, meter, left - passed);
    left = passed;
  }
  return left;
}

/**
 * What occupancy makes of the rates. Rounded half up once a local date and not once a block: a tariff by the minute has blocks too
 * small to be rounded each. Each amount gets what it adds to the rounded sum of its date.
 */
class Demand {
  readonly #percent: bigint;
  readonly #scale: bigint;
  readonly #days: Days;
  #day = NaN;
  #plain = 0n;
  #rounded = 0n;

  constructor({ multiplierPercent, rate }: Visit, days: Days) {
    this.#percent = BigInt(multiplierPercent);
    this.#scale = rate.scale;
    this.#days = days;
  }

  adjusted(amount: bigint): bigint {
    if (this.#percent === 100n) return amount;
    if (this.#days.day !== this.#day) {
      this.#day = this.#days.day;
      this.#plain = 0n;
      this.#rounded = 0n;
    }
    this.#plain += amount;
    const before = this.#rounded;
    this.#rounded = wholeMinor(this.#plain * this.#percent, this.#scale * 100n) * this.#scale;
    return this.#rounded - before;
  }
}

function isCoveredAt(covered: readonly Stretch[], atMs: number): boolean {
  return covered.some(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs);
}

function coverageChange(covered: readonly Stretch[], atMs: number): number {
  for (const { fromMs, toMs } of covered) {
    if (atMs < fromMs) return fromMs;
    if (atMs < toMs) return toMs;
  }
  return Infinity;
}
