import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, PAY_STAY, untilDurable } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** No decision may keep a driver waiting longer. */
const AT_THE_EXIT_MS = 3000;

const DEBTS = `{ debts { nodes { reason state amount { amountMinor } left { amountMinor } payUrl } } }`;
const LOT_DEBTS = `query ($lotId: ID!) { lotDebts(lotId: $lotId) { nodes { reason state amount { amountMinor } payUrl } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  system.stripe.faults.reset();
  await moneySettled(system);
});
afterAll(() => system?.stop());

async function promptly<T>(work: Promise<T>): Promise<T> {
  const { result, ms } = await timed(() => work);
  expect(ms).toBeLessThan(AT_THE_EXIT_MS);
  return result;
}

async function debtsOf(driver: { id: string }) {
  const { data } = await system.client(await loginOf(system, driver)).query(DEBTS, {});
  return data['debts'].nodes;
}

async function lotDebts(lot: TestLot) {
  const { data } = await system.client(await lot.staffToken('OPERATOR')).query(LOT_DEBTS, { lotId: lot.publicId });
  return data['lotDebts'].nodes;
}

async function pay(stayId: string, paymentMethodId: string) {
  const input = { idempotencyKey: randomUUID(), stay: { stayId }, paymentMethodId };
  return (await system.client().query(PAY_STAY, { input })).data['payStay'];
}

describe('The payment provider is away when vehicles leave', () => {
  test('who has overstayed drives out, owes it, and pays by their saved card when it is back', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 1, 2);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    await untilDurable(system, lot.entry, { pass: guest.pass });
    system.clock.advance(5 * HOUR_MS);
    system.stripe.faults.set({ down: 'refuse' });
    expect(await promptly(decide(system, lot.exit, { pass: guest.pass }))).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
    });
    const [debt] = await eventually(
      () => debtsOf(guest.driver),
      (debts) => debts.length > 0,
    );
    expect(debt).toMatchObject({ reason: 'OVERSTAY', state: 'OPEN', left: { amountMinor: expect.any(Number) } });

    system.stripe.faults.reset();
    const settled = async () => {
      system.clock.advance(20_000);
      return debtsOf(guest.driver);
    };
    expect(await eventually(settled, ([left]) => left.state === 'SETTLED', 20_000)).toMatchObject([
      { reason: 'OVERSTAY', left: { amountMinor: 0 }, payUrl: null },
    ]);
    const charges = system.stripe.state
      .charges()
      .filter(({ captured, metadata }) => captured && metadata['kind'] === 'OVERSTAY');
    expect(charges).toMatchObject([{ amount: debt.amount.amountMinor }]);
  }, 60_000);

  test('a walk-in who could not pay drives out and leaves a debt with a link; once it is back, others are asked again', async () => {
    const lot = await makeLot(system);
    const plates = [1, 2].map(() => ({ text: `AWAY${randomUUID().slice(0, 4).toUpperCase()}` }));
    const [first, second] = [
      await untilDurable(system, lot.entry, { plate: plates[0]! }),
      await untilDurable(system, lot.entry, { plate: plates[1]! }),
    ];
    system.clock.advance(90 * MINUTE_MS);
    // Somebody who can pay is asked to.
    expect(await decide(system, lot.exit, { plate: plates[0]! })).toMatchObject({
      action: 'ASK',
      due: { amountMinor: 400 },
    });

    system.stripe.faults.set({ down: 'unavailable' });
    expect((await pay(first.stayId!, 'pm_card_visa')).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }]);
    // A gate that stayed closed says the same to the next reading of the same second.
    system.clock.advance(2000);
    expect(await promptly(decide(system, lot.exit, { plate: plates[0]! }))).toMatchObject({
      action: 'OPEN',
      reason: 'BILLED_LATER',
      due: { amountMinor: 400 },
    });
    const [debt] = await eventually(
      () => lotDebts(lot),
      (debts) => debts.length > 0,
    );
    expect(debt).toMatchObject({
      reason: 'UNPAID_STAY',
      state: 'OPEN',
      amount: { amountMinor: 400 },
      payUrl: expect.stringContaining('/pay/'),
    });

    system.stripe.faults.reset();
    // The circuit breaker lets a call through again after a while.
    const paid = await eventually(
      () => pay(second.stayId!, 'pm_card_visa'),
      ({ userErrors }) => userErrors.length === 0,
      20_000,
    );
    expect(paid.stay).toMatchObject({ paid: { amountMinor: 400 } });
    expect(await decide(system, lot.exit, { plate: plates[1]! })).toMatchObject({ action: 'OPEN' });
    const third = { text: `BACK${randomUUID().slice(0, 4).toUpperCase()}` };
    await untilDurable(system, lot.entry, { plate: third });
    system.clock.advance(90 * MINUTE_MS);
    expect(await decide(system, lot.exit, { plate: third })).toMatchObject({
      action: 'ASK',
      due: { amountMinor: 400 },
    });
  }, 60_000);
});
