import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { Refund } from '../../src/entities/refund.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Validation } from '../../src/entities/validation.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { CANCEL, CHANGE } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { decide, makeGuest, PAY_STAY, untilDurable, type Decision } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';

const MINUTE_MS = 60_000;
let system: TestSystem;
let lot: TestLot;
let discounts: Discounts;
beforeAll(async () => {
  system = await startSystem();
});
beforeEach(async () => {
  lot = await makeLot(system, { spots: { STANDARD: 20 } });
  discounts = new Discounts(system, lot);
});
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});
afterAll(() => system.stop());

const codeOf = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors[0]?.code;
const em = () => system.platform.orm.em.fork();

interface Guest {
  plate: string;
  stayId: string;
  code: string;
}

/** A walk-in that came in so many minutes ago; every hour that it has begun costs 2.00. */
async function guest(minutes = 200): Promise<Guest> {
  const plate = `VAL${randomUUID().slice(0, 5).toUpperCase()}`;
  const { stayId, ticketCode } = await untilDurable(system, lot.entry, { plate: { text: plate } });
  system.clock.advance(minutes * MINUTE_MS);
  return { plate, stayId: stayId!, code: ticketCode! };
}

const drivesOut = ({ plate }: { plate: string }): Promise<Decision> =>
  decide(system, lot.exit, { plate: { text: plate } });
const leaves = ({ plate }: { plate: string }) => untilDurable(system, lot.exit, { plate: { text: plate } });

async function pays({ stayId }: Guest) {
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId: 'pm_card_visa' };
  const { data, errors } = await system.client().query(PAY_STAY, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data['payStay'];
}

/** What the driver sees of it beforehand. */
async function discountsOf({ stayId }: Guest): Promise<object[]> {
  const query = `query ($ref: StayRefInput!) { stay(ref: $ref) { monthlyPassName discounts { source name discount { kind } } } }`;
  const { data, errors } = await system.client().query(query, { ref: { stayId } });
  if (errors) throw new Error(JSON.stringify(errors));
  return data['stay'].discounts;
}

/** What a merchant is billed for, as its lot’s staff read it. */
async function billed(merchantId: string): Promise<number[]> {
  const query = 'query ($id: ID!) { validations(merchantId: $id) { nodes { cost { amountMinor } } } }';
  const { data } = await system.client(await lot.staffToken('OPERATOR')).query(query, { id: merchantId });
  return data['validations'].nodes.map(({ cost }: { cost: { amountMinor: number } }) => cost.amountMinor);
}

/** What merchants of the lot owe. */
async function receivable(): Promise<number> {
  const [row] = await em().execute<{ minor: string | null }[]>(
    `SELECT sum(amount_minor)::text AS minor FROM ledger_entry WHERE lot_id = ? AND account = 'validations:merchants'`,
    [lot.id],
  );
  return Number(row?.minor ?? 0);
}

const validations = () => em().find(Validation, { lotId: lot.id }, { orderBy: { id: 'asc' } });

describe('a guest of a merchant who came without a reservation', () => {
  test.each([
    ['an amount', { amountMinor: 300 }, 300],
    ['a percentage', { percent: 50 }, 400],
    ['the first two hours', { time: { minutes: 120, meaning: 'LATER_ARRIVAL' } }, 400],
    ['the last hour', { time: { minutes: 60, meaning: 'EARLIER_DEPARTURE' } }, 200],
    ['the dearest hour', { time: { minutes: 60, meaning: 'LOWEST_PRICE' } }, 200],
  ])('given %s pays the rest at the exit, and the merchant owes what it took over', async (_what, value, cost) => {
    const due = 800 - cost;
    const { key, id } = await discounts.merchant({ budgetMinor: 5000 });
    const visitor = await guest();
    expect((await drivesOut(visitor)).due?.amountMinor).toBe(800);
    const { validation } = await discounts.validate(key, { plate: { text: visitor.plate } }, value);
    expect(validation).toMatchObject({ state: 'GIVEN', worth: null });
    expect(await discountsOf(visitor)).toMatchObject([{ source: 'VALIDATION', name: expect.stringContaining('Shop') }]);
    expect(await drivesOut(visitor)).toMatchObject({ action: 'ASK', due: { amountMinor: due } });
    expect((await pays(visitor)).stay.paid.amountMinor).toBe(due);
    expect(await leaves(visitor)).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
    expect(await receivable()).toBe(cost);
    expect(await validations()).toMatchObject([{ state: 'USED', worthMinor: cost, costMinor: cost }]);
    expect(await billed(id)).toEqual([cost]);
    const { nodes } = await discounts.list('merchants');
    expect(nodes).toMatchObject([
      { id, spent: { amountMinor: cost }, remaining: { amountMinor: 5000 - cost }, given: 1 },
    ]);
  });

  test('whose whole stay is taken over drives out without paying', async () => {
    const { key } = await discounts.merchant();
    const visitor = await guest();
    await discounts.validate(key, { code: visitor.code }, { percent: 100 });
    expect(await leaves(visitor)).toMatchObject({ action: 'OPEN', reason: 'NOTHING_DUE', due: null });
    expect(await receivable()).toBe(800);
  });

  test('is let off what is left when no card can be charged so little', async () => {
    const { key } = await discounts.merchant();
    const visitor = await guest();
    await discounts.validate(key, { code: visitor.code }, { amountMinor: 780 });
    expect(await leaves(visitor)).toMatchObject({ reason: 'NOTHING_DUE' });
    expect(await receivable()).toBe(780);
  });

  test('who had paid before gets back what the merchant took over', async () => {
    const { key } = await discounts.merchant();
    const visitor = await guest();
    await pays(visitor);
    await discounts.validate(key, { code: visitor.code }, { amountMinor: 300 });
    expect(await leaves(visitor)).toMatchObject({ reason: 'STAY_PAID' });
    expect(await em().find(Refund, { lotId: lot.id })).toMatchObject([{ amountMinor: 300, reason: 'VALIDATED' }]);
    expect(await receivable()).toBe(300);
  });

  test('who is let out without paying owes the rest', async () => {
    const { key } = await discounts.merchant();
    const visitor = await guest();
    await discounts.validate(key, { code: visitor.code }, { amountMinor: 300 });
    await untilDurable(system, lot.exit, { plate: { text: visitor.plate } }, { alreadyOpened: true });
    const debts = await em().execute<{ minor: string }[]>('SELECT amount_minor AS minor FROM debt WHERE lot_id = ?', [
      lot.id,
    ]);
    expect(debts.map(({ minor }) => Number(minor))).toEqual([500]);
    expect(await receivable()).toBe(300);
  });

  test('whose stay was free anyway costs the merchant nothing', async () => {
    lot = await makeLot(system, { tariff: { grace: { minutes: 30, kind: 'ABSORBED' } } });
    discounts = new Discounts(system, lot);
    const { key } = await discounts.merchant({ budgetMinor: 1000 });
    const visitor = await guest(20);
    await discounts.validate(key, { code: visitor.code }, { percent: 100 });
    await leaves(visitor);
    expect(await validations()).toMatchObject([{ state: 'VOID', worthMinor: 0, costMinor: 0 }]);
    expect((await discounts.list('merchants')).nodes).toMatchObject([{ spent: { amountMinor: 0 }, given: 0 }]);
  });

  test('costs the merchant at most what was agreed for one; the rest is the operator’s', async () => {
    const { key } = await discounts.merchant({ mostMinor: 250, budgetMinor: 250 });
    const visitor = await guest();
    await discounts.validate(key, { code: visitor.code }, { percent: 100 });
    expect(await leaves(visitor)).toMatchObject({ reason: 'NOTHING_DUE' });
    expect(await validations()).toMatchObject([{ worthMinor: 800, costMinor: 250 }]);
    expect(await receivable()).toBe(250);
  });
});

describe('a guest who has reserved and paid ahead', () => {
  const stays = async (value: object, hours = { booked: 4, minutes: 240 }) => {
    const { key } = await discounts.merchant();
    const start = Math.ceil(system.clock.now().getTime() / 3_600_000) * 3_600_000;
    const endsAt = new Date(start + hours.booked * 60 * MINUTE_MS).toISOString();
    const driver = await makeGuest(system, lot, { startsAt: new Date(start).toISOString(), endsAt });
    system.clock.advance(start - system.clock.now().getTime());
    await untilDurable(system, lot.entry, { pass: driver.pass });
    const payload = await discounts.validate(key, { pass: driver.pass }, value);
    expect(payload.userErrors).toEqual([]);
    system.clock.advance(hours.minutes * MINUTE_MS);
    const left = await untilDurable(system, lot.exit, { pass: driver.pass });
    const reservation = await em().findOneOrFail(Reservation, { lotId: lot.id, id: driver.id });
    const refunds = await em().find(Refund, { lotId: lot.id }, { orderBy: { reason: 'asc' } });
    return { left, reservation, refunds: refunds.map(({ amountMinor, reason }) => [reason, amountMinor]) };
  };

  test('gets back at the exit what the merchant took over', async () => {
    const { left, reservation, refunds } = await stays({ amountMinor: 300 });
    expect(left).toMatchObject({ action: 'OPEN' });
    expect(refunds).toEqual([['VALIDATED', 300]]);
    expect(reservation).toMatchObject({ state: 'COMPLETED', paidMinor: 800, refundedMinor: 300 });
    expect(await receivable()).toBe(300);
  });

  test('who leaves early gets back the unused time, and of the rest what was taken over', async () => {
    lot = await makeLot(system, { policy: { earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 } } });
    discounts = new Discounts(system, lot);
    const { refunds } = await stays({ percent: 50 }, { booked: 4, minutes: 115 });
    expect(refunds).toEqual([
      ['EARLY_DEPARTURE', 400],
      ['VALIDATED', 200],
    ]);
    expect(await receivable()).toBe(200);
  });

  test('who stays too long owes less by what was taken over', async () => {
    const { refunds } = await stays({ amountMinor: 150 }, { booked: 4, minutes: 295 });
    expect(refunds).toEqual([]);
    const debts = await em().execute<{ minor: string }[]>('SELECT amount_minor AS minor FROM debt WHERE lot_id = ?', [
      lot.id,
    ]);
    expect(debts.map(({ minor }) => Number(minor))).toEqual([50]);
    expect(await receivable()).toBe(150);
  });

  test('who stays on longer pays the tariff’s price for it, and gets back once what was taken over', async () => {
    const { key } = await discounts.merchant();
    const driver = await makeGuest(system, lot, discounts.period(4));
    expect(codeOf(await discounts.validate(key, { code: driver.code }, { amountMinor: 300 }))).toBeUndefined();
    const { endsAt } = await em().findOneOrFail(Reservation, { lotId: lot.id, id: driver.id });
    const later = new Date(endsAt.getTime() + 60 * MINUTE_MS).toISOString();
    const input = { idempotencyKey: randomUUID(), reservationId: driver.publicId, endsAt: later };
    const client = system.client(await discounts.login(driver.driver));
    const { data } = await client.query(CHANGE, { input: { ...input, paymentMethodId: 'pm_card_visa' } });
    expect(data['changeReservation'].reservation.price.total.amountMinor).toBe(1000);
    expect(await em().findOneOrFail(Reservation, { lotId: lot.id, id: driver.id })).toMatchObject({ paidMinor: 1000 });
  });

  test('can be validated before coming, and what was given to one who cancels is free again', async () => {
    const { key } = await discounts.merchant({ budgetMinor: 400 });
    const driver = await makeGuest(system, lot, discounts.period(4));
    expect(codeOf(await discounts.validate(key, { code: driver.code }, { amountMinor: 400 }))).toBeUndefined();
    const other = await guest();
    expect(codeOf(await discounts.validate(key, { code: other.code }, { amountMinor: 100 }))).toBe('BUDGET_USED_UP');
    const token = await discounts.login(driver.driver);
    await system
      .client(token)
      .query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: driver.publicId } });
    expect(codeOf(await discounts.validate(key, { code: other.code }, { amountMinor: 100 }))).toBeUndefined();
  });
});

describe('a merchant', () => {
  test('gives until the budget of the month is used up, and again in the next one', async () => {
    const { key } = await discounts.merchant({ budgetMinor: 700, mostMinor: 300 });
    const guests = [await guest(0), await guest(0), await guest(0)];
    const give = (visitor: Guest, value: object) => discounts.validate(key, { code: visitor.code }, value);
    expect(codeOf(await give(guests[0]!, { amountMinor: 301 }))).toBe('INVALID_INPUT');
    expect(codeOf(await give(guests[0]!, { amountMinor: 300 }))).toBeUndefined();
    // What a percentage will be worth nobody knows: the most is held.
    expect(codeOf(await give(guests[1]!, { percent: 10 }))).toBeUndefined();
    expect(codeOf(await give(guests[2]!, { amountMinor: 101 }))).toBe('BUDGET_USED_UP');
    expect(codeOf(await give(guests[2]!, { amountMinor: 100 }))).toBeUndefined();
    const { nodes } = await discounts.list('merchants');
    expect(nodes).toMatchObject([{ remaining: { amountMinor: 0 }, spent: { amountMinor: 700 }, given: 3 }]);
    system.clock.advance(32 * 24 * 60 * MINUTE_MS);
    const later = await guest(0);
    expect(codeOf(await give(later, { amountMinor: 300 }))).toBeUndefined();
  });

  test('may have a number of validations a month', async () => {
    const { key } = await discounts.merchant({ budgetCount: 1 });
    const [first, second] = [await guest(0), await guest(0)];
    expect(codeOf(await discounts.validate(key, { code: first.code }, { percent: 10 }))).toBeUndefined();
    expect(codeOf(await discounts.validate(key, { code: second.code }, { percent: 10 }))).toBe('BUDGET_USED_UP');
  });

  test('gives one stay as many as agreed, beside those of others only when both agree', async () => {
    const alone = await discounts.merchant();
    const beside = await discounts.merchant({ stackable: true, perStay: 2 });
    const also = await discounts.merchant({ stackable: true });
    const visitor = await guest();
    const give = ({ key }: { key: string }) => discounts.validate(key, { code: visitor.code }, { amountMinor: 100 });
    expect(codeOf(await give(beside))).toBeUndefined();
    expect(codeOf(await give(alone))).toBe('VALIDATION_LIMIT');
    expect(codeOf(await give(also))).toBeUndefined();
    expect(codeOf(await give(also))).toBe('VALIDATION_LIMIT');
    expect(codeOf(await give(beside))).toBeUndefined();
    expect((await drivesOut(visitor)).due?.amountMinor).toBe(500);
    const other = await guest();
    expect(codeOf(await discounts.validate(alone.key, { code: other.code }, { amountMinor: 100 }))).toBeUndefined();
    expect(codeOf(await discounts.validate(also.key, { code: other.code }, { amountMinor: 100 }))).toBe(
      'VALIDATION_LIMIT',
    );
  });

  test('that repeats itself gives once', async () => {
    const { key } = await discounts.merchant({ perStay: 2 });
    const visitor = await guest();
    const idempotencyKey = randomUUID();
    const first = await discounts.validate(key, { code: visitor.code }, { amountMinor: 100 }, { idempotencyKey });
    const again = await discounts.validate(key, { code: visitor.code }, { amountMinor: 100 }, { idempotencyKey });
    expect(again).toMatchObject({ replayed: true, validation: { id: first.validation.id } });
    const other = await discounts.validate(key, { code: visitor.code }, { amountMinor: 200 }, { idempotencyKey });
    expect(codeOf(other)).toBe('IDEMPOTENCY_KEY_REUSED');
    expect((await drivesOut(visitor)).due?.amountMinor).toBe(700);
  });

  test('whose key is revoked, or that was ended, gives nothing', async () => {
    const { key, id, deviceId } = await discounts.merchant();
    const visitor = await guest();
    await discounts.asOperator('updateMerchant', { merchantId: id, ended: true });
    expect(codeOf(await discounts.validate(key, { code: visitor.code }, { amountMinor: 100 }))).toBe(
      'MERCHANT_NOT_FOUND',
    );
    await discounts.asOperator('updateMerchant', { merchantId: id, ended: false });
    await discounts.asOperator('revokeDeviceKey', { deviceId });
    await expect(discounts.validate(key, { code: visitor.code }, { amountMinor: 100 })).rejects.toThrow(
      'UNAUTHENTICATED',
    );
  });

  test('gives nothing at another lot, in another’s name, or to who has left', async () => {
    const { key } = await discounts.merchant();
    const other = await discounts.merchant();
    const visitor = await guest();
    const named = { merchantId: other.id };
    const value = { amountMinor: 100 };
    expect(codeOf(await discounts.validate(key, { code: visitor.code }, value, named))).toBe('MERCHANT_NOT_FOUND');
    const there = new Discounts(system, await makeLot(system));
    const stranger = await there.merchant();
    expect(codeOf(await there.validate(stranger.key, { code: visitor.code }, value))).toBe('STAY_NOT_FOUND');
    await pays(visitor);
    await leaves(visitor);
    expect(codeOf(await discounts.validate(key, { code: visitor.code }, value))).toBe('STAY_NOT_FOUND');
    expect(codeOf(await discounts.validate(key, { unreadable: true }, value))).toBe('STAY_NOT_FOUND');
  });

  test('can guess at five guests a minute', async () => {
    const { key } = await discounts.merchant();
    const told = [];
    for (let n = 0; n < 6; n++) {
      const plate = { text: `NONE${n}` };
      told.push(codeOf(await discounts.validate(key, { plate }, { amountMinor: 100 })));
    }
    expect(told).toEqual([...Array(5).fill('STAY_NOT_FOUND'), 'TOO_MANY_ATTEMPTS']);
  });

  test('is spoken for by the staff of its lot, and by no other', async () => {
    const { id } = await discounts.merchant();
    const visitor = await guest();
    const ask = (token: string) =>
      discounts.validate(token, { code: visitor.code }, { amountMinor: 100 }, { merchantId: id });
    const stranger = await (await makeLot(system)).staffToken('ATTENDANT');
    expect(codeOf(await ask(stranger))).toBe('MERCHANT_NOT_FOUND');
    expect(codeOf(await ask(await lot.staffToken('ATTENDANT')))).toBeUndefined();
  });

  test('has a till that does nothing else', async () => {
    const { key, id } = await discounts.merchant();
    const visitor = await guest();
    const { data } = await discounts
      .validate(key, { code: visitor.code }, { amountMinor: 100 })
      .then(({ validation }) =>
        system.client(key).query('query ($id: ID!) { node(id: $id) { id } }', { id: validation.id }),
      );
    expect(data['node']).not.toBeNull();
    const list = 'query ($lotId: ID!) { merchants(lotId: $lotId) { nodes { id } } }';
    const refused = await system.client(key).query(list, { lotId: lot.publicId });
    expect(refused.errors?.[0]?.extensions.code).toBe('FORBIDDEN');
    expect(decodeId('mer', id)?.lotId).toBe(lot.id);
  });

  test.each([
    ['a name twice', { again: true }, 'NAME_TAKEN'],
    ['a budget below zero', { budgetMinor: -1 }, 'INVALID_INPUT'],
    ['eleven validations a stay', { perStay: 11 }, 'INVALID_INPUT'],
  ])('is not made with %s', async (what, more, expected) => {
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const { again: _again, ...rest } = { again: false, ...more };
    const wish = { lotId: lot.publicId, name: 'The Shop', mostMinor: 500, ...rest };
    if (what === 'a name twice') await discounts.asOperator('createMerchant', wish);
    expect(codeOf(await discounts.send('createMerchant', token, wish))).toBe(expected);
  });
});
