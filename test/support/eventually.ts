import { setTimeout as pause } from 'node:timers/promises';

const LOOK_EVERY_MS = 40;

/** Looks until what is seen is as wanted, and gives it. Fails with what was seen last. */
export async function eventually<T>(
  look: () => Promise<T>,
  wanted: (seen: T) => boolean,
  withinMs = 10_000,
): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (wanted(seen)) return seen;
    if (performance.now() > deadlineMs)
      throw new Error(`not within ${withinMs} ms; seen last: ${JSON.stringify(seen)}`);
    await pause(LOOK_EVERY_MS);
  }
}

/** Looks until it is so. */
export async function eventuallyTrue(isSo: () => Promise<boolean>, withinMs?: number): Promise<void> {
  await eventually(isSo, (so) => so, withinMs);
}

/** Tries until it no longer throws, and gives what came of it. Fails as the last try did. */
export async function eventuallyPasses<T>(attempt: () => Promise<T>, withinMs = 10_000): Promise<T> {
  const deadlineMs = performance.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (performance.now() > deadlineMs) throw error;
      await pause(LOOK_EVERY_MS);
    }
  }
}
