import { zoneClock } from './local-time.ts';
import type { ZoneClock } from './local-time.ts';

/**
 * Question 12: the line on which a tariff counts minutes. Everything else of the engine asks this line and never a clock, so that both
 * answers share every rule. Points of the line, instants and local times are all in ms.
 */
export interface Timeline {
  /** Where an instant lies on the line. */
  at(instantMs: number): number;
  /** What the wall shows at a point of the line. */
  local(atMs: number): number;
  /** The first point at which the wall has come to a local time. */
  when(localMs: number): number;
}

/** ELAPSED: the line is time itself; a night on which the clock goes back is an hour longer. */
class ElapsedTime implements Timeline {
  readonly #clock: ZoneClock;

  constructor(clock: ZoneClock) {
    this.#clock = clock;
  }

  at(instantMs: number): number {
    return instantMs;
  }

  local(atMs: number): number {
    return this.#clock.local(atMs);
  }

  when(localMs: number): number {
    return this.#clock.instant(localMs);
  }
}

/** WALL: the line is what the wall shows, as if it had never been changed; 22:00 to 06:00 is eight hours on every night. */
class WallTime implements Timeline {
  readonly #clock: ZoneClock;

  constructor(clock: ZoneClock) {
    this.#clock = clock;
  }

  at(instantMs: number): number {
    return this.#clock.local(instantMs);
  }

  local(atMs: number): number {
    return atMs;
  }

  when(localMs: number): number {
    return localMs;
  }
}

/** The line of a tariff in a zone. */
export function timelineOf(clock: 'ELAPSED' | 'WALL', timeZone: string): Timeline {
  return clock === 'WALL' ? new WallTime(zoneClock(timeZone)) : new ElapsedTime(zoneClock(timeZone));
}
