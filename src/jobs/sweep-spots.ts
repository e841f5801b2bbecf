import { compareCounts, findStrangers } from '../sensors/find-strangers.ts';
import { sweepSpots } from '../sensors/sweep-spots.ts';
import type { Sweep } from './job.ts';

/** Spots whose sensors fell silent or may not differ any longer, and vehicles where nobody expected them. Nothing was missed here. */
export const SWEEP_SPOTS: Sweep = {
  name: 'spots',
  everySeconds: 30,
  run: async (platform) => {
    await sweepSpots(platform);
    await findStrangers(platform);
    await compareCounts(platform);
    return 0;
  },
};
