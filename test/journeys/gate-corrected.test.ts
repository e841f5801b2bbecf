import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Allocation } from '../../src/entities/allocation.ts';
import { Debt } from '../../src/entities/debt.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { commitScan } from '../../src/gate/commit-scan.ts';
import { lotKeys } from '../../src/gate/index-keys.ts';
import { decodeRight, encodeRight } from '../../src/gate/index-records.ts';
import { readIndex } from '../../src/gate/read-index.ts';
import { answerTo } from '../../src/gate/scan.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { decide, makeGuest, passScan, scan, untilDurable, type Decision, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

const em = () => system.platform.orm.em.fork();
const stateOf = async ({ id, lotId }: Guest) => (await em().findOneOrFail(Reservation, { lotId, id })).state;
const staysOf = (lot: TestLot) => em().find(Stay, { lotId: lot.id });

/** A lot with guests who are due now. */
async function due(guests: number): Promise<{ lot: TestLot; due: Guest[] }> {
  const lot = await makeLot(system, { spots: { STANDARD: guests + 1 } });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const made: Guest[] = [];
  for (let i = 0; i < guests; i++) made.push(await makeGuest(system, lot, period));
  system.clock.runFrom(new Date(period.startsAt));
  return { lot, due: made };
}

/** A reading, and then a better one of the same vehicle. */
async function readTwice(lot: TestLot, wrong: string, right: string): Promise<{ first: Decision; second: Decision }> {
  const scanId = randomUUID();
  const first = await decide(system, lot.entry, { plate: { text: wrong } }, { scanId });
  const second = await untilDurable(system, lot.entry, { plate: { text: right } }, { supersedes: scanId });
  return { first, second };
}

describe('a vehicle that was read better after the gate had opened', () => {
  test('is the same walk-in with the right plate, its ticket and its spot', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const [wrong, right] = [freshPlate(), freshPlate()];
    const { first, second } = await readTwice(lot, wrong, right);
    const { stayId, ticketCode, spotLabel } = first;
    expect(second).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', stayId, ticketCode, spotLabel });
    const stays = await staysOf(lot);
    expect(stays).toMatchObject([{ state: 'INSIDE', plateIndex: system.platform.plates.exactIndex(lot.id, right) }]);
    // Whoever really has the first plate may come, though there is no room; the right one is inside already.
    system.clock.advance(20_000);
    expect(await decide(system, lot.entry, { plate: { text: wrong } })).toMatchObject({ reason: 'LOT_FULL' });
    expect(await decide(system, lot.entry, { plate: { text: right } })).toMatchObject({ reason: 'ALREADY_INSIDE' });
    system.clock.advance(30 * 60_000);
    expect(await decide(system, lot.exit, { plate: { text: right } })).toMatchObject({ reason: 'PAYMENT_DUE', stayId });
  });

  test('is no walk-in any more when it has a reservation: the other claim is given back, the ticket stays good', async () => {
    const { lot, due: guests } = await due(1);
    const guest = guests[0]!;
    const { first, second } = await readTwice(lot, freshPlate(), guest.plate);
    expect(first.reason).toBe('WALK_IN');
    expect(second).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', stayId: first.stayId });
    expect(second.reservationCode).toBe(guest.code);
    expect(await stateOf(guest)).toBe('CHECKED_IN');
    expect(await staysOf(lot)).toMatchObject([{ kind: 'RESERVED', reservationId: guest.id, state: 'INSIDE' }]);
    expect(await em().count(Allocation, { lotId: lot.id, kind: 'WALK_IN' })).toBe(0);
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ reason: 'ALREADY_INSIDE' });
    const left = await untilDurable(system, lot.exit, { code: first.ticketCode! });
    expect(left).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    expect(await stateOf(guest)).toBe('COMPLETED');
  });

  test('goes over to the right reservation, and the other guest may still come', async () => {
    const { lot, due: guests } = await due(2);
    const [other, guest] = [guests[0]!, guests[1]!];
    const { first, second } = await readTwice(lot, other.plate, guest.plate);
    expect(first.reservationCode).toBe(other.code);
    expect(second).toMatchObject({ action: 'OPEN', reservationCode: guest.code, stayId: first.stayId });
    expect([await stateOf(other), await stateOf(guest)]).toEqual(['CONFIRMED', 'CHECKED_IN']);
    expect(await staysOf(lot)).toMatchObject([{ reservationId: guest.id }]);
    const came = await untilDurable(system, lot.entry, { pass: other.pass });
    expect(came).toMatchObject({ action: 'OPEN', reservationCode: other.code });
    expect(await staysOf(lot)).toHaveLength(2);
  });

  test('is a walk-in when nobody expected it, and the guest for whom it had been taken may still come', async () => {
    const { lot, due: guests } = await due(1);
    const guest = guests[0]!;
    const plate = freshPlate();
    const { first, second } = await readTwice(lot, guest.plate, plate);
    expect(second).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', stayId: first.stayId, reservationCode: null });
    expect(await staysOf(lot)).toMatchObject([{ kind: 'WALK_IN', reservationId: null, code: second.ticketCode }]);
    expect(await em().count(Allocation, { lotId: lot.id, kind: 'WALK_IN' })).toBe(1);
    // The gates may hear last that it is not checked in any more.
    const key = lotKeys(lot.id).right(guest.id);
    const right = decodeRight({ lotId: lot.id, reservationId: guest.id }, (await system.platform.redis.get(key))!);
    const checkedIn = { ...right, state: 'CHECKED_IN' as const, revision: right.revision - 1 };
    await system.platform.redis.set(key, encodeRight(checkedIn));
    expect(await untilDurable(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    expect(await stateOf(guest)).toBe('CHECKED_IN');
  });

  test('changes nothing when it says the same, and nothing but the answer when it would not have come in', async () => {
    const { lot, due: guests } = await due(1);
    const guest = guests[0]!;
    const misread = guest.plate.replace('0', 'O');
    const { first, second } = await readTwice(lot, misread, guest.plate);
    expect(second).toMatchObject({ action: 'OPEN', stayId: first.stayId, reservationCode: guest.code });
    const again = await readTwice(lot, freshPlate(), guest.plate);
    expect(again.second).toMatchObject({ action: 'DENY', reason: 'ALREADY_INSIDE' });
    expect(await staysOf(lot)).toHaveLength(2);
    expect(await em().find(Incident, { lotId: lot.id })).toMatchObject([{ kind: 'CORRECTED_TOO_LATE' }]);
  });

  test('is refused when it has left, at another gate, and when another correction was first', async () => {
    const lot = await makeLot(system);
    const scanId = randomUUID();
    const plates = [freshPlate(), freshPlate(), freshPlate()] as const;
    const { ticketCode } = await untilDurable(system, lot.entry, { plate: { text: plates[0] } }, { scanId });
    const correct = (text: string) => scan(system, lot.entry, { plate: { text } }, { supersedes: scanId });
    expect(await correct(plates[1])).toMatchObject({ decision: { action: 'OPEN' }, userErrors: [] });
    await decide(system, lot.exit, { code: ticketCode! }, { alreadyOpened: true });
    expect(await correct(plates[2])).toMatchObject({
      decision: null,
      userErrors: [{ code: 'SCAN_NOT_CORRECTABLE', field: ['supersedes'] }],
    });
    const out = randomUUID();
    await decide(system, lot.exit, { plate: { text: plates[2] } }, { scanId: out });
    const elsewhere = await scan(system, lot.entry, { plate: { text: plates[2] } }, { supersedes: out });
    expect(elsewhere).toMatchObject({ decision: null, userErrors: [{ code: 'INVALID_INPUT' }] });
  });

  test('is not another that came long before: a device corrects what it has just read, a person what they like', async () => {
    const { lot, due: guests } = await due(1);
    const scanId = randomUUID();
    const [earlier, later] = [freshPlate(), freshPlate()];
    const first = await untilDurable(system, lot.entry, { plate: { text: earlier } }, { scanId });
    system.clock.advance(11 * 60_000);
    const answered = await scan(system, lot.entry, { plate: { text: guests[0]!.plate } }, { supersedes: scanId });
    expect(answered.userErrors).toEqual([{ code: 'SCAN_NOT_CORRECTABLE', field: ['supersedes'] }]);
    expect(await stateOf(guests[0]!)).toBe('CONFIRMED');
    const more = { supersedes: scanId, token: await lot.staffToken('ATTENDANT') };
    expect(await decide(system, lot.entry, { plate: { text: later } }, more)).toMatchObject({ stayId: first.stayId });
  });

  test('that nobody has heard of is judged as any', async () => {
    const lot = await makeLot(system);
    const decision = await decide(system, lot.entry, { plate: { text: freshPlate() } }, { supersedes: randomUUID() });
    expect(decision).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
  });
});

describe('a vehicle that was let out as somebody whom nobody knew', () => {
  test('is found when the camera reads it better a moment later: its visit ends, what it owes is a debt', async () => {
    const lot = await makeLot(system);
    const plate = freshPlate();
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: plate } });
    system.clock.advance(90 * 60_000);
    const read = (text: string) => ({ plate: { text, arrivalKey: 'car-31' } });
    expect(await decide(system, lot.exit, read('HHH444'))).toMatchObject({ reason: 'BILLED_LATER', stayId: null });
    expect(await decide(system, lot.exit, read('HHH447'))).toMatchObject({ reason: 'BILLED_LATER', stayId: null });
    const better = await untilDurable(system, lot.exit, read(plate));
    expect(better).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', stayId, due: { amountMinor: 400 } });
    expect(await staysOf(lot)).toMatchObject([{ state: 'LEFT' }]);
    expect(await em().find(Debt, { lotId: lot.id })).toMatchObject([{ reason: 'UNPAID_STAY', amountMinor: 400 }]);
    expect(await em().count(Incident, { lotId: lot.id, kind: 'UNKNOWN_STAY' })).toBe(1);
  });
});

describe('a camera that reads one car fifty times', () => {
  test('has one answer, makes one visit, takes one spot and writes one line', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 5 } });
    const plate = freshPlate();
    const spelled = [plate, plate.replace('0', 'O'), plate.toLowerCase()];
    const decisions = await Promise.all(
      Array.from({ length: 50 }, (_, i) =>
        decide(system, lot.entry, { plate: { text: spelled[i % 3]!, arrivalKey: 'car-1' } }),
      ),
    );
    expect(new Set(decisions.map(({ stayId, reason }) => `${reason} ${stayId}`)).size).toBe(1);
    await untilDurable(system, lot.exit, { unreadable: true });
    expect(await staysOf(lot)).toHaveLength(1);
    expect(await em().count(Allocation, { lotId: lot.id })).toBe(1);
    expect(await em().count(GateEvent, { lotId: lot.id, operation: 'CHECK_IN' })).toBe(1);
  });

  test('and does not know which car is told one answer too, for a few seconds, also where it stays closed', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const [first, second] = [freshPlate(), freshPlate()];
    await decide(system, lot.entry, { plate: { text: first } });
    expect(await decide(system, lot.entry, { plate: { text: first } })).toMatchObject({ reason: 'WALK_IN' });
    const full = await Promise.all(
      Array.from({ length: 20 }, () => decide(system, lot.entry, { plate: { text: second } })),
    );
    expect(full.every(({ reason }) => reason === 'LOT_FULL')).toBe(true);
    await untilDurable(system, lot.exit, { unreadable: true });
    expect(await em().count(GateEvent, { lotId: lot.id, operation: 'CHECK_IN' })).toBe(2);
    system.clock.advance(11_000);
    expect(await decide(system, lot.entry, { plate: { text: first } })).toMatchObject({ reason: 'ALREADY_INSIDE' });
  });

  test('is told the same when one of its readings is sent again later, though a spot has come free', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const { ticketCode } = await decide(system, lot.entry, { plate: { text: freshPlate() } });
    const plate = freshPlate();
    const scanIds = [randomUUID(), randomUUID(), randomUUID()];
    const hold = await holdWrites(system, 'INSERT', 'gate_event');
    const read = (scanId: string) => scan(system, lot.entry, { plate: { text: plate } }, { scanId });
    await Promise.all(scanIds.map(read));
    await decide(system, lot.exit, { code: ticketCode! }, { alreadyOpened: true });
    await hold.release();
    await untilDurable(system, lot.exit, { unreadable: true });
    system.clock.advance(5 * 60_000);
    for (const scanId of scanIds)
      expect(await read(scanId)).toMatchObject({ replayed: true, decision: { scanId, reason: 'LOT_FULL' } });
    expect(await decide(system, lot.entry, { plate: { text: plate } })).toMatchObject({ reason: 'WALK_IN' });
  });

  test('lets it in once also when two servers decide at once; the twin: without the comparison, twice', async () => {
    const lot = await makeLot(system);
    await decide(system, lot.exit, { unreadable: true });
    const commit = async (guarded: boolean) => {
      const { platform } = system;
      const arrival = { key: `car/${randomUUID()}`, ttlSeconds: 300, seen: '' };
      const scans = [randomUUID(), randomUUID()];
      const read = (scanId: string) =>
        readIndex(platform, { lotId: lot.id, gateId: lot.entry.id, scanId, arrivalKey: arrival.key, refs: [] });
      const readings = await Promise.all(scans.map(read));
      const outcomes: string[] = [];
      for (const [i, scanId] of scans.entries()) {
        const { ready, arrivalRaw: raw } = readings[i]!;
        const now = system.clock.now();
        const about = passScan(lot, { id: scanId } as Guest, { gateId: lot.entry.id, scanId, now });
        const answer = answerTo(about, { action: 'OPEN', reason: 'WALK_IN' });
        const entry = { answer, effect: { kind: 'NONE' as const }, deviceId: null, staffId: null, incident: null };
        const { outcome } = await commitScan(platform, {
          ...{ scanId, replaces: undefined, ready: ready!, changes: {} },
          arrival: guarded ? { ...arrival, raw } : undefined,
          entry: { ...entry, observedAt: now.getTime() },
        });
        outcomes.push(outcome);
      }
      return outcomes;
    };
    expect(await commit(true)).toEqual(['DONE', 'RETRY']);
    expect(await commit(false)).toEqual(['DONE', 'DONE']);
  });
});
