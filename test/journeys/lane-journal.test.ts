import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addMinutes } from '../../src/domain/period.ts';
import { Debt } from '../../src/entities/debt.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { LaneScanRow } from '../../src/entities/lane-scan.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { backOut } from '../../src/gate/back-out.ts';
import { MERGE_LANES } from '../../src/jobs/merge-lanes.ts';
import { runSweep } from '../../src/jobs/run.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { decide, makeGuest, untilDurable } from '../support/gate.ts';
import { makeJournal, type TestJournal } from '../support/lane-journal.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeGate, makeLot, type LotOptions, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

const em = () => system.platform.orm.em.fork();
const ago = (minutes: number) => addMinutes(system.clock.now(), -minutes);
const staysOf = (lot: TestLot) => em().find(Stay, { lotId: lot.id }, { orderBy: { enteredAt: 'asc' } });
const incidentsOf = async (lot: TestLot) =>
  (await em().find(Incident, { lotId: lot.id, resolvedAt: null }, { orderBy: { createdAt: 'asc' } })).map(
    ({ kind }) => kind,
  );
const debtsOf = (lot: TestLot) => em().find(Debt, { lotId: lot.id }, { orderBy: { id: 'asc' } });

/** A guest whose reservation, of so many hours, began so many minutes ago. */
async function guestSince(lot: TestLot, minutes: number, hours: number) {
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 0, hours));
  const { startsAt } = await em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
  system.clock.runFrom(addMinutes(startsAt, minutes));
  return guest;
}

async function cutOff(options: LotOptions = {}): Promise<{ lot: TestLot; journal: TestJournal }> {
  const lot = await makeLot(system, options);
  return { lot, journal: await makeJournal(system, lot) };
}

describe('what a lane decided alone', () => {
  test('becomes a whole visit with its bill, once, however often it is sent', async () => {
    const { lot, journal } = await cutOff();
    const plate = freshPlate();
    const entry = journal.passed(lot.entry, { plate }, ago(90));
    const exit = journal.passed(lot.exit, { plate }, ago(10));
    expect(await journal.upload()).toEqual({ acknowledgedSeq: 2, broken: [], userErrors: [] });
    await Promise.all([journal.upload(), journal.upload(journal.entries.slice(1))]);
    expect(await staysOf(lot)).toMatchObject([
      {
        ...{ kind: 'WALK_IN', state: 'LEFT', entryScanId: entry.scanId, exitScanId: exit.scanId, totalMinor: 400 },
        ...{ entryGateId: lot.entry.id, exitGateId: lot.exit.id },
        ...{ enteredAt: new Date(entry.observedAt), leftAt: new Date(exit.observedAt) },
      },
    ]);
    expect(await debtsOf(lot)).toMatchObject([{ amountMinor: 400, state: 'OPEN', reason: 'UNPAID_STAY' }]);
    expect(await em().count(GateEvent, { lotId: lot.id, decidedBy: 'LANE' })).toBe(2);
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('is known to the gates: who came in alone leaves through the cloud, and gets a spot afterwards', async () => {
    const { lot, journal } = await cutOff();
    const plate = freshPlate();
    const guest = await guestSince(lot, 25, 6);
    journal.passed(lot.entry, { plate }, ago(30));
    journal.passed(lot.entry, { guest }, ago(20));
    await journal.upload();
    expect((await staysOf(lot)).map(({ state, spotId }) => [state, spotId !== null])).toEqual([
      ['INSIDE', true],
      ['INSIDE', true],
    ]);
    expect(await decide(system, lot.exit, { plate: { text: plate } })).toMatchObject({
      ...{ action: 'ASK', reason: 'PAYMENT_DUE', due: { amountMinor: 200 } },
    });
    expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({ reason: 'STAY_PREPAID' });
    expect(await decide(system, lot.entry, { plate: { text: plate } })).toMatchObject({ reason: 'ALREADY_INSIDE' });
  });

  test('counts by the plate that a camera came to in the end, also where that one has a reservation', async () => {
    const { lot, journal } = await cutOff({ spots: { STANDARD: 5 } });
    const guest = await guestSince(lot, 5, 6);
    const [first, right, other] = [freshPlate(), freshPlate(), freshPlate()];
    const corrects = (plate: string) => {
      const at = ago(20);
      const { subjects } = journal.passed(lot.entry, { plate: plate === first ? first : other }, at);
      return { at: addMinutes(at, 0.05), subjects };
    };
    const walkIn = corrects(first);
    const [own] = journal.named({ plate: right });
    journal.passed(lot.entry, { plate: right }, walkIn.at, { subjects: [...walkIn.subjects, own!] });
    const guestScan = corrects(other);
    const subjects = [...guestScan.subjects, `r:${guest.id}` as const];
    journal.passed(lot.entry, { guest }, guestScan.at, { subjects });
    await journal.upload();
    expect((await staysOf(lot)).map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      ...['RESERVED INSIDE', 'WALK_IN INSIDE'],
    ]);
    expect(await decide(system, lot.exit, { plate: { text: right } })).toMatchObject({ reason: 'PAYMENT_DUE' });
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('ends a visit that the cloud had seen begin', async () => {
    const { lot, journal } = await cutOff();
    const guest = await guestSince(lot, 5, 6);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    journal.passed(lot.exit, { plate: guest.plate }, system.clock.now());
    await journal.upload();
    expect(await staysOf(lot)).toMatchObject([{ state: 'LEFT', reservationId: guest.id }]);
    expect(await em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id })).toMatchObject({
      state: 'COMPLETED',
    });
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ reason: 'ALREADY_LEFT' });
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('begins the visit of a driver who had turned round in the gate before', async () => {
    const { lot, journal } = await cutOff();
    const guest = await guestSince(lot, 5, 6);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    const [{ id: stayId }] = (await staysOf(lot)) as [Stay];
    const passage = { lotId: lot.id, gateId: lot.entry.id, passageId: randomUUID(), deviceId: null };
    const at = system.clock.now();
    await backOut(system.platform, { ...passage, stayId, reservationId: guest.id, at });
    await untilDurable(system, lot.exit, { unreadable: true });
    const entry = journal.passed(lot.entry, { guest }, system.clock.now());
    await journal.upload();
    expect(await staysOf(lot)).toMatchObject([{ state: 'LEFT' }, { state: 'INSIDE', entryScanId: entry.scanId }]);
    expect(await incidentsOf(lot)).not.toContain('USED_AGAIN');
  });

  test('makes a whole visit of an exit that the cloud could not explain, and settles its incident', async () => {
    const { lot, journal } = await cutOff();
    const plate = freshPlate();
    await untilDurable(system, lot.exit, { plate: { text: plate } });
    expect(await incidentsOf(lot)).toEqual(['UNKNOWN_STAY']);
    journal.passed(lot.entry, { plate }, ago(70));
    await journal.upload();
    expect(await staysOf(lot)).toMatchObject([{ state: 'LEFT', totalMinor: 400 }]);
    expect(await debtsOf(lot)).toMatchObject([{ amountMinor: 400 }]);
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('counts once with the cloud’s answer to the same scan, of which only the reply was lost', async () => {
    const { lot, journal } = await cutOff();
    const plate = freshPlate();
    const scan = journal.passed(lot.entry, { plate }, system.clock.now());
    await untilDurable(system, lot.entry, { plate: { text: plate } }, { scanId: scan.scanId });
    await journal.upload();
    expect(await staysOf(lot)).toMatchObject([{ state: 'INSIDE', entryScanId: scan.scanId }]);
    expect(await incidentsOf(lot)).toEqual([]);
  });

  test('is taken down from the lot’s own agent alone', async () => {
    const { lot, journal } = await cutOff();
    journal.passed(lot.entry, { plate: freshPlate() }, ago(5));
    const other = await cutOff();
    expect(await other.journal.upload([])).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT' }] });
    const input = { lotId: lot.publicId, entries: journal.entries };
    const { data } = await system
      .client(other.journal.deviceKey)
      .query(
        `mutation ($input: UploadLaneJournalInput!) { uploadLaneJournal(input: $input) { userErrors { code } } }`,
        {
          input,
        },
      );
    expect(data['uploadLaneJournal'].userErrors).toEqual([{ code: 'LOT_NOT_FOUND' }]);
    expect(await em().count(LaneScanRow, { lotId: lot.id })).toBe(0);
  });
});

describe('a journal that is not whole', () => {
  test('with a hole is taken all the same, told of once, and asked for again from the hole on', async () => {
    const { lot, journal } = await cutOff();
    const plates = Array.from({ length: 4 }, freshPlate);
    plates.forEach((plate, index) => journal.passed(lot.entry, { plate }, ago(20 - index)));
    const [first, , ...rest] = journal.entries;
    const broken = [{ seq: 3, problem: 'HOLE' }];
    expect(await journal.upload([first!, ...rest])).toMatchObject({ acknowledgedSeq: 1, broken });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(3);
    expect(await journal.upload()).toMatchObject({ acknowledgedSeq: 4, broken: [] });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(4);
    expect((await incidentsOf(lot)).filter((kind) => kind === 'JOURNAL_HOLE')).toHaveLength(1);
  });

  test('with an entry that was altered, or put in another’s place, moves no money until a person looks', async () => {
    const { lot, journal } = await cutOff();
    journal.passed(lot.entry, { plate: freshPlate() }, ago(50));
    journal.passed(lot.entry, { plate: freshPlate() }, ago(40));
    journal.passed(lot.entry, { plate: freshPlate() }, ago(30));
    const [first, second, third] = journal.entries as [never, { seq: number; chain: string; body: string }, never];
    const altered = { ...second, body: second.body.replace('"WALK_IN"', '"STAFF"') };
    expect(await journal.upload([first, altered, third])).toMatchObject({
      ...{ acknowledgedSeq: 3, broken: [{ seq: 2, problem: 'FORGED' }] },
    });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(2);
    expect(await journal.upload([second])).toMatchObject({ acknowledgedSeq: 3, broken: [] });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(3);
    expect(await journal.upload([altered])).toMatchObject({ broken: [{ seq: 2, problem: 'FORGED' }] });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(3);
    expect((await incidentsOf(lot)).filter((kind) => kind === 'JOURNAL_FORGED')).toHaveLength(1);
    expect(await em().count(LaneScanRow, { lotId: lot.id, problem: 'FORGED' })).toBe(1);
  });

  test('with nonsense in it goes on behind the nonsense', async () => {
    const { lot, journal } = await cutOff();
    journal.passed(lot.entry, { plate: freshPlate() }, ago(50), { operation: 'FLY' as never });
    journal.passed(lot.entry, { plate: freshPlate() }, ago(40));
    expect(await journal.upload()).toMatchObject({
      ...{ acknowledgedSeq: 2, broken: [{ seq: 1, problem: 'UNREADABLE' }] },
    });
    expect(await em().count(Stay, { lotId: lot.id })).toBe(1);
  });
});

describe('lanes that were cut off from each other', () => {
  test('and let one pass in at two gates: one visit, one case, one bill, whichever is heard first', async () => {
    for (const isTurned of [false, true]) {
      const { lot, journal: north } = await cutOff();
      const south = await makeJournal(system, lot);
      const gate = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'South' });
      const guest = await guestSince(lot, 100, 1);
      const first = north.passed(lot.entry, { guest }, ago(100));
      south.passed(gate, { guest }, ago(90));
      const left = north.passed(lot.exit, { guest }, ago(5));
      for (const journal of isTurned ? [south, north] : [north, south]) await journal.upload();
      for (const journal of [north, south]) await journal.upload();
      expect(await staysOf(lot)).toMatchObject([
        { entryScanId: first.scanId, exitScanId: left.scanId, enteredAt: new Date(first.observedAt), state: 'LEFT' },
      ]);
      expect(await incidentsOf(lot)).toEqual(['ENTERED_TWICE']);
      // Of the saved card, once.
      await paymentsIdle(system.platform);
      expect((await debtsOf(lot)).filter(({ state }) => state !== 'WAIVED')).toHaveLength(1);
      expect(await em().count(Payment, { lotId: lot.id, kind: 'OVERSTAY' })).toBe(1);
    }
  });

  test('and the cloud, which let the same pass in once more: the visit begins where it began', async () => {
    const { lot, journal } = await cutOff();
    const guest = await guestSince(lot, 30, 4);
    const first = journal.passed(lot.entry, { guest }, ago(20));
    await untilDurable(system, lot.entry, { pass: guest.pass });
    await journal.upload();
    expect(await staysOf(lot)).toMatchObject([
      { state: 'INSIDE', entryScanId: first.scanId, enteredAt: new Date(first.observedAt) },
    ]);
    expect(await incidentsOf(lot)).toEqual(['ENTERED_TWICE']);
    expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({ reason: 'STAY_PREPAID' });
    expect(await staysOf(lot)).toMatchObject([{ state: 'LEFT' }]);
  });

  test('let nobody be refused who may have left through them, and nobody twice once they have told', async () => {
    const { lot, journal } = await cutOff({ spots: { STANDARD: 5 } });
    const guest = await guestSince(lot, 5, 6);
    const plate = freshPlate();
    const south = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'South' });
    await untilDurable(system, lot.entry, { pass: guest.pass });
    await untilDurable(system, lot.entry, { plate: { text: plate } });
    const ping = { headers: { authorization: `Bearer ${journal.deviceKey}` } };
    await fetch(`${system.url}/lane/v1/bundle?pending=0`, ping);
    expect(await decide(system, south, { pass: guest.pass })).toMatchObject({ reason: 'ALREADY_INSIDE' });
    expect(await decide(system, south, { plate: { text: plate } })).toMatchObject({ reason: 'ALREADY_INSIDE' });
    system.clock.advance(20 * 60_000);
    for (const who of [{ guest }, { plate }]) journal.passed(lot.exit, who, ago(10));
    expect(await decide(system, south, { plate: { text: plate } })).toMatchObject({ action: 'OPEN' });
    expect(await untilDurable(system, south, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    await journal.upload();
    await fetch(`${system.url}/lane/v1/bundle?pending=0`, ping);
    expect((await staysOf(lot)).map(({ kind, state }) => `${kind} ${state}`).sort()).toEqual([
      ...['RESERVED INSIDE', 'RESERVED LEFT', 'WALK_IN INSIDE', 'WALK_IN LEFT'],
    ]);
    expect(await decide(system, lot.entry, { plate: { text: plate } })).toMatchObject({ reason: 'ALREADY_INSIDE' });
    expect(await incidentsOf(lot)).toContain('USED_AGAIN');
  });

  test('an exit that another lane has seen since corrects the times of a visit and what it costs', async () => {
    const { lot, journal: north } = await cutOff();
    const south = await makeJournal(system, lot);
    const plate = freshPlate();
    south.passed(lot.exit, { plate }, ago(10));
    await south.upload();
    expect(await incidentsOf(lot)).toEqual(['LEFT_WITHOUT_ENTRY']);
    north.passed(lot.entry, { plate }, ago(200));
    await north.upload();
    expect(await debtsOf(lot)).toMatchObject([{ amountMinor: 800, state: 'OPEN' }]);
    const east = await makeJournal(system, lot);
    east.passed(lot.exit, { plate }, ago(100));
    east.passed(lot.entry, { plate }, ago(40));
    await east.upload();
    expect(await staysOf(lot)).toMatchObject([{ totalMinor: 400 }, { totalMinor: 200 }]);
    const open = (await debtsOf(lot)).filter(({ state }) => state === 'OPEN');
    expect(open.map(({ amountMinor }) => amountMinor).sort()).toEqual([200, 400]);
    expect(await incidentsOf(lot)).toEqual([]);
  });
});

test('a merge that died half-way is finished by a sweep, with nothing done twice', async () => {
  const { lot, journal } = await cutOff();
  const plate = freshPlate();
  journal.passed(lot.entry, { plate }, ago(90));
  journal.passed(lot.exit, { plate }, ago(10));
  await journal.upload();
  const before = await staysOf(lot);
  await em().nativeUpdate(LaneScanRow, { lotId: lot.id }, { mergedAt: null, toldAt: null });
  await runSweep(system.platform, MERGE_LANES);
  expect(await em().count(LaneScanRow, { lotId: lot.id, $or: [{ mergedAt: null }, { toldAt: null }] })).toBe(0);
  expect(await staysOf(lot)).toEqual(before);
  expect(await debtsOf(lot)).toHaveLength(1);
});

test('an entry that the rows refuse is left for a person, told once, and no sweep takes it up again', async () => {
  const { lot, journal } = await cutOff();
  journal.passed(lot.entry, { plate: freshPlate() }, ago(20), { ticketCode: 'PK\u0000' });
  journal.passed(lot.entry, { plate: freshPlate() }, ago(10));
  expect(await journal.upload()).toMatchObject({ acknowledgedSeq: 2, broken: [] });
  expect(await staysOf(lot)).toHaveLength(1);
  for (let sweep = 0; sweep < 2; sweep++) {
    system.clock.advance(60_000);
    expect(await runSweep(system.platform, MERGE_LANES)).toBe(0);
  }
  expect(await incidentsOf(lot)).toEqual(['JOURNAL_ENTRY_PARKED']);
});
