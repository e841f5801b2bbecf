import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { CANCEL, hoursFrom } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { eventually, eventuallyTrue } from '../support/eventually.ts';
import { decide, makeGuest, type Decision, type Guest } from '../support/gate.ts';
import { expectInTime } from '../support/in-time.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeLot, type TestLot } from '../support/world.ts';
import { sizeOf } from './money-load.ts';

/** Online a cancelled pass is refused at every gate within this. */
const ONLINE_MS = 5000;
const GUESTS = sizeOf({ ci: 6, full: 200 });
const INCIDENTS = `query ($id: ID!) { lot(id: $id) { incidents(first: 100) { nodes { kind reservation { id } } } } }`;

let system: TestSystem;
const lanes: TestLane[] = [];
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  await Promise.all(lanes.splice(0).map((lane) => lane.stop()));
});
afterAll(() => system?.stop());

async function laneOf(lot: TestLot): Promise<TestLane> {
  const lane = await startLane(system, lot);
  lanes.push(lane);
  await lane.knowsTheLatest();
  return lane;
}

/** A lot with guests who may enter from now on. */
async function due(count: number): Promise<{ lot: TestLot; guests: Guest[] }> {
  const lot = await makeLot(system, {
    spots: { STANDARD: count },
    policy: { cancellation: { freeUntilMinutesBefore: 0, refundPercentAfter: 100 } },
  });
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guests: Guest[] = [];
  for (let n = 0; n < count; n++) guests.push(await makeGuest(system, lot, period));
  // Within the early entry: a reservation that has begun can still be cancelled, or is not there any more.
  system.clock.runFrom(new Date(Date.parse(period.startsAt) - 5 * 60_000));
  return { lot, guests };
}

async function cancel(guest: Guest): Promise<void> {
  const client = system.client(await loginOf(system, guest.driver));
  const input = { idempotencyKey: randomUUID(), reservationId: guest.publicId };
  const { data, errors } = await client.query(CANCEL, { input });
  expect({ errors, userErrors: data?.['cancelReservation'].userErrors }).toEqual({ errors: undefined, userErrors: [] });
}

/** Asks until it is refused, and gives how long that took. */
async function msUntilRefused(ask: () => Promise<Decision>): Promise<{ ms: number; reason: string }> {
  const startedAt = performance.now();
  const { reason } = await eventually(ask, ({ action }) => action !== 'OPEN');
  return { ms: performance.now() - startedAt, reason };
}

test('A cancelled pass is refused within five seconds at the gates of every process, by its pass, code and plate', async () => {
  const other = await startSystem({ beside: system, roles: ['api'] });
  try {
    const { lot, guests } = await due(GUESTS);
    await Promise.all(guests.map(cancel));
    const startedAt = performance.now();
    const waiting = [...guests];
    // Whoever is let in before the gates have heard of it has used their pass, and the next one asks.
    const { reason, ms } = await msUntilRefused(async () => {
      const guest = waiting.shift();
      if (guest === undefined) throw new Error(`${GUESTS} were let in`);
      return decide(other, lot.entry, { pass: guest.pass });
    });
    expect(reason).toBe('CANCELLED');
    expectInTime('refused', ms, ONLINE_MS);
    // The others were cancelled at the same moment: from five seconds after it on nobody is let in.
    await eventuallyTrue(async () => performance.now() - startedAt > sizeOf({ ci: 500, full: ONLINE_MS }));
    for (const guest of waiting) {
      for (const at of [system, other]) {
        for (const credential of [{ pass: guest.pass }, { code: guest.code }])
          expect(await decide(at, lot.entry, credential)).toMatchObject({ action: 'DENY', reason: 'CANCELLED' });
        expect((await decide(at, lot.entry, { plate: { text: guest.plate } })).reason).not.toBe('RESERVATION');
      }
    }
    expect(waiting.length).toBeGreaterThan(0);
  } finally {
    await other.stop();
  }
});

test('A lane that is cut off five seconds after a cancellation refuses the pass by itself', async () => {
  const { lot, guests } = await due(2);
  const lane = await laneOf(lot);
  await cancel(guests[0]!);
  const startedAt = performance.now();
  await lane.knowsTheLatest();
  expectInTime('the lane knew', performance.now() - startedAt, ONLINE_MS);
  lane.cable.cut();
  await lane.isAlone();
  const { reason } = await msUntilRefused(() => lane.ask(lot.entry, { pass: guests[0]!.pass }));
  expect(reason).toBe('CANCELLED');
  expect(await lane.ask(lot.entry, { code: guests[0]!.code })).toMatchObject({ action: 'DENY', decidedBy: 'LANE' });
  expect(await lane.ask(lot.entry, { pass: guests[1]!.pass })).toMatchObject({
    ...{ action: 'OPEN', reason: 'RESERVATION', decidedBy: 'LANE' },
  });
});

test('A lane that was cut off before cannot know: what it lets in is told to a person, and the next bundle refuses it', async () => {
  const { lot, guests } = await due(3);
  const [tricked, late] = guests;
  const lane = await laneOf(lot);
  lane.cable.cut();
  await lane.isAlone();
  await cancel(tricked!);
  await cancel(late!);
  const entered = await lane.ask(lot.entry, { pass: tricked!.pass });
  expect(entered).toMatchObject({ action: 'OPEN', decidedBy: 'LANE' });
  lane.cable.mend();
  await lane.hasUploaded();
  const staff = system.client(await lot.staffToken('OPERATOR'));
  const reported = async () =>
    (await staff.query(INCIDENTS, { id: lot.publicId })).data['lot'].incidents.nodes as { kind: string }[];
  expect(await eventually(reported, (all) => all.length > 0)).toEqual([
    { kind: 'ENTERED_WITHOUT_RIGHT', reservation: { id: tricked!.publicId } },
  ]);
  // One bundle later it is no longer let in, with the cloud or without.
  await lane.knowsTheLatest();
  expect(await lane.ask(lot.entry, { pass: late!.pass })).toMatchObject({ action: 'DENY', reason: 'CANCELLED' });
  lane.cable.cut();
  await lane.isAlone();
  expect(await lane.ask(lot.entry, { pass: late!.pass })).toMatchObject({ action: 'DENY', reason: 'CANCELLED' });
});

test('A lane that stays cut off trusts no bundle for ever: a day after its end nobody enters on it, and exits open', async () => {
  const { lot, guests } = await due(1);
  const lane = await laneOf(lot);
  lane.cable.cut();
  await lane.isAlone();
  await cancel(guests[0]!);
  system.clock.advance(49 * 3_600_000);
  expect((await lane.ask(lot.entry, { plate: { text: guests[0]!.plate } })).action).not.toBe('OPEN');
  expect(await lane.ask(lot.exit, { plate: { text: guests[0]!.plate } })).toMatchObject({
    action: 'OPEN',
    reason: 'BILLED_LATER',
  });
});
