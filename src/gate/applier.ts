import type { Redis } from 'ioredis';
import { JournalCursor } from '../entities/journal-cursor.ts';
import { Lot } from '../entities/lot.ts';
import { monotonicMs } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { connectRedis, PARTITIONS } from '../platform/redis.ts';
import { applyNext, StaleIndex } from './apply-journal.ts';
import { partitionKeys } from './index-keys.ts';
import { rebuildBrokenPartition, rebuildPartition } from './rebuild-partition.ts';
import { redisScript } from './redis-script.ts';
import { BEFORE_FIRST, compareStreamIds } from './stream-id.ts';

const BLOCK_MS = 1000;
/** A dead reader's partitions are free again after this. */
const LEASE_MS = 2000;
/** How long to leave a partition to the process that reads it. */
const LEAVE_MS = 300;
const AFTER_TROUBLE_MS = 500;
const CHECK_EVERY_MS = 10_000;
const AT_ONCE = 4;

/** Takes or keeps a partition: one process reads it at a time. The cursor's row lock is what makes two readers harmless. */
const TAKE = redisScript(`
local reader = redis.call('GET', KEYS[1])
if reader and reader ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
`);

/**
 * Starts this process's reader of the gates' journals: one blocking read over all partitions, and for each that has something new, taken by a
 * lease, its batches to PostgreSQL. It also looks whether Redis has come back empty or older than PostgreSQL and rebuilds the index then.
 * While PostgreSQL or Redis is away it waits and tries again. `stop` waits for the batches under way.
 */
export async function startJournalAppliers(platform: Platform): Promise<{ stop(): Promise<void> }> {
  const { redisUrl } = platform.config;
  const blocking = await connectRedis({
    url: redisUrl,
    purpose: 'journal',
    log: platform.log,
    commandTimeoutMs: 5 * BLOCK_MS,
  });
  const reader = new JournalReader(platform, blocking);
  const running = reader.run();
  return {
    stop: async () => {
      reader.stopped = true;
      // Ends the blocking read at once instead of at its time-out.
      blocking.disconnect();
      await running;
    },
  };
}

class JournalReader {
  stopped = false;
  private readonly platform: Platform;
  private readonly blocking: Redis;
  private readonly me: string;
  /** The last id seen of each partition; what is after it wakes the reader up. */
  private readonly seen: string[] = Array.from({ length: PARTITIONS }, () => BEFORE_FIRST);
  /** Partitions left alone until (ms): another process reads them. */
  private readonly leftUntilMs = new Map<number, number>();
  private checkedAtMs = Number.NEGATIVE_INFINITY;

  constructor(platform: Platform, blocking: Redis) {
    this.platform = platform;
    this.blocking = blocking;
    this.me = newId(platform.clock.now());
    blocking.on('ready', () => (this.checkedAtMs = Number.NEGATIVE_INFINITY));
  }

  async run(): Promise<void> {
    while (!this.stopped) {
      try {
        await this.check();
        await this.applyAll(await this.waitForEntries());
      } catch (error) {
        if (this.stopped) return;
        this.platform.log.warn({ err: error }, 'the journal could not be read; trying again');
        await pause(AFTER_TROUBLE_MS);
      }
    }
  }

  /** The partitions with entries that this reader has not seen. */
  private async waitForEntries(): Promise<number[]> {
    const partitions = this.seen.map((_, partition) => partition).filter((partition) => !this.isLeft(partition));
    const block = this.leftUntilMs.size > 0 ? LEAVE_MS : BLOCK_MS;
    const streams = partitions.map((partition) => partitionKeys(partition).journal);
    const ids = partitions.map((partition) => this.seen[partition] ?? BEFORE_FIRST);
    if (streams.length === 0) {
      await pause(LEAVE_MS);
      return [];
    }
    const found = await this.blocking.xread('COUNT', 1, 'BLOCK', block, 'STREAMS', ...streams, ...ids);
    const names = new Set((found ?? []).map(([name]) => name));
    return partitions.filter((partition) => names.has(partitionKeys(partition).journal));
  }

  private isLeft(partition: number): boolean {
    const until = this.leftUntilMs.get(partition);
    if (until === undefined) return false;
    if (monotonicMs() < until) return true;
    this.leftUntilMs.delete(partition);
    return false;
  }

  private async applyAll(partitions: readonly number[]): Promise<void> {
    const waiting = [...partitions];
    const work = async () => {
      for (let next = waiting.shift(); next !== undefined && !this.stopped; next = waiting.shift())
        await this.applyPartition(next);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
  }

  private async applyPartition(partition: number): Promise<void> {
    const keys = partitionKeys(partition);
    try {
      do {
        const taken = await TAKE.run(this.platform.redis, keys.reader, [this.me, String(LEASE_MS)]);
        if (taken !== 1) {
          this.leftUntilMs.set(partition, monotonicMs() + LEAVE_MS);
          break;
        }
      } while (!this.stopped && (await applyNext(this.platform, partition)) > 0);
      this.seen[partition] = (await this.platform.redis.get(keys.applied)) ?? BEFORE_FIRST;
    } catch (error) {
      if (!(error instanceof StaleIndex)) throw error;
      this.platform.log.warn({ err: error, partition }, 'the gate index is older than PostgreSQL');
      await rebuildBrokenPartition(this.platform, partition);
      this.seen[partition] = BEFORE_FIRST;
    }
  }

  /** Looks at every partition after each connection and every few seconds: emptied or older than PostgreSQL → rebuilt. */
  private async check(): Promise<void> {
    if (monotonicMs() - this.checkedAtMs < CHECK_EVERY_MS) return;
    const em = this.platform.orm.em.fork();
    const [cursors, lots] = await Promise.all([
      em.find(JournalCursor, {}),
      em.find(Lot, {}, { fields: ['partition'] }),
    ]);
    const inUse = new Set(lots.map(({ partition }) => partition));
    for (const { partition, lastStreamId } of cursors) {
      if (!inUse.has(partition) || this.stopped) continue;
      await this.checkPartition(partition, lastStreamId);
    }
    this.checkedAtMs = monotonicMs();
  }

  private async checkPartition(partition: number, lastStreamId: string): Promise<void> {
    const keys = partitionKeys(partition);
    const [ready, applied] = await this.platform.redis.mget(keys.ready, keys.applied);
    if (ready === null || ready === undefined) {
      this.seen[partition] = BEFORE_FIRST;
      return rebuildPartition(this.platform, partition);
    }
    if (compareStreamIds(applied ?? BEFORE_FIRST, lastStreamId) >= 0) return;
    const [atCursor] = await this.platform.redis.xrange(keys.journal, lastStreamId, lastStreamId);
    this.seen[partition] = BEFORE_FIRST;
    if (atCursor === undefined) await rebuildBrokenPartition(this.platform, partition);
  }
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
