import type { Platform } from '../platform/platform.ts';

const running = new WeakMap<Platform, Set<Promise<void>>>();

/**
 * Runs work that talks to the provider beside its caller, so that no gate and no booking waits for the provider, unless `most` are
 * under way already. The work must stand on a row: what is not begun here, or fails, a worker does.
 */
export function inBackground(platform: Platform, most: number, work: () => Promise<unknown>): void {
  const mine = running.get(platform) ?? new Set();
  running.set(platform, mine);
  if (mine.size >= most) return;
  const done: Promise<void> = work()
    .then(() => undefined)
    .catch((error: unknown) =>
      platform.log.error({ err: error }, 'payment work beside a request failed; a worker will do it'),
    )
    .finally(() => mine.delete(done));
  mine.add(done);
}

/**
 * Resolves when no work that this process began beside its callers is under way. For an orderly end, before the
 * database closes.
 */
export async function paymentsIdle(platform: Platform): Promise<void> {
  for (let open = running.get(platform); open !== undefined && open.size > 0;) await Promise.all(open);
}
