// Before all tests: one PostgreSQL for the run with a migrated template database, the path of a Redis to start, and a Chromium to be found
// by the tests of pages.
// The workers learn of them through the environment:
//   PARKWELL_TEST_PG_URL       superuser's address
//   PARKWELL_TEST_PG_TEMPLATE  the database of which test files take a copy
//   PARKWELL_TEST_PG_LOG       the server's log ('' for a server of yours)
//   PARKWELL_TEST_REDIS_BIN    redis-server; test files start their own
//   PARKWELL_TEST_REDIS_LD     where its libraries are, if it had to be unpacked
// A PARKWELL_TEST_PG_URL that is set already is used as it is, so that a server can be kept between runs.

import { randomBytes } from 'node:crypto';
import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { printFailure } from '../../scripts/steps.mjs';
import { findChromium } from '../../sandbox/servers/chromium.ts';
import { startPostgres, UNPRIVILEGED_UID } from '../../sandbox/servers/postgres.ts';
import { findRedis } from '../../sandbox/servers/redis.ts';
import { prepareTemplate } from '../../sandbox/servers/template-database.ts';

/** @param {{ nonFlagArgs: string[] }} run which tests were asked for; none: all */
export default async function startServers({ nonFlagArgs }) {
  try {
    // A download of minutes would be more than a test waits.
    if (nonFlagArgs.length === 0 || nonFlagArgs.some((asked) => asked.includes('pages'))) await findChromium();
    const redis = await findRedis();
    process.env.PARKWELL_TEST_REDIS_BIN = redis.binary;
    process.env.PARKWELL_TEST_REDIS_LD = redis.libraryPath ?? '';
    if (!process.env.PARKWELL_TEST_PG_URL) await startOwnPostgres();
    process.env.PARKWELL_TEST_PG_LOG ??= '';
  } catch (error) {
    printFailure(error);
    await globalThis.parkwellTestPostgres?.stop();
    // Jest would bury the two lines above under a stack trace.
    process.exit(1);
  }
  // Without a template the tests of pure rules still run; those that want a copy of it fail and say so.
  try {
    process.env.PARKWELL_TEST_PG_TEMPLATE = await prepareTemplate(process.env.PARKWELL_TEST_PG_URL);
  } catch (error) {
    printFailure(error);
  }
}

async function startOwnPostgres() {
  const scratch = mkdtempSync(join(tmpdir(), 'parkwell-test-pg-'));
  if (process.getuid?.() === 0) chownSync(scratch, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  const server = await startPostgres({
    dataDir: join(scratch, 'data'),
    logFile: join(scratch, 'postgres.log'),
    password: randomBytes(12).toString('hex'),
    durable: false,
    removeAfterwards: scratch,
  });
  process.env.PARKWELL_TEST_PG_URL = server.adminUrl;
  process.env.PARKWELL_TEST_PG_LOG = server.logFile;
  globalThis.parkwellTestPostgres = server;
}
