import { paymentsIdle } from '../payments/background.ts';
import type { JobHandler } from '../platform/agenda.ts';
import { startOutboxRelay } from '../platform/outbox.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import type { Job } from './job.ts';
import { startCommandWorker } from './provider-commands.ts';
import { startRepeating } from './repeat.ts';
import { JOBS, SWEEPS } from './run.ts';
import { SINKS } from './sinks.ts';

/** A provider that does not answer holds up no process that wants to end. */
const STOP_COMMANDS_MS = 4000;

/** A job that keeps asking to run again is left to its sweep after so many times. */
const MOST_RERUNS = 30;

/**
 * Starts what the worker role does by itself: due jobs, what has to be asked of the payment provider, the sweeps that find what was
 * missed, and the relay of the outbox.
 * `stop` takes up nothing more and resolves when what was under way is done.
 */
export async function startJobs(platform: Platform): Promise<{ stop(): Promise<void> }> {
  await platform.scheduler.start(
    JOBS.map((job) => handlerOf(platform, job)),
    (job, outcome) => platform.metrics.jobRuns.inc({ job, outcome: outcome.toLowerCase() }),
  );
  const relay = startOutboxRelay(platform, SINKS);
  const commands = startCommandWorker(platform);
  const sweeps = startRepeating(platform, SWEEPS);
  return {
    stop: async () => {
      // The relay last but one: what the sweeps still do is told; what it puts on the clock, another process runs.
      await sweeps.stop();
      await withinMs(STOP_COMMANDS_MS, commands.stop()).catch((error: unknown) =>
        platform.log.warn(
          { err: error },
          'commands for the payment provider were cut off; another worker takes them up',
        ),
      );
      await relay.stop();
      await platform.scheduler.stop();
      await paymentsIdle(platform);
    },
  };
}

function handlerOf(platform: Platform, job: Job): JobHandler {
  return {
    name: job.name,
    run: async (data) => {
      const outcome = await job.run(platform, data);
      const { reruns = 0, ...about } = data;
      if (outcome === 'DONE' || Number(reruns) >= MOST_RERUNS) return;
      await platform.scheduler.runIn(job.name, outcome.againInMs, { ...about, reruns: Number(reruns) + 1 });
    },
  };
}
