import type { Platform } from './platform.ts';

/**
 * Does `work` for one found item after the other; gives for how many there was something to do (`work` said true). One that fails is
 * logged and left to the next sweep, and the others go on.
 */
export async function eachFound<T>(
  platform: Platform,
  found: readonly T[],
  work: (item: T) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  for (const item of found) {
    try {
      if (await work(item)) done += 1;
    } catch (error) {
      platform.log.warn({ err: error, item }, 'a sweep could not finish what it found; the next one tries again');
    }
  }
  return done;
}
