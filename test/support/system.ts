import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { databaseUrl } from '../../sandbox/servers/postgres.ts';
import { startRedis, type RedisServer } from '../../sandbox/servers/redis.ts';
import { startStripeDouble, type StripeDouble } from '../../sandbox/stripe/server.ts';
import { readConfig } from '../../src/config.ts';
import { createApp } from '../../src/http/app.ts';
import { DEFAULT_LIMITS, type EdgeLimits } from '../../src/http/limits.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { openPlatform, type Platform } from '../../src/platform/platform.ts';
import {
  graphqlClient,
  subscribe,
  type Document,
  type GraphqlClient,
  type LiveSubscription,
} from './graphql-client.ts';
import { noteStarted, noteStopped } from './running-systems.ts';

const STRIPE_SECRET_KEY = 'sk_test_parkwell';
const STRIPE_WEBHOOK_SECRET = 'whsec_parkwell_test';

/** Environment of a test whose provider is silent: it waits less long for what does not come, and asks again sooner. */
export const IMPATIENT_WITH_PROVIDER = { STRIPE_TIMEOUT_MS: '2000' };

export interface SystemOptions {
  /** Both in this process unless said otherwise. */
  roles?: ('api' | 'worker')[];
  /** Runs along with the machine's clock unless the test stops or moves it. */
  clock?: MovableClock;
  /** Variables of the environment on top of the test's own. */
  env?: Record<string, string | undefined>;
  /** Rates are lifted unless a test is about them. */
  limits?: EdgeLimits;
  /** How many calls a second the provider takes of each endpoint; 25 unless the test is about something that many calls would hide. */
  providerCallsPerSecond?: number;
  /** Shares database and Redis of another system, as a second process of one installation would. */
  beside?: TestSystem;
}

export interface TestSystem {
  /** `http://127.0.0.1:…`, without a path. */
  url: string;
  wsUrl: string;
  platform: Platform;
  clock: MovableClock;
  stripe: StripeDouble;
  redis: RedisServer;
  redisUrl: string;
  databaseUrl: string;
  /** What the system was configured with; enough to start a process of its own. */
  env: Record<string, string>;
  client(token?: string): GraphqlClient;
  subscribe<TData = Record<string, any>, TVariables = Record<string, unknown>>(
    document: Document<TData, TVariables>,
    variables?: TVariables,
    token?: string,
  ): LiveSubscription<TData>;
  /** Ends the process's part gracefully and leaves database, Redis and Stripe double. `stop` afterwards is still due. */
  closeApp(): Promise<void>;
  stop(): Promise<void>;
}

/** Rates that no test runs into by accident. */
export const LIFTED_LIMITS: EdgeLimits = {
  requestsPerMinute: Object.fromEntries(
    Object.keys(DEFAULT_LIMITS.requestsPerMinute).map((role) => [role, 10_000_000]),
  ) as never,
  socketsPerAddress: 100_000,
  socketsPerViewer: 100_000,
  subscriptionsPerSocket: 10_000,
};

/** A whole installation for one test file: its own database (a copy of the template), Redis, Stripe double, and the app on a free port. */
export async function startSystem(options: SystemOptions = {}): Promise<TestSystem> {
  const ends: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of ends.splice(0).reverse()) await end();
  };
  try {
    return await start(options, ends, stop);
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(
  options: SystemOptions,
  ends: (() => Promise<unknown>)[],
  stop: () => Promise<void>,
): Promise<TestSystem> {
  const clock = options.clock ?? options.beside?.clock ?? new MovableClock();
  const { beside } = options;
  const [redis, database, stripe] = await allStarted(
    beside?.redis ?? ownRedis(ends),
    beside?.databaseUrl ?? ownDatabase(ends),
    beside?.stripe ?? ownStripe(clock, ends, options.providerCallsPerSecond),
  );
  const env = environment({
    ...options,
    databaseUrl: database,
    redisUrl: redis.url,
    stripe,
    inherited: beside?.env ?? freshKeys(),
  });
  const platform = await openPlatform(readConfig(env), { clock });
  ends.push(() => platform.close());
  const app = await createApp(platform, { roles: platform.config.roles, limits: options.limits ?? LIFTED_LIMITS });
  let closed: Promise<void> | undefined;
  const closeApp = () => (closed ??= app.close());
  ends.push(closeApp);
  const url = await app.listen();
  if (!beside) stripe.setWebhookUrl(`${url}/webhooks/stripe`);
  const wsUrl = `${url.replace('http', 'ws')}/graphql`;
  const system: TestSystem = {
    url,
    wsUrl,
    platform,
    clock,
    stripe,
    redis,
    redisUrl: redis.url,
    databaseUrl: database,
    env,
    client: (token) => graphqlClient(url, token),
    subscribe: (document, variables, token) =>
      subscribe(wsUrl, {
        document,
        ...(variables === undefined ? {} : { variables }),
        ...(token === undefined ? {} : { token }),
      }),
    closeApp,
    stop,
  };
  noteStarted(system);
  ends.push(async () => noteStopped(system));
  return system;
}

/** Waits for all, also when one has failed: whoever ends what was started must know of all of it. */
async function allStarted<T extends readonly unknown[]>(
  ...starting: T
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  await Promise.allSettled(starting);
  return Promise.all(starting);
}

interface EnvironmentParts extends SystemOptions {
  databaseUrl: string;
  redisUrl: string;
  stripe: StripeDouble;
  inherited: Record<string, string>;
}

function environment(parts: EnvironmentParts): Record<string, string> {
  const all = {
    NODE_ENV: 'test',
    HOST: '127.0.0.1',
    STRIPE_SECRET_KEY,
    STRIPE_WEBHOOK_SECRET,
    LOG_LEVEL: process.env['PARKWELL_TEST_LOG'] ?? 'error',
    ...parts.inherited,
    DATABASE_URL: parts.databaseUrl,
    REDIS_URL: parts.redisUrl,
    STRIPE_API_BASE: parts.stripe.url,
    PORT: '0',
    ROLES: (parts.roles ?? ['api', 'worker']).join(','),
    ...parts.env,
  };
  return Object.fromEntries(Object.entries(all).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

function freshKeys(): Record<string, string> {
  const ed25519 = () =>
    generateKeyPairSync('ed25519').privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64');
  return { TOKEN_PRIVATE_KEY: ed25519(), PASS_PRIVATE_KEY: ed25519(), DATA_KEY: randomBytes(32).toString('base64') };
}

async function ownRedis(ends: (() => Promise<unknown>)[]): Promise<RedisServer> {
  const dir = mkdtempSync(join(tmpdir(), 'parkwell-test-redis-'));
  const libraryPath = process.env['PARKWELL_TEST_REDIS_LD'];
  const server = await startRedis({
    program: { binary: required('PARKWELL_TEST_REDIS_BIN'), ...(libraryPath ? { libraryPath } : {}) },
    dir,
    appendonly: false,
    removeAfterwards: dir,
  });
  ends.push(() => server.stop());
  return server;
}

async function ownDatabase(ends: (() => Promise<unknown>)[]): Promise<string> {
  const adminUrl = required('PARKWELL_TEST_PG_URL');
  const name = `parkwell_test_${randomBytes(8).toString('hex')}`;
  await asAdmin(adminUrl, `create database ${name} template ${required('PARKWELL_TEST_PG_TEMPLATE')}`);
  ends.push(() => asAdmin(adminUrl, `drop database if exists ${name} with (force)`));
  return databaseUrl(adminUrl, name);
}

async function asAdmin(adminUrl: string, sql: string): Promise<void> {
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    await admin.query(sql);
  } finally {
    await admin.end();
  }
}

async function ownStripe(
  clock: MovableClock,
  ends: (() => Promise<unknown>)[],
  ratePerSecond: number | undefined,
): Promise<StripeDouble> {
  const double = await startStripeDouble({
    secretKey: STRIPE_SECRET_KEY,
    webhookSecret: STRIPE_WEBHOOK_SECRET,
    now: () => clock.now(),
    ...(ratePerSecond === undefined ? {} : { ratePerSecond }),
  });
  ends.push(() => double.stop());
  return double;
}

function required(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run the tests with \`npm test\``);
  return value;
}
