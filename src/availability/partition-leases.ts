import type { Platform } from '../platform/platform.ts';
import { partitionTag, PARTITIONS } from '../platform/redis.ts';

/** How long a partition stays with a worker that has fallen silent. */
const LEASE_MS = 3000;

/** Takes the lease, or keeps it where it is ours. 0: another's; 1: kept; 2: taken. */
const TAKE = `
local holder = redis.call('GET', KEYS[1])
if holder and holder ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return holder and 1 or 2`;

const RELEASE = `if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end`;

function leaseKey(partition: number): string {
  return `${partitionTag(partition)}:projector`;
}

/** Whether somebody counts the lots of a partition whenever they change. Throws when Redis does not answer. */
export async function isProjected(platform: Platform, partition: number): Promise<boolean> {
  return (await platform.redis.exists(leaseKey(partition))) === 1;
}

/**
 * Which partitions this worker projects. It only saves work: two workers that both believe in a lease do no harm, because an older
 * count never replaces a newer one. A partition that comes to us (also because Redis was emptied) must be counted as a whole, since
 * what changed in the meantime was told to nobody.
 */
export class PartitionLeases {
  private readonly held = new Set<number>();
  private readonly platform: Platform;
  private readonly holder: string;

  constructor(platform: Platform, holder: string) {
    this.platform = platform;
    this.holder = holder;
  }

  holds(partition: number): boolean {
    return this.held.has(partition);
  }

  /** Takes what is free and keeps what is ours. Gives the partitions that are new to us. Throws when Redis does not answer. */
  async renew(): Promise<number[]> {
    const pipeline = this.platform.redis.pipeline();
    for (let partition = 0; partition < PARTITIONS; partition++)
      pipeline.eval(TAKE, 1, leaseKey(partition), this.holder, LEASE_MS);
    const answers = (await pipeline.exec()) ?? [];
    const isNew: number[] = [];
    for (const [partition, [error, taken]] of answers.entries()) {
      if (error) throw error;
      if (taken === 2 || (taken === 1 && !this.held.has(partition))) isNew.push(partition);
      if (taken === 0) this.held.delete(partition);
      else this.held.add(partition);
    }
    return isNew;
  }

  /** Forgets what we held, so that the next `renew` counts all of it as new: we may have missed messages. */
  distrust(): void {
    this.held.clear();
  }

  async release(): Promise<void> {
    const pipeline = this.platform.redis.pipeline();
    for (const partition of this.held) pipeline.eval(RELEASE, 1, leaseKey(partition), this.holder);
    this.held.clear();
    await pipeline.exec();
  }
}
