import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { inTransaction } from '../../src/platform/db.ts';
import { startSystem, type TestSystem } from '../support/system.ts';

const PLACES = 2;
const RESTARTS = 3;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'], env: { DATABASE_POOL_MAX: String(PLACES) } });
});
afterAll(() => system.stop());

test('whatever a database server cuts off in the middle, the process has all its connections again', async () => {
  const admin = new pg.Client({ connectionString: system.databaseUrl });
  await admin.connect();
  for (let restart = 0; restart < RESTARTS; restart++) {
    let begun = 0;
    let goOn: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (goOn = resolve));
    const verbs = Array.from({ length: PLACES }, () =>
      inTransaction(system.platform, async (tx) => {
        await tx.em.execute('SELECT 1');
        if (++begun === PLACES) {
          await admin.query(
            `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
          );
          goOn();
        }
        await ended;
        return tx.em.execute('SELECT 1');
      }),
    );
    for (const { status } of await Promise.allSettled(verbs)) expect(status).toBe('rejected');
  }
  await admin.end();
  const answers = await Promise.all(
    Array.from({ length: PLACES }, () => system.platform.orm.em.fork().execute<{ one: number }[]>('SELECT 1 AS one')),
  );
  expect(answers).toEqual(Array.from({ length: PLACES }, () => [{ one: 1 }]));
});
