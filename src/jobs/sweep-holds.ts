import { expireHold, lapsedHolds } from '../booking/expire-hold.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Sweep } from './job.ts';

const BATCH = 200;

/** Holds whose job was lost. They are bookable all the same; this puts the boards right. */
export const SWEEP_HOLDS: Sweep = {
  name: 'expire-hold',
  everySeconds: 30,
  run: async (platform) => eachFound(platform, await lapsedHolds(platform, BATCH), (key) => expireHold(platform, key)),
};
