import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '../support/eventually.ts';
import { decide, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;
const BOARD = `query ($id: ID!) { lot(id: $id) { availability { free } } }`;
const DUE = `query ($id: ID!) { node(id: $id) { ... on Stay { kind state spotLabel enteredAt leftAt due { amountMinor } paid { amountMinor } } } }`;
const LOT_DEBTS = `query ($lotId: ID!) { lotDebts(lotId: $lotId) { nodes { id } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

async function free(lot: TestLot): Promise<number> {
  return (await system.client(lot.boardKey).query(BOARD, { id: lot.publicId })).data['lot'].availability.free;
}

test('A walk-in takes a ticket, parks, pays at the exit, leaves, and nothing is left owing', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 2 } });
  expect(await free(lot)).toBe(2);

  // The camera reads it three times while the arm goes up; the last time wrongly.
  const arrivalKey = 'arrival-1';
  const entered = await untilDurable(system, lot.entry, { plate: { text: 'gr-804-k', arrivalKey } });
  expect(entered).toMatchObject({ action: 'OPEN', reason: 'WALK_IN', spotLabel: '1-001', due: null });
  expect(entered.ticketCode).toMatch(/^PK-/);
  for (const text of ['GR804K', 'GRB04K'])
    expect(await decide(system, lot.entry, { plate: { text, arrivalKey } })).toMatchObject({
      ...{ action: 'OPEN', stayId: entered.stayId, spotLabel: '1-001', ticketCode: entered.ticketCode },
    });
  await eventually(
    () => free(lot),
    (count) => count === 1,
  );

  system.clock.advance(130 * MINUTE_MS);
  const asked = await decide(system, lot.exit, { plate: { text: 'GR804K' } });
  expect(asked).toMatchObject({
    ...{ action: 'ASK', reason: 'PAYMENT_DUE', stayId: entered.stayId },
    due: { amountMinor: 600, currency: 'EUR' },
  });
  const input = { idempotencyKey: randomUUID(), stay: { stayId: entered.stayId }, paymentMethodId: 'pm_card_visa' };
  const { data } = await system.client().query(PAY_STAY, { input });
  expect(data['payStay']).toMatchObject({
    userErrors: [],
    stay: { due: { amountMinor: 0 }, paid: { amountMinor: 600 } },
  });

  const left = await untilDurable(system, lot.exit, { plate: { text: 'GR804K' } });
  expect(left).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID', due: null });
  const staff = system.client(await lot.staffToken('ATTENDANT'));
  expect((await staff.query(DUE, { id: entered.stayId })).data['node']).toMatchObject({
    ...{ kind: 'WALK_IN', state: 'LEFT', spotLabel: '1-001' },
    ...{ due: { amountMinor: 0 }, paid: { amountMinor: 600 } },
  });
  expect((await staff.query(LOT_DEBTS, { lotId: lot.publicId })).data['lotDebts'].nodes).toEqual([]);
  await eventually(
    () => free(lot),
    (count) => count === 2,
  );

  // The same car comes back the same day: a new visit with its own price.
  const again = await untilDurable(system, lot.entry, { plate: { text: 'GR804K' } });
  expect(again).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
  expect(again.stayId).not.toBe(entered.stayId);
  system.clock.advance(30 * MINUTE_MS);
  expect(await decide(system, lot.exit, { code: again.ticketCode! })).toMatchObject({
    ...{ action: 'ASK', reason: 'PAYMENT_DUE', due: { amountMinor: 200 } },
  });
});
