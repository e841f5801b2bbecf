import type { RedisPubSub } from 'graphql-redis-subscriptions';
import { CoalescingQueue } from './coalescing-queue.ts';
import type { Platform } from './platform.ts';

/** One thing to show. Of several with the same key a slow subscriber is shown the newest. */
export interface LiveEvent<T> {
  readonly key: string;
  /** Grows with each change of the key's truth; what is not newer than what was shown is dropped. Without it everything is shown. */
  readonly version?: number;
  readonly value: T;
  /** The truth could not be had as it should: it is read again soon. */
  readonly isProvisional?: boolean;
}

export interface LiveSource<T> {
  readonly topics: readonly string[];
  /** Reads the truth. Called once all topics are subscribed to, and again whenever messages may have been missed. */
  readonly read: () => Promise<readonly LiveEvent<T>[]>;
  /** What a message shows; undefined: nothing. Must not wait and must not touch the database. */
  readonly hear: (message: unknown) => LiveEvent<T> | undefined;
  /** How many keys may wait for a slow subscriber before it is shown the truth afresh instead. */
  readonly capacity?: number;
}

const DEFAULT_CAPACITY = 100;
/** How soon the truth is read again after reading it failed or a subscriber fell behind. */
const READ_AGAIN_MS = 1000;

/**
 * The truth first, then every change: subscribes, reads, and only then hands out what was heard meanwhile, so nothing falls between.
 * After Redis was away it reads again. One subscriber holds at most `capacity` values, however slow it is. Ending the iteration
 * (`return`, `throw`) unsubscribes. Throws what the first reading throws; later ones are tried again.
 */
export async function openLiveQuery<T>(platform: Platform, source: LiveSource<T>): Promise<AsyncIterableIterator<T>> {
  const query = new LiveQuery(platform, source);
  try {
    await query.open();
    return query.queue;
  } catch (error) {
    await query.queue.return();
    throw error;
  }
}

class LiveQuery<T> {
  readonly queue: CoalescingQueue<T>;
  private readonly platform: Platform;
  private readonly source: LiveSource<T>;
  private readonly shown = new Map<string, number>();
  private readonly subscriptions: number[] = [];
  private retry: NodeJS.Timeout | undefined;
  private closed = false;

  constructor(platform: Platform, source: LiveSource<T>) {
    this.platform = platform;
    this.source = source;
    this.queue = new CoalescingQueue<T>({
      capacity: source.capacity ?? DEFAULT_CAPACITY,
      ended: () => this.close(),
      overflowed: (droppedKeys) => this.overflowed(droppedKeys),
    });
  }

  async open(): Promise<void> {
    const { pubsub } = this.platform.topics;
    resyncOf(pubsub).add(this.readAgain);
    this.platform.metrics.subscribers.inc();
    for (const topic of this.source.topics) {
      const id = await pubsub.subscribe(topic, (message: unknown) => this.show(this.source.hear(message)));
      if (this.closed) pubsub.unsubscribe(id);
      else this.subscriptions.push(id);
    }
    await this.readTruth();
  }

  private show(event: LiveEvent<T> | undefined): void {
    if (event === undefined) return;
    const { key, version, value, isProvisional = false } = event;
    if (isProvisional) this.readAgainSoon();
    if (version !== undefined) {
      if (version <= (this.shown.get(key) ?? -1)) return;
      this.shown.set(key, version);
    }
    this.queue.push(key, value);
  }

  private async readTruth(): Promise<void> {
    for (const event of await this.source.read()) this.show(event);
  }

  private readonly readAgain = (): void => {
    this.readTruth().catch((error: unknown) => {
      this.platform.log.warn({ err: error }, 'a live query could not read the truth again; it tries on');
      this.readAgainSoon();
    });
  };

  private readAgainSoon(): void {
    clearTimeout(this.retry);
    if (!this.closed) this.retry = setTimeout(this.readAgain, READ_AGAIN_MS);
  }

  /** What was dropped was not shown. Not read at once: a subscriber that stalls would have us read without end. */
  private overflowed(droppedKeys: readonly string[]): void {
    for (const key of droppedKeys) this.shown.delete(key);
    this.readAgainSoon();
  }

  private close(): void {
    if (this.closed) return;
    this.closed = true;
    clearTimeout(this.retry);
    const { pubsub } = this.platform.topics;
    resyncOf(pubsub).remove(this.readAgain);
    this.platform.metrics.subscribers.dec();
    for (const id of this.subscriptions) pubsub.unsubscribe(id);
  }
}

/** Tells every live query of a process when the subscriber's connection is back: messages were missed. One listener for all. */
class Resync {
  private readonly readers = new Set<() => void>();
  private readonly pubsub: RedisPubSub;

  constructor(pubsub: RedisPubSub) {
    this.pubsub = pubsub;
    pubsub.getSubscriber().on('ready', () => void this.resync());
  }

  add(reader: () => void): void {
    this.readers.add(reader);
  }

  remove(reader: () => void): void {
    this.readers.delete(reader);
  }

  private async resync(): Promise<void> {
    // Answered after the subscriptions were renewed on the same connection: what happens from now on is heard.
    await this.pubsub
      .getSubscriber()
      .ping()
      .catch(() => undefined);
    for (const reader of this.readers) reader();
  }
}

const resyncs = new WeakMap<RedisPubSub, Resync>();

function resyncOf(pubsub: RedisPubSub): Resync {
  const known = resyncs.get(pubsub);
  if (known) return known;
  const made = new Resync(pubsub);
  resyncs.set(pubsub, made);
  return made;
}
