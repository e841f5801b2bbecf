import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { decide, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';
import { Attendant } from './till-steps.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

interface AtTill {
  lot: TestLot;
  till: Attendant;
  shiftId: string;
  stayId: string;
  plate: { text: string };
}

/** A walk-in that owes 4.00 for an hour and a half, and an attendant whose drawer began with 50.00. */
async function walkIn(tariff: Partial<TariffDocument> = {}, minutes = 90): Promise<AtTill> {
  const lot = await makeLot(system, { tariff });
  const plate = { text: `TIL${randomUUID().slice(0, 4).toUpperCase()}` };
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  system.clock.advance(minutes * MINUTE_MS);
  const till = new Attendant(system, lot);
  const { shift, userErrors } = await till.openShift(5000);
  expect(userErrors).toEqual([]);
  return { lot, till, shiftId: shift.id, stayId: stayId!, plate };
}

const CASH = (tenderedMinor: number) => ({ cash: { tenderedMinor } });

test('cash at the gate: the price comes from the server, the change from the drawer, and the exit opens', async () => {
  const { lot, till, shiftId, stayId, plate } = await walkIn();
  expect(await decide(system, lot.exit, { plate })).toMatchObject({ action: 'ASK', reason: 'PAYMENT_DUE' });
  const taken = await till.take(shiftId, { stay: { stayId } }, CASH(1000));
  expect(taken).toMatchObject({
    payment: {
      ...{ kind: 'STAY', state: 'CAPTURED', method: 'CASH' },
      ...{ captured: { amountMinor: 400 }, handedOver: { amountMinor: 1000 }, change: { amountMinor: 600 } },
    },
    stay: { paid: { amountMinor: 400 }, due: { amountMinor: 0 } },
    userErrors: [],
  });
  expect(await untilDurable(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
});

test('the same key takes money once, also ten times at once', async () => {
  const { till, shiftId, stayId } = await walkIn();
  const idempotencyKey = randomUUID();
  const takes = await Promise.all(
    Array.from({ length: 10 }, () => till.take(shiftId, { stay: { stayId } }, CASH(400), { idempotencyKey })),
  );
  expect(new Set(takes.map(({ payment }) => payment.id)).size).toBe(1);
  expect(takes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  const other = await till.take(shiftId, { stay: { stayId } }, CASH(500), { idempotencyKey });
  expect(other.userErrors).toMatchObject([{ code: 'IDEMPOTENCY_KEY_REUSED' }]);
  const again = await till.take(shiftId, { stay: { stayId } }, CASH(400));
  expect(again.userErrors).toMatchObject([{ code: 'NOTHING_DUE' }]);
});

test('coins are rounded as the tariff says, and the rounding stands apart from the price', async () => {
  const rates = [{ name: 'All', bands: [{ name: 'All', steps: [{ blockMinutes: 60, minor: 201 }] }] }];
  const { lot, till, shiftId, stayId } = await walkIn({ rates, cashRounding: { toMinor: 5, mode: 'NEAREST' } });
  const taken = await till.take(shiftId, { stay: { stayId } }, CASH(400));
  expect(taken).toMatchObject({
    payment: { captured: { amountMinor: 402 }, handedOver: { amountMinor: 400 }, change: { amountMinor: 0 } },
    stay: { due: { amountMinor: 0 } },
  });
  const { shift } = await till.closeShift(shiftId, 5400);
  expect(shift).toMatchObject({ expected: { amountMinor: 5400 }, difference: { amountMinor: 0 } });
  const balances = await system.platform.orm.em
    .fork()
    .execute(
      `SELECT sum(amount_minor)::int AS minor FROM ledger_entry WHERE lot_id = ? AND account = 'cash:rounding'`,
      [lot.id],
    );
  expect(balances).toEqual([{ minor: 2 }]);
});

test('the terminal takes the price to the cent, and its slip stands for one payment', async () => {
  const { lot, till, shiftId, stayId } = await walkIn({ exitGrace: { minutes: 10, byPayPoint: { TERMINAL: 40 } } });
  const slip = { terminal: { receiptNumber: 'T-0001' } };
  const taken = await till.take(shiftId, { stay: { stayId } }, slip);
  expect(taken).toMatchObject({ payment: { method: 'TERMINAL', captured: { amountMinor: 400 }, change: null } });
  const other = { text: `TIL${randomUUID().slice(0, 4).toUpperCase()}` };
  const { stayId: next } = await untilDurable(system, lot.entry, { plate: other });
  system.clock.advance(30 * MINUTE_MS);
  const twice = await till.take(shiftId, { stay: { stayId: next } }, slip);
  expect(twice.userErrors).toEqual([{ code: 'INVALID_INPUT', field: ['terminal', 'receiptNumber'] }]);
});

test('how long the way to the exit may take depends on where it was paid', async () => {
  const grace = { exitGrace: { minutes: 10, byPayPoint: { CASH: 40 } } };
  const { lot, till, shiftId, stayId, plate } = await walkIn(grace, 115);
  await till.take(shiftId, { stay: { stayId } }, CASH(400));
  // The third hour has begun, and the minutes of the app are over; those of the till are not.
  system.clock.advance(20 * MINUTE_MS);
  expect(await decide(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
});

test('a card payment that was begun is called off before coins are taken', async () => {
  const { till, shiftId, stayId } = await walkIn();
  const input = { idempotencyKey: randomUUID(), stay: { stayId } };
  const begun = await system.client().query(PAY_STAY, { input });
  expect(begun.data['payStay'].clientSecret).toEqual(expect.any(String));
  expect(await till.take(shiftId, { stay: { stayId } }, CASH(400))).toMatchObject({ payment: { method: 'CASH' } });
  await paymentsIdle(system.platform);
  expect(system.stripe.state.paymentIntents().at(-1)).toMatchObject({ status: 'canceled' });
});

test('too few coins, a foreign shift and a closed one are refused, and nothing is taken', async () => {
  const { lot, till, shiftId, stayId } = await walkIn();
  const other = new Attendant(system, lot);
  const what = { stay: { stayId } };
  expect(await till.take(shiftId, what, CASH(399))).toMatchObject({
    payment: null,
    userErrors: [{ code: 'INVALID_INPUT', field: ['cash', 'tenderedMinor'] }],
  });
  expect((await other.take(shiftId, what, CASH(400))).userErrors).toMatchObject([{ code: 'SHIFT_NOT_FOUND' }]);
  expect((await other.closeShift(shiftId, 0)).userErrors).toMatchObject([{ code: 'SHIFT_NOT_FOUND' }]);
  await till.closeShift(shiftId, 5000);
  expect((await till.take(shiftId, what, CASH(400))).userErrors).toMatchObject([{ code: 'SHIFT_NOT_FOUND' }]);
  const elsewhere = await makeLot(system);
  const stranger = new Attendant(system, elsewhere);
  expect((await stranger.take(shiftId, what, CASH(400))).userErrors).toMatchObject([{ code: 'LOT_NOT_FOUND' }]);
});

test('at the end the drawer is counted, and what is missing stands in the books', async () => {
  const { lot, till, shiftId, stayId } = await walkIn();
  expect((await till.openShift(0)).userErrors).toMatchObject([{ code: 'SHIFT_OPEN' }]);
  const { payment } = await till.take(shiftId, { stay: { stayId } }, CASH(500));
  const back = await till.refund(shiftId, {
    paymentId: payment.id,
    amountMinor: 100,
    reason: 'The lift was out of order',
  });
  expect(back).toMatchObject({
    payment: {
      refunded: { amountMinor: 100 },
      refunds: [{ amount: { amountMinor: 100 }, reason: 'STAFF', state: 'SUCCEEDED', method: 'CASH' }],
    },
    userErrors: [],
  });
  const { shift } = await till.closeShift(shiftId, 5250);
  expect(shift).toMatchObject({
    opening: { amountMinor: 5000 },
    expected: { amountMinor: 5300 },
    counted: { amountMinor: 5250 },
    difference: { amountMinor: -50 },
  });
  const operator = new Attendant(system, lot, 'OPERATOR');
  const day = system.clock.now().toISOString().slice(0, 10);
  const days = {
    lotId: lot.publicId,
    from: shift.openedAt.slice(0, 10) < day ? shift.openedAt.slice(0, 10) : day,
    through: day,
  };
  const { statement } = await operator.query(STATEMENT, { of: { days } });
  const balance = (account: string) =>
    statement.totals.find((total: { account: string }) => total.account === account)?.balance.amountMinor;
  expect([balance('cash:drawer'), balance('cash:safe'), balance('cash:difference')]).toEqual([0, 250, 50]);
  expect(balance('revenue:parking')).toBe(-300);
});

const STATEMENT = `query ($of: StatementOfInput!) { statement(of: $of) {
  totals { account debit { amountMinor } credit { amountMinor } balance { amountMinor } } } }`;

test('nobody gives back more than was paid, more than lies in the drawer, or without saying why', async () => {
  const { till, shiftId, stayId } = await walkIn();
  const { payment } = await till.take(shiftId, { stay: { stayId } }, CASH(400));
  const refund = (amountMinor: number, reason = 'Because') =>
    till.refund(shiftId, { paymentId: payment.id, amountMinor, reason });
  expect((await refund(401)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['amountMinor'] }]);
  expect((await refund(0)).userErrors).toMatchObject([{ code: 'INVALID_INPUT' }]);
  await expect(refund(100, ' ')).rejects.toThrow('BAD_USER_INPUT');
  const all = await Promise.all(Array.from({ length: 10 }, () => refund(100)));
  expect(all.filter(({ userErrors }) => userErrors.length === 0)).toHaveLength(4);
});

test('coins that a merchant took over afterwards are handed over at the till, before anything else is given back', async () => {
  const { lot, till, shiftId, stayId, plate } = await walkIn();
  const { payment } = await till.take(shiftId, { stay: { stayId } }, CASH(400));
  const discounts = new Discounts(system, lot);
  const { key } = await discounts.merchant();
  expect((await discounts.validate(key, { plate }, { amountMinor: 300 })).userErrors).toEqual([]);
  expect(await untilDurable(system, lot.exit, { plate })).toMatchObject({ action: 'OPEN' });
  const refund = (amountMinor: number) =>
    till.refund(shiftId, { paymentId: payment.id, amountMinor, reason: 'Shopped here' });
  expect((await refund(200)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['amountMinor'] }]);
  expect((await refund(401)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['amountMinor'] }]);
  expect(await refund(350)).toMatchObject({
    payment: {
      refunded: { amountMinor: 350 },
      refunds: [
        { amount: { amountMinor: 300 }, reason: 'VALIDATED', state: 'SUCCEEDED', method: 'CASH' },
        { amount: { amountMinor: 50 }, reason: 'STAFF', state: 'SUCCEEDED', method: 'CASH' },
      ],
    },
    userErrors: [],
  });
  expect((await till.closeShift(shiftId, 5050)).shift).toMatchObject({
    expected: { amountMinor: 5050 },
    difference: { amountMinor: 0 },
  });
});

test('what goes back in coins is rounded as the tariff says, so that all that came in can go out again', async () => {
  const rates = [{ name: 'All', bands: [{ name: 'All', steps: [{ blockMinutes: 60, minor: 201 }] }] }];
  const { till, shiftId, stayId } = await walkIn({ rates, cashRounding: { toMinor: 5, mode: 'NEAREST' } });
  const { payment } = await till.take(shiftId, { stay: { stayId } }, CASH(400));
  const back = await till.refund(shiftId, { paymentId: payment.id, amountMinor: 402, reason: 'Out of order' });
  expect(back).toMatchObject({ payment: { refunded: { amountMinor: 402 } }, userErrors: [] });
  const { shift } = await till.closeShift(shiftId, 5000);
  expect(shift).toMatchObject({ expected: { amountMinor: 5000 }, difference: { amountMinor: 0 } });
});

test('of many who begin a shift at once, or use one slip, one does, and the others are told why not', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 6 } });
  const alone = new Attendant(system, lot);
  await alone.query('{ viewer { __typename } }', {});
  const opened = await Promise.all(Array.from({ length: 5 }, () => alone.openShift(0)));
  expect(opened.filter(({ shift }) => shift !== null)).toHaveLength(1);
  expect(opened.flatMap(({ userErrors }) => userErrors).map(({ code }) => code)).toEqual(Array(4).fill('SHIFT_OPEN'));

  const tills = await Promise.all(
    Array.from({ length: 4 }, async (_, index) => {
      const plate = { text: `SLP${index}${randomUUID().slice(0, 4).toUpperCase()}` };
      const { stayId } = await untilDurable(system, lot.entry, { plate });
      const till = new Attendant(system, lot);
      const { shift } = await till.openShift(0);
      return { till, shiftId: shift.id as string, stayId };
    }),
  );
  system.clock.advance(90 * MINUTE_MS);
  const slip = { terminal: { receiptNumber: 'T-7777' } };
  const taken = await Promise.all(
    tills.map(({ till, shiftId, stayId }) => till.take(shiftId, { stay: { stayId } }, slip)),
  );
  expect(taken.filter(({ payment }) => payment !== null)).toHaveLength(1);
  expect(taken.flatMap(({ userErrors }) => userErrors).map(({ code }) => code)).toEqual(Array(3).fill('INVALID_INPUT'));
});

test('no drawer holds more than a till can: what nobody could have counted is refused, and the shift can still be closed', async () => {
  const { lot, till, shiftId, stayId } = await walkIn();
  const other = new Attendant(system, lot);
  const far = Number.MAX_SAFE_INTEGER;
  expect((await other.openShift(far)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['openingMinor'] }]);
  expect((await till.take(shiftId, { stay: { stayId } }, CASH(far))).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['cash', 'tenderedMinor'] },
  ]);
  expect((await till.closeShift(shiftId, far)).userErrors).toMatchObject([
    { code: 'INVALID_INPUT', field: ['countedMinor'] },
  ]);
  expect(await till.closeShift(shiftId, 5000)).toMatchObject({ userErrors: [] });
});

test('a device has one till', async () => {
  const lot = await makeLot(system);
  const deviceId = await deviceIdOf(lot);
  const [first, second] = [new Attendant(system, lot), new Attendant(system, lot)];
  expect((await first.openShift(0, { deviceId })).userErrors).toEqual([]);
  expect((await second.openShift(0, { deviceId })).userErrors).toMatchObject([{ code: 'SHIFT_OPEN' }]);
});

async function deviceIdOf(lot: TestLot): Promise<string> {
  const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  const { data } = await system
    .client(token)
    .query('query ($id: ID!) { lot(id: $id) { devices { id } } }', { id: lot.publicId });
  return data['lot'].devices[0].id;
}
