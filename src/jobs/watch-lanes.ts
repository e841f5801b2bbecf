import { watchLanes } from '../gate/lane-sync/silent-lanes.ts';
import type { Sweep } from './job.ts';

/** Lane agents that have fallen silent, and those whose key has ended. Nothing was missed here: only a sweep does this. */
export const WATCH_LANES: Sweep = { name: 'watch-lanes', everySeconds: 60, run: watchLanes };
