import { Redis } from 'ioredis';
import type { Logger } from './log.ts';

/** How many partitions the lots of an installation are spread over. Written into keys and rows: it can't change later. */
export const PARTITIONS = 64;

/**
 * The partition a lot belongs to for good, from its id alone: a device's key names its lot and is verified without the lot's row.
 * The last 32 bits of a UUID are chance.
 */
export function partitionOf(lotId: string): number {
  return Number.parseInt(lotId.slice(-8), 16) % PARTITIONS;
}

/** The hash tag of a partition: every key of a lot carries it, so that one script may touch them all on a cluster. */
export function partitionTag(partition: number): string {
  return `{p${String(partition).padStart(2, '0')}}`;
}

const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Connects and waits until commands can be served. `purpose` names the connection in Redis' client list.
 * Commands fail after `commandTimeoutMs` instead of waiting for a server that is gone.
 */
export async function connectRedis(options: {
  url: string;
  purpose: string;
  log: Logger;
  commandTimeoutMs?: number;
  /** Commands of one turn of the event loop go out in one packet. Not for a connection that blocks or subscribes. */
  autoPipelining?: boolean;
}): Promise<Redis> {
  const redis = new Redis(options.url, {
    connectionName: `parkwell-${options.purpose}`,
    lazyConnect: true,
    maxRetriesPerRequest: 1,
    enableOfflineQueue: true,
    enableReadyCheck: true,
    enableAutoPipelining: options.autoPipelining ?? false,
    // The rate limiter defines its script with the first guess. A batch that is open then does not know it, and would end the process.
    autoPipeliningIgnoredCommands: ['rlflxIncr'],
    commandTimeout: HANDSHAKE_TIMEOUT_MS,
    retryStrategy: (attempt) => Math.min(50 * 2 ** attempt, 1000),
  });
  redis.on('error', (error) => options.log.warn({ err: error, purpose: options.purpose }, 'redis connection'));
  await redis.connect();
  // Only now: a cold start on a busy machine takes its handshake longer than a driver waits at a gate.
  redis.options.commandTimeout = options.commandTimeoutMs;
  return redis;
}
