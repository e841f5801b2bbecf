import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { Allocation } from '../../src/entities/allocation.ts';
import { Incident } from '../../src/entities/incident.ts';
import { ParkedEntry } from '../../src/entities/parked-entry.ts';
import { Stay } from '../../src/entities/stay.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const GRACE_MINUTES = 30;

/** No worker: the journal is read and the job is run when a test says so. */
let system: TestSystem;
let clients: pg.Client[] = [];
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system.stop());

/** A transaction of somebody else, on a connection of its own. */
async function beginTransaction(): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: system.databaseUrl });
  await client.connect();
  clients.push(client);
  await client.query('BEGIN');
  return client;
}

async function endTransactions(): Promise<void> {
  await Promise.all(clients.map((client) => client.end()));
  clients = [];
}

const em = () => system.platform.orm.em.fork();

async function waitingForLocks(): Promise<number> {
  const waiting = await em().execute<object[]>(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return waiting.length;
}

/** A guest at the end of the grace; `hours` is how long the reservation is. */
async function guestAtDeadline(lot: TestLot, hours: number): Promise<{ guest: Guest; endsAt: Date }> {
  const period = hoursFrom(system.clock.now(), 1, hours);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(new Date(period.startsAt).getTime() + GRACE_MINUTES * MINUTE_MS));
  return { guest, endsAt: new Date(period.endsAt) };
}

/** As the queue does: again while the journal of the gates is not applied. */
async function untilApplied<T>(run: () => Promise<T | 'JOURNAL_BEHIND'>): Promise<T | 'JOURNAL_BEHIND'> {
  return eventually(run, (outcome) => outcome !== 'JOURNAL_BEHIND');
}

test('an arrival whose no-show is written while it waits takes no spot that somebody else is just buying', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 1 } });
  const { guest, endsAt } = await guestAtDeadline(lot, 4);
  expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  const [buyer, release] = [await beginTransaction(), await beginTransaction()];
  await buyer.query('SELECT 1 FROM pool WHERE lot_id = $1 FOR UPDATE', [lot.id]);
  await release.query(`UPDATE reservation SET state = 'NO_SHOW', ended_at = now() WHERE id = $1`, [guest.id]);
  await release.query('DELETE FROM allocation WHERE reservation_id = $1', [guest.id]);
  const journal = await startJournalAppliers(system.platform);
  await eventually(waitingForLocks, (count) => count > 0);
  await release.query('COMMIT');
  // Either it waits for the pool that the buyer has locked, or it has gone past the lock.
  await eventually(
    async () => (await em().count(Stay, { lotId: lot.id })) + (await waitingForLocks()),
    (count) => count > 0,
  );
  await buyer.query(
    `INSERT INTO allocation (lot_id, id, kind, spot_id, spot_type, starts_at, ends_at, reservation_id, created_at)
     VALUES ($1, $2, 'RESERVATION', $3, 'STANDARD', $4, $5, $6, now())`,
    [lot.id, randomUUID(), lot.spots[0]!.id, system.clock.now(), endsAt, randomUUID()],
  );
  await buyer.query('COMMIT');
  await eventually(
    () => em().count(Stay, { lotId: lot.id }),
    (count) => count === 1,
  );
  await journal.stop();
  await endTransactions();
  expect(await em().count(ParkedEntry, {})).toBe(0);
  expect(await em().count(Incident, { lotId: lot.id, kind: 'NO_SPOT_LEFT' })).toBe(1);
  expect(await em().count(Allocation, { lotId: lot.id, reservationId: guest.id })).toBe(0);
});

test('a driver who buys more time while the no-show is decided keeps the pass', async () => {
  // A grace of half an hour, cut off by a period of that length: a later end makes it longer.
  const lot = await makeLot(system, { policy: { graceMinutes: 90 } });
  const period = hoursFrom(system.clock.now(), 1, 1);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(period.endsAt));
  const buyer = await beginTransaction();
  await buyer.query('SELECT 1 FROM reservation WHERE id = $1 FOR UPDATE', [guest.id]);
  const key = { lotId: lot.id, reservationId: guest.id };
  const journal = await startJournalAppliers(system.platform);
  const deciding = untilApplied(() => releaseIfAbsent(system.platform, key));
  await eventually(waitingForLocks, (count) => count > 0);
  const { presence } = lotKeys(lot.id);
  expect(await system.platform.redis.get(presence(guest.id))).toContain('RELEASED');
  await buyer.query(
    `UPDATE reservation SET ends_at = ends_at + interval '1 hour', grace_ends_at = grace_ends_at + interval '30 minutes',
       revision = revision + 1 WHERE id = $1`,
    [guest.id],
  );
  await buyer.query('COMMIT');
  expect(await deciding).toBe('NOT_DUE');
  await journal.stop();
  await endTransactions();
  expect(await system.platform.redis.get(presence(guest.id))).toBeNull();
  expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({
    action: 'OPEN',
    reason: 'RESERVATION',
  });
});

test('a pass that was taken by a worker that died then is given back by the next run', async () => {
  const lot = await makeLot(system);
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 1, 4));
  const key = { lotId: lot.id, reservationId: guest.id };
  const { presence } = lotKeys(lot.id);
  await system.platform.redis.set(presence(guest.id), '{"at":"RELEASED","releasedAt":1}');
  expect(await releaseIfAbsent(system.platform, key)).toBe('NOT_DUE');
  expect(await system.platform.redis.get(presence(guest.id))).toBeNull();
});
