import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  AskQuoteDocument,
  CheckInDocument,
  CheckOutDocument,
  CompleteDocument,
  FindLotsDocument,
  ReadReservationDocument,
  ReserveDocument,
  SignInDocument,
  SignUpDocument,
  WatchAvailabilityDocument,
  WatchReservationDocument,
  type CredentialInput,
} from '../generated/graphql.ts';
import type { LiveSubscription } from '../support/graphql-client.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const PLACE = { latitude: 60.1712, longitude: 24.9441 };

let system: TestSystem;
let lot: TestLot;
beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, {
    ...PLACE,
    spots: { STANDARD: 2 },
    policy: { noShow: { fee: 'FIRST_HOURS', hours: 1 } },
  });
});
afterAll(() => system?.stop());

const PASSWORD = 'four plain words here';

/** A person with a phone, who signs up. */
async function newDriver() {
  const email = `${randomUUID()}@example.test`;
  const { data } = await system.client().query(SignUpDocument, { input: { email, name: 'Aino', password: PASSWORD } });
  expect(data.signUp.userErrors).toEqual([]);
  return { email, ...system.client(data.signUp.login!.accessToken) };
}

/** Logins last a quarter of an hour: after the clock was moved, a new one. */
async function signInAgain({ email }: Driver): Promise<string> {
  const { data } = await system.client().query(SignInDocument, { input: { email, password: PASSWORD } });
  return data.signIn.login!.accessToken;
}

type Driver = Awaited<ReturnType<typeof newDriver>>;

/** Finds the lot, asks the price of the next four hours, reserves at it and pays. */
async function reserveAndPay(driver: Driver) {
  const found = await driver.query(FindLotsDocument, { near: PLACE });
  const lotId = found.data.lots.nodes[0]!.id;
  const startsAt = system.clock.now().getTime() + 5 * MINUTE_MS;
  const period = { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(startsAt + 4 * HOUR_MS).toISOString() };
  const quoted = await driver.query(AskQuoteDocument, { input: { lotId, period } });
  expect(quoted.data.quote.quote).toMatchObject({
    available: true,
    price: { total: { amountMinor: 800, formatted: expect.stringMatching(/^8,00\s€$/) } },
  });
  const plate = `ABC${Math.floor(100 + Math.random() * 900)}`;
  const held = await driver.query(ReserveDocument, {
    input: {
      idempotencyKey: randomUUID(),
      lotId,
      period,
      quoteId: quoted.data.quote.quote!.id,
      vehicle: { plate: { text: plate } },
    },
  });
  expect(held.data.reserveSpot.userErrors).toEqual([]);
  const { id, spot } = held.data.reserveSpot.reservation!;
  const paid = await driver.query(CompleteDocument, {
    input: { idempotencyKey: randomUUID(), reservationId: id, paymentMethodId: 'pm_card_visa' },
  });
  expect(paid.data.completeReservation).toMatchObject({ reservation: { state: 'CONFIRMED' }, userErrors: [] });
  return { id, plate, spotLabel: spot.label, pass: paid.data.completeReservation.reservation!.pass! };
}

/** Sends a scan, and again until its answer is durable, as a gate controller does. */
async function scan(gate: TestGate, credential: CredentialInput) {
  const input = { gateId: gate.publicId, scanId: randomUUID(), credential };
  const client = system.client(gate.deviceKey);
  for (;;) {
    const decision =
      gate.direction === 'ENTRY'
        ? (await client.query(CheckInDocument, { input })).data.checkIn.decision
        : (await client.query(CheckOutDocument, { input })).data.checkOut.decision;
    if (decision!.durable) return decision!;
  }
}

/** Reads on until the board shows so many free. */
async function untilFree(
  board: LiveSubscription<{ availability: { free: number; version: number } }>,
  free: number,
): Promise<void> {
  while ((await board.next()).availability.free !== free);
}

async function untilState(live: LiveSubscription<{ reservation: { state: string } }>, state: string): Promise<void> {
  while ((await live.next()).reservation.state !== state);
  await live.stop();
}

describe('a day at the lot', () => {
  test('a driver signs up, finds, reserves, pays, drives in by pass, leaves early, gets money back, and boards and phone see it all', async () => {
    const board = system.subscribe(WatchAvailabilityDocument, { lotIds: [lot.publicId] }, lot.boardKey);
    await untilFree(board, 2);
    const driver = await newDriver();
    const { id, pass, spotLabel } = await reserveAndPay(driver);
    system.clock.advance(6 * MINUTE_MS);
    expect(await scan(lot.entry, { pass })).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', spotLabel });
    await untilFree(board, 1);
    system.clock.advance(8 * MINUTE_MS - 1000);
    expect(await scan(lot.exit, { pass })).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    await untilFree(board, 2);
    await board.stop();
    const token = await signInAgain(driver);
    await expectEventually(
      async () => (await system.client(token).query(ReadReservationDocument, { id })).data.reservation,
      {
        state: 'COMPLETED',
        refunded: { amountMinor: 600 },
        payment: { captured: { amountMinor: 800 }, refunded: { amountMinor: 600 } },
      },
    );
  });

  test('a driver who does not come loses the spot after the grace, pays the fee that was promised, and everyone sees it', async () => {
    const driver = await newDriver();
    const { id } = await reserveAndPay(driver);
    await untilState(system.subscribe(WatchReservationDocument, { id }, driver.token), 'CONFIRMED');
    system.clock.advance(36 * MINUTE_MS);
    const token = await signInAgain(driver);
    const phone = system.subscribe(WatchReservationDocument, { id }, token);
    await phone.next();
    // The job stands in the queue by the machine's clock; the sweep goes by ours.
    await runSweeps(system.platform);
    await untilState(phone, 'NO_SHOW');
    await expectEventually(
      async () => (await system.client(token).query(ReadReservationDocument, { id })).data.reservation,
      {
        state: 'NO_SHOW',
        fee: { amountMinor: 200 },
        refunded: { amountMinor: 600 },
      },
    );
  });
});

async function expectEventually(read: () => Promise<unknown>, expected: object): Promise<void> {
  await eventuallyPasses(async () => expect(await read()).toMatchObject(expected));
}
