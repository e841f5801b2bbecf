import pg from 'pg';
import { eventually } from './eventually.ts';
import type { TestSystem } from './system.ts';

/** Any number but those that the code under test uses. */
const ADVISORY_KEY = 20_261_120;

/** Writes that have been stopped on their way. */
export interface HeldWrites {
  /** Resolves when so many transactions have come this far. */
  until(count: number): Promise<void>;
  /** Lets them go on, and all that come after. */
  release(): Promise<void>;
}

/**
 * Stops every statement that inserts into a table (or updates it, or a column of it) before it touches a row, until they are
 * released: so what must meet for a race does meet, on a machine of any speed. Of two tables of one system at a time only one.
 */
export async function holdWrites(
  system: TestSystem,
  event: 'INSERT' | 'UPDATE' | `UPDATE OF ${string}`,
  table: string,
): Promise<HeldWrites> {
  const holder = new pg.Client({ connectionString: system.databaseUrl });
  // A test that fails leaves it to the end of its database.
  holder.on('error', () => undefined);
  await holder.connect();
  await holder.query(`
    CREATE OR REPLACE FUNCTION wait_to_write() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${ADVISORY_KEY}); RETURN NULL; END $$;
    CREATE OR REPLACE TRIGGER wait_to_write BEFORE ${event} ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION wait_to_write();
    SELECT pg_advisory_lock(${ADVISORY_KEY})`);
  // By its own connection: those of the system may all wait here.
  const waiting = async () => {
    const { rowCount } = await holder.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'advisory'`,
    );
    return rowCount ?? 0;
  };
  return {
    until: async (count) => {
      await eventually(waiting, (seen) => seen >= count);
    },
    release: () => holder.end(),
  };
}
