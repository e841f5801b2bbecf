import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { moneySettled } from '../journeys/payment-steps.ts';
import { hoursFrom } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeGate, makeLot, type TestGate, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
const lanes: TestLane[] = [];
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  await Promise.all(lanes.splice(0).map((lane) => lane.stop()));
  await moneySettled(system);
  await expectBooksBalanced(system.platform, system.stripe);
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();

interface Shared {
  lot: TestLot;
  guest: Guest;
  north: TestLane;
  south: TestLane;
  southEntry: TestGate;
  endsAt: Date;
}

/** One pass, shown to two friends' gates that each decide alone: both open. */
async function usedTwice(): Promise<Shared> {
  const lot = await makeLot(system, { spots: { STANDARD: 2 } });
  const southEntry = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: 'South entry' });
  const period = hoursFrom(system.clock.now(), 1, 2);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(period.startsAt));
  const [north, south] = [await startLane(system, lot), await startLane(system, lot)];
  lanes.push(north, south);
  for (const lane of lanes) await lane.knowsTheLatest();
  for (const lane of lanes) lane.cable.cut();
  for (const lane of lanes) await lane.isAlone();
  const first = await north.ask(lot.entry, { pass: guest.pass });
  system.clock.advance(3 * MINUTE_MS);
  const second = await south.ask(southEntry, { pass: guest.pass });
  for (const { action, reason, decidedBy } of [first, second])
    expect({ action, reason, decidedBy }).toEqual({ action: 'OPEN', reason: 'RESERVATION', decidedBy: 'LANE' });
  return { lot, guest, north, south, southEntry, endsAt: new Date(period.endsAt) };
}

async function upload(lane: TestLane): Promise<void> {
  lane.cable.mend();
  await lane.hasUploaded();
}

/** What stands of the two entries: stays, cases, debts, and what was charged. */
async function whatStands({ lot, guest }: Shared) {
  const [stays, incidents, debts] = [
    await em().find(Stay, { lotId: lot.id }),
    await em().find(Incident, { lotId: lot.id }),
    await em().find(Debt, { lotId: lot.id }),
  ];
  return {
    stays: stays.map(({ state, reservationId }) => [state, reservationId === guest.id]),
    cases: incidents.map(({ kind }) => kind),
    owedMinor: debts.map(({ amountMinor }) => amountMinor),
  };
}

test.each([
  ['the one it was used at first', (of: Shared) => [of.north, of.south]],
  ['the other', (of: Shared) => [of.south, of.north]],
] as const)(
  'One pass at two gates that were cut off is one stay, one case and one bill, when the journal of %s comes first',
  async (_, order) => {
    const shared = await usedTwice();
    const { lot, guest, endsAt } = shared;
    for (const lane of order(shared)) await upload(lane);
    const both = await eventually(
      () => whatStands(shared),
      ({ stays, cases }) => stays.length > 0 && cases.length > 0,
    );
    expect(both).toEqual({ stays: [['INSIDE', true]], cases: ['ENTERED_TWICE'], owedMinor: [] });
    const { state, feeMinor } = await em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
    expect([state, feeMinor]).toEqual(['CHECKED_IN', 0]);
    // It entered when the first of the two did, whichever journal came first.
    const [stay] = await em().find(Stay, { lotId: lot.id });
    expect(stay!.entryGateId).toBe(lot.entry.id);

    // An hour over: what the reservation owes is charged once, though two vehicles leave on it.
    system.clock.runFrom(new Date(endsAt.getTime() + 50 * MINUTE_MS));
    expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({
      ...{ action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: 200 } },
    });
    system.clock.advance(10 * MINUTE_MS);
    expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
    await moneySettled(system);
    const after = await eventually(
      () => whatStands(shared),
      ({ stays }) => stays.every(([state]) => state === 'LEFT'),
    );
    // That a second vehicle left on it is told as what it was at the exit: somebody of whom no stay was left.
    expect(after.cases.filter((kind) => kind !== 'UNKNOWN_STAY')).toEqual(['ENTERED_TWICE']);
    expect(after).toMatchObject({ stays: [['LEFT', true]], owedMinor: [200] });
    const charged = system.stripe.state
      .charges()
      .filter(({ captured, metadata }) => captured && metadata['reservation_id'] === guest.id);
    expect(charged.length).toBeLessThanOrEqual(2);
  },
  120_000,
);

test('The second entry is refused by the same lane: an agent knows who is inside', async () => {
  const { guest, north, southEntry } = await usedTwice();
  expect(await north.ask(southEntry, { pass: guest.pass })).toMatchObject({
    ...{ action: 'DENY', reason: 'ALREADY_INSIDE', decidedBy: 'LANE' },
  });
});

test('A journal that is uploaded again, from a folder that was copied back, makes no second stay and no second case', async () => {
  const shared = await usedTwice();
  for (const lane of [shared.north, shared.south]) await upload(lane);
  await eventually(
    () => whatStands(shared),
    ({ cases }) => cases.length > 0,
  );
  await shared.north.restart();
  await shared.north.hasUploaded();
  expect(await whatStands(shared)).toEqual({ stays: [['INSIDE', true]], cases: ['ENTERED_TWICE'], owedMinor: [] });
});
