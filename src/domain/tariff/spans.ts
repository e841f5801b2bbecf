import { DAY_MS, MINUTE_MS } from '../period.ts';
import type { Timeline } from './timeline.ts';

/** One stretch after the other on a tariff's line. A reader moves along it forwards only. */
export interface Spans {
  readonly startsMs: number;
  readonly endsMs: number;
  /** Makes `startsMs` and `endsMs` those of the stretch in which a point lies, no earlier than the last one asked for. */
  moveTo(atMs: number): void;
}

/** The dates of the lot's wall, or its business days, which begin at another time than midnight: 23, 24, 25 or other hours long. */
export class Days implements Spans {
  startsMs = -Infinity;
  endsMs = -Infinity;
  /** The date on which it begins, in days since 1970-01-01. */
  day = 0;
  readonly #timeline: Timeline;
  readonly #beginsMs: number;

  constructor(timeline: Timeline, beginsMinute = 0) {
    this.#timeline = timeline;
    this.#beginsMs = beginsMinute * MINUTE_MS;
  }

  moveTo(atMs: number): void {
    if (atMs < this.endsMs) return;
    let day = Math.floor((this.#timeline.local(atMs) - this.#beginsMs) / DAY_MS);
    // Where the clock goes back over midnight, the next date has begun although the wall shows the old one once more.
    if (this.#begins(day + 1) <= atMs) day += 1;
    this.day = day;
    this.startsMs = this.#begins(day);
    this.endsMs = this.#begins(day + 1);
  }

  #begins(day: number): number {
    return this.#timeline.when(day * DAY_MS + this.#beginsMs);
  }
}

/** Stretches of one length from a point on. */
export class Stretches implements Spans {
  startsMs: number;
  endsMs: number;
  readonly #lengthMs: number;

  constructor(startsMs: number, lengthMs: number) {
    this.startsMs = startsMs;
    this.endsMs = startsMs + lengthMs;
    this.#lengthMs = lengthMs;
  }

  moveTo(atMs: number): void {
    if (atMs < this.endsMs) return;
    this.startsMs += Math.floor((atMs - this.startsMs) / this.#lengthMs) * this.#lengthMs;
    this.endsMs = this.startsMs + this.#lengthMs;
  }
}

/** One stretch that never ends. */
export class Always implements Spans {
  readonly startsMs: number;
  readonly endsMs = Infinity;

  constructor(startsMs: number) {
    this.startsMs = startsMs;
  }

  moveTo(): void {}
}
