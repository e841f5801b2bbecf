import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Incident } from '../../src/entities/incident.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { decide, makeGuest, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

/** No decision may keep a driver waiting longer, whatever is away. */
const LIMIT_MS = 3000;

let whole: TestSystem;
let gates: TestSystem;
let wire: Server;
const sockets = new Set<Socket>();

beforeAll(async () => {
  whole = await startSystem();
  const database = new URL(whole.databaseUrl);
  const [port, host] = [Number(database.port), database.hostname];
  wire = createServer((near) => {
    const far = connect(port, host);
    for (const socket of [near, far]) sockets.add(socket.on('error', () => socket.destroy()));
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => wire.listen(0, '127.0.0.1', resolve));
  database.port = String((wire.address() as AddressInfo).port);
  database.hostname = '127.0.0.1';
  gates = await startSystem({ beside: whole, roles: ['api'], env: { DATABASE_URL: database.href } });
});
afterAll(async () => {
  await gates.stop();
  wire.close();
  await whole.stop();
});

function cutTheWire(): void {
  wire.close();
  for (const socket of sockets) socket.destroy();
}

async function promptly<T>(work: Promise<T>): Promise<T> {
  const startedAt = performance.now();
  const result = await work;
  expect(performance.now() - startedAt).toBeLessThan(LIMIT_MS);
  return result;
}

test('with PostgreSQL away who has a right comes and goes, others are asked for patience, and nobody is trapped', async () => {
  const lot = await makeLot(whole, { spots: { STANDARD: 4 } });
  const period = hoursFrom(whole.clock.now(), 1, 4);
  const [early, late] = [await makeGuest(whole, lot, period), await makeGuest(whole, lot, period)];
  whole.clock.runFrom(new Date(period.startsAt));
  await untilDurable(gates, lot.entry, { pass: early.pass });
  // The device at the exit has never spoken: the lot's keys were written with the lot.
  cutTheWire();
  expect(await promptly(decide(gates, lot.entry, { plate: { text: late.plate } }))).toMatchObject({
    action: 'OPEN',
    reason: 'RESERVATION',
  });
  expect(await promptly(decide(gates, lot.exit, { pass: early.pass }))).toMatchObject({
    action: 'OPEN',
    reason: 'STAY_PREPAID',
  });
  expect(await promptly(decide(gates, lot.entry, { plate: { text: 'WALKER1' } }))).toMatchObject({
    action: 'ASK',
    reason: 'SYSTEM_UNAVAILABLE',
    durable: false,
  });
  expect(await promptly(decide(gates, lot.exit, { plate: { text: 'STRANG3' } }))).toMatchObject({
    action: 'OPEN',
    reason: 'BILLED_LATER',
  });
  // The worker has a wire of its own: what was decided becomes durable all the same.
  await untilDurable(whole, lot.exit, { unreadable: true });
  expect(await whole.platform.orm.em.fork().count(Incident, { lotId: lot.id, kind: 'UNKNOWN_STAY' })).toBe(2);

  // Now Redis as well. Who was known a moment ago is told the rule of its lane, also when that was not just now.
  await whole.platform.redis.call('CLIENT', 'PAUSE', '8000', 'ALL');
  for (const ms of [0, 10_000, 1000]) {
    gates.clock.advance(ms);
    expect(await promptly(decide(gates, lot.exit, { plate: { text: 'STRANG3' } }))).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
      durable: false,
    });
  }
  expect(await promptly(decide(gates, lot.entry, { plate: { text: late.plate } }))).toMatchObject({
    action: 'ASK',
    reason: 'SYSTEM_UNAVAILABLE',
    durable: false,
  });
  // A key that nobody has vouched for in the last minute is nobody's.
  gates.clock.advance(60_000);
  await expect(decide(gates, lot.exit, { unreadable: true })).rejects.toThrow('INTERNAL');
  await eventuallyPasses(() => whole.platform.redis.ping(), 20_000);
}, 60_000);
