import { sweepOrphanWalkIns, sweepOverstays } from '../gate/sweep-stays.ts';
import type { Sweep } from './job.ts';

/** Spots claimed for walk-ins that were never let in. */
export const SWEEP_ORPHAN_WALK_INS: Sweep = { name: 'orphan-walk-ins', everySeconds: 60, run: sweepOrphanWalkIns };

/** Vehicles that stay longer than their spot was claimed for. Nothing was missed here: only a sweep does this. */
export const EXTEND_OVERSTAYS: Sweep = {
  name: 'overstays',
  everySeconds: 60,
  run: async (platform) => {
    await sweepOverstays(platform);
    return 0;
  },
};
