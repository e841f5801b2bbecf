import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import { monotonicMs } from '../platform/clock.ts';
import { withinMs } from '../platform/within-ms.ts';
import { Pace, TooManyCalls } from './pace.ts';

/** Nobody's payment waits long for the thing that only spares the provider; a busy machine is not one without Redis. */
const REDIS_MS = 1500;
/** How long Redis is not asked again after it did not answer. */
const WITHOUT_REDIS_MS = 15_000;
const WINDOW_MS = 1000;
/** A turn of a process that died comes back after this: longer than any call. */
const LONGEST_CALL_MS = 10_000;
const LEAST_WAIT_MS = 5;

/**
 * The turns of an endpoint are a sorted set: who has one, and when it comes back, by the clock of Redis. One step takes a turn, and says 0, or says
 * in how many milliseconds the next one comes back.
 */
const TAKE = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', now)
if redis.call('ZCARD', KEYS[1]) < tonumber(ARGV[1]) then
  redis.call('ZADD', KEYS[1], now + tonumber(ARGV[3]), ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return 0
end
return math.max(1, redis.call('ZRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2] - now)`;

/** From now on the turn counts for one second more. */
const GIVE_BACK = `
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', KEYS[1], 'XX', now + tonumber(ARGV[2]), ARGV[1])
return 1`;

/**
 * At most so many calls of each endpoint in any second of all processes together, each of which also keeps that pace by itself: when Redis does
 * not answer, that is what is left. Counted is from a call's start until a second after its end.
 */
export class SharedPace {
  private readonly own: Pace;
  private readonly redis: Redis;
  private readonly perSecond: number;
  private readonly longestWaitMs: number;
  private aloneUntilMs = 0;

  constructor(redis: Redis, limits: { perSecond: number; longestWaitMs: number }) {
    this.redis = redis;
    this.own = new Pace(limits);
    this.perSecond = limits.perSecond;
    this.longestWaitMs = limits.longestWaitMs;
  }

  /** Makes the call when its turn has come. Throws {@link TooManyCalls}, without calling, when it does not come in time. */
  inTurn<T>(endpoint: string, call: () => Promise<T>): Promise<T> {
    const deadlineMs = monotonicMs() + this.longestWaitMs;
    return this.own.inTurn(endpoint, async () => {
      const key = `pace:provider:${endpoint}`;
      const turn = randomUUID();
      const shared = await this.take(key, turn, deadlineMs);
      try {
        return await call();
      } finally {
        if (shared) void this.ask(GIVE_BACK, key, [turn, WINDOW_MS]);
      }
    });
  }

  /** True: the turn is known to all; false: Redis is away, and this process keeps its own pace alone. */
  private async take(key: string, turn: string, deadlineMs: number): Promise<boolean> {
    for (;;) {
      const waitMs = await this.ask(TAKE, key, [this.perSecond, turn, LONGEST_CALL_MS]);
      if (waitMs === undefined) return false;
      if (waitMs === 0) return true;
      // A turn that is taken comes back a second after its call's end, which nobody knows yet: look more often than that.
      const pauseMs = Math.max(LEAST_WAIT_MS, Math.min(waitMs, WINDOW_MS / this.perSecond));
      if (monotonicMs() + pauseMs > deadlineMs) throw new TooManyCalls(`too many calls of ${key} by all processes`);
      await pause(pauseMs);
    }
  }

  private async ask(script: string, key: string, args: readonly (string | number)[]): Promise<number | undefined> {
    if (monotonicMs() < this.aloneUntilMs) return undefined;
    try {
      return Number(await withinMs(REDIS_MS, this.redis.eval(script, 1, key, ...args)));
    } catch {
      this.aloneUntilMs = monotonicMs() + WITHOUT_REDIS_MS;
      return undefined;
    }
  }
}
