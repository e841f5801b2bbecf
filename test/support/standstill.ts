const TICK_MS = 10;

export interface Timed<T> {
  readonly result: T;
  /** How long it took, without the time in which this process stood still. */
  readonly ms: number;
  /** The longest time in which this process stood still meanwhile. */
  readonly longestStandstillMs: number;
}

/**
 * Measures how long something waits. On a machine that is busy with something else a process stands still now and then:
 * that is nobody's wait, and no promise of ours is about it. Not for measuring work, which keeps a process from its ticks, too.
 */
export async function timed<T>(work: () => Promise<T>): Promise<Timed<T>> {
  const startedAt = performance.now();
  let [lastTick, standstillMs, longestStandstillMs] = [startedAt, 0, 0];
  const tick = () => {
    const now = performance.now();
    const late = Math.max(0, now - lastTick - TICK_MS);
    lastTick = now;
    standstillMs += late;
    longestStandstillMs = Math.max(longestStandstillMs, late);
  };
  const ticking = setInterval(tick, TICK_MS);
  try {
    const result = await work();
    tick();
    return { result, ms: performance.now() - startedAt - standstillMs, longestStandstillMs };
  } finally {
    clearInterval(ticking);
  }
}
