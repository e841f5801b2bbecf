import { nextDeadline } from '../booking/next-deadline.ts';
import { releaseNoShow } from '../booking/release-no-show.ts';
import { takePassForNoShow } from '../gate/no-show.ts';
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
 * The row says whether it is due; then the gates give up the pass, so that nobody can come in between; then the row moves, which looks
 * again. JOURNAL_BEHIND: what the gates decided before is not in the rows yet.
 */
export async function releaseIfAbsent(
  platform: Platform,
  key: { lotId: string; reservationId: string },
): Promise<'RELEASED' | 'NOT_DUE' | 'ARRIVED' | 'JOURNAL_BEHIND'> {
  const now = platform.clock.now();
  const deadline = await nextDeadline(platform, key);
  if (deadline?.ends !== 'GRACE' || deadline.at > now) return 'NOT_DUE';
  const pass = await takePassForNoShow(platform, { ...key, now });
  if (pass !== 'RELEASED') return pass === 'INSIDE' ? 'ARRIVED' : 'JOURNAL_BEHIND';
  return releaseNoShow(platform, key);
}
