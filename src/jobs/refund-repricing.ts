import { z } from 'zod';
import { forgottenRefunds, REFUND_REPRICING_JOB, runRefunds } from '../payments/refund-repricing.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Job, Sweep } from './job.ts';

const keySchema = z.object({ lotId: z.uuid(), repricingId: z.uuid() });

/** Gives back what a repricing has found to be paid too much, a turn at a time. */
export const REFUND_REPRICING: Job = {
  name: REFUND_REPRICING_JOB,
  run: async (platform, data) => {
    const key = keySchema.parse(data);
    if ((await runRefunds(platform, key)) === 'MORE') await platform.scheduler.runIn(REFUND_REPRICING_JOB, 0, key);
    return 'DONE';
  },
};

/** Refunds of a repricing whose worker died, or whose job was lost. */
export const SWEEP_REPRICING_REFUNDS: Sweep = {
  name: 'refund-repricing',
  everySeconds: 60,
  run: async (platform) =>
    eachFound(platform, await forgottenRefunds(platform), async (key) => {
      await platform.scheduler.runIn(REFUND_REPRICING_JOB, 0, { ...key });
      return true;
    }),
};
