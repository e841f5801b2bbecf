import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { Payment } from '../../src/entities/payment.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { decide, PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { Payer } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const CARD = 'pm_card_visa';

let system: TestSystem;
let payer: Payer;
beforeAll(async () => {
  system = await startSystem();
  // What becomes of a payment is asked of the provider, not heard.
  system.stripe.faults.set({ webhooks: { dropShare: 1 } });
  payer = new Payer(system, await makeDriver(system));
});
afterAll(() => system.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

interface WalkIn {
  lot: TestLot;
  stayId: string;
  plate: { text: string };
}

/** A walk-in that has been inside for an hour and a half and owes 4.00. */
async function walkIn(): Promise<WalkIn> {
  const lot = await makeLot(system);
  const plate = { text: `PAY${randomUUID().slice(0, 4).toUpperCase()}` };
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  system.clock.advance(90 * MINUTE_MS);
  return { lot, plate, stayId: stayId! };
}

async function pay({ stayId }: WalkIn, more: { paymentMethodId?: string; idempotencyKey?: string } = {}) {
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, ...more };
  const { data } = await system.client().query(PAY_STAY, { input });
  return data['payStay'];
}

const captured = ({ lot }: WalkIn) =>
  system.platform.orm.em.fork().find(Payment, { lotId: lot.id, capturedAt: { $ne: null } });

test('asked for twice for the same amount, it is one payment, paid once', async () => {
  const stay = await walkIn();
  const { clientSecret } = await pay(stay);
  const again = await pay(stay);
  expect(again.clientSecret).toBe(clientSecret);
  expect(await pay(stay, { paymentMethodId: CARD })).toMatchObject({ stay: { paid: { amountMinor: 400 } } });
  await expect(payer.payInClient(clientSecret, CARD)).rejects.toThrow();
  expect(await captured(stay)).toMatchObject([{ capturedMinor: 400 }]);
});

test('asked for again when more is owed, the first payment can no longer be paid', async () => {
  const stay = await walkIn();
  const { clientSecret } = await pay(stay);
  system.clock.advance(60 * MINUTE_MS);
  expect(await pay(stay, { paymentMethodId: CARD })).toMatchObject({ stay: { paid: { amountMinor: 600 } } });
  await expect(payer.payInClient(clientSecret, CARD)).rejects.toThrow();
  expect(await captured(stay)).toMatchObject([{ capturedMinor: 600 }]);
});

test('paid on the driver’s own device without our hearing of it, the next request counts it', async () => {
  const stay = await walkIn();
  const { clientSecret } = await pay(stay);
  await payer.payInClient(clientSecret, CARD);
  expect(await pay(stay, { paymentMethodId: CARD })).toMatchObject({ stay: { paid: { amountMinor: 400 } } });
  system.clock.advance(60 * MINUTE_MS);
  expect(await pay(stay, { paymentMethodId: CARD })).toMatchObject({ stay: { paid: { amountMinor: 600 } } });
  expect(await captured(stay)).toMatchObject([{ capturedMinor: 400 }, { capturedMinor: 200 }]);
});

test('asked for again counts from then on for the way to the exit', async () => {
  const stay = await walkIn();
  await pay(stay);
  system.clock.advance(25 * MINUTE_MS);
  await pay(stay, { paymentMethodId: CARD });
  // The third hour has begun, within the exit grace of the second request.
  system.clock.advance(10 * MINUTE_MS);
  expect(await decide(system, stay.lot.exit, { plate: stay.plate })).toMatchObject({
    action: 'OPEN',
    reason: 'STAY_PAID',
  });
});

test('the same key tells after the vehicle has left what it told before', async () => {
  const stay = await walkIn();
  const idempotencyKey = randomUUID();
  const first = await pay(stay, { idempotencyKey, paymentMethodId: CARD });
  expect(first).toMatchObject({ userErrors: [], replayed: false });
  await untilDurable(system, stay.lot.exit, { plate: stay.plate });
  expect(await pay(stay, { idempotencyKey, paymentMethodId: CARD })).toEqual({
    ...first,
    replayed: true,
    stay: { ...first.stay, state: 'LEFT' },
  });
  expect(await captured(stay)).toHaveLength(1);
});

test('ten at once with keys of their own pay once', async () => {
  const stay = await walkIn();
  const paid = await Promise.all(Array.from({ length: 10 }, () => pay(stay, { paymentMethodId: CARD })));
  expect(paid.some(({ userErrors }) => userErrors.length === 0)).toBe(true);
  expect(await captured(stay)).toMatchObject([{ capturedMinor: 400 }]);
});
