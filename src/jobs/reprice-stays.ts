import { z } from 'zod';
import { REPRICE_JOB } from '../insight/reprice-stays.ts';
import { forgottenRepricings, runRepricing } from '../insight/run-repricing.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Job, Sweep } from './job.ts';

const keySchema = z.object({ lotId: z.uuid(), repricingId: z.uuid() });

/** Prices the stays of a repricing again, a turn at a time. Each turn asks for the next: as many as the past is long. */
export const REPRICE_STAYS: Job = {
  name: REPRICE_JOB,
  run: async (platform, data) => {
    const key = keySchema.parse(data);
    if ((await runRepricing(platform, key)) === 'MORE') await platform.scheduler.runIn(REPRICE_JOB, 0, key);
    return 'DONE';
  },
};

/** Repricings whose worker died, or whose job was lost. */
export const SWEEP_REPRICINGS: Sweep = {
  name: 'reprice-stays',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await forgottenRepricings(platform), async (key) => {
      await platform.scheduler.runIn(REPRICE_JOB, 0, { ...key });
      return true;
    }),
};
