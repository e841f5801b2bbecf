import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { countGuess } from '../../src/accounts/guess-limit.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system.stop());

test('the first guess of a process is counted also in the moment in which other commands go to Redis', async () => {
  const { redis } = system.platform;
  // Both are sent with the same batch; the guess brings a script that the batch was begun without.
  const other = redis.get('anything');
  const guess = { purpose: 'first', subject: 'somebody', clientAddress: '203.0.113.1' };
  expect(await Promise.all([other, countGuess(system.platform, guess)])).toEqual([null, undefined]);
  for (let more = 0; more < 4; more++) await countGuess(system.platform, guess);
  await expect(countGuess(system.platform, guess)).rejects.toMatchObject({ code: 'TOO_MANY_ATTEMPTS' });
});
