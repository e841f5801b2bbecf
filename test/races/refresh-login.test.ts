import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { refreshLogin } from '../../src/accounts/refresh-login.ts';
import { signUp } from '../../src/accounts/sign-up.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

const PARALLEL = 10;
const ROUNDS = 5;

let system: TestSystem;
let people = 0;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

/** Ten refresh with the same token at once. Gives how many went on. */
async function refreshTogether(): Promise<number> {
  const person = {
    email: `racer.${++people}@example.test`,
    password: 'over the finish',
    name: 'R',
    clientAddress: `${people}`,
  };
  const { refreshToken } = (await signUp(system.platform, person)).login;
  const outcomes = await Promise.allSettled(
    Array.from({ length: PARALLEL }, () => refreshLogin(system.platform, { refreshToken })),
  );
  return outcomes.filter(({ status }) => status === 'fulfilled').length;
}

describe('one refresh token that is used many times at once', () => {
  test('goes on once', async () => {
    for (let round = 0; round < ROUNDS; round++) expect(await refreshTogether()).toBe(1);
  });

  test('would go on several times without the lock on its row: this test can see it', async () => {
    await forgetLocks(system);
    // All of them have found the token unspent when the first is allowed to spend it.
    const spending = await holdWrites(system, 'UPDATE', 'refresh_token');
    const refreshing = refreshTogether();
    await spending.until(PARALLEL);
    await spending.release();
    expect(await refreshing).toBe(PARALLEL);
  });
});
