import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { rebuildBrokenPartition } from '../../src/gate/rebuild-partition.ts';
import { RENEW_MONTHLY_PASSES } from '../../src/jobs/renew-monthly-passes.ts';
import { runSweep } from '../../src/jobs/run.ts';
import { projectMonthlyPass } from '../../src/gate/project-monthly-pass.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { Debt } from '../../src/entities/debt.ts';
import { MonthlyPassUse } from '../../src/entities/monthly-pass-use.ts';
import { MonthlyPass } from '../../src/entities/monthly-pass.ts';
import { Payment } from '../../src/entities/payment.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { CANCEL, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { decide, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, makeVehicle, type TestDriver, type TestLot } from '../support/world.ts';
import { Discounts, linesOf } from './discount-steps.ts';
import { Payer } from './payment-steps.ts';

const HOUR_MS = 3_600_000;
const CARD = 'pm_card_visa';
const TUESDAY = new Date('2026-12-01T06:00:00Z'); // 08:00 in Helsinki

let system: TestSystem;
let lot: TestLot, discounts: Discounts;
let driver: TestDriver, plate: string;
beforeAll(async () => void (system = await startSystem()));
beforeEach(async () => {
  system.clock.runFrom(TUESDAY);
  lot = await makeLot(system, { spots: { STANDARD: 10 } });
  discounts = new Discounts(system, lot);
  driver = await makeDriver(system);
  plate = `MPS${randomUUID().slice(0, 5).toUpperCase()}`;
  await makeVehicle(system, { driverId: driver.id, plate });
});
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});
afterAll(() => system.stop());

const em = () => system.platform.orm.em.fork();
const codeOf = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors[0]?.code;
const later = async (hours: number) => {
  system.clock.advance(hours * HOUR_MS);
  driver = { ...driver, token: await discounts.login(driver) };
};

/** Buys a pass with a card that works; it is known at the gates. */
async function buys(product: { id: string }, more: object = {}): Promise<any> {
  const input = { idempotencyKey: randomUUID(), productId: product.id, paymentMethodId: CARD, ...more };
  const payload = await discounts.send('buyMonthlyPass', driver.token, input);
  if (payload.monthlyPass) await tellGates(payload.monthlyPass);
  return payload;
}

async function tellGates({ id }: { id: string }): Promise<void> {
  const { lotId, id: monthlyPassId } = decodeId('mps', id)!;
  await projectMonthlyPass(system.platform, { lotId: lotId!, monthlyPassId });
}

const comes = (text = plate) => untilDurable(system, lot.entry, { plate: { text } });
const leaves = (text = plate) => untilDurable(system, lot.exit, { plate: { text } });
const asks = (text = plate) => decide(system, lot.exit, { plate: { text } });

describe('a driver who has bought a monthly pass', () => {
  test('pays for it once and drives in and out within its hours without paying', async () => {
    lot = await makeLot(system, { tariff: { tax: { percent: 25.5, mode: 'INCLUDED' } } });
    discounts = new Discounts(system, lot);
    const product = await discounts.product();
    const { monthlyPass, clientSecret } = await buys(product);
    expect(clientSecret).toBeNull();
    expect(monthlyPass).toMatchObject({ state: 'ACTIVE', plates: [plate], price: { amountMinor: 10_000 } });
    expect(monthlyPass.period.endsAt).toBe(
      new Date(Date.parse(monthlyPass.period.startsAt) + 31 * 24 * HOUR_MS).toISOString(),
    );
    expect(await comes()).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    await later(5);
    expect(await leaves()).toMatchObject({ action: 'OPEN', reason: 'NOTHING_DUE' });
    const posted = await em().execute<{ account: string; minor: string }[]>(
      `SELECT account, -sum(amount_minor) AS minor FROM ledger_entry
       WHERE lot_id = ? AND account IN ('revenue:passes', 'tax:payable') GROUP BY account ORDER BY account`,
      [lot.id],
    );
    expect(posted.map(({ account, minor }) => [account, Number(minor)])).toEqual([
      ['revenue:passes', 7968],
      ['tax:payable', 2032],
    ]);
  });

  test('pays for the hours that it does not cover', async () => {
    await buys(await discounts.product());
    await comes();
    // From 08:00 until 21:54: the blocks from 19:00 on are charged.
    await later(13.9);
    expect(await asks()).toMatchObject({ action: 'ASK', due: { amountMinor: 600 } });
  });

  test('is recognised although the camera took an S for a 5, but by no lot that wants exact plates', async () => {
    for (const maxConfusions of [1, 0]) {
      const policy = { plateMatching: { maxConfusions, exactFromMinor: 20_000 } };
      discounts = new Discounts(system, (lot = await makeLot(system, { policy })));
      await buys(await discounts.product());
      await comes(plate.replace('MPS', 'MP5'));
      await later(5);
      expect(await asks(plate.replace('MPS', 'MP5'))).toMatchObject({
        reason: maxConfusions === 1 ? 'NOTHING_DUE' : 'PAYMENT_DUE',
      });
    }
  });

  test('is covered also when the gates’ memory was lost', async () => {
    await buys(await discounts.product());
    await rebuildBrokenPartition(system.platform, lot.partition);
    await comes();
    await later(5);
    expect(await leaves()).toMatchObject({ reason: 'NOTHING_DUE' });
  });

  test('has one vehicle covered at a time', async () => {
    const other = `${plate}X`.slice(-8);
    await buys(await discounts.product({ mostPlates: 2 }), { plates: [plate, other] });
    await comes();
    await comes(other);
    await later(1.9);
    expect(await leaves()).toMatchObject({ reason: 'NOTHING_DUE' });
    expect(await asks(other)).toMatchObject({ action: 'ASK', due: { amountMinor: 400 } });
  });

  test('is covered as often a month as agreed, one use a stay', async () => {
    await buys(await discounts.product({ usesPerMonth: 1 }));
    await comes();
    await later(1);
    expect(await leaves()).toMatchObject({ reason: 'NOTHING_DUE' });
    await comes();
    await later(1);
    expect(await asks()).toMatchObject({ action: 'ASK' });
    expect(await em().count(MonthlyPassUse, { lotId: lot.id })).toBe(1);
  });

  test('does not use it up on a day that it does not cover', async () => {
    await buys(await discounts.product({ usesPerMonth: 1 }));
    // Saturday noon.
    await later(4 * 24 + 4);
    await comes();
    await later(1);
    expect(await asks()).toMatchObject({ action: 'ASK' });
    expect(await em().count(MonthlyPassUse, { lotId: lot.id })).toBe(0);
  });

  test('is a walk-in as any other once it is taken back', async () => {
    const { monthlyPass } = await buys(await discounts.product());
    await discounts.asOperator('endMonthlyPass', { monthlyPassId: monthlyPass.id });
    await tellGates(monthlyPass);
    await comes();
    await later(1);
    expect(await asks()).toMatchObject({ action: 'ASK' });
  });

  test('is told that there is no spot as anybody is: a pass holds none', async () => {
    lot = await makeLot(system, { spots: { STANDARD: 1 } });
    discounts = new Discounts(system, lot);
    await buys(await discounts.product());
    await comes(`OTHER${randomUUID().slice(0, 3).toUpperCase()}`);
    expect(await decide(system, lot.entry, { plate: { text: plate } })).toMatchObject({
      action: 'DENY',
      reason: 'LOT_FULL',
    });
  });

  test('gets the tariff’s offers for holders, also outside the covered hours', async () => {
    lot = await makeLot(system, {
      tariff: { offers: [{ name: 'Holders’ evening', minor: 100, coversMinutes: 720, holdersOnly: true }] },
    });
    discounts = new Discounts(system, lot);
    await buys(await discounts.product());
    // 20:00
    await later(12);
    await comes();
    await later(3);
    expect(await asks()).toMatchObject({ due: { amountMinor: 100 } });
  });
});

describe('a reservation with a monthly pass', () => {
  const at = (hours: number, length: number) => ({
    startsAt: new Date(TUESDAY.getTime() + hours * HOUR_MS).toISOString(),
    endsAt: new Date(TUESDAY.getTime() + (hours + length) * HOUR_MS).toISOString(),
  });

  test('and a promo code costs what both leave, through the gates to the exit', async () => {
    lot = await makeLot(system, { policy: { earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 } } });
    discounts = new Discounts(system, lot);
    const { monthlyPass } = await buys(await discounts.product());
    const { code } = await discounts.promo({ discount: { percent: 50 }, currency: undefined });
    // 16:00 to 22:00: three hours are covered, of the other three the code takes half.
    const period = at(8, 6);
    const brought = { monthlyPassId: monthlyPass.id, promoCode: code };
    const { quote } = await discounts.quote(period, brought, driver.token);
    expect(quote.price.total.amountMinor).toBe(300);
    expect(linesOf(quote.price, 'PROMO')).toEqual([-300]);
    expect(quote.price.lines.map(({ rule }: { rule: string }) => rule)).toContain('MONTHLY_PASS');
    const vehicle = { plate: { text: plate } };
    const client = system.client(driver.token);
    const reservation = await reserveAndPay(client, reserveInput(lot, period, { quoteId: quote.id, vehicle }));
    expect(reservation.price.total.amountMinor).toBe(300);
    const { lotId, id } = decodeId('res', reservation.id)!;
    await projectRight(system.platform, { lotId: lotId!, reservationId: id });
    await later(8);
    expect(await comes()).toMatchObject({ action: 'OPEN', reason: 'RESERVATION' });
    await later(4.9);
    // An hour early: what the time costs that was used is 2.00, of both.
    expect(await leaves()).toMatchObject({ action: 'OPEN', reason: 'STAY_PREPAID' });
    const read = 'query ($id: ID!) { reservation(id: $id) { state outcomeRule refunded { amountMinor } } }';
    const { data } = await system.client(driver.token).query(read, { id: reservation.id });
    expect(data['reservation']).toEqual({
      state: 'COMPLETED',
      outcomeRule: 'EARLY_DEPARTURE',
      refunded: { amountMinor: 100 },
    });
    expect((await discounts.list('promoCodes')).nodes).toMatchObject([{ uses: 1 }]);
  });

  test('that is covered whole costs nothing and is confirmed without paying', async () => {
    const { monthlyPass } = await buys(await discounts.product());
    const wish = reserveInput(lot, at(2, 4), { monthlyPassId: monthlyPass.id });
    const reservation = await reserveAndPay(system.client(driver.token), wish);
    expect(reservation).toMatchObject({ state: 'CONFIRMED', price: { total: { amountMinor: 0 } } });
  });

  test('uses it up, until it is cancelled', async () => {
    const { monthlyPass } = await buys(await discounts.product({ usesPerMonth: 1 }));
    const client = system.client(driver.token);
    const wish = () => reserveInput(lot, at(2, 4), { monthlyPassId: monthlyPass.id });
    const { reservation } = await reserve(client, wish());
    expect(codeOf(await reserve(client, wish()))).toBe('MONTHLY_PASS_USED_UP');
    await client.query(CANCEL, { input: { idempotencyKey: randomUUID(), reservationId: reservation.id } });
    expect((await reserve(client, wish())).userErrors).toEqual([]);
  });

  test('of another driver, of another lot, or one that is not paid, is refused', async () => {
    const product = await discounts.product();
    const { monthlyPass } = await buys(product);
    const wish = (more: Record<string, unknown>) => reserveInput(lot, at(2, 4), more);
    const stranger = system.client((await makeDriver(system)).token);
    expect(codeOf(await reserve(stranger, wish({ monthlyPassId: monthlyPass.id })))).toBe('MONTHLY_PASS_NOT_FOUND');
    const quoted = (await discounts.quote(at(2, 4), { monthlyPassId: monthlyPass.id }, driver.token)).quote;
    expect(codeOf(await reserve(stranger, wish({ quoteId: quoted.id })))).toBe('MONTHLY_PASS_NOT_FOUND');
    expect(codeOf(await discounts.quote(at(2, 4), { monthlyPassId: monthlyPass.id }))).toBe('MONTHLY_PASS_NOT_FOUND');
    const other = await makeLot(system);
    const there = reserveInput(other, at(2, 4), { monthlyPassId: monthlyPass.id });
    expect(codeOf(await reserve(system.client(driver.token), there))).toBe('MONTHLY_PASS_NOT_FOUND');
    const unpaid = await buys(product, { paymentMethodId: undefined, plates: ['UNPAID1'] });
    const wanted = wish({ monthlyPassId: unpaid.monthlyPass.id });
    expect(codeOf(await reserve(system.client(driver.token), wanted))).toBe('MONTHLY_PASS_NOT_FOUND');
  });
});

describe('the payment of a monthly pass', () => {
  test('is never asked for again where the pass costs nothing', async () => {
    const { monthlyPass } = await buys(await discounts.product({ priceMinor: 0 }), { renews: true });
    expect(monthlyPass).toMatchObject({ state: 'ACTIVE', renews: false });
    await later(31 * 24);
    await runSweep(system.platform, RENEW_MONTHLY_PASSES);
    const { lotId, id } = decodeId('mps', monthlyPass.id)!;
    expect(await em().findOneOrFail(MonthlyPass, { lotId: lotId!, id })).toMatchObject({ state: 'ENDED' });
  });

  test('may be made on the driver’s own device; the pass covers from then on', async () => {
    const payer = new Payer(system, driver);
    const { monthlyPass, clientSecret } = await buys(await discounts.product(), { paymentMethodId: undefined });
    expect(monthlyPass.state).toBe('PENDING');
    await later(24);
    await payer.payInClient(clientSecret, CARD);
    const row = { lotId: lot.id, id: decodeId('mps', monthlyPass.id)!.id };
    const paid = await eventually(
      () => em().findOneOrFail(MonthlyPass, row),
      ({ state }) => state === 'ACTIVE',
    );
    expect(paid.startsAt.getTime()).toBeGreaterThanOrEqual(Date.parse(monthlyPass.period.startsAt) + 24 * HOUR_MS);
  });

  test('that is refused may be made with another card, under the same key', async () => {
    const product = await discounts.product();
    const idempotencyKey = randomUUID();
    const refused = await buys(product, { idempotencyKey, paymentMethodId: 'pm_card_chargeDeclined' });
    expect(codeOf(refused)).toBe('PAYMENT_DECLINED');
    const { monthlyPass, replayed } = await buys(product, { idempotencyKey });
    expect([monthlyPass.state, replayed]).toEqual(['ACTIVE', true]);
    expect(await em().count(MonthlyPass, { lotId: lot.id })).toBe(1);
    expect(await em().count(Payment, { lotId: lot.id, kind: 'MONTHLY_PASS' })).toBe(1);
  });

  test('of the next month is made with the saved card, on the last day of the one before, once', async () => {
    const { monthlyPass } = await buys(await discounts.product(), { renews: true });
    const renew = () => runSweep(system.platform, RENEW_MONTHLY_PASSES);
    await renew();
    expect(await em().count(Payment, { lotId: lot.id })).toBe(1);
    await later(30 * 24 + 1);
    await Promise.all([renew(), renew()]);
    await renew();
    expect(await em().find(Payment, { lotId: lot.id })).toMatchObject([{ state: 'CAPTURED' }, { state: 'CAPTURED' }]);
    const { endsAt } = await em().findOneOrFail(MonthlyPass, { lotId: lot.id });
    // From 1 December to 1 January, and on to 1 February.
    expect(endsAt.getTime() - Date.parse(monthlyPass.period.endsAt)).toBe(31 * 24 * HOUR_MS);
  });

  test('of the next month that is refused is no debt: the pass ends with its month', async () => {
    await buys(await discounts.product(), { renews: true });
    await em().execute('UPDATE driver SET saved_payment_method_id = ? WHERE id = ?', [
      'pm_card_chargeDeclined',
      driver.id,
    ]);
    await later(30 * 24 + 1);
    await runSweep(system.platform, RENEW_MONTHLY_PASSES);
    expect(await em().findOneOrFail(MonthlyPass, { lotId: lot.id })).toMatchObject({ state: 'ACTIVE', renews: false });
    expect(await em().count(Debt, { lotId: lot.id })).toBe(0);
    await later(24);
    await runSweep(system.platform, RENEW_MONTHLY_PASSES);
    expect(await em().findOneOrFail(MonthlyPass, { lotId: lot.id })).toMatchObject({ state: 'ENDED' });
  });

  test('of the next month is not made when the driver has said so', async () => {
    const { monthlyPass } = await buys(await discounts.product(), { renews: true });
    await discounts.send('setMonthlyPassRenewal', driver.token, { monthlyPassId: monthlyPass.id, renews: false });
    await later(30 * 24 + 1);
    await runSweep(system.platform, RENEW_MONTHLY_PASSES);
    expect(await em().count(Payment, { lotId: lot.id })).toBe(1);
  });
});

describe('an operator', () => {
  test('gives a monthly pass away, to plates or to a driver; it covers as a bought one', async () => {
    const product = await discounts.product();
    const grant = { idempotencyKey: randomUUID(), productId: product.id, plates: [plate] };
    const { monthlyPass } = await discounts.asOperator('grantMonthlyPass', grant);
    expect(monthlyPass).toMatchObject({ state: 'ACTIVE', price: { amountMinor: 0 }, renews: false });
    await tellGates(monthlyPass);
    await comes();
    await later(3);
    expect(await leaves()).toMatchObject({ reason: 'NOTHING_DUE' });
    const toDriver = { idempotencyKey: randomUUID(), productId: product.id, driverEmail: driver.email };
    const own = (await discounts.asOperator('grantMonthlyPass', toDriver)).monthlyPass;
    // The operator knew an e-mail address, and does not learn the plates by it.
    expect(own.plates).toEqual([]);
    const mine = 'query { monthlyPasses { nodes { id plates } } }';
    const { data } = await system.client(driver.token).query(mine);
    expect(data['monthlyPasses'].nodes).toEqual([{ id: own.id, plates: [plate] }]);
    const { nodes } = await discounts.list('lotMonthlyPasses');
    expect(nodes.map(({ plates }: { plates: string[] }) => plates)).toEqual([[], [plate]]);
  });

  test('takes one off sale; nobody buys it any more', async () => {
    const product = await discounts.product();
    const onSale = 'query ($lotId: ID!) { monthlyPassProducts(lotId: $lotId) { id price { amountMinor } } }';
    const shown = async () =>
      (await system.client().query(onSale, { lotId: lot.publicId })).data['monthlyPassProducts'];
    expect(await shown()).toEqual([{ id: product.id, price: { amountMinor: 10_000 } }]);
    await discounts.asOperator('withdrawMonthlyPass', { productId: product.id });
    expect(await shown()).toEqual([]);
    expect(codeOf(await buys(product))).toBe('NOT_FOUND');
  });

  test.each([
    ['a window that never opens', { hours: [{ from: '07:00', to: '07:00' }] }],
    ['half a window', { hours: [{ from: '07:00' }] }],
    ['a time that is none', { hours: [{ from: '7', to: '25:00' }] }],
    ['no day', { hours: [{ days: [] }] }],
    ['a price that no card pays', { priceMinor: 49 }],
    ['a price below zero', { priceMinor: -100 }],
    ['eleven plates', { mostPlates: 11 }],
  ])('can’t sell one with %s', async (_what, more) => {
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
    const wish = { lotId: lot.publicId, name: 'Odd', priceMinor: 1000, ...more };
    expect(codeOf(await discounts.send('offerMonthlyPass', token, wish))).toBe('INVALID_INPUT');
  });

  test('runs only those of their own lots', async () => {
    const { monthlyPass } = await buys(await discounts.product());
    const other = await makeLot(system);
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: other.operatorId });
    const ended = await discounts.send('endMonthlyPass', token, { monthlyPassId: monthlyPass.id });
    expect(codeOf(ended)).toBe('MONTHLY_PASS_NOT_FOUND');
    const node = 'query ($id: ID!) { node(id: $id) { id } }';
    expect((await system.client(token).query(node, { id: monthlyPass.id })).data['node']).toBeNull();
    expect((await system.client(driver.token).query(node, { id: monthlyPass.id })).data['node']).not.toBeNull();
  });
});

test.each([
  ['too many plates', { plates: ['AAA111', 'BBB222'] }, 'INVALID_INPUT'],
  ['no plate', { plates: [] }, 'INVALID_INPUT'],
  ['a plate that is none', { plates: ['!'] }, 'PLATE_INVALID'],
  ['a beginning in a year', { startsOn: '2028-01-01T00:00:00Z' }, 'INVALID_INPUT'],
])('a driver can’t buy one with %s', async (_what, more, expected) => {
  expect(codeOf(await buys(await discounts.product(), more))).toBe(expected);
});
