import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readSnapshot } from '../../src/availability/snapshot.ts';
import { Allocation } from '../../src/entities/allocation.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Stay } from '../../src/entities/stay.ts';
import { drainJournal } from '../../src/gate/apply-journal.ts';
import { commitScan } from '../../src/gate/commit-scan.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import type { GateAnswer } from '../../src/gate/journal-entry.ts';
import { projectLot } from '../../src/gate/project-lot.ts';
import { stayIdOf } from '../../src/gate/scan.ts';
import { freshPlate } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeLot, type LotOptions, type TestLot } from '../support/world.ts';

let whole: TestSystem;
let gates: TestSystem;
let database: Wire;

beforeAll(async () => {
  // Without a worker: the test itself applies the journal, when it wants PostgreSQL to have heard.
  whole = await startSystem({ roles: ['api'] });
  database = await layWire(whole.databaseUrl);
  gates = await startSystem({ beside: whole, roles: ['api'], env: { DATABASE_URL: database.url } });
});
afterAll(async () => {
  await gates?.stop();
  await database?.stop();
  await whole?.stop();
});

/** A lot that gates know, with a count of what is free. */
async function counted(options: LotOptions): Promise<TestLot> {
  const lot = await makeLot(whole, options);
  await projectLot(whole.platform, lot.id);
  await readSnapshot(whole.platform, lot.id);
  await decide(gates, lot.exit, { unreadable: true });
  return lot;
}

async function whileDatabaseIsAway<T>(work: () => Promise<T>): Promise<T> {
  database.cut();
  try {
    return await work();
  } finally {
    database.mend();
  }
}

const arrive = (lot: TestLot, plate = freshPlate()) => decide(gates, lot.entry, { plate: { text: plate } });
const em = () => whole.platform.orm.em.fork();

describe('while PostgreSQL is away a walk-in', () => {
  test('comes in as long as the last count has room, with a ticket; its spot is found when PostgreSQL is back', async () => {
    const lot = await counted({ spots: { STANDARD: 2 } });
    const [first, second, third] = await whileDatabaseIsAway(async () => [
      await arrive(lot),
      await decide(gates, lot.entry, { ticket: true }),
      await arrive(lot),
    ]);
    expect(first).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', spotLabel: null });
    expect(first.ticketCode).toMatch(/^PK-/);
    expect(second).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    expect(third).toMatchObject({ action: 'DENY', reason: 'LOT_FULL' });

    await drainJournal(whole.platform, lot.partition);
    const stays = await em().find(Stay, { lotId: lot.id }, { orderBy: { enteredAt: 'asc' } });
    expect(stays).toHaveLength(2);
    const claims = await em().find(Allocation, { lotId: lot.id });
    expect(new Set(claims.map(({ spotId }) => spotId))).toEqual(new Set(stays.map(({ spotId }) => spotId)));
    expect(new Set(lot.spots.map(({ id }) => id))).toEqual(new Set(claims.map(({ spotId }) => spotId)));

    // The gates know the spots now, and the ticket leads out.
    whole.clock.advance(60_000);
    const out = await decide(gates, lot.exit, { code: first.ticketCode! });
    expect(out).toMatchObject({ action: 'ASK', reason: 'PAYMENT_DUE' });
    expect(lot.spots.map(({ label }) => label)).toContain(out.spotLabel);
  });

  test('is one of twelve at once, of whom three get the last spots', async () => {
    const lot = await counted({ spots: { STANDARD: 3 } });
    const answers = await whileDatabaseIsAway(() => Promise.all(Array.from({ length: 12 }, () => arrive(lot))));
    const reasons = answers.map(({ reason }) => reason).sort();
    expect(reasons.filter((reason) => reason === 'WALK_IN')).toHaveLength(3);
    expect(reasons.filter((reason) => reason === 'LOT_FULL' || reason === 'SYSTEM_UNAVAILABLE')).toHaveLength(9);
  });

  test('makes room again when it leaves, owes what it stayed, and is counted once after PostgreSQL is back', async () => {
    const lot = await counted({ spots: { STANDARD: 1 } });
    const plate = freshPlate();
    const outcome = await whileDatabaseIsAway(async () => {
      const came = await arrive(lot, plate);
      const full = await arrive(lot);
      whole.clock.advance(60_000);
      const left = await decide(gates, lot.exit, { plate: { text: plate } });
      return { came, full, left, next: await arrive(lot) };
    });
    expect(outcome.came.reason).toBe('WALK_IN');
    expect(outcome.full.reason).toBe('LOT_FULL');
    // Nobody can pay while PostgreSQL is away, so nobody is asked.
    expect(outcome.left).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: 200 } });
    expect(outcome.next.reason).toBe('WALK_IN');
    await drainJournal(whole.platform, lot.partition);
    expect(await em().find(Debt, { lotId: lot.id })).toMatchObject([{ amountMinor: 200, reason: 'UNPAID_STAY' }]);
    expect(await em().count(Allocation, { lotId: lot.id })).toBeGreaterThanOrEqual(1);
    await readSnapshot(whole.platform, lot.id);
    expect((await arrive(lot)).reason).toBe('LOT_FULL');
  });

  test('for whom no spot is left when PostgreSQL is back keeps its stay, and a person hears of it', async () => {
    const lot = await counted({ spots: { STANDARD: 1 } });
    const came = await whileDatabaseIsAway(() => arrive(lot));
    expect(came.reason).toBe('WALK_IN');
    // Who could still reach PostgreSQL has sold the spot.
    expect(await decide(whole, lot.entry, { plate: { text: freshPlate() } })).toMatchObject({ reason: 'WALK_IN' });
    await drainJournal(whole.platform, lot.partition);
    expect(await em().count(Stay, { lotId: lot.id, state: 'INSIDE', spotId: null })).toBe(1);
    expect(await em().count(Incident, { lotId: lot.id, kind: 'NO_SPOT_LEFT' })).toBe(1);
  });

  test('is asked for patience where nobody has counted the lot', async () => {
    const lot = await counted({ spots: { STANDARD: 1 } });
    await whole.platform.redis.del(`${lotKeys(lot.id).tag}:board:${lot.id}`);
    const answer = await whileDatabaseIsAway(() => arrive(lot));
    expect(answer).toMatchObject({ action: 'ASK', reason: 'SYSTEM_UNAVAILABLE', durable: false });
  });
});

/** Two entries that have both read that one spot is left, and then commit; gives the outcomes. */
async function bothCommit(lot: TestLot, { counts }: { counts: boolean }): Promise<string[]> {
  const { platform } = gates;
  const keys = lotKeys(lot.id);
  const board = `${keys.tag}:board:${lot.id}`;
  const [ready, basis] = [(await platform.redis.get(keys.ready))!, (await platform.redis.hget(board, 'basis'))!];
  const room = { key: keys.unseated('STANDARD'), board, basis, free: 1, since: '0' };
  const outcomes: string[] = [];
  for (const scanId of [randomUUID(), randomUUID()]) {
    const answer: GateAnswer = {
      ...{
        scanId,
        lotId: lot.id,
        gateId: lot.entry.id,
        operation: 'CHECK_IN',
        credentialKey: 'ticket',
        action: 'OPEN',
      },
      ...{
        action: 'OPEN',
        reason: 'WALK_IN',
        reservationId: null,
        reservationCode: null,
        stayId: stayIdOf(lot.id, scanId),
      },
      ...{ ticketCode: null, spotLabel: null, directions: null, dueMinor: null, currency: null },
      ...{ decidedAt: 0, decidedBy: 'CLOUD' },
    };
    const nobody = { deviceId: null, staffId: null, observedAt: 0, incident: null };
    const { outcome } = await commitScan(platform, {
      ...{ scanId, replaces: undefined, ready, arrival: undefined, changes: counts ? { room } : {} },
      entry: { answer, effect: { kind: 'NONE' }, ...nobody },
    });
    outcomes.push(outcome);
  }
  return outcomes;
}

test('of two entries that both saw the last spot one commits', async () => {
  const lot = await counted({ spots: { STANDARD: 1 } });
  expect(await bothCommit(lot, { counts: true })).toEqual(['DONE', 'RETRY']);
});

test('the twin: without the count in the commit both do', async () => {
  const lot = await counted({ spots: { STANDARD: 1 } });
  expect(await bothCommit(lot, { counts: false })).toEqual(['DONE', 'DONE']);
});

describe('a full lot', () => {
  test('names the nearest open lot that has room for the vehicle, also while PostgreSQL is away', async () => {
    const place = { latitude: 61.5, longitude: 23.8 };
    const near = (metersNorth: number) => ({ ...place, latitude: place.latitude + metersNorth / 111_195 });
    const lot = await counted({ ...place, spots: { STANDARD: 1 } });
    const full = await counted({ ...near(300), spots: { STANDARD: 1 } });
    const onlyBuses = await counted({ ...near(500), spots: { BUS: 3 } });
    const roomy = await counted({ ...near(900), spots: { STANDARD: 4 } });
    await counted({ ...near(2000), spots: { STANDARD: 9 } });
    expect(onlyBuses.id).not.toBe(roomy.id);
    await decide(gates, full.entry, { plate: { text: freshPlate() } });
    await decide(gates, lot.entry, { plate: { text: freshPlate() } });
    await Promise.all([lot, full].map(({ id }) => recount(id)));
    const expected = {
      lotId: roomy.publicId,
      lotName: `Lot ${roomy.code}`,
      distanceMeters: expect.any(Number),
      free: 4,
    };
    for (const answer of [await arrive(lot), await whileDatabaseIsAway(() => arrive(lot))]) {
      expect(answer).toMatchObject({ action: 'DENY', reason: 'LOT_FULL', nearestFree: expected });
      expect(Math.abs(answer.nearestFree!.distanceMeters - 900)).toBeLessThan(5);
    }
  });

  test('names none where there is none', async () => {
    const lot = await counted({ latitude: -45, longitude: 170, spots: { STANDARD: 1 } });
    await arrive(lot);
    expect(await arrive(lot)).toMatchObject({ reason: 'LOT_FULL', nearestFree: null });
  });
});

async function recount(lotId: string): Promise<void> {
  await whole.platform.redis.del(`${lotKeys(lotId).tag}:board:${lotId}`);
  await eventually(
    () => readSnapshot(whole.platform, lotId),
    (snapshot) => snapshot?.freeForWalkIns === 0,
  );
}
