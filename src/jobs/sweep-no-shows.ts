import { dueNoShows } from '../booking/release-no-show.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Sweep } from './job.ts';
import { releaseIfAbsent } from './release-no-show.ts';

const BATCH = 200;

/** No-shows whose job was lost, or waited for a journal in vain. */
export const SWEEP_NO_SHOWS: Sweep = {
  name: 'release-no-show',
  everySeconds: 30,
  run: async (platform) =>
    eachFound(
      platform,
      await dueNoShows(platform, BATCH),
      async (key) => (await releaseIfAbsent(platform, key)) === 'RELEASED',
    ),
};
