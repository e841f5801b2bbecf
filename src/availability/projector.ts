import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { Lot } from '../entities/lot.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionOf, PARTITIONS } from '../platform/redis.ts';
import { topic } from '../platform/topics.ts';
import { computeAvailabilities, type LotAvailability } from './compute-availability.ts';
import { PartitionLeases } from './partition-leases.ts';
import { storeSnapshot } from './snapshot.ts';

/** At most four counts a second a lot: the first change is told at once, what follows within this time together. */
const COALESCE_MS = 250;
/** Lots counted by one statement. */
const BATCH_LOTS = 25;
const LEASE_RENEWAL_MS = 1000;
const BOUNDARY_CHECK_MS = 100;
const RETRY_MS = 1000;

/**
 * Keeps the boards true: counts a lot afresh when a verb says that it changed, when time alone changes it, and all lots of a
 * partition when this worker takes the partition over (another one died, Redis was emptied, its connection was lost).
 * Several workers may run one: they share the partitions.
 */
export function startProjector(platform: Platform): { stop(): Promise<void> } {
  const projector = new Projector(platform);
  projector.start();
  return { stop: () => projector.stop() };
}

class Projector {
  private readonly platform: Platform;
  private readonly leases: PartitionLeases;
  /** Lots to be counted, with the monotonic millisecond before which they are not. */
  private readonly waiting = new Map<string, number>();
  private readonly lastCounted = new Map<string, number>();
  /** When time alone may change a lot next; one entry a lot. */
  private readonly boundaries = new Map<string, number>();
  private readonly subscriptions: Promise<number | undefined>[] = [];
  private timers: NodeJS.Timeout[] = [];
  private wakeUp: NodeJS.Timeout | undefined;
  private pumping: Promise<void> | undefined;
  private renewing: Promise<void> | undefined;
  private stopped = false;

  constructor(platform: Platform) {
    this.platform = platform;
    this.leases = new PartitionLeases(platform, randomUUID());
  }

  start(): void {
    for (let partition = 0; partition < PARTITIONS; partition++) {
      this.subscriptions.push(this.subscribe(partition));
    }
    this.platform.topics.pubsub.getSubscriber().on('ready', this.reconnected);
    this.timers = [
      setInterval(() => this.renew(), LEASE_RENEWAL_MS),
      setInterval(() => this.checkBoundaries(), BOUNDARY_CHECK_MS),
    ];
    // Listening first, counting afterwards: nothing falls between.
    void Promise.allSettled(this.subscriptions).then(() => this.renew());
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const timer of this.timers) clearInterval(timer);
    clearTimeout(this.wakeUp);
    this.platform.topics.pubsub.getSubscriber().off('ready', this.reconnected);
    for (const subscribed of await Promise.allSettled(this.subscriptions)) {
      if (subscribed.status === 'fulfilled' && subscribed.value !== undefined)
        this.platform.topics.pubsub.unsubscribe(subscribed.value);
    }
    await Promise.allSettled([this.pumping, this.renewing]);
    await this.leases
      .release()
      .catch((error: unknown) => this.platform.log.warn({ err: error }, 'leases will run out by themselves'));
  }

  /** Tries until it listens; undefined when it was stopped before. */
  private async subscribe(partition: number): Promise<number | undefined> {
    const listen = (message: unknown) => this.heard(partition, message);
    while (!this.stopped) {
      try {
        const id = await this.platform.topics.pubsub.subscribe(topic.lotChanged(partition), listen);
        // What was told before it listened was told to nobody.
        this.leases.distrust();
        return id;
      } catch (error) {
        this.platform.log.warn({ err: error, partition }, 'the projector could not subscribe; it tries again');
        await pause(RETRY_MS);
      }
    }
    return undefined;
  }

  private readonly reconnected = (): void => this.leases.distrust();

  private heard(partition: number, message: unknown): void {
    const lotId = lotIdIn(message);
    if (lotId !== undefined && this.leases.holds(partition)) this.look(lotId);
  }

  private checkBoundaries(): void {
    const now = this.platform.clock.now().getTime();
    for (const [lotId, at] of this.boundaries) {
      if (at > now) continue;
      this.boundaries.delete(lotId);
      if (this.leases.holds(partitionOf(lotId))) this.look(lotId);
    }
  }

  private renew(): void {
    this.renewing ??= this.takePartitions().finally(() => (this.renewing = undefined));
  }

  private async takePartitions(): Promise<void> {
    try {
      const partitions = await this.leases.renew();
      if (partitions.length === 0 || this.stopped) return;
      const lots = await this.platform.orm.em.fork().find(Lot, { partition: { $in: partitions } }, { fields: ['id'] });
      for (const { id } of lots) this.look(id);
    } catch (error) {
      this.leases.distrust();
      this.platform.log.warn({ err: error }, 'the projector waits for Redis and PostgreSQL');
    }
  }

  /** Puts a lot on the list: at once, or when its last count is old enough. */
  private look(lotId: string): void {
    if (this.waiting.has(lotId)) return;
    this.waiting.set(lotId, (this.lastCounted.get(lotId) ?? -COALESCE_MS) + COALESCE_MS);
    this.pump();
  }

  private pump(): void {
    if (this.stopped) return;
    this.pumping ??= this.countWaiting().finally(() => {
      this.pumping = undefined;
      this.sleepUntilDue();
    });
  }

  private sleepUntilDue(): void {
    clearTimeout(this.wakeUp);
    if (this.waiting.size === 0) return;
    const due = Math.min(...this.waiting.values());
    this.wakeUp = setTimeout(() => this.pump(), Math.max(0, due - monotonicMs()));
  }

  /** One statement at a time, so that the boards never take the connections that bookings need. */
  private async countWaiting(): Promise<void> {
    for (let lotIds = this.takeDue(); lotIds.length > 0 && !this.stopped; lotIds = this.takeDue()) {
      try {
        const counted = await computeAvailabilities(this.platform.orm.em.fork(), lotIds, this.platform.clock.now());
        await Promise.all(counted.map((availability) => this.store(availability)));
      } catch (error) {
        this.platform.log.warn(
          { err: error, lots: lotIds.length },
          'boards could not be counted; they are tried again',
        );
        for (const lotId of lotIds) this.waiting.set(lotId, monotonicMs() + RETRY_MS);
        return;
      }
    }
  }

  private takeDue(): string[] {
    const now = monotonicMs();
    const due: string[] = [];
    for (const [lotId, notBefore] of this.waiting) {
      if (notBefore > now) continue;
      due.push(lotId);
      this.waiting.delete(lotId);
      this.lastCounted.set(lotId, now);
      if (due.length === BATCH_LOTS) break;
    }
    return due;
  }

  private async store(availability: LotAvailability): Promise<void> {
    await storeSnapshot(this.platform, availability);
    this.boundaries.set(availability.lotId, availability.looksAgainAt.getTime());
  }
}

function lotIdIn(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null || !('lotId' in message)) return undefined;
  return typeof message.lotId === 'string' ? message.lotId : undefined;
}
