import type { JobData } from '../platform/agenda.ts';
import type { Platform } from '../platform/platform.ts';
import { SWEEP_BOOKS } from './check-books.ts';
import { DROP_UNPAID } from './drop-unpaid.ts';
import { EXPIRE_HOLD } from './expire-hold.ts';
import { FORGET_OLD_ROWS } from './forget-old-rows.ts';
import type { Job, JobOutcome, Sweep } from './job.ts';
import { runCommands, SWEEP_COMMANDS } from './provider-commands.ts';
import { RECONCILE_PAYMENTS } from './reconcile-payments.ts';
import { MERGE_LANES } from './merge-lanes.ts';
import { REFUND_REPRICING, SWEEP_REPRICING_REFUNDS } from './refund-repricing.ts';
import { RELEASE_NO_SHOW } from './release-no-show.ts';
import { RENEW_MONTHLY_PASSES } from './renew-monthly-passes.ts';
import { REPAIR_BOARDS } from './repair-boards.ts';
import { REPRICE_STAYS, SWEEP_REPRICINGS } from './reprice-stays.ts';
import { SWEEP_EXTENSIONS } from './sweep-extensions.ts';
import { SWEEP_HOLDS } from './sweep-holds.ts';
import { SETTLE_PASSAGES, SWEEP_RELAY_COMMANDS } from './sweep-lanes.ts';
import { SWEEP_NO_SHOWS } from './sweep-no-shows.ts';
import { FIND_STRANGERS, SWEEP_SPOTS } from './sweep-spots.ts';
import { EXTEND_OVERSTAYS, SWEEP_ORPHAN_WALK_INS } from './sweep-stays.ts';
import { WATCH_LANES } from './watch-lanes.ts';

export const JOBS: readonly Job[] = [EXPIRE_HOLD, RELEASE_NO_SHOW, DROP_UNPAID, REPRICE_STAYS, REFUND_REPRICING];

export const SWEEPS: readonly Sweep[] = [
  // First: a vehicle that came in at a lane is no no-show.
  MERGE_LANES,
  SWEEP_HOLDS,
  SWEEP_NO_SHOWS,
  RECONCILE_PAYMENTS,
  SWEEP_COMMANDS,
  SWEEP_EXTENSIONS,
  SWEEP_ORPHAN_WALK_INS,
  EXTEND_OVERSTAYS,
  SWEEP_SPOTS,
  FIND_STRANGERS,
  SWEEP_RELAY_COMMANDS,
  SETTLE_PASSAGES,
  WATCH_LANES,
  RENEW_MONTHLY_PASSES,
  SWEEP_REPRICINGS,
  SWEEP_REPRICING_REFUNDS,
  REPAIR_BOARDS,
  SWEEP_BOOKS,
  FORGET_OLD_ROWS,
];

/** Does now what a job would do at its time. */
export async function runJob(platform: Platform, name: string, data: JobData): Promise<JobOutcome> {
  const job = JOBS.find((known) => known.name === name);
  if (!job) throw new Error(`there is no job "${name}"`);
  return job.run(platform, data);
}

/** Runs one sweep and counts what it found, which others should have done. A failure is logged: the next one tries again. */
export async function runSweep(platform: Platform, sweep: Sweep): Promise<number> {
  try {
    const found = await sweep.run(platform);
    if (found > 0) platform.log.info({ sweep: sweep.name, found }, 'a sweep found what had been missed');
    platform.metrics.sweepFound.inc({ job: sweep.name }, found);
    return found;
  } catch (error) {
    platform.log.warn({ err: error, sweep: sweep.name }, 'a sweep failed; the next one tries again');
    return 0;
  }
}

/** Runs every sweep once, one after the other, and works off what is due to be asked of the provider; gives what each found. */
export async function runSweeps(platform: Platform): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const sweep of SWEEPS) found[sweep.name] = await runSweep(platform, sweep);
  await runCommands(platform);
  return found;
}
