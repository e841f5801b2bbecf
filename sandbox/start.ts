// npm start, once Node and the packages are there: servers that are not given, migrations, demo data, the product itself,
// and one box that says what there is. `--reset` forgets everything first, `--still` goes without
// the city's drivers, and `--speed 60` lets an hour pass in a minute.

import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { printFailure, step, StepFailure } from '../scripts/steps.mjs';
import { box, type BoxRow } from './box.ts';
import { citySuits, clockOf, paceArguments, paceOf, type Pace } from './city/pace.ts';
import { DEMO_LOGINS } from './demo-logins.ts';
import { claimCheckout } from './only-one.ts';
import {
  checkout,
  dataAreIncomplete,
  deviceKeysFile,
  logs,
  makePlaces,
  postgresData,
  redisData,
  stripeData,
  runningFile,
  wipeData,
  wipePlaces,
} from './places.ts';
import { keepSecrets, type Secrets } from './secrets.ts';
import { startGuarded, stopAllGuarded, type GuardedProcess } from './servers/guarded.ts';
import { tailOf } from './servers/log-tail.ts';
import { freePort, holdPort, type HeldPort } from './servers/ports.ts';
import { createDatabase, databaseUrl, startPostgres } from './servers/postgres.ts';
import { findRedis, startRedis } from './servers/redis.ts';

const READY_SECONDS = 60;
/** How fast time goes by: 1 unless told by `--speed`. */
let pace: Pace = { speed: 1, sinceMs: Date.now() };
const startedAtMs = performance.now();
const secondsSince = (atMs: number) => `${((performance.now() - atMs) / 1000).toFixed(1)} s`;

/** What runs, in the order it was started; stopped in the reverse order. */
const running: { name: string; stop(): Promise<void> }[] = [];
let stopping = false;
let claimed = false;

/** What the start waits for when it must not go on, because everything is being stopped. */
const forever = new Promise<never>(() => undefined);

async function phase<T>(title: string, work: () => Promise<T>): Promise<T> {
  return step(title, async () => {
    const result = await work();
    return stopping ? forever : result;
  });
}

/** Ends what runs, newest first, and this process with it. */
async function stopAll(exitCode: number): Promise<never> {
  if (stopping) return forever;
  stopping = true;
  const stoppedAtMs = performance.now();
  for (const part of running.toReversed()) await part.stop();
  await stopAllGuarded(); // one that was just being started
  if (claimed) rmSync(runningFile, { force: true });
  if (exitCode === 0) console.log(`\n  Stopped in ${secondsSince(stoppedAtMs)}. The data stays for the next start.`);
  process.exit(exitCode);
}

async function fail(error: unknown): Promise<void> {
  if (stopping) return;
  printFailure(error);
  await stopAll(1);
}

/** A part that ends by itself takes everything down: half a system only confuses. */
function watch(name: string, part: { exited: Promise<number>; stop(): Promise<void> }, logFile: string): void {
  running.push({ name, stop: () => part.stop() });
  void part.exited.then((code) => {
    const cure = `see ${relative(checkout, logFile)}, then run "npm start" again.`;
    return fail(new StepFailure(`${name} ended with code ${code}`, cure, tailOf(logFile)));
  });
}

async function providePostgres(secrets: Secrets): Promise<string> {
  const logFile = join(logs, 'postgres.log');
  const server = await startPostgres({
    dataDir: postgresData,
    logFile,
    password: secrets.POSTGRES_PASSWORD,
    port: await freePort(54320),
    durable: true,
  });
  watch('PostgreSQL', server, logFile);
  await createDatabase(server.adminUrl, 'parkwell');
  return databaseUrl(server.adminUrl, 'parkwell');
}

async function provideRedis(secrets: Secrets): Promise<string> {
  const server = await startRedis({
    program: await findRedis(),
    dir: redisData,
    port: await freePort(63790),
    appendonly: true,
    password: secrets.REDIS_PASSWORD,
  });
  watch('Redis', server, server.logFile);
  return server.url;
}

async function provideStripe(secrets: Secrets, webhookUrl: string): Promise<NodeJS.ProcessEnv> {
  const { startStripeDouble } = await import('./stripe/server.ts');
  const port = await freePort(12111);
  const { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET } = secrets;
  const double = await startStripeDouble({
    port,
    secretKey: STRIPE_SECRET_KEY,
    webhookSecret: STRIPE_WEBHOOK_SECRET,
    webhookUrl,
    stateFile: stripeData,
    now: () => clockOf(pace).now(),
  });
  running.push({ name: 'Stripe double', stop: () => double.stop() });
  return { STRIPE_SECRET_KEY, STRIPE_WEBHOOK_SECRET, STRIPE_API_BASE: `http://127.0.0.1:${port}` };
}

/** The product's own port, kept for it while everything else starts: another checkout would like the same one. */
async function takePort(given: string | undefined): Promise<HeldPort> {
  const held = (await holdPort(given ? Number(given) : 4000)) ?? (given ? undefined : await holdPort(0));
  if (held) return held;
  throw new StepFailure(`port ${given} is taken`, 'stop what listens there, or set PORT to another one.');
}

/** The product's environment: what is set stays, what is missing is started or made. */
async function provideEnvironment(port: number): Promise<NodeJS.ProcessEnv> {
  const given = process.env;
  const secrets = keepSecrets();
  const host = given['HOST'] || '127.0.0.1';
  const environment: NodeJS.ProcessEnv = {
    NODE_ENV: 'development',
    HOST: host,
    TOKEN_PRIVATE_KEY: secrets.TOKEN_PRIVATE_KEY,
    PASS_PRIVATE_KEY: secrets.PASS_PRIVATE_KEY,
    DATA_KEY: secrets.DATA_KEY,
    ...(given['NODE_ENV'] === 'production' ? {} : { DEMO_LOGIN: loginOfDriver() }),
    ...Object.fromEntries(Object.entries(given).filter(([, value]) => value !== '')),
    PORT: String(port),
    ROLES: 'api,worker',
  };
  // Whoever looks at the demo may try its lanes.
  if (environment['NODE_ENV'] !== 'production') environment['DEMO_KEYS_FILE'] = deviceKeysFile;
  if (!given['DATABASE_URL']) environment['DATABASE_URL'] = await phase('PostgreSQL', () => providePostgres(secrets));
  if (!given['REDIS_URL']) environment['REDIS_URL'] = await phase('Redis', () => provideRedis(secrets));
  if (!given['STRIPE_SECRET_KEY']) {
    const webhookUrl = `http://127.0.0.1:${port}/webhooks/stripe`;
    Object.assign(environment, await phase('Stripe double', () => provideStripe(secrets, webhookUrl)));
  }
  return environment;
}

/** Filled into the ready operations of /graphiql. */
function loginOfDriver(): string | undefined {
  const driver = DEMO_LOGINS.find(({ role }) => role === 'DRIVER');
  return driver && `${driver.email}:${driver.password}`;
}

/** Migrations and demo data. */
async function prepareData(environment: NodeJS.ProcessEnv): Promise<void> {
  const logFile = join(logs, 'data.log');
  const code = await startTypeScript(['sandbox/prepare.ts'], environment, logFile).exited;
  if (code !== 0 && !stopping) {
    const cure = 'read the log above; "npm start -- --reset" starts over from empty data.';
    throw new StepFailure('the migrations or the demo data failed', cure, tailOf(logFile));
  }
}

async function startProduct(environment: NodeJS.ProcessEnv): Promise<void> {
  const logFile = join(logs, 'parkwell.log');
  const program = pace.speed === 1 ? ['src/main.ts'] : ['sandbox/city/product.ts', ...paceArguments(pace)];
  const product = startTypeScript(program, environment, logFile);
  let ended = false;
  void product.exited.then(() => (ended = true));
  running.push({ name: 'Parkwell', stop: () => product.stop() });
  const deadline = performance.now() + READY_SECONDS * 1000;
  while (!(await isReady(environment))) {
    if (ended || performance.now() > deadline) {
      const cause = ended ? 'Parkwell ended while starting' : `Parkwell was not ready within ${READY_SECONDS} s`;
      throw new StepFailure(cause, `see the log above (${relative(checkout, logFile)}).`, tailOf(logFile));
    }
    await pause(50);
  }
  running.pop();
  watch('Parkwell', product, logFile);
}

/** Drivers that come and go. Without them the product is whole: their end is told and takes nothing down. */
function startCity(environment: NodeJS.ProcessEnv): void {
  if (!citySuits(process.argv, environment)) return;
  const logFile = join(logs, 'city.log');
  const server = `http://127.0.0.1:${environment['PORT']}`;
  const city = startTypeScript(
    ['sandbox/city/main.ts', '--server', server, ...paceArguments(pace)],
    environment,
    logFile,
  );
  running.push({ name: 'the city', stop: () => city.stop() });
  void city.exited.then((code) => {
    if (!stopping)
      console.log(`\n  The city stands still (it ended with code ${code}): see ${relative(checkout, logFile)}`);
  });
}

async function isReady(environment: NodeJS.ProcessEnv): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${environment['PORT']}/readyz`, { signal: AbortSignal.timeout(2000) });
    return answer.ok;
  } catch {
    return false;
  }
}

/** Each run's log replaces the one before. */
function startTypeScript(args: string[], env: NodeJS.ProcessEnv, logFile: string): GuardedProcess {
  rmSync(logFile, { force: true });
  const command = process.execPath;
  return startGuarded({
    command,
    args: ['--import', 'tsx', ...args],
    env,
    cwd: checkout,
    logFile,
    stopSignal: 'SIGTERM',
    // Longer than it takes to end, also with the delay of production.
    graceSeconds: 30,
  });
}

function describe(environment: NodeJS.ProcessEnv): string {
  const origin = `http://127.0.0.1:${environment['PORT']}`;
  const rows: BoxRow[] = [
    ['drivers', `${origin}/app`],
    ['a board', `${origin}/board/HEL1`],
    ['a gate', `${origin}/kiosk/demo`],
    ['operators', `${origin}/console`],
    ['GraphiQL', `${origin}/graphiql`],
    ['GraphQL', `${origin}/graphql`],
    ['Live', `${origin.replace('http', 'ws')}/graphql`],
    ['Health', `${origin}/readyz   ${origin}/metrics`],
  ];
  if (environment['STRIPE_API_BASE']) rows.push(['Stripe double', environment['STRIPE_API_BASE']]);
  rows.push(['Logs', relative(checkout, logs)], ['']);
  for (const { role, email, password } of DEMO_LOGINS) rows.push([role.toLowerCase(), `${email}   ${password}`]);
  if (existsSync(deviceKeysFile)) rows.push(['gates, boards', relative(checkout, deviceKeysFile)]);
  rows.push(
    [''],
    ['try', `npm run -s ask -- driver '{ lots { nodes { name availability { free total } } } }'`],
    ['token', 'npm run -s token -- <role>'],
    ...(citySuits(process.argv, environment)
      ? ([['city', 'cars come and go; `npm start -- --still` goes without']] as const)
      : []),
    ['stop', 'Ctrl-C'],
  );
  return box(`Parkwell runs (${secondsSince(startedAtMs)})`, rows);
}

async function start(): Promise<void> {
  pace = paceOf(process.argv, Date.now());
  claimed = await claimCheckout();
  if (!claimed) {
    throw new StepFailure(
      'Parkwell is already running in this checkout',
      'use it, or stop it first (Ctrl-C where it runs).',
    );
  }
  if (process.argv.includes('--reset')) await phase('reset', async () => wipePlaces());
  if (!process.env['DATABASE_URL'] && dataAreIncomplete()) wipeData();
  makePlaces();
  const own = await takePort(process.env['PORT']);
  const environment = await provideEnvironment(own.port);
  await phase('data', () => prepareData(environment));
  await own.release();
  await phase('Parkwell', () => startProduct(environment));
  const { DATABASE_URL, REDIS_URL, STRIPE_API_BASE, PORT } = environment;
  writeFileSync(runningFile, JSON.stringify({ pid: process.pid, PORT, DATABASE_URL, REDIS_URL, STRIPE_API_BASE }), {
    mode: 0o600,
  });
  startCity(environment);
  console.log(`\n${describe(environment)}`);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stopAll(0));
process.on('message', () => void stopAll(0));
process.on('disconnect', () => void stopAll(0));
// Ctrl-C in a terminal that closes: there may be nobody left to print to.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

console.log('\nParkwell\n');
await start().catch(fail);
