import { lotsToMerge, mergeJournals } from '../gate/lane-sync/merge-journals.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Sweep } from './job.ts';

/** What lanes have sent and nobody has merged: the process that took it died, or PostgreSQL or Redis was away. */
export const MERGE_LANES: Sweep = {
  name: 'merge-lanes',
  everySeconds: 10,
  run: async (platform) =>
    eachFound(platform, await lotsToMerge(platform), async (lotId) => (await mergeJournals(platform, lotId)) > 0),
};
