import { whileHeld } from '../gate/hold-rights.ts';
import { compareCounts, findStrangers } from '../sensors/find-strangers.ts';
import { sweepSpots } from '../sensors/sweep-spots.ts';
import type { Sweep } from './job.ts';

/** Spots whose sensors fell silent or may not differ any longer. Nothing was missed here: only a sweep does this. */
export const SWEEP_SPOTS: Sweep = {
  name: 'spots',
  everySeconds: 30,
  run: async (platform) => {
    await sweepSpots(platform);
    return 0;
  },
};

/** Vehicles where nobody expected them. Nothing was missed here, either. */
export const FIND_STRANGERS: Sweep = {
  name: 'strangers',
  everySeconds: 60,
  run: async (platform) => {
    await findStrangers(platform, (spot, work) => whileHeld(platform, spot, work));
    await compareCounts(platform);
    return 0;
  },
};
