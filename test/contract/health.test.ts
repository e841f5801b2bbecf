import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import pg from 'pg';
import { startSystem, type TestSystem } from '../support/system.ts';
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
  const ready = await get('/readyz');
  expect([ready.status, JSON.parse(ready.text)]).toEqual([
    200,
    { status: 'ready', checks: { postgres: true, redis: true, draining: false } },
  ]);
});

test('without PostgreSQL a process is alive and not ready, and ready again when it is back', async () => {
  const relay = await relayTo(system.databaseUrl);
  const other = await startSystem({ roles: ['api'], beside: system, env: { DATABASE_URL: relay.url } });
  const status = async (path: string) => (await fetch(`${other.url}${path}`)).status;
  try {
    expect(await status('/readyz')).toBe(200);
    relay.cut();
    expect([await status('/readyz'), await status('/livez')]).toEqual([503, 200]);
    relay.mend();
    expect(await status('/readyz')).toBe(200);
  } finally {
    await other.stop();
    await relay.stop();
  }
});

test('the metrics are for the own network', async () => {
  const { status, text } = await get('/metrics');
  expect([status, text]).toEqual([200, expect.stringContaining('parkwell_requests_refused_total')]);
  expect((await get('/metrics', { 'x-forwarded-for': '203.0.113.9' })).status).toBe(404);
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

test('the process itself serves, and ends with 0 when it is told to', async () => {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env: { ...system.env, PATH: process.env['PATH'], PORT: '0', LOG_LEVEL: 'info' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exited = once(child, 'exit') as Promise<[number | null, string | null]>;
  try {
    const url = await untilListening(child.stdout);
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    child.kill('SIGTERM');
    expect(await exited).toEqual([0, null]);
  } finally {
    child.kill('SIGKILL');
  }
}, 60_000);

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

/** A TCP relay that can be cut: the way to lose a database without stopping the one that others use. */
async function relayTo(databaseUrl: string) {
  const target = new URL(databaseUrl);
  const sockets = new Set<Socket>();
  let whole = true;
  const server = createServer((near) => {
    if (!whole) return void near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', () => undefined);
      socket.on('close', () => sockets.delete(socket));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = new URL(databaseUrl);
  url.host = `127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
  return {
    url: url.href,
    cut: () => {
      whole = false;
      for (const socket of sockets) socket.destroy();
    },
    mend: () => {
      whole = true;
    },
    stop: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
