import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { projectMonthlyPass } from '../../src/gate/project-monthly-pass.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { decide, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeVehicle, type TestDriver, type TestLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';

const HOUR_MS = 3_600_000;
/** A Tuesday, 08:00 in Helsinki. */
const TUESDAY = new Date('2026-12-01T06:00:00Z');

let system: TestSystem;
let lot: TestLot;
let discounts: Discounts;
let driver: TestDriver;
let plate: string;
beforeAll(async () => {
  system = await startSystem();
});
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

const codeOf = ({ userErrors }: { userErrors: { code: string }[] }) => userErrors[0]?.code;
const at = (hours: number, length: number) => ({
  startsAt: new Date(TUESDAY.getTime() + hours * HOUR_MS).toISOString(),
  endsAt: new Date(TUESDAY.getTime() + (hours + length) * HOUR_MS).toISOString(),
});

/** Buys a pass with a card that works; it is known at the gates. */
async function buys(more: object = {}): Promise<any> {
  const product = await discounts.product({ mostPlates: 2 });
  const input = { idempotencyKey: randomUUID(), productId: product.id, paymentMethodId: 'pm_card_visa', ...more };
  const { monthlyPass } = await discounts.send('buyMonthlyPass', driver.token, input);
  const { lotId, id: monthlyPassId } = decodeId('mps', monthlyPass.id)!;
  await projectMonthlyPass(system.platform, { lotId: lotId!, monthlyPassId });
  return monthlyPass;
}

test('a monthly pass is reserved with for one vehicle at a time, however many ask at once', async () => {
  const monthlyPass = await buys();
  const client = system.client(driver.token);
  const wish = (hours: number) => reserveInput(lot, at(hours, 4), { monthlyPassId: monthlyPass.id });
  const answers = await Promise.all([2, 3, 4, 5].map((hours) => reserve(client, wish(hours))));
  expect(answers.map(codeOf).sort()).toEqual([...Array<string>(3).fill('MONTHLY_PASS_USED_UP'), undefined]);
  const again = await discounts.quote(at(4, 2), { monthlyPassId: monthlyPass.id }, driver.token);
  expect(codeOf(again)).toBe('MONTHLY_PASS_USED_UP');
  expect((await reserve(client, wish(24))).userErrors).toEqual([]);
});

test('a reservation with a monthly pass whose vehicle is inside leaves no cover for a walk-in of the same pass', async () => {
  const other = `${plate}X`.slice(-8);
  const monthlyPass = await buys({ plates: [plate, other] });
  const wish = reserveInput(lot, at(1, 4), { monthlyPassId: monthlyPass.id, vehicle: { plate: { text: plate } } });
  const reservation = await reserveAndPay(system.client(driver.token), wish);
  const { lotId, id } = decodeId('res', reservation.id)!;
  await projectRight(system.platform, { lotId: lotId!, reservationId: id });
  system.clock.advance(HOUR_MS);
  expect(await untilDurable(system, lot.entry, { plate: { text: plate } })).toMatchObject({
    action: 'OPEN',
    reason: 'RESERVATION',
  });
  await untilDurable(system, lot.entry, { plate: { text: other } });
  system.clock.advance(1.9 * HOUR_MS);
  expect(await decide(system, lot.exit, { plate: { text: other } })).toMatchObject({
    action: 'ASK',
    due: { amountMinor: 400 },
  });
});

test('a reservation is refused with a monthly pass that was taken back since it was quoted', async () => {
  const monthlyPass = await buys();
  const { quote } = await discounts.quote(at(2, 4), { monthlyPassId: monthlyPass.id }, driver.token);
  await discounts.asOperator('endMonthlyPass', { monthlyPassId: monthlyPass.id });
  const wish = reserveInput(lot, at(2, 4), { quoteId: quote.id });
  expect(codeOf(await reserve(system.client(driver.token), wish))).toBe('MONTHLY_PASS_NOT_FOUND');
});
