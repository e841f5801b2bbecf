import type { Pool, PoolClient } from 'pg';
import type { TestSystem } from './system.ts';

/** From now on no statement of this system waits longer for a lock. */
export async function setLockTimeout({ platform }: TestSystem, waitMs: number): Promise<void> {
  const connection = platform.orm.em.getConnection() as unknown as { getNativeClient(): Promise<Pool> };
  const pool = await connection.getNativeClient();
  const told = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => {
    if (told.has(client)) return;
    told.add(client);
    // Queued by the driver before whatever the connection was acquired for.
    void client.query(`SET lock_timeout = ${waitMs}`);
  });
}
