import { MINUTE_MS } from '../period.ts';
import type { Run } from './blocks.ts';
import { dateText } from './calendar.ts';
import type { CapMeter } from './caps.ts';
import { minutesText } from './price-lines.ts';
import type { PriceLines } from './price-lines.ts';
import type { Stretch, Visit } from './visit.ts';

/** Consecutive runs of one band and step on one date, which make one line. */
interface Blocks extends Stretch {
  readonly run: Run;
  readonly blocks: number;
  readonly amount: bigint;
}

/** What a rule has changed on one date, and for which of its blocks. */
interface Change extends Stretch {
  readonly amount: bigint;
}

interface Reduction extends Change {
  readonly meter: CapMeter;
  readonly description: string;
}

/**
 * Puts what happens to the blocks of a stay into lines, a chapter for each local date: its blocks, those that a monthly pass covers taken
 * off again, then what demand makes of the date's sum, then what each cap takes off.
 */
export class Explanation {
  readonly #lines: PriceLines;
  readonly #visit: Visit;
  #day = NaN;
  #blocks: Blocks | undefined;
  #covered: Change | undefined;
  #demand: Change | undefined;
  #reductions: Reduction[] = [];

  constructor(lines: PriceLines, visit: Visit) {
    this.#lines = lines;
    this.#visit = visit;
  }

  /** The next run of the walk, on its date. */
  blocks(run: Run, day: number): void {
    if (day !== this.#day) this.endOfDay();
    this.#day = day;
    const { fromMs, toMs, blocks, amount } = run;
    const open = this.#blocks;
    if (open !== undefined && continues(open, run)) {
      this.#blocks = { ...open, toMs, blocks: open.blocks + blocks, amount: open.amount + amount };
      return;
    }
    this.#writeBlocks();
    this.#blocks = { run, fromMs, toMs, blocks, amount };
  }

  /** A run that a monthly pass covers. */
  covered(run: Run): void {
    this.#covered = changed(this.#covered, run, -run.amount);
  }

  /** What demand has added to a run, or taken off it. */
  demanded(run: Run, amount: bigint): void {
    this.#demand = changed(this.#demand, run, amount);
  }

  /** What a cap has taken off a run. The line begins where the cap's window does, because that is what the cap is of. */
  capped({ band, toMs }: Run, meter: CapMeter, amount: bigint): void {
    const description = this.#capText(meter, band.band.name);
    const index = this.#reductions.findIndex((one) => one.meter === meter && one.description === description);
    const fromMs = Math.max(meter.spans.startsMs, this.#visit.chargedFromMs);
    const before = this.#reductions[index]?.amount ?? 0n;
    const reduction = { meter, description, fromMs, toMs, amount: before + amount };
    if (index === -1) this.#reductions.push(reduction);
    else this.#reductions[index] = reduction;
  }

  /** Ends the chapter of a date; call it once more after the last run. */
  endOfDay(): void {
    this.#writeBlocks();
    if (this.#covered !== undefined) this.#lines.write('MONTHLY_PASS', 'Covered by a monthly pass', this.#covered);
    if (this.#demand !== undefined && this.#demand.amount !== 0n) {
      this.#lines.write('MULTIPLIER', `Demand: ${this.#visit.multiplierPercent} % of the rate`, this.#demand);
    }
    // The bands' own caps come before the rate's, whose order is that of the tariff.
    for (const { meter, description, ...change } of this.#reductions.sort((a, b) => a.meter.place - b.meter.place)) {
      this.#lines.write(meter.cap === undefined ? 'WINDOW_CAP' : 'CAP', description, {
        ...change,
        amount: -change.amount,
      });
    }
    this.#covered = undefined;
    this.#demand = undefined;
    this.#reductions = [];
  }

  #writeBlocks(): void {
    const open = this.#blocks;
    this.#blocks = undefined;
    if (open === undefined) return;
    const { run, blocks, amount, fromMs, toMs } = open;
    const isWhole = !run.isShare && run.step.price % this.#lines.scale === 0n;
    const quantity = isWhole ? blocks : 1;
    this.#lines.write('BLOCK', blocksText(open), { fromMs, toMs, amount, quantity });
  }

  #capText({ cap, spans }: CapMeter, bandName: string): string {
    const from = this.#lines.textAt(spans.startsMs).slice(0, 16).replace('T', ' ');
    if (cap === undefined) return `Maximum of ${bandName}, from ${from}`;
    const { window, minutes = 24 * 60, repeats = true } = cap.cap;
    const once = repeats ? '' : ', only once';
    if (window === 'ROLLING') return `Maximum of ${minutesText(minutes)} from ${from}${once}`;
    if (window === 'BUSINESS_DAY') return `Day maximum from ${from}${once}`;
    return `Day maximum of ${dateText(this.#day)}${once}`;
  }
}

function continues(open: Blocks, run: Run): boolean {
  return open.run.band === run.band && open.run.step === run.step && !open.run.isShare && !run.isShare;
}

function changed(before: Change | undefined, { fromMs, toMs }: Run, amount: bigint): Change {
  return { fromMs: before?.fromMs ?? fromMs, toMs, amount: (before?.amount ?? 0n) + amount };
}

function blocksText({ run, blocks, fromMs, toMs }: Blocks): string {
  const { band, step, isShare } = run;
  const minutes = step.blockMs / MINUTE_MS;
  if (!isShare) return `${band.band.name}: ${blocks} × ${minutesText(minutes)}`;
  return `${band.band.name}: ${Math.round(((toMs - fromMs) / MINUTE_MS) * 100) / 100} of ${minutes} min`;
}
