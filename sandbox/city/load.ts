// npm run city -- [--lots 1000] [--minutes 5] [--speed 12] [--tempo 0.04] [--seed 1]: a city of its own, with servers of its own that are
// gone afterwards. Ends with a table of what happened and of what must be true; the exit code says whether it is.

import { chownSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { printFailure, step, StepFailure } from '../../scripts/steps.mjs';
import { freshKeys } from '../../scripts/keys.mjs';
import { MINUTE_MS } from '../../src/domain/period.ts';
import { readConfig } from '../../src/config.ts';
import { migrate } from '../../src/platform/db.ts';
import { openPlatform } from '../../src/platform/platform.ts';
import { checkout } from '../places.ts';
import { startGuarded, stopAllGuarded } from '../servers/guarded.ts';
import { tailOf } from '../servers/log-tail.ts';
import { freePort } from '../servers/ports.ts';
import { createDatabase, databaseUrl, startPostgres, UNPRIVILEGED_UID } from '../servers/postgres.ts';
import { findRedis, startRedis } from '../servers/redis.ts';
import { startStripeDouble } from '../stripe/server.ts';
import { CityApi } from './api.ts';
import { City, type CityLot } from './city.ts';
import { CityDrivers } from './drivers.ts';
import { controllerLane } from './lanes.ts';
import { makeManyLots, type ManyLot } from './many-lots.ts';
import { clockOf, paceArguments, type Pace } from './pace.ts';
import { proveCity, type CityProof } from './proof.ts';
import { Tally } from './tally.ts';

const DRIVERS = 28;
const READY_MS = 60_000;
/** For what was put off until after the answer: captures, receipts, the journal. */
const SETTLE_MS = 5000;
const STRIPE = { STRIPE_SECRET_KEY: 'sk_test_city', STRIPE_WEBHOOK_SECRET: 'whsec_city' };

function wished() {
  const number = (text: string, name: string, least: number) => {
    if (Number(text) >= least) return Number(text);
    throw new StepFailure(`--${name} ${text} is not possible`, `give a number from ${least} up.`);
  };
  const { values } = parseArgs({
    options: {
      lots: { type: 'string', default: '1000' },
      minutes: { type: 'string', default: '5' },
      speed: { type: 'string', default: '12' },
      tempo: { type: 'string', default: '0.04' },
      seed: { type: 'string', default: '1' },
    },
  });
  return {
    lots: number(values.lots, 'lots', 1),
    minutes: number(values.minutes, 'minutes', 0.05),
    speed: number(values.speed, 'speed', 1),
    tempo: number(values.tempo, 'tempo', 0.001),
    seed: number(values.seed, 'seed', 0),
  };
}

async function startServers(folder: string, pace: Pace) {
  const postgres = await startPostgres({
    ...{ dataDir: join(folder, 'postgres'), logFile: join(folder, 'postgres.log'), password: 'city', durable: true },
    removeAfterwards: join(folder, 'postgres'),
  });
  await createDatabase(postgres.adminUrl, 'parkwell');
  const redisDir = mkdtempSync(join(tmpdir(), 'parkwell-city-redis-'));
  const redis = await startRedis({
    ...{ program: await findRedis(), dir: redisDir, appendonly: true, removeAfterwards: redisDir },
  });
  const port = await freePort(4100);
  const stripe = await startStripeDouble({
    secretKey: STRIPE.STRIPE_SECRET_KEY,
    webhookSecret: STRIPE.STRIPE_WEBHOOK_SECRET,
    webhookUrl: `http://127.0.0.1:${port}/webhooks/stripe`,
    now: () => clockOf(pace).now(),
  });
  const environment = {
    ...process.env,
    ...freshKeys(),
    ...STRIPE,
    ...{ NODE_ENV: 'development', HOST: '127.0.0.1', PORT: String(port), ROLES: 'api,worker', LOG_LEVEL: 'warn' },
    ...{ STRIPE_API_BASE: stripe.url, REDIS_URL: redis.url, DATABASE_URL: databaseUrl(postgres.adminUrl, 'parkwell') },
  };
  return { environment, url: `http://127.0.0.1:${port}`, stop: () => stripe.stop() };
}

async function build(environment: NodeJS.ProcessEnv, pace: Pace, wish: { lots: number; seed: number }) {
  const config = readConfig(environment);
  await migrate(config.databaseUrl);
  const platform = await openPlatform(config, { clock: clockOf(pace) });
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  const lots = await makeManyLots({ platform, client }, { count: wish.lots, seed: wish.seed });
  await platform.close();
  return { lots, client };
}

async function startProduct(
  environment: NodeJS.ProcessEnv,
  pace: Pace,
  { url, logFile }: { url: string; logFile: string },
) {
  const args = ['--import', 'tsx', 'sandbox/city/product.ts', ...paceArguments(pace)];
  startGuarded({ command: process.execPath, args, env: environment, cwd: checkout, logFile, stopSignal: 'SIGTERM' });
  const deadline = performance.now() + READY_MS;
  while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
    if (performance.now() > deadline)
      throw new StepFailure('Parkwell was not ready in time', `see ${logFile}`, tailOf(logFile));
    await pause(100);
  }
}

function withLanes(api: CityApi, { gates, ...lot }: ManyLot): CityLot {
  const [entry, exit] = gates;
  if (!entry || !exit) throw new Error('a lot has an entry and an exit');
  const lanes = {
    entries: [controllerLane(api, entry, { leaves: false })],
    exits: [controllerLane(api, exit, { leaves: true })],
  };
  return { ...lot, ...lanes, payAt: exit };
}

function printTable(tally: Tally, proof: CityProof, minutes: number): void {
  const rows = (prefix: string) =>
    [...tally.counts].filter(([name]) => name.startsWith(prefix)).toSorted((a, b) => b[1] - a[1]);
  const line = (name: string, value: string | number) =>
    console.log(`  ${name.padEnd(44)}${String(value).padStart(10)}`);
  console.log('');
  for (const name of ['reserved', 'cancelled', 'checked in', 'walked in', 'paid at the exit', 'left'])
    line(name, tally.count(name));
  for (const [name, count] of [...rows('refused'), ...rows('turned away'), ...rows('kept at the exit')])
    line(name, count);
  line('calls that failed', tally.count('failed'));
  console.log(
    `\n  ${'operation'.padEnd(24)}${['count', 'a second', 'p50 ms', 'p99 ms'].map((head) => head.padStart(12)).join('')}`,
  );
  for (const { name, count, p50Ms, p99Ms } of tally.latencies().toSorted((a, b) => b.count - a.count)) {
    const cells = [String(count), (count / (minutes * 60)).toFixed(1), p50Ms.toFixed(1), p99Ms.toFixed(1)];
    console.log(`  ${name.padEnd(24)}${cells.map((cell) => cell.padStart(12)).join('')}`);
  }
  console.log('');
  line('postings that do not balance', proof.unbalanced);
  line('payments that gave back more than they took', proof.overRefunded);
  line('claims that overlap', proof.overlappingClaims);
  line('vehicles that share a spot', proof.sharedSpots);
}

async function main(): Promise<boolean> {
  const wish = wished();
  const folder = mkdtempSync(join(tmpdir(), 'parkwell-city-'));
  if (process.getuid?.() === 0) chownSync(folder, UNPRIVILEGED_UID, UNPRIVILEGED_UID);
  const logFile = join(folder, 'parkwell.log');
  const pace = { speed: wish.speed, sinceMs: Date.now() };
  console.log(`\nA city of ${wish.lots} lots, time ${wish.speed} times as fast\n`);
  const { environment, url, stop } = await step('servers', () => startServers(folder, pace));
  const { lots, client } = await step(`${wish.lots} lots of 200 spots`, () => build(environment, pace, wish));
  await step('Parkwell', () => startProduct(environment, pace, { url, logFile }));
  const tally = new Tally();
  const api = new CityApi(url, tally);
  const clock = clockOf(pace);
  const failures: string[] = [];
  const say = (line: string) => void (line.startsWith('failed') && failures.push(line));
  const drivers = new CityDrivers(api, clock, DRIVERS);
  const { seed, tempo } = wish;
  const city = new City({ api, drivers, clock, seed, tempo, tally, say, lots: lots.map((lot) => withLanes(api, lot)) });
  const until = new Date(clock.now().getTime() + wish.minutes * MINUTE_MS * wish.speed);
  await step(`${wish.minutes} minutes`, () => city.run({ until, inside: [] }));
  await pause(SETTLE_MS);
  const proof = await proveCity(client);
  await client.end();
  printTable(tally, proof, wish.minutes);
  for (const line of new Set(failures.slice(0, 5))) console.log(`  ${line}`);
  console.log(`\n  log: ${logFile}`);
  await stopAllGuarded();
  await stop();
  return Object.values(proof).every((count) => count === 0) && tally.count('walked in') > 0;
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  printFailure(error);
  await stopAllGuarded();
  process.exit(1);
}
