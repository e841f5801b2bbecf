import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runSweeps } from '../../src/jobs/run.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const WHERE = `query ($id: ID!) { reservation(id: $id) { state spot { label } } }`;
const LIVE = `subscription ($id: ID!) { reservation(id: $id) { state spot { label } } }`;
const DEBTS = `query ($lotId: ID!) { lotDebts(lotId: $lotId) { nodes { reason amount { amountMinor } } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

async function spotOf(guest: Guest): Promise<string> {
  const client = system.client(await loginOf(system, guest.driver));
  return (await client.query(WHERE, { id: guest.publicId })).data['reservation'].spot.label;
}

/** The sweep of every minute, until it has had nothing left to do. */
async function minutesPass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute++) {
    system.clock.advance(MINUTE_MS);
    await runSweeps(system.platform);
  }
}

/** Two guests one after the other on the nearest spot, the first of whom is inside. */
async function oneAfterTheOther(lot: TestLot): Promise<{ first: Guest; next: Guest; endsAt: Date }> {
  const [early, late] = [hoursFrom(system.clock.now(), 1, 2), hoursFrom(system.clock.now(), 3, 2)];
  const [first, next] = [await makeGuest(system, lot, early), await makeGuest(system, lot, late)];
  expect([await spotOf(first), await spotOf(next)]).toEqual(['1-001', '1-001']);
  system.clock.runFrom(new Date(early.startsAt));
  expect(await untilDurable(system, lot.entry, { pass: first.pass })).toMatchObject({ spotLabel: '1-001' });
  return { first, next, endsAt: new Date(early.endsAt) };
}

test('Who stays too long costs the next driver nothing: they are moved before they come, told, and shown their new spot', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 2 } });
  const { first, next, endsAt } = await oneAfterTheOther(lot);
  // A login lasts a quarter of an hour: one from before the clock was moved would end the socket.
  system.clock.runFrom(new Date(endsAt.getTime() - 2 * MINUTE_MS));
  const live = system.subscribe(LIVE, { id: next.publicId }, await loginOf(system, next.driver));
  expect(await live.next()).toMatchObject({ reservation: { spot: { label: '1-001' } } });

  await minutesPass(5);
  expect(await spotOf(next)).toBe('1-002');
  // What is still told of the payment comes first.
  const told = async () => (await live.next())['reservation'].spot.label as string;
  expect(await eventually(told, (label) => label === '1-002')).toBe('1-002');
  await live.stop();

  expect(await untilDurable(system, lot.entry, { pass: next.pass })).toMatchObject({
    ...{ action: 'OPEN', reason: 'RESERVATION', spotLabel: '1-002' },
  });
  // The one who stayed drives out and owes the time.
  system.clock.runFrom(new Date(endsAt.getTime() + 50 * MINUTE_MS));
  expect(await untilDurable(system, lot.exit, { pass: first.pass })).toMatchObject({
    ...{ action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: 200 } },
  });
  const debts = async () => {
    const staff = system.client(await lot.staffToken('OPERATOR'));
    return (await staff.query(DEBTS, { lotId: lot.publicId })).data['lotDebts'].nodes as { reason: string }[];
  };
  expect(await eventually(debts, (all) => all.length > 0)).toMatchObject([
    { reason: 'OVERSTAY', amount: { amountMinor: 200 } },
  ]);
});

test('Where no other spot is free the next driver still has theirs as soon as it is, and the overstay stands on the stay alone', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 1 } });
  const { first, next, endsAt } = await oneAfterTheOther(lot);
  system.clock.runFrom(new Date(endsAt.getTime() - 2 * MINUTE_MS));
  await minutesPass(5);
  expect(await spotOf(next)).toBe('1-001');
  await untilDurable(system, lot.exit, { pass: first.pass });
  expect(await untilDurable(system, lot.entry, { pass: next.pass })).toMatchObject({
    ...{ action: 'OPEN', reason: 'RESERVATION', spotLabel: '1-001' },
  });
});
