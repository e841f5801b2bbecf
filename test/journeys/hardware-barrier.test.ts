import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/postgresql';
import { Allocation } from '../../src/entities/allocation.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Passage } from '../../src/entities/passage.ts';
import { RelayCommand } from '../../src/entities/relay-command.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { sweepPassages, sweepUnpassed } from '../../src/gate/settle-passages.ts';
import { sweepCommands } from '../../src/hardware/write-command.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { freshPlate } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, OPEN_GATE, untilDurable } from '../support/gate.ts';
import { rowsOf, see, tell, type TestCamera } from '../support/hardware.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const MINUTE_MS = 60_000;

const camera = (lot: TestLot, gate = lot.entry): TestCamera => ({ system, lot, gate, vendor: 'AXIS' });
const inLot = <T extends object>(entity: EntityClass<T>, lot: TestLot) => rowsOf(system, entity, lot);

const commandsOf = async (at: TestCamera, path = 'commands') => (await tell(at, path)).body.commands;
const passed = (at: TestCamera, told: object) =>
  tell(at, 'passages', { passageId: randomUUID(), outcome: 'PASSED', ...told });
const backedOut = (at: TestCamera, told: object) => passed(at, { outcome: 'BACKED_OUT', ...told });

function soon(): { startsAt: string; endsAt: string } {
  const at = Math.ceil(system.clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  return { startsAt: new Date(at + MINUTE_MS).toISOString(), endsAt: new Date(at + 121 * MINUTE_MS).toISOString() };
}

describe('a command to a barrier', () => {
  test('is waited for, received, carried out, and written down', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const waiting = commandsOf(at, 'commands?waitSeconds=20');
    const { body } = await see(at, { plate: freshPlate() });
    const [command] = await waiting;
    expect(command).toMatchObject({ id: body.scans[0].commandId, state: 'SENT', channel: 1, pulseMs: 500 });
    expect(command.expiresInMs).toBeGreaterThan(5000);
    const received = await tell(at, `commands/${command.id}`, { state: 'RECEIVED' });
    expect(received.body).toMatchObject({ state: 'RECEIVED' });
    expect((await tell(at, `commands/${command.id}`, { state: 'SUCCESS' })).body).toMatchObject({ state: 'SUCCESS' });
    // What was said is not unsaid, and saying it again is saying it once.
    expect((await tell(at, `commands/${command.id}`, { state: 'RECEIVED' })).body).toMatchObject({ state: 'SUCCESS' });
    expect((await tell(at, `commands/${command.id}`, { state: 'ERROR' })).body).toMatchObject({ state: 'SUCCESS' });
    const rows = await eventually(
      () => inLot(RelayCommand, lot),
      (found) => found.length === 1,
    );
    expect(rows).toMatchObject([{ id: command.id, state: 'SUCCESS', deviceId: lot.entry.deviceId, error: null }]);
  });

  test('is told again until it is received, to the same relay alone', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    await see(at, { plate: freshPlate() });
    const [first] = await commandsOf(at);
    expect(await commandsOf(at)).toEqual([]);
    system.clock.advance(1100);
    expect((await commandsOf(at)).map(({ id }: { id: string }) => id)).toEqual([first.id]);
    await tell(at, `commands/${first.id}`, { state: 'RECEIVED' });
    system.clock.advance(1100);
    expect(await commandsOf(at)).toEqual([]);
    const stranger = { system, gate: lot.exit };
    expect(await tell(stranger, `commands/${first.id}`, { state: 'SUCCESS' })).toMatchObject({ status: 404 });
  });

  test('that nobody carried out by its deadline is an error and an incident, and is not pulsed any more', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    expect(await commandsOf(at)).toEqual([]);
    const { body } = await see(at, { plate: freshPlate() });
    system.clock.advance(10_100);
    expect(await commandsOf(at)).toEqual([]);
    await sweepCommands(system.platform);
    const [row] = await eventually(
      () => inLot(RelayCommand, lot),
      (rows) => rows.length === 1,
    );
    expect(row).toMatchObject({
      id: body.scans[0].commandId,
      state: 'ERROR',
      error: expect.stringContaining('deadline'),
    });
    const incidents = () => inLot(Incident, lot);
    expect(await incidents()).toMatchObject([{ kind: 'BARRIER_FAILED', scanId: body.scans[0].scanId }]);
    // The arm had gone up after all; only the relay's word came late.
    await tell(at, `commands/${row?.id}`, { state: 'SUCCESS' });
    await eventually(
      () => inLot(RelayCommand, lot),
      (rows) => rows[0]?.state === 'SUCCESS',
    );
    expect(await incidents()).toHaveLength(1);
  });

  test('that its relay missed at an exit is sent anew, once, for the vehicle that is read again, and not for the same reading', async () => {
    const lot = await makeLot(system);
    const { plate } = await makeGuest(system, lot, soon());
    await see(camera(lot), { plate });
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    system.clock.advance(2 * MINUTE_MS);
    const at = camera(lot, lot.exit);
    const reading = { plate, at: system.clock.now(), car: 1, sequence: 1 };
    const [missed] = (await see(at, reading)).body.scans;
    expect(missed).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID', commandId: expect.any(String) });
    system.clock.advance(10_100);
    expect((await see(at, reading)).body.scans[0].commandId).toBe(missed.commandId);
    expect(await commandsOf(at)).toEqual([]);
    const [later] = (await see(at, { plate })).body.scans;
    expect(later).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    expect((await commandsOf(at)).map(({ id }: { id: string }) => id)).toEqual([later.commandId]);
  });

  test('is sent for a person who opens by hand or scans, and not for a device, which acts on its answer itself', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const attendant = await lot.staffToken('ATTENDANT');
    const input = { idempotencyKey: randomUUID(), gateId: lot.entry.publicId, reason: 'the camera is dirty' };
    for (let time = 0; time < 2; time++) await system.client(attendant).query(OPEN_GATE, { input });
    expect(await commandsOf(at)).toMatchObject([{ scanId: input.idempotencyKey }]);
    await decide(system, lot.entry, { plate: { text: freshPlate() } }, { token: attendant });
    expect(await commandsOf(at)).toHaveLength(1);
    await decide(system, lot.entry, { plate: { text: freshPlate() } });
    expect(await commandsOf(at)).toEqual([]);
  });

  test('that failed for reasons which no row can hold is written down all the same', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    await see(at, { plate: freshPlate() });
    const [command] = await commandsOf(at);
    await tell(at, `commands/${command.id}`, { state: 'ERROR', error: 'stuck\u0000' });
    await sweepCommands(system.platform);
    expect(await inLot(RelayCommand, lot)).toMatchObject([{ id: command.id, state: 'ERROR', error: 'stuck ' }]);
  });

  test('nonsense is answered with what to send', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const told: [string, object | undefined, number][] = [
      ['commands?waitSeconds=9000', undefined, 422],
      [`commands/${randomUUID()}`, { state: 'SUCCESS' }, 404],
      ['commands/17', { state: 'SUCCESS' }, 422],
      [`commands/${randomUUID()}`, { state: 'SENT' }, 422],
      ['passages', { outcome: 'FLEW' }, 422],
      ['passages', { passageId: 'x', outcome: 'PASSED' }, 422],
    ];
    for (const [path, body, status] of told)
      expect(await tell(at, path, body)).toMatchObject({ status, body: { advice: expect.any(String) } });
  });
});

describe('a passage over the loop', () => {
  test('makes an entry certain, told by its command, by its scan or by neither', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const first = (await see(at, { plate: freshPlate() })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    const told = await passed(at, { commandId: first.commandId });
    expect(told).toMatchObject({ status: 200, body: { scanId: first.scanId, settled: true } });
    const second = (await see(at, { plate: freshPlate() })).body.scans[0];
    const passageId = randomUUID();
    for (let time = 0; time < 3; time++) expect((await passed(at, { passageId })).status).toBe(200);
    system.clock.advance(6000);
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 2,
    );
    await sweepPassages(system.platform);
    const passages = await inLot(Passage, lot);
    expect(passages.map(({ scanId }) => scanId).sort()).toEqual([first.scanId, second.scanId].sort());
    expect(await inLot(Incident, lot)).toEqual([]);
    const reused = await passed(at, { passageId, outcome: 'BACKED_OUT' });
    expect(reused).toMatchObject({ status: 409, body: { error: 'IDEMPOTENCY_KEY_REUSED' } });
  });

  test('that nothing had opened the gate for is told once: also a second vehicle on one opening', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const { scanId } = (await see(at, { plate: freshPlate() })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    await passed(at, { scanId });
    await passed(at, { scanId });
    system.clock.advance(6000);
    for (let time = 0; time < 2; time++) await sweepPassages(system.platform);
    expect(await inLot(Incident, lot)).toMatchObject([{ kind: 'TAILGATING', gateId: lot.entry.id }]);
  });

  test('that does not come is told of, at gates whose loop is heard', async () => {
    const [heard, silent] = [await makeLot(system), await makeLot(system)];
    for (const lot of [heard, silent]) await untilDurable(system, lot.entry, { plate: { text: freshPlate() } });
    const { scanId } = (await see(camera(heard), { plate: freshPlate() })).body.scans[0];
    await eventually(
      () => inLot(Stay, heard),
      (rows) => rows.length === 2,
    );
    await passed(camera(heard), { scanId });
    system.clock.advance(4 * MINUTE_MS);
    for (let time = 0; time < 2; time++) await sweepUnpassed(system.platform);
    const kinds = async (lot: TestLot) => (await inLot(Incident, lot)).map(({ kind }) => kind);
    expect(await kinds(heard)).toEqual(['READ_WITHOUT_PASSAGE']);
    expect(await kinds(silent)).toEqual([]);
  });
});

test('vehicles over loops whose scans are still on their way keep no other lot from being settled', async () => {
  const [busy, other] = [await makeLot(system), await makeLot(system)];
  await Promise.all(Array.from({ length: 101 }, () => passed(camera(busy), { scanId: randomUUID() })));
  await passed(camera(other), {});
  system.clock.advance(6000);
  await sweepPassages(system.platform);
  expect(await inLot(Incident, other)).toMatchObject([{ kind: 'TAILGATING' }]);
});

describe('a vehicle that backs out of the entry', () => {
  test('as a walk-in owes nothing and takes no spot, and may come again', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const at = camera(lot);
    const plate = freshPlate();
    const { scanId, commandId } = (await see(at, { plate })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    const passageId = randomUUID();
    for (let time = 0; time < 3; time++) await backedOut(at, { passageId, commandId });
    const [stay] = await eventually(
      () => inLot(Stay, lot),
      ([row]) => row?.state === 'LEFT',
    );
    expect(stay).toMatchObject({ entryScanId: scanId, totalMinor: 0, paidMinor: 0 });
    const claims = (await inLot(Allocation, lot)).filter(({ endsAt }) => endsAt > system.clock.now());
    expect(claims).toEqual([]);
    // The same car, in front of the same camera a moment later.
    system.clock.advance(20_000);
    const again = (await see(at, { plate, car: 501 })).body.scans[0];
    expect(again).toMatchObject({ outcome: 'DECIDED', action: 'OPEN', reason: 'WALK_IN' });
    expect(again.commandId).not.toBe(commandId);
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.filter(({ state }) => state === 'INSIDE').length === 1,
    );
  });

  test('with a reservation keeps it: spot, price and a new grace; and comes in on it later', async () => {
    const lot = await makeLot(system, { policy: { graceMinutes: 15 } });
    const guest = await makeGuest(system, lot, soon());
    const at = camera(lot);
    const { scanId } = (await see(at, { plate: guest.plate })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    await backedOut(at, { scanId });
    const row = () => system.platform.orm.em.fork().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
    const kept = await eventually(row, ({ state }) => state === 'CONFIRMED');
    expect(kept).toMatchObject({ checkedInAt: null, refundedMinor: 0 });
    expect((await inLot(Allocation, lot)).filter(({ reservationId }) => reservationId === guest.id)).toHaveLength(1);
    system.clock.advance(10 * MINUTE_MS);
    await runSweeps(system.platform);
    expect((await row()).state).toBe('CONFIRMED');
    const again = (await see(at, { plate: guest.plate, car: 502 })).body.scans[0];
    expect(again).toMatchObject({ action: 'OPEN', reason: 'RESERVATION' });
    await eventually(row, ({ state }) => state === 'CHECKED_IN');
    const left = (await see(camera(lot, lot.exit), { plate: guest.plate })).body.scans[0];
    expect(left).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    await eventually(row, ({ state }) => state === 'COMPLETED');
  });

  test('and does not come again within the new grace, is a no-show like any other', async () => {
    const lot = await makeLot(system, { policy: { graceMinutes: 15 } });
    const guest = await makeGuest(system, lot, soon());
    const at = camera(lot);
    const { scanId } = (await see(at, { plate: guest.plate })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    await backedOut(at, { scanId });
    const row = () => system.platform.orm.em.fork().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
    await eventually(row, ({ state }) => state === 'CONFIRMED');
    system.clock.advance(20 * MINUTE_MS);
    await eventually(
      async () => (await runSweeps(system.platform), row()),
      ({ state }) => state === 'NO_SHOW',
    );
  });

  test('of a visit that is over already changes nothing', async () => {
    const lot = await makeLot(system);
    const [entry, exit] = [camera(lot), camera(lot, lot.exit)];
    const plate = freshPlate();
    const { scanId } = (await see(entry, { plate })).body.scans[0];
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    await see(exit, { plate });
    const before = await eventually(
      () => inLot(Stay, lot),
      ([row]) => row?.state === 'LEFT' || row?.state === 'INSIDE',
    );
    await backedOut(entry, { scanId });
    const after = await inLot(Stay, lot);
    if (before[0]?.state === 'LEFT') expect(after[0]?.leftAt).toEqual(before[0].leftAt);
    expect(after).toHaveLength(1);
  });

  test('is believed of an entry that this gate opened a moment ago; any other visit stands, and a person is told', async () => {
    const lot = await makeLot(system, { policy: { graceMinutes: 15 } });
    const [entry, exit] = [camera(lot), camera(lot, lot.exit)];
    const guest = await makeGuest(system, lot, soon());
    const inside = (await see(entry, { plate: guest.plate })).body.scans[0];
    // Somebody else with the same pass is not let in, and backs away: that is no entry.
    const refused = await untilDurable(system, lot.entry, { pass: guest.pass });
    expect(refused).toMatchObject({ action: 'DENY', reason: 'ALREADY_INSIDE' });
    await backedOut(entry, { scanId: refused.scanId });
    const told = async () => (await inLot(Incident, lot)).filter(({ kind }) => kind === 'READ_WITHOUT_PASSAGE');
    expect(await told()).toEqual([]);
    await backedOut(exit, { scanId: inside.scanId });
    system.clock.advance(11 * MINUTE_MS);
    await backedOut(entry, { scanId: (await see(entry, { plate: freshPlate() })).body.scans[0].scanId });
    expect(await told()).toHaveLength(1);
    system.clock.advance(11 * MINUTE_MS);
    const left = (await see(exit, { plate: guest.plate })).body.scans[0];
    expect(left).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    await backedOut(exit, { scanId: left.scanId });
    expect(await told()).toMatchObject([{ gateId: lot.exit.id }, { scanId: left.scanId }]);
  });

  test('hours after it drove in, or though it passed, ends no visit: its own no more than the next one’s', async () => {
    const lot = await makeLot(system);
    const at = camera(lot);
    const first = (await see(at, { plate: freshPlate() })).body.scans[0];
    system.clock.advance(180 * MINUTE_MS);
    await backedOut(at, { scanId: first.scanId });
    const second = (await see(at, { plate: freshPlate() })).body.scans[0];
    await passed(at, { scanId: second.scanId });
    const third = (await see(at, { plate: freshPlate() })).body.scans[0];
    await backedOut(at, { scanId: second.scanId });
    const stays = () => inLot(Stay, lot);
    await eventually(stays, (rows) => rows.length === 3);
    system.clock.advance(6000);
    await sweepPassages(system.platform);
    await passed(at, { scanId: third.scanId });
    system.clock.advance(1000);
    expect((await stays()).map(({ state }) => state)).toEqual(['INSIDE', 'INSIDE', 'INSIDE']);
    expect((await inLot(Incident, lot)).map(({ kind, scanId }) => [kind, scanId])).toEqual([
      ['READ_WITHOUT_PASSAGE', first.scanId],
      ['READ_WITHOUT_PASSAGE', second.scanId],
    ]);
  });
});
