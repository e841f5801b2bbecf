/** Where the time comes from. The only file of `src/` that reads the machine's clock: everything else is handed a clock or an instant. */
export interface Clock {
  now(): Date;
}

export const systemClock: Clock = { now: () => new Date() };

/** Monotonic milliseconds for measuring how long something took; never for deciding anything. */
export function monotonicMs(): number {
  return performance.now();
}

/** A clock that stands where it is put: tests move it instead of sleeping. It can also run along with the machine's clock at an offset. */
export class MovableClock implements Clock {
  private offsetMs = 0;
  private frozenAt: Date | undefined;

  now(): Date {
    return this.frozenAt ?? new Date(Date.now() + this.offsetMs);
  }

  /** Stops the clock at `instant`. */
  freezeAt(instant: Date): void {
    this.frozenAt = instant;
  }

  /** Jumps by `ms` (negative: back); a frozen clock stays frozen, a running one goes on running. */
  advance(ms: number): void {
    if (this.frozenAt) this.frozenAt = new Date(this.frozenAt.getTime() + ms);
    else this.offsetMs += ms;
  }

  /** Runs along with the machine's clock, starting at `instant`. */
  runFrom(instant: Date): void {
    this.frozenAt = undefined;
    this.offsetMs = instant.getTime() - Date.now();
  }
}
