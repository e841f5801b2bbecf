// What happened in a city, counted while it happens.

/** Counts by name, and how long things took. */
export class Tally {
  readonly counts = new Map<string, number>();
  private readonly tookMs = new Map<string, number[]>();

  add(name: string): void {
    this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
  }

  count(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** All that begins with this, summed. */
  sum(prefix: string): number {
    return [...this.counts].reduce((sum, [name, count]) => (name.startsWith(prefix) ? sum + count : sum), 0);
  }

  /** Does the work and remembers how long it took, also when it failed. */
  async timed<T>(name: string, work: () => Promise<T>): Promise<T> {
    const startedAt = performance.now();
    try {
      return await work();
    } finally {
      const list = this.tookMs.get(name) ?? [];
      list.push(performance.now() - startedAt);
      this.tookMs.set(name, list);
    }
  }

  /** How often this was timed. */
  timings(name: string): number {
    return this.tookMs.get(name)?.length ?? 0;
  }

  /** One row for each thing that was timed: how often, p50, p95 and p99 in ms. */
  latencies(): { name: string; count: number; p50Ms: number; p95Ms: number; p99Ms: number }[] {
    return [...this.tookMs].map(([name, took]) => {
      const sorted = took.toSorted((a, b) => a - b);
      const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
      return { name, count: sorted.length, p50Ms: at(0.5), p95Ms: at(0.95), p99Ms: at(0.99) };
    });
  }
}
