import { setImmediate } from 'node:timers/promises';
import { CoalescingQueue } from './coalescing-queue.ts';

/** An execution that several subscribers share: its results, each with the key under which a newer one replaces it. */
export type SharedResults<R> = AsyncIterableIterator<{ readonly key: string; readonly result: R }>;

const TOLD_TOGETHER = 64;

interface Share<R> {
  readonly source: SharedResults<R>;
  readonly subscribers: Set<CoalescingQueue<R>>;
  /** The newest result of each key: what a subscriber that joins is shown first. */
  readonly latest: Map<string, R>;
  /** Nobody joins any more. */
  readonly retire: () => void;
}

/**
 * Lets equal subscriptions share one execution. `key` must say everything that decides the results (document, variables, what the
 * asking role may see). The first caller's `start` runs, later callers join: they are shown the newest result of each key at once and
 * then every one that follows. Each subscriber has its own bounded queue, so one that stalls holds up nobody. The source ends with its
 * last subscriber, and a source that ends or fails ends them all.
 */
export class SubscriptionShares<R> {
  private readonly shares = new Map<string, Promise<Share<R>>>();
  private readonly capacity: number;

  /** `capacity`: how many keys one execution can have results for, at most. */
  constructor(options: { capacity: number }) {
    this.capacity = options.capacity;
  }

  /** How many executions are running. */
  get size(): number {
    return this.shares.size;
  }

  /** Throws what `start` throws, to each caller that waited for it. */
  async join(key: string, start: () => Promise<SharedResults<R>>): Promise<AsyncIterableIterator<R>> {
    for (;;) {
      const opening = this.shares.get(key) ?? this.open(key, start);
      const share = await opening;
      // It may have ended with its last subscriber while we waited; then there is another one to open.
      if (this.shares.get(key) === opening) return this.enter(share);
    }
  }

  private open(key: string, start: () => Promise<SharedResults<R>>): Promise<Share<R>> {
    // The key may stand for a younger share by then.
    const retire = () => {
      if (this.shares.get(key) === opening) this.shares.delete(key);
    };
    const opening = start().then((source): Share<R> => ({ source, subscribers: new Set(), latest: new Map(), retire }));
    this.shares.set(key, opening);
    opening.then((share) => void this.pump(share), retire);
    return opening;
  }

  private enter(share: Share<R>): AsyncIterableIterator<R> {
    const queue = new CoalescingQueue<R>({
      capacity: this.capacity,
      ended: () => this.leave(share, queue),
      // Cannot be: an execution has at most as many keys as a queue has room for.
      overflowed: () => queue.end(),
    });
    share.subscribers.add(queue);
    for (const [resultKey, result] of share.latest) queue.push(resultKey, result);
    return queue;
  }

  private leave(share: Share<R>, queue: CoalescingQueue<R>): void {
    share.subscribers.delete(queue);
    if (share.subscribers.size > 0) return;
    share.retire();
    void share.source.return?.();
  }

  /**
   * A few at a time: what a push sets off (a message is made, written to its socket) is done before the next few, so the first
   * bytes leave at once, other work gets its turn, and thousands of half-made messages are not alive together.
   * Who joins meanwhile has been shown this result already.
   */
  private async tell(subscribers: readonly CoalescingQueue<R>[], key: string, result: R): Promise<void> {
    for (let told = 0; told < subscribers.length; told += TOLD_TOGETHER) {
      if (told > 0) await setImmediate();
      for (const subscriber of subscribers.slice(told, told + TOLD_TOGETHER)) subscriber.push(key, result);
    }
  }

  private async pump(share: Share<R>): Promise<void> {
    try {
      for await (const { key: resultKey, result } of share.source) {
        share.latest.set(resultKey, result);
        await this.tell([...share.subscribers], resultKey, result);
      }
    } catch {
      // The subscribers see their subscription end and open it again; why it failed was logged where it failed.
    } finally {
      share.retire();
      for (const subscriber of [...share.subscribers]) subscriber.end();
    }
  }
}

/** The results of a source's values, one at a time. Unlike a generator it ends at once when it is told to, also while it waits for a value. */
export function mapResults<T, R>(
  source: AsyncIterator<T>,
  map: (value: T) => Promise<{ key: string; result: R }>,
): SharedResults<R> {
  const results: SharedResults<R> = {
    next: async () => {
      const step = await source.next();
      return step.done === true ? { value: undefined, done: true } : { value: await map(step.value), done: false };
    },
    return: async () => {
      await source.return?.();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]: () => results,
  };
  return results;
}
