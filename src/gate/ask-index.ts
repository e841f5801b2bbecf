import type { Redis } from 'ioredis';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';

/** Together with the first try well under the half second that a driver is kept waiting at most. */
const PATIENCE_MS = 400;

/**
 * Asks Redis on the gates' connection, which gives up after 50 ms, and once more with patience: a pause of either process (a busy
 * machine, a collection of garbage) is no outage. `work` must be repeatable. Throws when both fail.
 */
export async function askIndex<T>(platform: Platform, work: (redis: Redis) => Promise<T>): Promise<T> {
  try {
    return await work(platform.gateRedis);
  } catch {
    return withinMs(PATIENCE_MS, work(platform.redis));
  }
}
