import type { Platform } from '../platform/platform.ts';
import { partitionOf } from '../platform/redis.ts';
import { computeAvailability, type FreeNow } from './compute-availability.ts';
import { isProjected } from './partition-leases.ts';
import { readSnapshot } from './snapshot.ts';

/** What is free at this moment; `version` of the snapshot that says so, null where none did. */
export interface CountedNow extends FreeNow {
  readonly version: number | null;
  readonly byLevel: readonly (FreeNow & { readonly levelId: string })[];
}

/**
 * What is free in a lot, true at this moment: the snapshot while a worker keeps it true, otherwise counted afresh. Undefined for a lot that
 * is not there. Throws when neither can be had.
 */
export async function countedNow(platform: Platform, lotId: string): Promise<CountedNow | undefined> {
  const isKeptTrue = await isProjected(platform, partitionOf(lotId)).catch(() => false);
  if (isKeptTrue) return readSnapshot(platform, lotId);
  const counted = await computeAvailability(platform.orm.em.fork(), lotId, platform.clock.now());
  return counted && { ...counted, version: null };
}
