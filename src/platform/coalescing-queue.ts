/**
 * What one subscriber still has to be sent: at most one value a key (a newer one takes the older one's place) and at most `capacity`
 * keys. A subscriber that reads slower than things happen skips what it would have seen in between; one that would need more than
 * `capacity` loses all of it, and `overflowed` says of what. Iterating waits for values; `return` ends the waiting too.
 */
export class CoalescingQueue<T> implements AsyncIterableIterator<T> {
  private readonly pending = new Map<string, T>();
  private readonly waiters: ((result: IteratorResult<T, undefined>) => void)[] = [];
  private readonly capacity: number;
  private readonly ended: () => void;
  private readonly overflowed: (droppedKeys: readonly string[]) => void;
  private closed = false;

  constructor(options: { capacity: number; ended: () => void; overflowed: (droppedKeys: readonly string[]) => void }) {
    this.capacity = options.capacity;
    this.ended = options.ended;
    this.overflowed = options.overflowed;
  }

  get size(): number {
    return this.pending.size;
  }

  push(key: string, value: T): void {
    if (this.closed) return;
    const waiter = this.waiters.shift();
    if (waiter) return waiter({ value, done: false });
    if (this.pending.size >= this.capacity && !this.pending.has(key)) {
      const dropped = [...this.pending.keys(), key];
      this.pending.clear();
      return this.overflowed(dropped);
    }
    this.pending.set(key, value);
  }

  next(): Promise<IteratorResult<T, undefined>> {
    for (const [key, value] of this.pending) {
      this.pending.delete(key);
      return Promise.resolve({ value, done: false });
    }
    if (this.closed) return Promise.resolve({ value: undefined, done: true });
    return new Promise((resolve) => this.waiters.push(resolve));
  }

  /** No more values will come; those that wait are still delivered. */
  end(): void {
    if (this.closed) return;
    this.closed = true;
    for (const waiter of this.waiters.splice(0)) waiter({ value: undefined, done: true });
    this.ended();
  }

  return(): Promise<IteratorResult<T, undefined>> {
    this.pending.clear();
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  async throw(error: unknown): Promise<IteratorResult<T, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }
}
