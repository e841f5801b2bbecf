import { nextDeadline } from '../booking/next-deadline.ts';
import { releaseNoShow } from '../booking/release-no-show.ts';
import { isLaneBehind } from '../gate/lane-sync/agent-contact.ts';
import { givePassBack, takePassForNoShow } from '../gate/no-show.ts';
import type { Platform } from '../platform/platform.ts';
import { reservationKeyOf, type Job } from './job.ts';

const JOURNAL_MS = 1000;

/** At the end of a driver's grace: gives the spot back unless the driver came. */
export const RELEASE_NO_SHOW: Job = {
  name: 'release-no-show',
  run: async (platform, data) => {
    const outcome = await releaseIfAbsent(platform, reservationKeyOf(data));
    return outcome === 'JOURNAL_BEHIND' ? { againInMs: JOURNAL_MS } : 'DONE';
  },
};

/**
 * The row says whether it is due; a lane that was cut off over the end of the grace may know better, and is waited for; then the gates give
 * up the pass, so that nobody can come in between; then the row moves, which looks again. JOURNAL_BEHIND: what gates or lanes decided
 * before is not in the rows yet. A pass that was taken and then was not due, because the driver has bought more time, is given back, now
 * or when the job is run again.
 */
export async function releaseIfAbsent(
  platform: Platform,
  key: { lotId: string; reservationId: string },
): Promise<'RELEASED' | 'NOT_DUE' | 'ARRIVED' | 'JOURNAL_BEHIND'> {
  const now = platform.clock.now();
  const grace = await graceOf(platform, key, now);
  if (grace.is !== 'OVER') return 'NOT_DUE';
  const { lotId } = key;
  if (await isLaneBehind(platform, { lotId, at: grace.endedAt })) return 'JOURNAL_BEHIND';
  const pass = await takePassForNoShow(platform, { ...key, now });
  if (pass !== 'RELEASED') return pass === 'INSIDE' ? 'ARRIVED' : 'JOURNAL_BEHIND';
  const outcome = await releaseNoShow(platform, key);
  if (outcome === 'NOT_DUE') await graceOf(platform, key, platform.clock.now());
  return outcome;
}

/** NONE: the reservation waits for nobody. While the grace runs the pass is the driver's. */
async function graceOf(
  platform: Platform,
  key: { lotId: string; reservationId: string },
  now: Date,
): Promise<{ is: 'NONE' | 'RUNNING' } | { is: 'OVER'; endedAt: Date }> {
  const deadline = await nextDeadline(platform, key);
  if (deadline?.ends !== 'GRACE') return { is: 'NONE' };
  if (deadline.at <= now) return { is: 'OVER', endedAt: deadline.at };
  await givePassBack(platform, key);
  return { is: 'RUNNING' };
}
