import { performance } from 'node:perf_hooks';
import { tooMany } from './problem.ts';

const WINDOW_MS = 1000;

/** At most so many calls per endpoint in any second. */
export class RateLimit {
  readonly #perSecond: number;
  readonly #calls = new Map<string, number[]>();

  constructor(perSecond: number) {
    this.#perSecond = perSecond;
  }

  /** Counts a call, or refuses it with 429. Real time: a clock that a test holds still must not close the double. */
  count(endpoint: string): void {
    const now = performance.now();
    const recent = (this.#calls.get(endpoint) ?? []).filter((at) => at > now - WINDOW_MS);
    this.#calls.set(endpoint, recent);
    if (recent.length >= this.#perSecond) {
      throw tooMany();
    }
    recent.push(now);
  }
}
