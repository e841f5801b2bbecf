import type { Clock } from '../../src/platform/clock.ts';
import type { Scheduler } from '../../src/platform/agenda.ts';

/** A clock that runs `speed` times as fast as the machine's since `sinceMs`. Processes with the same two numbers tell the same time. */
export class ScaledClock implements Clock {
  readonly speed: number;
  private readonly sinceMs: number;

  constructor(speed: number, sinceMs: number) {
    this.speed = speed;
    this.sinceMs = sinceMs;
  }

  now(): Date {
    return new Date(this.sinceMs + (Date.now() - this.sinceMs) * this.speed);
  }

  /** When the machine's clock will stand where this one says `instant`. */
  realTimeOf(instant: Date): Date {
    return new Date(this.sinceMs + (instant.getTime() - this.sinceMs) / this.speed);
  }
}

/** The job queue runs by the machine's clock: what is due by the fast one is handed to it earlier. */
export function scaledScheduler(scheduler: Scheduler, clock: ScaledClock): Scheduler {
  return {
    schedule: (job, when, data) => scheduler.schedule(job, clock.realTimeOf(when), data),
    runIn: (job, delayMs, data) => scheduler.runIn(job, delayMs / clock.speed, data),
    ping: () => scheduler.ping(),
    start: (handlers, onRun) => scheduler.start(handlers, onRun),
    stop: () => scheduler.stop(),
    close: () => scheduler.close(),
  };
}
