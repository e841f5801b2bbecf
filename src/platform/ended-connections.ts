import type { Pool, PoolClient } from 'pg';

/**
 * Gives a connection that the server has ended back to its pool, whoever has it. The query builder never does so when BEGIN, COMMIT or
 * ROLLBACK failed with the connection: its place would be lost, and after as many restarts of PostgreSQL as there are places the
 * process could neither ask anything nor end.
 */
export function giveBackEnded(pool: Pool): void {
  const taken = new WeakSet<PoolClient>();
  pool.on('acquire', (client) => taken.add(client));
  pool.on('release', (_error, client) => taken.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!taken.has(client)) return;
      client.release(true);
      // Whoever had it may give it back as well.
      client.release = () => undefined;
    });
  });
}
