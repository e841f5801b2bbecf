import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { Pace } from '../../src/payments/pace.ts';
import { SharedPace } from '../../src/payments/shared-pace.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

const PER_SECOND = 20;
const PROCESSES = 3;
const CALLS = 25;
const LIMITS = { perSecond: PER_SECOND, longestWaitMs: 10_000 };

interface Paced {
  inTurn<T>(endpoint: string, call: () => Promise<T>): Promise<T>;
}

describe('Processes that call one endpoint of the provider', () => {
  let system: TestSystem;
  let other: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    other = await startSystem({ roles: ['api'], beside: system });
  });

  afterAll(async () => {
    await other?.stop();
    await system?.stop();
  });

  /** Every process wants its calls at once; gives the most that were made within any second. */
  async function mostInASecond(processes: readonly Paced[], endpoint: string): Promise<number> {
    const times: number[] = [];
    const note = () => Promise.resolve(times.push(performance.now()));
    await Promise.all(processes.flatMap((pace) => Array.from({ length: CALLS }, () => pace.inTurn(endpoint, note))));
    expect(times).toHaveLength(CALLS * processes.length);
    const within = (from: number) => times.filter((at) => at >= from && at < from + 990).length;
    return Math.max(...times.map(within));
  }

  const redisOf = (n: number) => (n % 2 === 0 ? system : other).platform.redis;

  test('keep its pace together', async () => {
    const paces = Array.from({ length: PROCESSES }, (_, n) => new SharedPace(redisOf(n), LIMITS));
    expect(await mostInASecond(paces, 'together')).toBeLessThanOrEqual(PER_SECOND);
  });

  test('would ask too often if each kept it alone (the twin), which is all that is left without Redis', async () => {
    const paces = Array.from({ length: PROCESSES }, () => new Pace(LIMITS));
    expect(await mostInASecond(paces, 'alone')).toBeGreaterThan(PER_SECOND);
    const gone = new Redis(1, '127.0.0.1', { lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
    gone.on('error', () => undefined);
    expect(await mostInASecond([new SharedPace(gone, LIMITS)], 'without redis')).toBeLessThanOrEqual(PER_SECOND);
    gone.disconnect();
  });
});
