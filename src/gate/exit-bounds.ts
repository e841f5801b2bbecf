import { EXIT_BOUNDS_MS } from '../domain/exit-ladder.ts';
import { monotonicMs } from '../platform/clock.ts';
import { withinMs } from '../platform/within-ms.ts';

/** Waits for what is done on a rung of the exit ladder, and throws when the rung's time is over. */
export type WithinRung = <T>(rung: keyof typeof EXIT_BOUNDS_MS, work: () => Promise<T>) => Promise<T>;

/** The time of one exit: what is done on a rung in several tries has its bound together. */
export function exitBounds(): WithinRung {
  const leftMs: Record<keyof typeof EXIT_BOUNDS_MS, number> = { ...EXIT_BOUNDS_MS };
  return async (rung, work) => {
    if (leftMs[rung] <= 0) throw new Error(`an exit had no time left to ${rung}`);
    const startedMs = monotonicMs();
    try {
      return await withinMs(leftMs[rung], work());
    } finally {
      leftMs[rung] -= monotonicMs() - startedMs;
    }
  };
}

/** An entry has no such bounds: it may stay closed while somebody is asked. */
export const UNBOUNDED: WithinRung = (_rung, work) => work();
