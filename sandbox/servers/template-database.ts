// The migrated database that each test file gets a copy of.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { StepFailure } from '../../scripts/steps.mjs';
import { createDatabase, databaseUrl } from './postgres.ts';

const LOCK = 'parkwell_template';
const checkout = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Makes the template of this checkout's migrations unless the server has it, and gives its name. Each state of the migrations has its own, so
 * that runs of several branches can share a kept server; they take turns (advisory lock).
 */
export async function prepareTemplate(adminUrl: string): Promise<string> {
  const name = `parkwell_template_${migrationsHash().slice(0, 12)}`;
  const unfinished = `${name}_unfinished`;
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(`select pg_advisory_lock(hashtext($1))`, [LOCK]);
    if ((await admin.query('select 1 from pg_database where datname = $1', [name])).rowCount !== 0) return name;
    await admin.query(`drop database if exists ${unfinished} with (force)`);
    await createDatabase(adminUrl, unfinished);
    await migrateInOwnProcess(databaseUrl(adminUrl, unfinished));
    await admin.query(`alter database ${unfinished} rename to ${name}`);
    return name;
  } finally {
    await admin.end();
  }
}

function migrationsHash(): string {
  const hash = createHash('sha256');
  const folder = join(checkout, 'src', 'migrations');
  const names = existsSync(folder) ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted() : [];
  for (const name of names.filter((file) => /\.(ts|sql)$/.test(file))) {
    hash.update(name).update(readFileSync(join(folder, name)));
  }
  return hash.digest('hex');
}

/** Apart from the caller, because Jest's own process has no TypeScript loader for the decorators and ORM of `src/`. */
function migrateInOwnProcess(url: string): Promise<void> {
  if (!existsSync(join(checkout, 'src', 'platform', 'db.ts'))) return Promise.resolve();
  const program = `import { migrate } from './src/platform/db.ts'; await migrate(process.argv[1]); process.exit(0);`;
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program, url];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (code) => {
      if (code === 0) return resolve();
      reject(new StepFailure('the migrations failed on an empty database', 'see the error above.', output));
    });
  });
}
