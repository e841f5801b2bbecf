import type { PriceLine, PriceRule } from './document.ts';
import { minorNumber, wholeMinor } from './exact.ts';
import { localText } from './local-time.ts';
import type { Timeline } from './timeline.ts';
import type { Stretch } from './visit.ts';

/**
 * Lines whose amounts sum to the total: each is what the running sum, rounded half up, grows by. So parts of a minor unit are neither
 * lost nor counted twice.
 */
export class PriceLines {
  readonly lines: PriceLine[] = [];
  readonly scale: bigint;
  readonly #timeline: Timeline;
  #running = 0n;
  #runningMinor = 0;

  constructor(timeline: Timeline, scale: bigint) {
    this.#timeline = timeline;
    this.scale = scale;
  }

  /** Writes a line; `amount` in parts. The quantity is 1 where the price of one is no whole minor unit. */
  write(
    rule: PriceRule,
    description: string,
    { fromMs, toMs, amount, quantity = 1 }: Stretch & { readonly amount: bigint; readonly quantity?: number },
  ): void {
    this.#running += amount;
    const runningMinor = minorNumber(wholeMinor(this.#running, this.scale));
    const amountMinor = runningMinor - this.#runningMinor;
    this.#runningMinor = runningMinor;
    this.lines.push({
      rule,
      description,
      localFrom: this.textAt(fromMs),
      localTo: this.textAt(toMs),
      quantity,
      unitMinor: quantity === 0 ? 0 : amountMinor / quantity,
      amountMinor,
      runningMinor,
    });
  }

  /** Writes a line of a whole amount. */
  flat(rule: PriceRule, description: string, { minor, ...stretch }: Stretch & { readonly minor: number }): void {
    this.write(rule, description, { ...stretch, amount: BigInt(minor) * this.scale });
  }

  textAt(atMs: number): string {
    return localText(this.#timeline.local(atMs));
  }
}

/** A length of time for people: "15 min", "2 h". */
export function minutesText(minutes: number): string {
  return minutes % 60 === 0 && minutes > 0 ? `${minutes / 60} h` : `${minutes} min`;
}
