import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';

/** A Lua script that Redis runs as one step. `key` only tells a cluster where: every key of a partition carries the same hash tag. */
export interface RedisScript {
  run(redis: Redis, key: string, args: readonly string[]): Promise<unknown>;
}

/** Sends the script by its hash, and whole once after Redis has been restarted. */
export function redisScript(lua: string): RedisScript {
  const sha = createHash('sha1').update(lua).digest('hex');
  return {
    run: async (redis, key, args) => {
      try {
        return await redis.evalsha(sha, 1, key, ...args);
      } catch (error) {
        if (!isUnknownScript(error)) throw error;
        return redis.eval(lua, 1, key, ...args);
      }
    },
  };
}

/** NOSCRIPT is Redis' code for it: the first word of an error reply is the code. */
function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith('NOSCRIPT');
}
