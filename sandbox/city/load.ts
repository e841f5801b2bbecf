// npm run city -- [--lots 1000] [--minutes 5] [--speed 12] [--tempo 0.02] [--stays 0.3] [--seed 1]: a city of its own, with servers of its
// own that are gone afterwards. Ends with a table of what happened and of what must be true; the exit code says whether it is.

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
import { createChance } from '../demo/chance.ts';
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
import { controllerLane, virtualLane, type CameraSite, type CityGate } from './lanes.ts';
import { makeManyLots, type ManyLot } from './many-lots.ts';
import { clockOf, paceArguments, type Pace } from './pace.ts';
import { countCity, proveCity, type CityCounts } from './proof.ts';
import { FLOOR, faultsOf, tableOf } from './table.ts';
import { Tally } from './tally.ts';

const DRIVERS = 28;
const READY_MS = 60_000;
/** For what was put off until after the answer: captures, receipts, the journal. */
const SETTLE_MS = 3000;
const SETTLE_WITHIN_MS = 60_000;
const FLOOR_EVERY_MS = 250;
const LOTS_WITH_CAMERAS = 10;
const MOST_FAILURES = 5;
/** Calls without an answer: what was said, once each. */
const failures = new Set<string>();
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
      tempo: { type: 'string', default: '0.02' },
      seed: { type: 'string', default: '1' },
      stays: { type: 'string', default: '0.3' },
    },
  });
  return {
    lots: number(values.lots, 'lots', 1),
    minutes: number(values.minutes, 'minutes', 0.05),
    speed: number(values.speed, 'speed', 1),
    tempo: number(values.tempo, 'tempo', 0.001),
    seed: number(values.seed, 'seed', 0),
    stays: number(values.stays, 'stays', 0.1),
  };
}

type Wish = ReturnType<typeof wished>;

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
  const command = process.execPath;
  const product = startGuarded({ command, args, env: environment, cwd: checkout, logFile, stopSignal: 'SIGTERM' });
  const deadline = performance.now() + READY_MS;
  while (!(await fetch(`${url}/readyz`).catch(() => undefined))?.ok) {
    if (performance.now() > deadline)
      throw new StepFailure('Parkwell was not ready in time', `see ${logFile}`, tailOf(logFile));
    await pause(100);
  }
  return product;
}

/** The first few lots have cameras, barriers and loops; the controllers of the others speak GraphQL themselves. */
function withLanes(api: CityApi, { gates, ...lot }: ManyLot, camera?: CameraSite): CityLot {
  const [entry, exit] = gates;
  if (!entry || !exit) throw new Error('a lot has an entry and an exit');
  const lane = (gate: CityGate, leaves: boolean) =>
    camera ? virtualLane(gate, camera) : controllerLane(api, gate, { leaves });
  return { ...lot, entries: [lane(entry, false)], exits: [lane(exit, true)], payAt: exit };
}

/** Asks for the least there is, over and over: what any answer takes at that moment. Gives how to end it. */
function askFloor(api: CityApi, tally: Tally): () => void {
  const ask = () => api.call({ name: FLOOR, document: FLOOR }, {}).catch(() => tally.add('failed'));
  const timer = setInterval(() => void ask(), FLOOR_EVERY_MS);
  return () => clearInterval(timer);
}

/** Until the worker has applied what the gates have decided: the counts stand still. */
async function settled(client: pg.ClientBase, since: Date): Promise<CityCounts> {
  const deadline = performance.now() + SETTLE_WITHIN_MS;
  let before = await countCity(client, since);
  for (;;) {
    await pause(SETTLE_MS);
    const after = await countCity(client, since);
    if (JSON.stringify(after) === JSON.stringify(before) || performance.now() > deadline) return after;
    before = after;
  }
}

async function park(wish: Wish, of: { pace: Pace; url: string; lots: readonly ManyLot[] }): Promise<Tally> {
  const { pace, url } = of;
  const tally = new Tally();
  const api = new CityApi(url, tally);
  const clock = clockOf(pace);
  const say = (line: string) => void (line.startsWith('failed') && failures.add(line));
  const { seed, tempo, stays: stayTimes } = wish;
  const camera = { url, clock, chance: createChance(seed), tally };
  const lots = of.lots.map((lot, index) => withLanes(api, lot, index < LOTS_WITH_CAMERAS ? camera : undefined));
  const drivers = new CityDrivers(api, clock, DRIVERS);
  const city = new City({ api, drivers, clock, seed, tempo, stayTimes, tally, say, lots });
  const until = new Date(clock.now().getTime() + wish.minutes * MINUTE_MS * wish.speed);
  const endFloor = askFloor(api, tally);
  await step(`${wish.minutes} minutes`, () => city.run({ until, inside: [] })).finally(endFloor);
  await Promise.all(lots.flatMap(({ entries, exits }) => [...entries, ...exits]).map((lane) => lane.close()));
  return tally;
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
  const product = await step('Parkwell', () => startProduct(environment, pace, { url, logFile }));
  const since = clockOf(pace).now();
  const tally = await park(wish, { pace, url, lots });
  const counts = await step('what was put off', () => settled(client, since));
  const result = { tally, proof: await proveCity(client), counts, minutes: wish.minutes };
  await client.end();
  const faults = faultsOf(result);
  for (const line of tableOf(result)) console.log(line);
  for (const line of [...failures].slice(0, MOST_FAILURES)) console.log(`  ${line}`);
  for (const fault of faults) console.log(`  ✗ ${fault}`);
  console.log(`\n  log: ${logFile}`);
  // What the others serve goes first.
  await product.stop();
  await stopAllGuarded();
  await stop();
  return faults.length === 0;
}

try {
  process.exit((await main()) ? 0 : 1);
} catch (error) {
  printFailure(error);
  await stopAllGuarded();
  process.exit(1);
}
