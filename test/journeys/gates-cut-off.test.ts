import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { openDoor, type Door } from '../support/door.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, PAY_STAY, untilDurable, type Guest } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const AT_THE_EXIT_MS = 3000;

const MINE = `query ($id: ID!) { reservation(id: $id) { state outcomeRule fee { amountMinor } refunded { amountMinor } spot { label } } }`;
const DEBTS = `{ debts { nodes { reason state amount { amountMinor } left { amountMinor } payUrl } } }`;
const LOT_DEBTS = `query ($lotId: ID!) { lotDebts(lotId: $lotId) { nodes { id reason state amount { amountMinor } payUrl } } }`;
const STAY = `query ($id: ID!) { node(id: $id) { ... on Stay { state enteredAt leftAt due { amountMinor } } } }`;
const LIVE = `subscription ($id: ID!) { reservation(id: $id) { state spot { label } } }`;

let system: TestSystem;
const lanes: TestLane[] = [];
const doors: Door[] = [];
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  system.stripe.faults.reset();
  await Promise.all(lanes.splice(0).map((lane) => lane.stop()));
  await Promise.all(doors.splice(0).map((door) => door.stop()));
  await moneySettled(system);
});
afterAll(() => system?.stop());

async function laneOf(lot: TestLot, cloudUrl = system.url): Promise<TestLane> {
  const lane = await startLane(system, lot, { cloudUrl });
  lanes.push(lane);
  await lane.knowsTheLatest();
  return lane;
}

async function asDriver(driver: { id: string }, document: string, variables: Record<string, unknown> = {}) {
  const { data, errors } = await system.client(await loginOf(system, driver)).query(document, variables);
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

async function asStaff(lot: TestLot, document: string, variables: Record<string, unknown>) {
  return (await system.client(await lot.staffToken('OPERATOR')).query(document, variables)).data;
}

const reservationOf = async (guest: Guest) =>
  (await asDriver(guest.driver, MINE, { id: guest.publicId }))['reservation'];

describe('The network and the payment provider are away when vehicles leave', () => {
  test('they drive out within three seconds, and what they owe is collected when both are back', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 1, 2);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    const lane = await laneOf(lot);
    const reserved = await lane.ask(lot.entry, { pass: guest.pass });
    expect(reserved).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', decidedBy: 'CLOUD' });
    const walkIn = await lane.ask(lot.entry, { plate: { text: 'CUT404' } });
    expect(walkIn).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    await lane.knowsTheLatest();

    system.clock.advance(5 * HOUR_MS);
    system.stripe.faults.set({ down: 'refuse' });
    lane.cable.cut();
    await lane.isAlone();
    const leftAt = system.clock.now();
    const exits = [{ pass: guest.pass }, { plate: { text: 'CUT404' } }];
    for (const credential of exits) {
      const { result, ms } = await timed(() => lane.ask(lot.exit, credential));
      expect(result).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', decidedBy: 'LANE' });
      expect(ms).toBeLessThan(AT_THE_EXIT_MS);
    }

    // The network is back an hour later: what counts is when they left.
    system.clock.advance(HOUR_MS);
    lane.cable.mend();
    await lane.hasUploaded();
    const staysLeft = async () => {
      const stays = await Promise.all([reserved, walkIn].map(({ stayId }) => asStaff(lot, STAY, { id: stayId })));
      return stays.map(({ node }) => node as { state: string; leftAt: string });
    };
    for (const stay of await eventually(staysLeft, (stays) => stays.every(({ state }) => state === 'LEFT')))
      expect(Math.abs(Date.parse(stay.leftAt) - leftAt.getTime())).toBeLessThan(MINUTE_MS);
    const lotDebts = async () => (await asStaff(lot, LOT_DEBTS, { lotId: lot.publicId }))['lotDebts'].nodes;
    const debts = await eventually(lotDebts, (all) => all.length === 2);
    expect(debts.map(({ reason }: { reason: string }) => reason).sort()).toEqual(['OVERSTAY', 'UNPAID_STAY']);
    // Five hours for the walk-in, at 2.00 each, and a day costs 10.00 at most.
    expect(debts.find(({ reason }: { reason: string }) => reason === 'UNPAID_STAY')).toMatchObject({
      ...{ state: 'OPEN', amount: { amountMinor: 1000 }, payUrl: expect.stringContaining('/pay/') },
    });

    system.stripe.faults.reset();
    const collected = async () => {
      system.clock.advance(20_000);
      return (await asDriver(guest.driver, DEBTS))['debts'].nodes;
    };
    expect(await eventually(collected, ([debt]) => debt?.state === 'SETTLED', 30_000)).toMatchObject([
      { reason: 'OVERSTAY', left: { amountMinor: 0 } },
    ]);
    const charged = system.stripe.state
      .charges()
      .filter(({ captured, metadata }) => captured && metadata['kind'] === 'OVERSTAY');
    expect(charged).toHaveLength(1);
  }, 120_000);
});

describe('A vehicle that came in while the network was cut', () => {
  /**
   * A guest on the nearest spot, whose grace ends while the lane is heard and has nothing to tell; then the no-show is fired, and the
   * lane, whose bundle is older and which is cut off by now, lets the vehicle in.
   */
  async function arrivedOffline(
    spots: number,
  ): Promise<{ lot: TestLot; lane: TestLane; guest: Guest; startsAt: Date }> {
    const lot = await makeLot(system, { spots: { STANDARD: spots } });
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    const startsAt = new Date(period.startsAt);
    system.clock.runFrom(startsAt);
    const door = await openDoor(system.url);
    doors.push(door);
    const lane = await laneOf(lot, door.url);
    door.set('/lane/v1/bundle', 'UNCHANGED');
    system.clock.runFrom(new Date(startsAt.getTime() + 31 * MINUTE_MS));
    const key = { lotId: lot.id, reservationId: guest.id };
    await eventually(
      () => releaseIfAbsent(system.platform, key),
      (outcome) => outcome !== 'JOURNAL_BEHIND',
    );
    expect(await reservationOf(guest)).toMatchObject({ state: 'NO_SHOW' });
    lane.cable.cut();
    await lane.isAlone();
    expect(await lane.ask(lot.entry, { pass: guest.pass })).toMatchObject({
      ...{ action: 'OPEN', reason: 'RESERVATION', decidedBy: 'LANE', spotLabel: '1-001' },
    });
    return { lot, lane, guest, startsAt };
  }

  test('wins over the no-show that fired meanwhile: no fee, its stay stands, and who bought the spot since has another', async () => {
    const { lot, lane, guest, startsAt } = await arrivedOffline(2);
    // Somebody buys the spot that was given away.
    const later = {
      startsAt: new Date(startsAt.getTime() + HOUR_MS),
      endsAt: new Date(startsAt.getTime() + 3 * HOUR_MS),
    };
    const buyer = await makeDriver(system);
    const period = { startsAt: later.startsAt.toISOString(), endsAt: later.endsAt.toISOString() };
    const bought = await reserveAndPay(
      system.client(await loginOf(system, buyer)),
      reserveInput(lot, period, { vehicle: { plate: { text: 'BUYER1' } } }),
    );
    const live = system.subscribe(LIVE, { id: bought.id }, await loginOf(system, buyer));
    expect(await live.next()).toMatchObject({ reservation: { spot: { label: '1-001' } } });

    lane.cable.mend();
    await lane.hasUploaded();
    const settled = await eventually(
      () => reservationOf(guest),
      ({ state }) => state === 'CHECKED_IN',
    );
    expect(settled).toMatchObject({ fee: { amountMinor: 0 }, spot: { label: '1-001' } });
    expect(await live.next()).toMatchObject({ reservation: { spot: { label: '1-002' } } });
    await live.stop();
    await moneySettled(system);
    expect(system.stripe.state.charges().filter(({ metadata }) => metadata['kind'] === 'NO_SHOW_FEE')).toEqual([]);

    system.clock.runFrom(later.startsAt);
    expect(await untilDurable(system, lot.entry, { plate: { text: 'BUYER1' } })).toMatchObject({
      ...{ action: 'OPEN', reason: 'RESERVATION', spotLabel: '1-002' },
    });
    // The one who was there all along leaves as anybody does who came in time.
    system.clock.runFrom(new Date(startsAt.getTime() + 230 * MINUTE_MS));
    const exit = await untilDurable(system, lot.exit, { pass: guest.pass });
    expect(exit.action).toBe('OPEN');
    const { refunded, fee } = await reservationOf(guest);
    const debts = (await asDriver(guest.driver, DEBTS))['debts'].nodes as { amount: { amountMinor: number } }[];
    // What was paid back for the no-show is owed again; in the end the four hours cost what was promised.
    expect(refunded.amountMinor - debts.reduce((sum, { amount }) => sum + amount.amountMinor, 0)).toBe(0);
    expect(fee.amountMinor).toBe(0);
  }, 120_000);

  test('is looked at by a person where no other spot is left for who bought its spot', async () => {
    const { lot, lane, guest, startsAt } = await arrivedOffline(1);
    const buyer = await makeDriver(system);
    const period = {
      startsAt: new Date(startsAt.getTime() + HOUR_MS).toISOString(),
      endsAt: new Date(startsAt.getTime() + 3 * HOUR_MS).toISOString(),
    };
    await reserveAndPay(system.client(await loginOf(system, buyer)), reserveInput(lot, period));
    lane.cable.mend();
    await lane.hasUploaded();
    expect(
      await eventually(
        () => reservationOf(guest),
        ({ state }) => state === 'CHECKED_IN',
      ),
    ).toMatchObject({ fee: { amountMinor: 0 } });
    const incidents = async () =>
      (
        await asStaff(lot, `query ($id: ID!) { lot(id: $id) { incidents(first: 20) { nodes { kind severity } } } }`, {
          id: lot.publicId,
        })
      )['lot'].incidents.nodes as { kind: string }[];
    await eventually(incidents, (all) =>
      all.some(({ kind }) => kind === 'NO_SPOT_LEFT' || kind === 'NEXT_DRIVER_STRANDED'),
    );
    expect(await decide(system, lot.exit, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  }, 120_000);
});

test('A no-show waits for the lane that was cut off at the end of the grace: who came in is none', async () => {
  const lot = await makeLot(system);
  const period = hoursFrom(system.clock.now(), 1, 4);
  const guest = await makeGuest(system, lot, period);
  const startsAt = new Date(period.startsAt);
  system.clock.runFrom(startsAt);
  const lane = await laneOf(lot);
  lane.cable.cut();
  await lane.isAlone();
  system.clock.advance(5 * MINUTE_MS);
  expect(await lane.ask(lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN', decidedBy: 'LANE' });
  system.clock.runFrom(new Date(startsAt.getTime() + 45 * MINUTE_MS));
  const key = { lotId: lot.id, reservationId: guest.id };
  expect(await releaseIfAbsent(system.platform, key)).toBe('JOURNAL_BEHIND');
  lane.cable.mend();
  await lane.hasUploaded();
  expect(
    await eventually(
      () => reservationOf(guest),
      ({ state }) => state !== 'CONFIRMED',
    ),
  ).toMatchObject({ state: 'CHECKED_IN', fee: { amountMinor: 0 } });
  expect(['NOT_DUE', 'ARRIVED']).toContain(await releaseIfAbsent(system.platform, key));
  system.clock.runFrom(new Date(startsAt.getTime() + 230 * MINUTE_MS));
  expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({
    ...{ action: 'OPEN', reason: 'STAY_PREPAID' },
  });
}, 120_000);

test('While only the cloud is away a walk-in still enters, gets a ticket, and pays at the exit when it is back', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 2 } });
  const lane = await laneOf(lot);
  lane.cable.hold();
  await lane.isAlone();
  const entered = await lane.ask(lot.entry, { plate: { text: 'HELD707' } });
  expect(entered).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', decidedBy: 'LANE' });
  expect(entered.ticketCode).toMatch(/^PK-/);
  lane.cable.goOn();
  await lane.hasUploaded();
  system.clock.advance(90 * MINUTE_MS);
  const asked = async () => decide(system, lot.exit, { code: entered.ticketCode! });
  expect(await eventually(asked, ({ reason }) => reason === 'PAYMENT_DUE')).toMatchObject({
    ...{ action: 'ASK', due: { amountMinor: 400 }, stayId: entered.stayId },
  });
  const input = {
    idempotencyKey: crypto.randomUUID(),
    stay: { stayId: entered.stayId },
    paymentMethodId: 'pm_card_visa',
  };
  expect((await system.client().query(PAY_STAY, { input })).data['payStay'].userErrors).toEqual([]);
  expect(await untilDurable(system, lot.exit, { plate: { text: 'HELD707' } })).toMatchObject({
    ...{ action: 'OPEN', reason: 'STAY_PAID' },
  });
}, 120_000);
