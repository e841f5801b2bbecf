import type { Pool, PoolClient } from 'pg';
import type { TestSystem } from './system.ts';

/**
 * From now on every `FOR UPDATE` of this system is sent without its lock, as if the code had none: for the twin of a
 * race test, which shows that the test would see the bug. It cannot be undone; make it the last test of its system.
 */
export async function forgetLocks({ platform }: TestSystem): Promise<void> {
  const connection = platform.orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> };
  const pool = await connection.getNativeClient();
  const forgetful = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (forgetful.has(client)) return;
    forgetful.add(client);
    const query = client.query.bind(client) as (sql: unknown, ...rest: unknown[]) => unknown;
    const unlocked = (sql: unknown, ...rest: unknown[]) =>
      query(typeof sql === 'string' ? sql.replace(/\bfor update\b(?: of \w+)?(?: skip locked)?/i, '') : sql, ...rest);
    client.query = unlocked as typeof client.query;
  });
}
