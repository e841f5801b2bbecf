import { sweepExtensions } from '../booking/extension.ts';
import type { Sweep } from './job.ts';

const BATCH = 50;

/** Later ends that were claimed and whose payment was never finished. */
export const SWEEP_EXTENSIONS: Sweep = {
  name: 'extensions',
  everySeconds: 60,
  run: (platform) => sweepExtensions(platform, BATCH),
};
