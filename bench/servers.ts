// The servers that benchmarks need, as the tests have them (test/support/system.ts reads where they are from the environment).
// A PARKWELL_TEST_PG_URL that is set already is used as it is.

import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startPostgres, UNPRIVILEGED_UID } from '../sandbox/servers/postgres.ts';
import { findRedis } from '../sandbox/servers/redis.ts';
import { prepareTemplate } from '../sandbox/servers/template-database.ts';

/** Starts PostgreSQL unless one is given, finds Redis, migrates the template database. */
export async function startServers(): Promise<{ stop(): Promise<void> }> {
  const redis = await findRedis();
  process.env['PARKWELL_TEST_REDIS_BIN'] = redis.binary;
  process.env['PARKWELL_TEST_REDIS_LD'] = redis.libraryPath ?? '';
  const given = process.env['PARKWELL_TEST_PG_URL'];
  const postgres = given ? undefined : await startOwnPostgres();
  const adminUrl = given ?? postgres?.adminUrl ?? '';
  process.env['PARKWELL_TEST_PG_URL'] = adminUrl;
  process.env['PARKWELL_TEST_PG_LOG'] ??= postgres?.logFile ?? '';
  process.env['PARKWELL_TEST_PG_TEMPLATE'] = await prepareTemplate(adminUrl);
  return { stop: async () => postgres?.stop() };
}

/** Durable, as in production: a benchmark that does not wait for the disk measures something else. */
function startOwnPostgres() {
  const scratch = mkdtempSync(join(tmpdir(), 'parkwell-bench-pg-'));
  if (process.getuid?.() === 0) chownSync(scratch, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  return startPostgres({
    dataDir: join(scratch, 'data'),
    logFile: join(scratch, 'postgres.log'),
    password: randomBytes(12).toString('hex'),
    durable: true,
    removeAfterwards: scratch,
  });
}
