import { renewMonthlyPasses } from '../booking/renew-monthly-passes.ts';
import type { Sweep } from './job.ts';

const BATCH = 50;

/** Monthly passes whose month ends: the next one is charged, or the pass is closed. */
export const RENEW_MONTHLY_PASSES: Sweep = {
  name: 'monthly-passes',
  everySeconds: 300,
  run: (platform) => renewMonthlyPasses(platform, BATCH),
};
