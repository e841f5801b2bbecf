import { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../period.ts';

// Local times are counted in ms as if the lot's wall were UTC, so that a date is a division and not a question to a library.

/** True for an IANA time zone that the runtime knows ("Europe/Amsterdam"). */
export function isTimeZone(timeZone: string): boolean {
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone);
    return true;
  } catch {
    return false;
  }
}

/** A local time as text, to the second and without offset ("2026-10-24T22:00:00"). */
export function localText(localMs: number): string {
  return new Date(localMs).toISOString().slice(0, 19);
}

/** A stretch of instants in which a zone's clock is not changed. */
interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly offsetMs: number;
}

/**
 * The clock of one zone. A clock change is asked for once and remembered, because the time-zone library takes a thousand times longer
 * than a price may. Kept for good: there are a few hundred zones with two changes a year.
 */
export class ZoneClock {
  readonly #timeZone: string;
  readonly #stretches: Stretch[] = [];
  #last: Stretch;

  constructor(timeZone: string) {
    this.#timeZone = timeZone;
    this.#last = this.#ask(0);
  }

  /** What the wall shows at an instant. */
  local(instantMs: number): number {
    return instantMs + this.#stretchAt(instantMs).offsetMs;
  }

  /**
   * The first instant at which the wall has come to a local time: of two, the first; for one that a clock change leaves out, the
   * instant of the change. A later local time never gives an earlier instant.
   */
  instant(localMs: number): number {
    // No zone is a whole day away from UTC: the wall has not come to this time yet.
    let stretch = this.#stretchAt(localMs - DAY_MS);
    while (localMs >= stretch.untilMs + stretch.offsetMs) stretch = this.#stretchAt(stretch.untilMs);
    return Math.max(stretch.fromMs, localMs - stretch.offsetMs);
  }

  #stretchAt(instantMs: number): Stretch {
    const last = this.#last;
    if (last.fromMs <= instantMs && instantMs < last.untilMs) return last;
    const known = this.#stretches.find(({ fromMs, untilMs }) => fromMs <= instantMs && instantMs < untilMs);
    this.#last = known ?? this.#ask(instantMs);
    return this.#last;
  }

  #ask(instantMs: number): Stretch {
    const zoned = Temporal.Instant.fromEpochMilliseconds(instantMs).toZonedDateTimeISO(this.#timeZone);
    // "previous" is strictly before, so a change at this very instant is asked for from the next millisecond.
    const changed = zoned.add({ milliseconds: 1 }).getTimeZoneTransition('previous');
    const stretch = {
      fromMs: changed?.epochMilliseconds ?? -Infinity,
      untilMs: zoned.getTimeZoneTransition('next')?.epochMilliseconds ?? Infinity,
      offsetMs: zoned.offsetNanoseconds / 1_000_000,
    };
    this.#stretches.push(stretch);
    return stretch;
  }
}

const clocks = new Map<string, ZoneClock>();

/** The clock of a zone. Throws RangeError for a zone that the runtime does not know. */
export function zoneClock(timeZone: string): ZoneClock {
  const known = clocks.get(timeZone);
  if (known !== undefined) return known;
  const clock = new ZoneClock(timeZone);
  clocks.set(timeZone, clock);
  return clock;
}

/** What the lot's clock shows at an instant, to the second and without offset ("2026-10-24T22:00:00"). */
export function localDateTime(instantMs: number, timeZone: string): string {
  return localText(zoneClock(timeZone).local(instantMs));
}
