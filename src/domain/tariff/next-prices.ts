import { MINUTE_MS } from '../period.ts';
import type { Price, PriceLine } from './document.ts';
import { priceStay, priceStayTotal } from './engine.ts';
import type { StayToPrice } from './engine.ts';

/** What staying longer would cost. */
export interface NextPrice {
  /** Until then the price before holds; whoever stays longer pays this one. */
  readonly after: Date;
  /** From the end of the stay until `after`, in whole minutes, rounded down. */
  readonly minutesLater: number;
  readonly totalMinor: number;
  /** What that is more than the stay as it was asked for; below zero where a longer stay is cheaper. */
  readonly addedMinor: number;
  /** The rule that the change comes from, and its line. */
  readonly rule: string;
  readonly description: string;
}

const MOST = 4;
const HORIZON_MINUTES = 24 * 60;
/** The longest stride while nothing changes: what rises and falls again within an hour is not looked for. */
const STRIDE_MINUTES = 60;

export interface NextPricesAsked {
  readonly most?: number;
  readonly horizonMinutes?: number;
  /** Prices the stay with what else it depends on (a monthly pass); by the tariff alone unless told. */
  readonly priceOf?: (stay: StayToPrice) => Price;
}

/**
 * The next moments at which a stay that goes on would cost something else, and what it would cost then: at most `most` (4) within
 * `horizonMinutes` (a day) of its end, in order. Found by asking the engine for totals along the minutes counted from the entry, with
 * strides while nothing changes, so it says what the engine says, whatever the rules. Pure.
 */
export function nextPrices(stay: StayToPrice, asked: NextPricesAsked = {}): NextPrice[] {
  const { most = MOST, horizonMinutes = HORIZON_MINUTES, priceOf } = asked;
  const startMs = stay.period.startsAt.getTime();
  const endMs = Math.max(startMs, stay.period.endsAt.getTime());
  const first = Math.ceil((endMs - startMs) / MINUTE_MS);
  const walk = new Walk(stay, { last: first + horizonMinutes, priceOf });
  const nowMinor = walk.totalOf(stay);
  const found: NextPrice[] = [];
  let from = first;
  let before = first;
  // Most stays are asked for by whole blocks, so the next begins at once; and blocks are as long as the one before.
  let strides = [1, shortestBlock(stay) - 1, 1];
  while (found.length < most) {
    const changed = walk.firstChange(from, strides);
    if (changed === undefined) break;
    const after = changed - 1;
    const { totalMinor, line } = walk.explain(changed);
    found.push({
      after: new Date(startMs + after * MINUTE_MS),
      minutesLater: Math.max(0, Math.floor((startMs + after * MINUTE_MS - endMs) / MINUTE_MS)),
      totalMinor,
      addedMinor: totalMinor - nowMinor,
      rule: line.rule,
      description: line.description,
    });
    const block = found.length === 1 ? shortestBlock(stay) : after - before;
    strides = [block - 1, 1];
    [from, before] = [changed, after];
  }
  return found;
}

/** The prices of one stay by its length in minutes, each worked out once. */
class Walk {
  readonly #stay: StayToPrice;
  readonly #last: number;
  readonly #priceOf: ((stay: StayToPrice) => Price) | undefined;
  readonly #totals = new Map<number, number>();

  constructor(stay: StayToPrice, { last, priceOf }: { last: number; priceOf: NextPricesAsked['priceOf'] }) {
    this.#stay = stay;
    this.#last = last;
    this.#priceOf = priceOf;
  }

  totalOf(stay: StayToPrice): number {
    return this.#priceOf === undefined ? priceStayTotal(stay) : this.#priceOf(stay).totalMinor;
  }

  /**
   * The least length above `from` with another total: looked for in these strides first, then in longer and longer ones. Undefined: none
   * before the last.
   */
  firstChange(from: number, strides: readonly number[]): number | undefined {
    const now = this.#total(from);
    const likely = strides.filter((stride) => stride > 0);
    let same = from;
    for (let turn = 0; same < this.#last; turn++) {
      const stride = likely[turn] ?? Math.min(STRIDE_MINUTES, 2 ** (turn - likely.length + 1));
      const next = Math.min(this.#last, same + stride);
      if (this.#total(next) !== now) return this.#between(same, next);
      same = next;
    }
    return undefined;
  }

  /** Its price, and the line that makes it another than a minute before. */
  explain(length: number): { totalMinor: number; line: Pick<PriceLine, 'rule' | 'description'> } {
    const priceOf = this.#priceOf ?? priceStay;
    const before = priceOf(this.#ending(length - 1)).lines;
    const { totalMinor, lines } = priceOf(this.#ending(length));
    const line = lines.find((candidate, index) => !isSame(candidate, before[index])) ?? lines.at(-1);
    return { totalMinor, line: line ?? { rule: 'BLOCK', description: '' } };
  }

  #between(same: number, other: number): number {
    const now = this.#total(same);
    let low = same;
    let high = other;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (this.#total(middle) === now) low = middle;
      else high = middle;
    }
    return high;
  }

  #total(length: number): number {
    const known = this.#totals.get(length);
    if (known !== undefined) return known;
    const totalMinor = this.totalOf(this.#ending(length));
    this.#totals.set(length, totalMinor);
    return totalMinor;
  }

  #ending(length: number): StayToPrice {
    const { startsAt } = this.#stay.period;
    return { ...this.#stay, period: { startsAt, endsAt: new Date(startsAt.getTime() + length * MINUTE_MS) } };
  }
}

function isSame(line: PriceLine, other: PriceLine | undefined): boolean {
  return line.rule === other?.rule && line.amountMinor === other.amountMinor && line.description === other.description;
}

function shortestBlock({ tariff }: StayToPrice): number {
  const blocks = tariff.rates.flatMap(({ bands }) =>
    bands.flatMap(({ steps }) => steps.map((step) => step.blockMinutes)),
  );
  return Math.min(STRIDE_MINUTES, ...blocks);
}
