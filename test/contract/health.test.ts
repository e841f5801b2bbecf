import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import pg from 'pg';
import { CLOSE_WITHIN_MS } from '../../src/http/closing.ts';
import { eventually, eventuallyPasses, eventuallyTrue } from '../support/eventually.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire } from '../support/wire.ts';
import { makeDriver, makeLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => system?.stop());

const get = async (path: string, headers: Record<string, string> = {}) => {
  const response = await fetch(`${system.url}${path}`, { headers });
  return { status: response.status, text: await response.text() };
};

test('a process that can serve says so', async () => {
  expect(await get('/livez')).toEqual({ status: 200, text: '{"status":"alive"}' });
  const ready = await eventually(
    () => get('/readyz'),
    ({ status }) => status === 200,
  );
  expect(JSON.parse(ready.text)).toEqual({
    status: 'ready',
    checks: { postgres: true, redis: true, draining: false },
  });
});

test('without PostgreSQL a process is alive and not ready, and ready again when it is back', async () => {
  const wire = await layWire(system.databaseUrl);
  const other = await startSystem({ roles: ['api'], beside: system, env: { DATABASE_URL: wire.url } });
  const status = async (path: string) => (await fetch(`${other.url}${path}`)).status;
  // A check that takes a second is a failed one, on a machine that stands still for so long, too.
  const isReady = async () => (await status('/readyz')) === 200;
  try {
    await eventuallyTrue(isReady);
    wire.cut();
    expect([await status('/readyz'), await status('/livez')]).toEqual([503, 200]);
    wire.mend();
    await eventuallyTrue(isReady);
  } finally {
    await other.stop();
    await wire.stop();
  }
});

test('the metrics are for the own network', async () => {
  const { status, text } = await get('/metrics');
  expect([status, text]).toEqual([200, expect.stringContaining('parkwell_requests_refused_total')]);
  expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
});

test('behind a proxy that nobody named, the metrics are for nobody, and the log says why once', async () => {
  const callers: Record<string, string>[] = [
    { 'x-forwarded-for': '203.0.113.9, 10.0.0.7' },
    { 'x-forwarded-for': '10.0.0.8, 10.0.0.7' },
    { 'x-forwarded-for': 'unknown' },
    { 'x-real-ip': '203.0.113.9' },
    { forwarded: 'for=203.0.113.9' },
  ];
  const warn = jest.spyOn(system.platform.log, 'warn');
  for (const headers of callers) expect((await get('/metrics', headers)).status).toBe(404);
  expect(
    warn.mock.calls.filter((words) => words.some((word) => String(word).includes('TRUSTED_PROXIES'))),
  ).toHaveLength(1);
  warn.mockRestore();
  expect((await get('/metrics', { 'x-forwarded-for': '10.0.0.8' })).status).toBe(200);
  const named = await startSystem({ roles: ['api'], beside: system, env: { TRUSTED_PROXIES: '10.0.0.7' } });
  try {
    const metrics = (address: string) =>
      fetch(`${named.url}/metrics`, { headers: { 'x-forwarded-for': `${address}, 10.0.0.7` } });
    expect([(await metrics('10.0.0.8')).status, (await metrics('203.0.113.9')).status]).toEqual([200, 404]);
  } finally {
    await named.stop();
  }
});

test('refused requests are counted by their reason', async () => {
  await system.client().query('{ nothingLikeThis }');
  expect((await get('/metrics')).text).toMatch(
    /parkwell_requests_refused_total\{reason="GRAPHQL_VALIDATION_FAILED"\} [1-9]/,
  );
});

test('the published key is the one that signs our tokens', async () => {
  const { keys } = JSON.parse((await get('/.well-known/jwks.json')).text) as { keys: Record<string, string>[] };
  const { token } = await makeDriver(system);
  expect(keys).toEqual([
    expect.objectContaining({
      kty: 'OKP',
      crv: 'Ed25519',
      alg: 'EdDSA',
      use: 'sig',
      kid: decodeProtectedHeader(token).kid,
    }),
  ]);
  expect(keys[0]).not.toHaveProperty('d');
  expect(decodeJwt(token).exp! - decodeJwt(token).iat!).toBe(15 * 60);
});

test('requests under way are finished when the process closes, and new connections are refused meanwhile', async () => {
  const closing = await startSystem({ roles: ['api'] });
  const { publicId } = await makeLot(closing);
  const blocker = new pg.Client({ connectionString: closing.databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table lot in access exclusive mode');
  const ask = () => closing.client().query('query Q($id: ID!) { node(id: $id) { id } }', { id: publicId });
  const underWay = Promise.all([ask(), ask(), ask()]);
  await untilWaiting(closing, 3);
  const closed = closing.closeApp();
  await expect(ask()).rejects.toThrow();
  await blocker.query('commit');
  expect((await underWay).map(({ status, data }) => [status, data])).toEqual(
    Array.from({ length: 3 }, () => [200, { node: { id: publicId } }]),
  );
  await closed;
  await blocker.end();
  await closing.stop();
});

test('a connection that never says anything does not keep the process from its end', async () => {
  const closing = await startSystem({ beside: system });
  const silent = connect(Number(new URL(closing.url).port), '127.0.0.1');
  const ended = once(silent, 'close');
  await once(silent, 'connect');
  await fetch(`${closing.url}/livez`);
  const { ms } = await timed(() => closing.closeApp());
  expect(ms).toBeLessThan(CLOSE_WITHIN_MS);
  await ended;
  await closing.stop();
});

test('what runs beside the requests ends although a request does not', async () => {
  const closing = await startSystem({ beside: system });
  const { publicId } = await makeLot(closing);
  const blocker = new pg.Client({ connectionString: closing.databaseUrl });
  await blocker.connect();
  await blocker.query('begin; lock table level in access exclusive mode');
  const stuck = closing
    .client()
    .query('query Q($id: ID!) { lot(id: $id) { levels { name } } }', { id: publicId })
    .catch((error: unknown) => error);
  await untilWaiting(closing, 1);
  const stop = jest.spyOn(closing.platform.scheduler, 'stop');
  const closed = closing.closeApp();
  await eventuallyTrue(async () => stop.mock.calls.length > 0);
  await blocker.query('commit');
  expect(await stuck).toMatchObject({ status: 200 });
  await closed;
  await blocker.end();
  await closing.stop();
});

test('a request whose body is still arriving when the process closes is answered', async () => {
  const closing = await startSystem({ roles: ['api'], beside: system });
  const body = JSON.stringify({ query: '{ __typename }' });
  const socket = connect(Number(new URL(closing.url).port), '127.0.0.1');
  let received = '';
  socket.setEncoding('utf8').on('data', (text: string) => (received += text));
  const ended = once(socket, 'close');
  socket.write(
    `POST /graphql HTTP/1.1\r\nHost: parkwell\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`,
  );
  await eventuallyTrue(async () => received.includes('100 Continue'));
  socket.write(body.slice(0, 5));
  const closed = closing.closeApp();
  await eventuallyPasses(() => expect(fetch(`${closing.url}/livez`)).rejects.toThrow());
  socket.write(body.slice(5));
  await Promise.all([closed, ended]);
  expect(received).toContain('HTTP/1.1 200');
  expect(received).toContain('"__typename":"Query"');
  await closing.stop();
});

test('a process that closes goes on serving for the configured delay, and says meanwhile that it is not ready', async () => {
  // A longer delay for a machine that does not come to its questions within a shorter one.
  for (let delayMs = 1500, inTime = false; !inTime; delayMs *= 3) {
    expect(delayMs).toBeLessThan(60_000);
    inTime = await servesWhileDraining(delayMs);
  }
});

/** False when the delay was over before all was asked: then nothing is known. */
async function servesWhileDraining(delayMs: number): Promise<boolean> {
  const closing = await startSystem({ roles: ['api'], beside: system, env: { DRAIN_DELAY_MS: String(delayMs) } });
  const startedAt = performance.now();
  const closed = closing.closeApp();
  const ask = async () => {
    const ready = await fetch(`${closing.url}/readyz`, { headers: { connection: 'close' } });
    expect([ready.status, await ready.json()]).toEqual([503, expect.objectContaining({ status: 'not ready' })]);
    expect((await closing.client().query('{ __typename }')).status).toBe(200);
  };
  const asked = await ask().then(
    () => 'SERVED',
    (error: unknown) => error,
  );
  const inTime = performance.now() - startedAt < delayMs;
  await closed;
  await expect(fetch(`${closing.url}/livez`)).rejects.toThrow();
  await closing.stop();
  if (asked !== 'SERVED' && inTime) throw asked;
  return asked === 'SERVED';
}

test('the process itself serves, and ends with 0 when it is told to', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { ...system.env, PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  try {
    const url = await untilListening(child.stdout);
    await eventuallyTrue(async () => (await fetch(`${url}/readyz`)).status === 200);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
});

/** The address in the log line that says so. */
async function untilListening(output: Readable): Promise<string> {
  for await (const line of createInterface(output)) {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) return url;
  }
  throw new Error('the process ended before it listened');
}

/** Until so many queries stand behind a lock. */
async function untilWaiting({ platform }: TestSystem, count: number): Promise<void> {
  const waiting = `select count(*)::int as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`;
  while ((await platform.orm.em.fork().execute<{ n: number }[]>(waiting))[0]!.n < count);
}
