import { DAY_MS } from '../period.ts';
import type { BandWindow, CompiledBand } from './compile.ts';
import { Days, Stretches } from './spans.ts';
import type { Spans } from './spans.ts';
import type { Timeline } from './timeline.ts';
import type { Visit } from './visit.ts';

/** The windows of a rate's bands along a stay, and which band holds in them. */
export interface BandSpans extends Spans {
  readonly band: CompiledBand;
  /** The first edge from here on that lies before a point; Infinity where there is none. */
  edgeBefore(untilMs: number): number;
}

interface OpenWindow {
  readonly band: CompiledBand;
  readonly startsMs: number;
  readonly endsMs: number;
}

/**
 * The windows of a day as they open on each date, one after the other. An edge is where another band begins to hold: at midnight inside
 * a band of the whole day one window ends and the next begins, but nothing changes for who is charged by it.
 */
class DayWindows implements BandSpans {
  readonly #timeline: Timeline;
  readonly #windowsOn: (day: number) => readonly BandWindow[];
  #open: OpenWindow;

  constructor({ tariff, rate, entryMs }: Pick<Visit, 'tariff' | 'rate' | 'entryMs'>, fromMs: number) {
    this.#timeline = tariff.timeline;
    // Question 11, ENTRY: every date, the one before the entry's among them, is of the class of the entry's date.
    if (tariff.document.dayClass === 'ENTRY') {
      const windows = rate.windowsOn(dayOf(tariff.timeline, entryMs));
      this.#windowsOn = () => windows;
    } else {
      this.#windowsOn = (day) => rate.windowsOn(day);
    }
    this.#open = this.#find(fromMs);
  }

  get band(): CompiledBand {
    return this.#open.band;
  }

  get startsMs(): number {
    return this.#open.startsMs;
  }

  get endsMs(): number {
    return this.#open.endsMs;
  }

  moveTo(atMs: number): void {
    if (atMs >= this.#open.endsMs) this.#open = this.#find(atMs);
  }

  edgeBefore(untilMs: number): number {
    const { band } = this.#open;
    let { endsMs } = this.#open;
    while (endsMs < untilMs) {
      const next = this.#find(endsMs);
      if (next.band !== band) return endsMs;
      endsMs = next.endsMs;
    }
    return Infinity;
  }

  #find(atMs: number): OpenWindow {
    const day = dayOf(this.#timeline, atMs);
    // The date's own first: most windows end on the date on which they begin.
    const open = this.#findOn(day, atMs) ?? this.#findOn(day - 1, atMs);
    if (open === undefined) throw new RangeError('no band of the rate holds at this time');
    return open;
  }

  #findOn(day: number, atMs: number): OpenWindow | undefined {
    for (const { band, fromMs, toMs } of this.#windowsOn(day)) {
      const startsMs = this.#timeline.when(day * DAY_MS + fromMs);
      if (startsMs > atMs) continue;
      const endsMs = this.#timeline.when(day * DAY_MS + toMs);
      if (atMs < endsMs) return { band, startsMs, endsMs };
    }
    return undefined;
  }
}

/** One band for the whole stay. It knows no windows of the wall, so they are stretches of 24 h from where charging starts. */
class OneBand extends Stretches implements BandSpans {
  readonly band: CompiledBand;

  constructor(band: CompiledBand, chargedFromMs: number) {
    super(chargedFromMs, DAY_MS);
    this.band = band;
  }

  edgeBefore(): number {
    return Infinity;
  }
}

/** Questions 3 and 11: the bands by which a stay is charged from a point on. */
export function bandSpans(visit: Visit): BandSpans {
  const { entryMs, chargedFromMs, endsMs } = visit;
  const { edges = 'RUN_ON' } = visit.tariff.document;
  if (edges === 'ENTRY') return new OneBand(new DayWindows(visit, entryMs).band, chargedFromMs);
  // The exit itself belongs to whoever comes next: the band that holds just before it.
  if (edges === 'EXIT') return new OneBand(new DayWindows(visit, endsMs - 1).band, chargedFromMs);
  return new DayWindows(visit, chargedFromMs);
}

/** The date in which a point of the line lies. */
export function dayOf(timeline: Timeline, atMs: number): number {
  const days = new Days(timeline);
  days.moveTo(atMs);
  return days.day;
}
