import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { openLaneClient, type LaneClient } from '../../src/gate/lane/lane-client.ts';
import { randomUUID } from 'node:crypto';
import { hoursFrom } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { eventually, eventuallyPasses } from '../support/eventually.ts';
import { makeGuest, type Decision, type Guest } from '../support/gate.ts';
import { expectInTime } from '../support/in-time.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type LotOptions, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;

let system: TestSystem;
const lanes: TestLane[] = [];
const clients: LaneClient[] = [];
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  await Promise.all(clients.splice(0).map((client) => client.close()));
  await Promise.all(lanes.splice(0).map((lane) => lane.stop()));
});
afterAll(() => system.stop());

interface Cast {
  lot: TestLot;
  lane: TestLane;
  guests: Guest[];
}

/** A lot with guests whose time has come, and a lane that knows of them. */
async function makeCast(guestCount: number, options: LotOptions = {}): Promise<Cast> {
  const lot = await makeLot(system, options);
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let index = 0; index < guestCount; index++) guests.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));
  const lane = await startLane(system, lot);
  lanes.push(lane);
  await lane.knowsTheLatest();
  return { lot, lane, guests };
}

async function cutOff({ lane }: Cast): Promise<void> {
  lane.cable.cut();
  await lane.isAlone();
}

interface StayRow {
  id: string;
  state: string;
  reservation_id: string | null;
  due_minor: number | null;
}

const staysOf = (lot: TestLot) =>
  system.platform.orm.em
    .fork()
    .execute<StayRow[]>('SELECT id, state, reservation_id FROM stay WHERE lot_id = ? ORDER BY entered_at', [lot.id]);
const debtsOf = (lot: TestLot) =>
  system.platform.orm.em
    .fork()
    .execute<{ amount_minor: string }[]>('SELECT amount_minor FROM debt WHERE lot_id = ?', [lot.id]);
const incidentsOf = async (lot: TestLot) =>
  (
    await system.platform.orm.em
      .fork()
      .execute<{ kind: string }[]>('SELECT kind FROM incident WHERE lot_id = ? ORDER BY kind', [lot.id])
  ).map(({ kind }) => kind);

describe('A lane that is cut off', () => {
  test('lets a reservation and a walk-in in and out by itself, and the cloud makes stays, a bill and nothing double of it', async () => {
    const cast = await makeCast(1);
    const { lot, lane, guests } = cast;
    await cutOff(cast);
    const reserved = await lane.ask(lot.entry, { pass: guests[0]!.pass });
    const walkIn = await lane.ask(lot.entry, { plate: { text: 'OFF 123' } });
    expect([reserved, walkIn]).toMatchObject([
      { action: 'OPEN', reason: 'RESERVATION', reservationCode: guests[0]!.code, spotLabel: expect.any(String) },
      { action: 'OPEN', reason: 'WALK_IN', ticketCode: expect.stringMatching(/^PK-/) },
    ]);
    system.clock.advance(HOUR_MS / 2);
    // By plate, though it came in by pass; by its ticket, though it was seen.
    const byPlate = await lane.ask(lot.exit, { plate: { text: guests[0]!.plate } });
    const byTicket = await lane.ask(lot.exit, { code: walkIn.ticketCode! });
    expect([byPlate, byTicket]).toMatchObject([
      { action: 'OPEN', reason: 'STAY_PREPAID', stayId: reserved.stayId, decidedBy: 'LANE' },
      { action: 'OPEN', reason: 'BILLED_LATER', stayId: walkIn.stayId, due: { amountMinor: 200 } },
    ]);
    expect(lane.agent.state()).toMatchObject({ queue: { length: 4 }, journal: { lastSeq: 4, acknowledgedSeq: 0 } });
    lane.cable.mend();
    await lane.hasUploaded();
    const stays = await eventually(
      () => staysOf(lot),
      (rows) => rows.length === 2 && rows.every(({ state }) => state === 'LEFT'),
    );
    expect(stays.map(({ reservation_id: id }) => id)).toEqual([guests[0]!.id, null]);
    expect(await debtsOf(lot)).toEqual([{ amount_minor: '200' }]);
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('knows who came in a moment before the cut, and who came in twice', async () => {
    const cast = await makeCast(2);
    const { lot, lane, guests } = cast;
    const online = await lane.ask(lot.entry, { pass: guests[0]!.pass });
    expect(online).toMatchObject({ action: 'OPEN', decidedBy: 'CLOUD' });
    await cutOff(cast);
    expect(await lane.ask(lot.exit, { pass: guests[0]!.pass })).toMatchObject({
      ...{ action: 'OPEN', reason: 'STAY_PREPAID', decidedBy: 'LANE', stayId: online.stayId },
    });
    system.clock.advance(60_000);
    expect(await lane.ask(lot.entry, { pass: guests[1]!.pass })).toMatchObject({ action: 'OPEN' });
    system.clock.advance(60_000);
    expect(await lane.ask(lot.entry, { pass: guests[1]!.pass })).toMatchObject({
      ...{ action: 'DENY', reason: 'ALREADY_INSIDE' },
    });
  });

  test('is kind to whoever it saw before it was cut off: their pass opens again, and is flagged', async () => {
    const cast = await makeCast(1);
    const { lot, lane, guests } = cast;
    await lane.ask(lot.entry, { pass: guests[0]!.pass });
    await cutOff(cast);
    // Long enough that somebody may have let them out whom this lane does not hear.
    system.clock.advance(60_000);
    expect(await lane.ask(lot.entry, { pass: guests[0]!.pass })).toMatchObject({ action: 'OPEN', decidedBy: 'LANE' });
    lane.cable.mend();
    await lane.hasUploaded();
    expect(
      await eventually(
        () => incidentsOf(lot),
        (kinds) => kinds.length > 0,
      ),
    ).toEqual(['ENTERED_TWICE']);
    expect(await staysOf(lot)).toHaveLength(1);
  });

  test('remembers over a restart who came in while it was alone: their pass does not open again', async () => {
    const cast = await makeCast(1);
    const { lot, lane, guests } = cast;
    await cutOff(cast);
    system.clock.advance(60_000);
    expect(await lane.ask(lot.entry, { pass: guests[0]!.pass })).toMatchObject({ action: 'OPEN', decidedBy: 'LANE' });
    system.clock.advance(60_000);
    await lane.restart();
    await lane.isAlone();
    system.clock.advance(60_000);
    const again = await eventuallyPasses(() => lane.ask(lot.entry, { pass: guests[0]!.pass }));
    expect(again).toMatchObject({ action: 'DENY', reason: 'ALREADY_INSIDE' });
  });

  test('counts what it gives away: as many walk-ins as were free, one more when one has left, and none who is in the way of a reservation', async () => {
    const cast = await makeCast(1, { spots: { STANDARD: 3 } });
    const { lot, lane } = cast;
    await cutOff(cast);
    const enter = (text: string) => lane.ask(lot.entry, { plate: { text } });
    expect((await enter('FREE 1')).reason).toBe('WALK_IN');
    expect((await enter('FREE 2')).reason).toBe('WALK_IN');
    expect(await enter('FREE 3')).toMatchObject({ action: 'DENY', reason: 'LOT_FULL' });
    system.clock.advance(120_000);
    await lane.ask(lot.exit, { plate: { text: 'FREE 1' } });
    expect((await enter('FREE 4')).reason).toBe('WALK_IN');
  });

  test('opens for a pass that was bought after its last bundle, on the signature alone', async () => {
    const cast = await makeCast(0);
    const { lot, lane } = cast;
    await cutOff(cast);
    const period = hoursFrom(system.clock.now(), 1, 3);
    const guest = await makeGuest(system, lot, period);
    expect(await lane.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'DENY', reason: 'TOO_EARLY' });
    system.clock.runFrom(new Date(period.startsAt));
    expect(await lane.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN', reason: 'RESERVATION' });
    lane.cable.mend();
    await lane.hasUploaded();
    const stays = await eventually(
      () => staysOf(lot),
      (rows) => rows.length === 1,
    );
    expect(stays[0]).toMatchObject({ state: 'INSIDE', reservation_id: guest.id });
  });

  test('prices nothing by a bundle that has expired: exits open, its plates open for another day, walk-ins wait', async () => {
    const cast = await makeCast(1);
    const { lot, lane } = cast;
    await cutOff(cast);
    const walkIn = await lane.ask(lot.entry, { plate: { text: 'LONG 1' } });
    system.clock.advance(25 * HOUR_MS);
    expect(lane.agent.state().bundle).toMatchObject({ isExpired: true });
    expect(await lane.ask(lot.exit, { plate: { text: 'LONG 1' } })).toMatchObject({
      ...{ action: 'OPEN', reason: 'BILLED_LATER', stayId: walkIn.stayId, due: null },
    });
    expect(await lane.ask(lot.entry, { plate: { text: 'NEW 1' } })).toMatchObject({
      ...{ action: 'ASK', reason: 'SYSTEM_UNAVAILABLE', durable: false },
    });
  });

  test('moves a visit to the plate that the camera reads better, and makes no second one', async () => {
    const cast = await makeCast(1);
    const { lot, lane, guests } = cast;
    await cutOff(cast);
    const scanId = randomUUID();
    const misread = await lane.ask(lot.entry, { plate: { text: 'WR0NG 1' } }, { scanId });
    expect(misread).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    const better = await lane.ask(lot.entry, { plate: { text: guests[0]!.plate } }, { supersedes: scanId });
    expect(better).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', stayId: misread.stayId });
    system.clock.advance(120_000);
    expect(await lane.ask(lot.exit, { plate: { text: guests[0]!.plate } })).toMatchObject({
      ...{ reason: 'STAY_PREPAID', stayId: misread.stayId },
    });
  });

  test('a person opens by hand, and the cloud hears of it with the reason', async () => {
    const cast = await makeCast(0);
    const { lot, lane } = cast;
    await cutOff(cast);
    const body = { gateId: lot.exit.publicId, idempotencyKey: randomUUID(), reason: 'The ticket was wet' };
    const open = async () =>
      (await (
        await fetch(`${lane.agent.url}/v1/open`, {
          method: 'POST',
          headers: { authorization: `Bearer ${lot.exit.deviceKey}` },
          body: JSON.stringify(body),
        })
      ).json()) as Decision;
    expect(await open()).toMatchObject({ action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR', replayed: false });
    expect(await open()).toMatchObject({ action: 'OPEN', replayed: true });
    lane.cable.mend();
    await lane.hasUploaded();
    const incidents = await eventually(
      () => incidentsOf(lot),
      (kinds) => kinds.length > 0,
    );
    expect(incidents).toEqual(['GATE_OPENED_BY_STAFF']);
  });
});

describe('A controller whose agent and cloud are both away', () => {
  test('opens the exit by itself within three seconds, keeps an entry closed, and hands the exit over when it can', async () => {
    const cast = await makeCast(1);
    const { lot, lane, guests } = cast;
    const client = openLaneClient({
      ...{ agentUrl: lane.agent.url, cloudUrl: lane.cable.url, deviceKey: lot.exit.deviceKey, clock: system.clock },
    });
    clients.push(client);
    const entered = await lane.ask(lot.entry, { pass: guests[0]!.pass });
    await lane.knowsTheLatest();
    await cutOff(cast);
    await lane.agent.close();
    const startedMs = performance.now();
    const scan = { gateId: lot.exit.publicId, scanId: randomUUID(), credential: { pass: guests[0]!.pass } };
    const exit = await client.decide({ ...scan, operation: 'CHECK_OUT' });
    expectInTime('the controller opened', performance.now() - startedMs, 3000);
    expect(exit).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', durable: false });
    expect(await client.decide({ ...scan, scanId: randomUUID(), operation: 'CHECK_IN' })).toMatchObject({
      ...{ action: 'ASK', reason: 'SYSTEM_UNAVAILABLE' },
    });
    expect(client.pending()).toBe(1);
    await lane.restart();
    expect(
      await eventually(
        () => client.handOver(),
        (left) => left === 0,
      ),
    ).toBe(0);
    lane.cable.mend();
    await lane.hasUploaded();
    const [stay] = await eventually(
      () => staysOf(lot),
      ([row]) => row?.state === 'LEFT',
    );
    expect(entered.action).toBe('OPEN');
    expect(stay).toMatchObject({ state: 'LEFT', reservation_id: guests[0]!.id });
    expect(await incidentsOf(lot)).toEqual([]);
  });
});
