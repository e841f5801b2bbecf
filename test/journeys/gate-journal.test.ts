import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { JournalCursor } from '../../src/entities/journal-cursor.ts';
import { ParkedEntry } from '../../src/entities/parked-entry.ts';
import { Stay } from '../../src/entities/stay.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { encodeEntry, type Effect } from '../../src/gate/journal-entry.ts';
import { answerTo, type Scan } from '../../src/gate/scan.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const em = () => system.platform.orm.em.fork();

/** Puts an entry into the journal as no gate of ours would. */
function forge(lot: TestLot, effect: Effect): Promise<string | null> {
  const now = system.clock.now();
  const scan: Scan = {
    ...{ operation: 'CHECK_OUT', lotId: lot.id, gateId: lot.exit.id, scanId: randomUUID(), observedAt: now, now },
    ...{ vehicleClass: 'CAR', alreadyOpened: false, deviceId: null, staffId: null },
    credential: { kind: 'UNREADABLE', key: 'unreadable' },
  };
  const answer = answerTo(scan, { action: 'OPEN', reason: 'NOTHING_DUE' });
  const entry = { answer, effect, deviceId: null, staffId: null, observedAt: now.getTime(), incident: null };
  return system.platform.redis.xadd(lotKeys(lot.id).journal, '*', 'entry', encodeEntry(entry));
}

test('an entry that cannot be applied parks itself and its stay, and the rest of the partition goes on', async () => {
  const lot = await makeLot(system);
  await untilDurable(system, lot.entry, { plate: { text: 'BEF0RE1' } });
  const at = system.clock.now().getTime();
  const [stayId, reservationId] = [randomUUID(), randomUUID()];
  await forge(lot, { kind: 'ENTER', stayId, reservationId, at });
  await system.platform.redis.xadd(lotKeys(lot.id).journal, '*', 'entry', 'no entry at all');
  await forge(lot, { kind: 'LEAVE', stayId, reservationId: null, spotType: 'STANDARD', at, billedMinor: 0 });
  await untilDurable(system, lot.entry, { plate: { text: 'AFTER11' } });
  const parked = await em().find(ParkedEntry, { partition: lot.partition }, { orderBy: { streamId: 'asc' } });
  expect(parked).toHaveLength(3);
  expect(parked[0]?.error).toContain('reservation that does not exist');
  expect(parked[2]?.error).toContain('an earlier entry of this stay');
  expect(await em().count(Incident, { lotId: lot.id, kind: 'JOURNAL_ENTRY_PARKED' })).toBe(2);
  expect(await em().count(Stay, { lotId: lot.id })).toBe(2);
  expect(await em().count(GateEvent, { lotId: lot.id })).toBe(2);
});

test('entries that come again after they were applied have no second effect', async () => {
  const lot = await makeLot(system);
  await untilDurable(system, lot.entry, { plate: { text: 'TWICE22' } });
  const { journal } = lotKeys(lot.id);
  const [[, fields] = ['', []]] = await system.platform.redis.xrevrange(journal, '+', '-', 'COUNT', 1);
  await system.platform.redis.xadd(journal, '*', ...fields);
  await untilDurable(system, lot.exit, { unreadable: true });
  expect(await em().count(Stay, { lotId: lot.id })).toBe(1);
  expect(await em().count(GateEvent, { lotId: lot.id })).toBe(2);
});

test('a Redis that comes back older than PostgreSQL is found out and rebuilt', async () => {
  const lot = await makeLot(system);
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(period.startsAt));
  await untilDurable(system, lot.entry, { pass: guest.pass });
  const keys = lotKeys(lot.id);
  const { redis } = system.platform;
  const before = await redis.get(keys.ready);
  // As its file was before the vehicle came.
  await redis.del(keys.presence(guest.id), keys.journal);
  await redis.set(keys.applied, '1-1');
  await untilDurable(system, lot.exit, { unreadable: true });
  // The marker comes back when the rebuild is done.
  await eventually(
    () => redis.get(keys.ready),
    (ready) => ready !== null && ready !== before,
  );
  expect(JSON.parse((await redis.get(keys.presence(guest.id)))!)).toMatchObject({ at: 'INSIDE' });
  // The applier may be between the two: it writes the row first.
  const apart = async () => {
    const { lastStreamId } = await em().findOneOrFail(JournalCursor, { partition: lot.partition });
    return { applied: await redis.get(keys.applied), lastStreamId };
  };
  await eventually(apart, ({ applied, lastStreamId }) => applied === lastStreamId);
});

test('an answer from before Redis was emptied is given again', async () => {
  const lot = await makeLot(system);
  const scanId = randomUUID();
  const sent = { scanId, observedAt: system.clock.now().toISOString() };
  const first = await untilDurable(system, lot.entry, { plate: { text: 'S4ME111' } }, sent);
  await system.platform.redis.flushall();
  const again = await untilDurable(system, lot.entry, { plate: { text: 'S4ME111' } }, sent);
  expect(again).toEqual(first);
});
