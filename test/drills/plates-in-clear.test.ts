import { spawn, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Redis } from 'ioredis';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { graphqlClient } from '../support/graphql-client.ts';
import { CHECK_IN, CHECK_OUT, makeGuest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

const READY_MS = 120_000;
/** Every plate that is read, guessed or typed here; none is a part of anything else. */
const PLATES = {
  guest: 'QXW4081',
  misread: 'QXW4O81',
  guess: 'QXV4081',
  walkIn: 'ZKJ7729',
  correctedTo: 'ZKJ1129',
  unknown: 'VVQ9931',
  typed: 'WQQ5561',
};

let system: TestSystem;
let child: ChildProcess | undefined;
let url = '';
let log = '';

beforeAll(async () => {
  system = await startSystem({ roles: [] });
  url = await startProcess();
});
afterAll(async () => {
  child?.kill('SIGKILL');
  await system.stop();
});

/** The product as it is run, on the same installation, saying all that it ever says. */
async function startProcess(): Promise<string> {
  const port = await freePort();
  const env = { ...process.env, ...system.env, ROLES: 'api,worker', PORT: String(port), LOG_LEVEL: 'trace' };
  const started = spawn(process.execPath, ['--import', 'tsx', 'src/main.ts'], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  started.stderr.on('data', (text: Buffer) => (log += text.toString()));
  await new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`not ready: ${log.slice(-500)}`)), READY_MS);
    started.once('exit', () => reject(new Error(`it ended: ${log.slice(-500)}`)));
    started.stdout.on('data', (text: Buffer) => {
      log += text.toString();
      if (!log.includes('"msg":"ready"')) return;
      clearTimeout(late);
      resolve();
    });
  });
  return `http://127.0.0.1:${port}`;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Everything that Redis holds, key and value, as text. */
async function redisDump(redis: Redis): Promise<string> {
  const parts: string[] = [];
  for (const key of await redis.keys('*')) parts.push(key, await valueOf(redis, key));
  return parts.join('\n');
}

async function valueOf(redis: Redis, key: string): Promise<string> {
  switch (await redis.type(key)) {
    case 'string':
      return (await redis.get(key)) ?? '';
    case 'set':
      return (await redis.smembers(key)).join('\n');
    case 'hash':
      return JSON.stringify(await redis.hgetall(key));
    case 'zset':
      return (await redis.zrange(key, '0', '-1')).join('\n');
    case 'list':
      return (await redis.lrange(key, 0, -1)).join('\n');
    case 'none':
      // Gone since it was listed.
      return '';
    case 'stream':
      return JSON.stringify(await redis.xrange(key, '-', '+'));
    default:
      throw new Error(`${key} is of a type that nobody looks into`);
  }
}

/** Every row of every table, as text. */
async function databaseDump(): Promise<string> {
  const em = system.platform.orm.em.fork();
  const tables = await em.execute<{ name: string }[]>(
    `SELECT quote_ident(table_name) AS name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'`,
  );
  const texts: string[] = [];
  for (const { name } of tables) {
    const rows = await em.execute<{ row: string }[]>(`SELECT t::text AS row FROM ${name} t`);
    texts.push(...rows.map(({ row }) => row));
  }
  return texts.join('\n');
}

function found(text: string, plates: readonly string[]): string[] {
  const plain = text.toUpperCase();
  return plates.filter((plate) => plain.includes(plate));
}

test('after a day at the gates no plate stands in Redis, in a log or in a row in clear', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 9 } });
  const now = system.clock.now();
  const period = { ...hoursFrom(now, 0, 4), startsAt: new Date(now.getTime() + 5 * 60_000).toISOString() };
  const guest = await makeGuest(system, lot, { ...period, plate: PLATES.guest });
  const ask = async (gate: 'entry' | 'exit', credential: object, more: object = {}) => {
    const input = { gateId: lot[gate].publicId, scanId: randomUUID(), credential, ...more };
    const client = graphqlClient(url, lot[gate].deviceKey);
    const { data, errors } = await client.query(gate === 'exit' ? CHECK_OUT : CHECK_IN, { input });
    return data?.[gate === 'exit' ? 'checkOut' : 'checkIn'] ?? errors;
  };
  const scanId = randomUUID();
  const candidates = [{ text: PLATES.guess, confidence: 0.5 }];
  const misread = {
    plate: { text: PLATES.misread.toLowerCase(), confidence: 0.9, candidates, arrivalKey: PLATES.guess },
  };
  expect(await ask('entry', misread)).toMatchObject({ decision: { action: 'OPEN', reservationCode: guest.code } });
  expect(await ask('entry', { plate: { text: PLATES.walkIn, country: 'FI' } }, { scanId })).toMatchObject({
    decision: { action: 'OPEN', reason: 'WALK_IN' },
  });
  expect(await ask('entry', { plate: { text: PLATES.correctedTo } }, { supersedes: scanId })).toMatchObject({
    decision: { action: 'OPEN', reason: 'WALK_IN' },
  });
  await ask('exit', { plate: { text: PLATES.correctedTo } });
  await ask('exit', { plate: { text: PLATES.unknown, confidence: 0.8 } });
  // What is sent where it does not belong must not be told either.
  await ask('entry', { plate: { text: PLATES.typed, confidence: 3 } });
  await ask('entry', { code: PLATES.typed });
  await ask('entry', { pass: PLATES.typed });
  await ask('exit', { pass: guest.pass });
  await graphqlClient(url).query(`query { lot(code: "${PLATES.typed}") { id } } # ${PLATES.typed}`);
  const applied = () => system.platform.orm.em.fork().count(GateEvent, { lotId: lot.id, operation: 'CHECK_OUT' });
  await eventually(applied, (count) => count === 3, 20_000);

  const plates = Object.values(PLATES);
  const dump = await redisDump(system.platform.redis);
  expect(dump).toContain(lot.id);
  expect(log).toContain('"level":"info"');
  expect({ redis: found(dump, plates), log: found(log, plates), rows: found(await databaseDump(), plates) }).toEqual({
    ...{ redis: [], log: [], rows: [] },
  });
  // The search can find one.
  await system.platform.redis.set('seen', `plate ${PLATES.walkIn.toLowerCase()}`);
  expect(found(await redisDump(system.platform.redis), plates)).toEqual([PLATES.walkIn]);
});
