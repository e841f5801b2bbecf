import { sweepPassages, sweepUnpassed } from '../gate/settle-passages.ts';
import { sweepCommands } from '../hardware/write-command.ts';
import type { Sweep } from './job.ts';

/** Commands to barriers whose deadline has passed, and those that could not be written down. */
export const SWEEP_RELAY_COMMANDS: Sweep = { name: 'relay-commands', everySeconds: 10, run: sweepCommands };

/** Vehicles over loops that named no opening, and openings on which nobody passed. Nothing was missed here: only a sweep does this. */
export const SETTLE_PASSAGES: Sweep = {
  name: 'passages',
  everySeconds: 10,
  run: async (platform) => {
    await sweepPassages(platform);
    await sweepUnpassed(platform);
    return 0;
  },
};
