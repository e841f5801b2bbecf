import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Incident } from '../../src/entities/incident.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, untilDurable } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeLot } from '../support/world.ts';

/** No decision may keep a driver waiting longer, whatever is away. */
const LIMIT_MS = 3000;

let whole: TestSystem;
let gates: TestSystem;
let database: Wire;
let redis: Wire;

beforeAll(async () => {
  whole = await startSystem();
  [database, redis] = await Promise.all([layWire(whole.databaseUrl), layWire(whole.redisUrl)]);
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url };
  gates = await startSystem({ beside: whole, roles: ['api'], env });
});
afterAll(async () => {
  await gates?.stop();
  await Promise.all([database?.stop(), redis?.stop()]);
  await whole?.stop();
});

async function promptly<T>(work: Promise<T>): Promise<T> {
  const { result, ms } = await timed(() => work);
  expect(ms).toBeLessThan(LIMIT_MS);
  return result;
}

test('with PostgreSQL away who has a right comes and goes, others come in while there is room, and nobody is trapped', async () => {
  const lot = await makeLot(whole, { spots: { STANDARD: 4 } });
  const period = hoursFrom(whole.clock.now(), 1, 4);
  const [early, late] = [await makeGuest(whole, lot, period), await makeGuest(whole, lot, period)];
  whole.clock.runFrom(new Date(period.startsAt));
  await untilDurable(gates, lot.entry, { pass: early.pass });
  // The device at the exit has never spoken: the lot's keys were written with the lot.
  database.cut();
  expect(await promptly(decide(gates, lot.entry, { plate: { text: late.plate } }))).toMatchObject({
    action: 'OPEN',
    reason: 'RESERVATION',
  });
  expect(await promptly(decide(gates, lot.exit, { pass: early.pass }))).toMatchObject({
    action: 'OPEN',
    reason: 'STAY_PREPAID',
  });
  // The last count decides about walk-ins; their spot is found later.
  expect(await promptly(decide(gates, lot.entry, { plate: { text: 'WALKER1' } }))).toMatchObject({
    action: 'OPEN',
    reason: 'WALK_IN',
    spotLabel: null,
  });
  expect(await promptly(decide(gates, lot.exit, { plate: { text: 'STRANG3' } }))).toMatchObject({
    action: 'OPEN',
    reason: 'BILLED_LATER',
  });
  // The worker has a wire of its own: what was decided becomes durable all the same.
  await untilDurable(whole, lot.exit, { unreadable: true });
  expect(await whole.platform.orm.em.fork().count(Incident, { lotId: lot.id, kind: 'UNKNOWN_STAY' })).toBe(2);

  // Now Redis as well. Who was known a moment ago is told the rule of its lane, also when that was not just now.
  redis.hold();
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
  // However long it lasts: nobody could have revoked a gate's key meanwhile that anything here could hear of, and an exit opens.
  gates.clock.advance(6 * 3_600_000);
  expect(await promptly(decide(gates, lot.exit, { unreadable: true }))).toMatchObject({
    action: 'OPEN',
    reason: 'BILLED_LATER',
    durable: false,
  });
  expect(await promptly(decide(gates, lot.entry, { pass: late.pass }))).toMatchObject({
    action: 'ASK',
    reason: 'SYSTEM_UNAVAILABLE',
  });
  redis.goOn();
});
