import { repairProjections } from '../availability/repair-projections.ts';
import type { Sweep } from './job.ts';

/** Boards that were not told of a change. */
export const REPAIR_BOARDS: Sweep = { name: 'boards', everySeconds: 60, run: repairProjections };
