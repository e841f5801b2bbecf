import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { partitionKeys } from '../../src/gate/index-keys.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventuallyTrue } from '../support/eventually.ts';
import { decide, makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire } from '../support/wire.ts';
import { makeLot } from '../support/world.ts';
import { holdUntilDurable, whatIsWrong } from './gate-load.ts';

const GUESTS = 16;
const WALK_INS = 8;
const LEAVING = 8;
/** The last scans must be let through some time. */
const FLUSHES = 8;
const FIRST_PAUSE_MS = 20;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** Empties Redis again and again while `load` runs. */
async function whileEmptying<T>(load: Promise<T>[]): Promise<{ results: T[]; emptied: number }> {
  let isOver = false;
  const working = Promise.all(load).finally(() => (isOver = true));
  let emptied = 0;
  for (let pauseMs = FIRST_PAUSE_MS; !isOver && emptied < FLUSHES; pauseMs *= 1.5) {
    await system.platform.redis.flushall().catch(() => undefined);
    emptied += 1;
    await pause(pauseMs);
  }
  return { results: await working, emptied };
}

test('Redis is emptied again and again under load: nothing is lost, nothing is doubled, and both tell the same afterwards', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: GUESTS + WALK_INS } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let index = 0; index < GUESTS; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));

  const entering = [
    ...guests.map((guest, index) =>
      holdUntilDurable(system, lot.entry, index % 2 === 0 ? { pass: guest.pass } : { plate: { text: guest.plate } }),
    ),
    ...Array.from({ length: WALK_INS }, (_, index) =>
      holdUntilDurable(system, lot.entry, { plate: { text: `DRILL${index}X` } }),
    ),
  ];
  const entered = await whileEmptying(entering);
  expect(entered.emptied).toBeGreaterThan(0);
  expect(entered.results.some(({ sent }) => sent > 1)).toBe(true);
  expect(await whatIsWrong(system, lot, { guests, guestsGone: 0, walkIns: WALK_INS, scans: entered.results })).toEqual(
    [],
  );

  const leaving = guests.slice(0, LEAVING).map((guest) => holdUntilDurable(system, lot.exit, { pass: guest.pass }));
  const left = await whileEmptying(leaving);
  const scans = [...entered.results, ...left.results];
  expect(await whatIsWrong(system, lot, { guests, guestsGone: LEAVING, walkIns: WALK_INS, scans })).toEqual([]);
  await expectBooksBalanced(system.platform);
}, 240_000);

test('while Redis is away an exit opens, an entry asks for patience, and the scans are applied when it is back', async () => {
  const wire = await layWire(system.redisUrl);
  const gates = await startSystem({ beside: system, roles: ['api'], env: { REDIS_URL: wire.url } });
  try {
    const lot = await makeLot(gates);
    const plate = { text: 'AWAY111' };
    const inside = await untilDurable(gates, lot.entry, { plate });
    expect(inside.reason).toBe('WALK_IN');
    wire.hold();
    const sent = { scanId: randomUUID(), observedAt: system.clock.now().toISOString() };
    expect(await decide(gates, lot.exit, { plate }, sent)).toMatchObject({
      ...{ action: 'OPEN', reason: 'BILLED_LATER', durable: false, stayId: null },
    });
    expect(await decide(gates, lot.entry, { plate: { text: 'AWAY222' } })).toMatchObject({
      ...{ action: 'ASK', reason: 'SYSTEM_UNAVAILABLE', durable: false },
    });
    wire.goOn();
    const last = await untilDurable(gates, lot.exit, { plate }, { ...sent, alreadyOpened: true });
    expect(last).toMatchObject({ action: 'OPEN', stayId: inside.stayId });
  } finally {
    await gates.stop();
    await wire.stop();
  }
});

test('who was let in before Redis was emptied is told so again, and is not refused because PostgreSQL could not be asked meanwhile', async () => {
  const database = await layWire(system.databaseUrl);
  const gates = await startSystem({ beside: system, roles: ['api'], env: { DATABASE_URL: database.url } });
  try {
    const lot = await makeLot(system);
    const plate = { text: 'T0LDSO1' };
    const sent = { scanId: randomUUID(), observedAt: system.clock.now().toISOString() };
    const first = await untilDurable(gates, lot.entry, { plate }, sent);
    await system.platform.redis.flushall();
    await decide(gates, lot.exit, { unreadable: true });
    database.cut();
    expect(await decide(gates, lot.entry, { plate }, sent)).toMatchObject({ action: 'DENY', durable: false });
    database.mend();
    await eventuallyTrue(async () => (await decide(gates, lot.entry, { plate }, sent)).action === 'OPEN');
    expect(await decide(gates, lot.entry, { plate }, sent)).toMatchObject({ stayId: first.stayId, durable: true });
  } finally {
    await gates.stop();
    await database.stop();
  }
});

test('the twin: a device that forgets a scan before it is durable loses it, one that sends it again does not', async () => {
  const api = await startSystem({ roles: ['api'] });
  try {
    const lot = await makeLot(api);
    const [forgotten, held] = ['F0RG0T1', 'HELD222'].map((text) => ({ plate: { text } }));
    expect(await decide(api, lot.entry, forgotten!)).toMatchObject({ action: 'OPEN', durable: false });
    const holding = holdUntilDurable(api, lot.entry, held!);
    await eventuallyTrue(async () => (await api.platform.redis.xlen(partitionKeys(lot.partition).journal)) >= 3);
    await api.platform.redis.flushall();
    const applier = await startJournalAppliers(api.platform);
    const { first } = await holding;
    await applier.stop();
    const stays = await api.platform.orm.em.fork().find(Stay, { lotId: lot.id });
    expect(stays.map(({ id }) => encodeId('sty', lot.id, id))).toEqual([first.stayId]);
  } finally {
    await api.stop();
  }
});
