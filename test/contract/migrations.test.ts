import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/postgresql';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createDatabase,
  databaseUrl,
  startPostgres,
  UNPRIVILEGED_UID,
  type PostgresServer,
} from '../../sandbox/servers/postgres.ts';
import { migrate, ormOptions } from '../../src/platform/db.ts';
import { readCatalog, type Catalog } from '../support/catalog.ts';

/** Tables that no model describes: the migrations' own list, and the job scheduler's. */
const WITHOUT_MODEL = /^(migration|agenda_jobs)\./;

let server: PostgresServer;
let old: PostgresServer;

async function emptyDatabase(adminUrl: string): Promise<string> {
  const name = `catalog_${randomBytes(6).toString('hex')}`;
  await createDatabase(adminUrl, name);
  return databaseUrl(adminUrl, name);
}

async function ownServer(version: 15 | 18): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), `parkwell-catalog-${version}-`));
  // PostgreSQL runs as another user than root, and it is that user who removes the folder.
  if (process.getuid?.() === 0) chownSync(folder, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  return startPostgres({
    dataDir: join(folder, 'data'),
    logFile: join(folder, 'log'),
    password: 'test',
    version,
    durable: false,
    removeAfterwards: folder,
  });
}

async function migrated(adminUrl: string): Promise<Catalog> {
  const url = await emptyDatabase(adminUrl);
  await migrate(url);
  return readCatalog(url);
}

beforeAll(async () => {
  [server, old] = await Promise.all([ownServer(18), ownServer(15)]);
});
afterAll(() => Promise.all([server.stop(), old.stop()]));

describe('the migrations', () => {
  test('make the schema that stands beside this test, on PostgreSQL 18', async () => {
    expect(await migrated(server.adminUrl)).toMatchSnapshot();
  });

  test('make the same schema on PostgreSQL 15', async () => {
    expect(await migrated(old.adminUrl)).toEqual(await migrated(server.adminUrl));
  });

  test('run once when several processes start at the same time, and again without effect', async () => {
    const url = await emptyDatabase(server.adminUrl);
    await Promise.all([migrate(url), migrate(url), migrate(url)]);
    const before = await readCatalog(url);
    await migrate(url);
    expect(await readCatalog(url)).toEqual(before);
  });

  test('make every column that the models describe, with its type, and no other', async () => {
    const url = await emptyDatabase(server.adminUrl);
    const orm = await MikroORM.init(ormOptions({ databaseUrl: url, databaseReplicaUrls: [], databasePoolMax: 2 }));
    await orm.schema.create();
    await orm.close(true);
    const described = await readCatalog(url);
    const made = await migrated(server.adminUrl);
    expect(made.columns.filter((line) => !WITHOUT_MODEL.test(line))).toEqual(described.columns);
    const missing = described.constraints.filter((line) => !made.constraints.includes(line));
    expect(missing).toEqual([]);
  });
});
