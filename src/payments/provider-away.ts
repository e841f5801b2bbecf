import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';

const KEY = 'provider:away';
/** Longer than the minute after which a worker asks the provider at the latest: while it is away, somebody finds out again. */
const AWAY_MS = 90_000;
/** One failure is an accident. */
const FAILURES = 2;
const ASK_MS = 100;

/** What one process has found out of the provider, told to all: gates must not wait for a call to know that nobody can pay. */
export class AwayMark {
  private readonly platform: Pick<Platform, 'redis' | 'log'>;
  private failures = 0;
  private awayUntilMs = 0;

  constructor(platform: Pick<Platform, 'redis' | 'log'>) {
    this.platform = platform;
  }

  /** A call was answered, if only by a refusal. */
  there(): void {
    if (this.failures >= FAILURES) this.tell(this.platform.redis.del(KEY));
    this.failures = 0;
    this.awayUntilMs = 0;
  }

  /** A call failed, tries and all. */
  failed(): void {
    this.failures += 1;
    if (this.failures < FAILURES) return;
    this.awayUntilMs = monotonicMs() + AWAY_MS;
    this.tell(this.platform.redis.set(KEY, '1', 'PX', AWAY_MS));
  }

  isSet(): boolean {
    return monotonicMs() < this.awayUntilMs;
  }

  private tell(told: Promise<unknown>): void {
    told.catch((error: unknown) => this.platform.log.warn({ err: error }, 'how the provider is could not be told'));
  }
}

/**
 * Whether the provider has not answered lately, as this or another process has found out: then nobody can pay with a card now. Answers at
 * once; without Redis it knows only what this process has seen.
 */
export async function providerIsAway({ gateRedis }: Platform, own: AwayMark): Promise<boolean> {
  if (own.isSet()) return true;
  return withinMs(ASK_MS, gateRedis.exists(KEY)).then(
    (count) => count > 0,
    () => false,
  );
}
