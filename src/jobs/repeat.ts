import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import type { Sweep } from './job.ts';
import { runSweep } from './run.ts';

/** A provider that does not answer holds up no process that wants to end. */
const STOP_MS = 8000;

/**
 * Runs each sweep when it is started and then every so often. The timers are this process's own and not the job queue's, for the queue is what the
 * sweeps watch over; Redis only spares several workers the same work, and is not needed.
 */
export function startRepeating(platform: Platform, sweeps: readonly Sweep[]): { stop(): Promise<void> } {
  const running = new Map<string, Promise<unknown>>();
  const run = (sweep: Sweep) => {
    if (running.has(sweep.name)) return;
    running.set(
      sweep.name,
      runIfMyTurn(platform, sweep).finally(() => running.delete(sweep.name)),
    );
  };
  const timers = sweeps.map((sweep) => setInterval(() => run(sweep), sweep.everySeconds * 1000));
  sweeps.forEach(run);
  return {
    stop: async () => {
      timers.forEach((timer) => clearInterval(timer));
      await withinMs(STOP_MS, Promise.all(running.values())).catch((error: unknown) =>
        platform.log.warn({ err: error, sweeps: [...running.keys()] }, 'a sweep was cut off; the next one goes on'),
      );
    },
  };
}

async function runIfMyTurn(platform: Platform, sweep: Sweep): Promise<void> {
  // A little less than the interval, so that the timer that set it finds it gone.
  const turnMs = sweep.everySeconds * 900;
  const mine = await platform.redis.set(`sweep:${sweep.name}`, '1', 'PX', turnMs, 'NX').catch(() => 'OK');
  if (mine === 'OK') await runSweep(platform, sweep);
}
