import { MINUTE_MS } from '../period.ts';
import type { BandSpans } from './band-windows.ts';
import type { CompiledCap } from './compile.ts';
import { least } from './exact.ts';
import { Days, Stretches } from './spans.ts';
import type { Spans } from './spans.ts';
import type { Visit } from './visit.ts';
import { minuteOfDay } from './windows.ts';

const DAY_MINUTES = 24 * 60;

/** The most that each window of one kind costs, and what the window has cost so far. */
export interface CapMeter {
  /** The cap of the rate; undefined for the bands' own caps. */
  readonly cap: CompiledCap | undefined;
  /** Its place in the order in which caps apply. */
  readonly place: number;
  readonly spans: Spans;
  /** What is still charged of an amount that begins where the spans are. */
  pass(amount: bigint): bigint;
}

/** Questions 1 and 2. An amount counts in the window in which it begins and is taken off once the window has cost its maximum. */
class RateCap implements CapMeter {
  readonly cap: CompiledCap;
  readonly place: number;
  readonly spans: Spans;
  readonly #firstWindow: number;
  #window = NaN;
  #spent = 0n;

  constructor({ cap, place, spans }: { cap: CompiledCap; place: number; spans: Spans }) {
    this.cap = cap;
    this.place = place;
    this.spans = spans;
    this.#firstWindow = spans.startsMs;
  }

  pass(amount: bigint): bigint {
    const { startsMs } = this.spans;
    if (this.cap.cap.repeats === false && startsMs !== this.#firstWindow) return amount;
    if (startsMs !== this.#window) {
      this.#window = startsMs;
      this.#spent = 0n;
    }
    const passed = least(amount, this.cap.limit - this.#spent);
    this.#spent += passed;
    return passed;
  }
}

/** Question 1, "per window of the day": the most that one window of a band costs. */
class BandCap implements CapMeter {
  readonly cap = undefined;
  readonly place = 0;
  readonly spans: BandSpans;
  #window = NaN;
  #spent = 0n;

  constructor(bands: BandSpans) {
    this.spans = bands;
  }

  pass(amount: bigint): bigint {
    const { startsMs, band } = this.spans;
    if (startsMs !== this.#window) {
      this.#window = startsMs;
      this.#spent = 0n;
    }
    if (band.cap === undefined) return amount;
    const passed = least(amount, band.cap - this.#spent);
    this.#spent += passed;
    return passed;
  }
}

/** The meters in the order in which they apply: the bands' own, then the rate's as they are listed. */
export function capMeters(visit: Visit, bands: BandSpans): CapMeter[] {
  const ofRate = visit.rate.caps.map(
    (cap, index) => new RateCap({ cap, place: index + 1, spans: spansOf(cap, visit) }),
  );
  return [new BandCap(bands), ...ofRate];
}

/** The windows of a cap, at the one in which charging starts. */
function spansOf({ cap }: CompiledCap, { tariff, chargedFromMs }: Visit): Spans {
  const { window, minutes = DAY_MINUTES, dayStartsAt = '00:00' } = cap;
  if (window === 'ROLLING') return new Stretches(chargedFromMs, minutes * MINUTE_MS);
  const days = new Days(tariff.timeline, window === 'BUSINESS_DAY' ? minuteOfDay(dayStartsAt) : 0);
  days.moveTo(chargedFromMs);
  return days;
}
