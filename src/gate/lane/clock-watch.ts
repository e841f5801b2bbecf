import type { Clock } from '../../platform/clock.ts';

/** A machine's clock and what carries its time over jumps of that clock. */
export interface LaneClock extends Clock {
  /** Milliseconds that only ever grow, by as much as time passes. Left out, the clock itself is believed to do so. */
  elapsedMs?(): number;
}

/** One answer of the cloud that told its time. `elapsed` is when it was asked and answered, by `elapsedMs`. */
export interface ServerTime {
  readonly serverMs: number;
  /** 1000 for a time in whole seconds: it is somewhere in the second that it names. */
  readonly resolutionMs: number;
  readonly sentElapsedMs: number;
  readonly receivedElapsedMs: number;
}

/** What a lane knows of its clock. `isUnsure`: never measured, or so wrong that a person should look. */
export interface ClockState {
  readonly skewMs: number;
  readonly isMeasured: boolean;
  readonly isUnsure: boolean;
  /** More than two minutes off. */
  readonly alarm: boolean;
}

const SAMPLES = 15;
export const DRIFT_ALARM_MS = 2 * 60_000;

/**
 * The lane's time: the cloud's, as measured from its answers, carried on by a clock that never jumps. The machine's own clock may be
 * wrong or be set while the agent runs; nothing here follows it.
 */
export class ClockWatch {
  private readonly clock: LaneClock;
  private readonly offsets: number[] = [];
  /** What to add to `elapsedMs` for the true time. */
  private offsetMs: number;
  private isMeasured: boolean;
  private wentBack = false;

  /** `rememberedSkewMs` is what was measured before a restart; time never starts before `notBeforeMs`, the last entry of the journal. */
  constructor(clock: LaneClock, remembered: { rememberedSkewMs: number | undefined; notBeforeMs: number }) {
    this.clock = clock;
    this.isMeasured = remembered.rememberedSkewMs !== undefined;
    const startMs = clock.now().getTime() + (remembered.rememberedSkewMs ?? 0);
    this.wentBack = startMs < remembered.notBeforeMs - DRIFT_ALARM_MS;
    this.offsetMs = Math.max(startMs, remembered.notBeforeMs) - this.elapsedMs();
  }

  /** Grows as time passes, whatever happens to the machine's clock. */
  elapsedMs(): number {
    return this.clock.elapsedMs?.() ?? this.clock.now().getTime();
  }

  /** The time, in ms since 1970. */
  nowMs(): number {
    return Math.round(this.offsetMs + this.elapsedMs());
  }

  now(): Date {
    return new Date(this.nowMs());
  }

  /** The machine's own time, as wrong as it is. */
  deviceMs(): number {
    return this.clock.now().getTime();
  }

  /** By how much the machine's clock is behind. */
  skewMs(): number {
    return this.nowMs() - this.deviceMs();
  }

  state(): ClockState {
    const skewMs = this.skewMs();
    const alarm = Math.abs(skewMs) > DRIFT_ALARM_MS;
    return { skewMs, isMeasured: this.isMeasured, isUnsure: alarm || !this.isMeasured || this.wentBack, alarm };
  }

  /** Takes in what time the cloud said it was, less half of what the answer took. Of the last fifteen the median counts. */
  measure({ serverMs, resolutionMs, sentElapsedMs, receivedElapsedMs }: ServerTime): void {
    const roundTripMs = receivedElapsedMs - sentElapsedMs;
    this.offsets.push(serverMs + resolutionMs / 2 + roundTripMs / 2 - receivedElapsedMs);
    if (this.offsets.length > SAMPLES) this.offsets.shift();
    const sorted = this.offsets.toSorted((a, b) => a - b);
    this.offsetMs = sorted[Math.floor(sorted.length / 2)] ?? this.offsetMs;
    this.isMeasured = true;
    this.wentBack = false;
  }
}
