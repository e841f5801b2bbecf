import { setTimeout as pause } from 'node:timers/promises';

/** Most things come within a few milliseconds; who waits longer looks less often. */
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 40;
/** For what comes within a second on an idle machine: only a test that fails waits for so long. */
export const PATIENCE_MS = 60_000;

/** Looks until what is seen is as wanted, and gives it. Fails with what was seen last. */
export async function eventually<T>(
  look: () => Promise<T>,
  wanted: (seen: T) => boolean,
  withinMs = PATIENCE_MS,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${withinMs} ms; seen last: ${JSON.stringify(seen)}`);
    await pause(pauseMs);
  }
}

/** Looks until it is so. */
export async function eventuallyTrue(isSo: () => Promise<boolean>, withinMs?: number): Promise<void> {
  await eventually(isSo, (so) => so, withinMs);
}

/** Tries until it no longer throws, and gives what came of it. Fails as the last try did. */
export async function eventuallyPasses<T>(attempt: () => Promise<T>, withinMs = PATIENCE_MS): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await pause(pauseMs);
    }
  }
}
