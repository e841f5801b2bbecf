import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Payment } from '../../src/entities/payment.ts';
import { Debt } from '../../src/entities/debt.ts';
import { eventually } from '../support/eventually.ts';
import { decide, untilDurable } from '../support/gate.ts';
import { timed } from '../support/standstill.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeVehicle, type TestLot } from '../support/world.ts';
import { moneySettled, Payer } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const AT_THE_EXIT_MS = 3000;
const AGREE = `mutation ($input: AgreeToAutomaticPaymentInput!) { agreeToAutomaticPayment(input: $input) {
  automaticPayment { text limit { amountMinor currency } givenAt } userErrors { code field } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterEach(async () => {
  system.stripe.faults.reset();
  await moneySettled(system);
});
afterAll(() => system?.stop());

interface Visit {
  readonly lot: TestLot;
  readonly plate: { text: string };
  readonly stayId: string;
}

/** A driver with a vehicle and a saved card who lets exits charge up to `limitMinor`, or has said nothing. */
async function willing(
  limitMinor: number | null,
  card = 'pm_card_visa',
): Promise<{ payer: Payer; plate: { text: string } }> {
  const payer = new Payer(system, await makeDriver(system));
  const plate = { text: `AUTO${randomUUID().slice(0, 4).toUpperCase()}` };
  await makeVehicle(system, { driverId: payer.driver.id, plate: plate.text });
  await payer.saveCard(card);
  if (limitMinor !== null) await payer.ask(AGREE, { input: { limit: { amountMinor: limitMinor, currency: 'EUR' } } });
  return { payer, plate };
}

/** A walk-in that has been inside for an hour and a half and owes 4.00. */
async function visit(plate: { text: string }): Promise<Visit> {
  const lot = await makeLot(system);
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  system.clock.advance(90 * MINUTE_MS);
  return { lot, plate, stayId: stayId! };
}

async function leaves({ lot, plate }: Visit, more: { scanId?: string; observedAt?: string } = {}) {
  const { result, ms } = await timed(() => decide(system, lot.exit, { plate }, more));
  expect(ms).toBeLessThan(AT_THE_EXIT_MS);
  return result;
}

const paymentsOf = ({ lot }: Visit) => system.platform.orm.em.fork().find(Payment, { lotId: lot.id, kind: 'STAY' });
const debtsOf = ({ lot }: Visit) => system.platform.orm.em.fork().find(Debt, { lotId: lot.id });

describe('A walk-in of a driver who lets exits charge their card', () => {
  test('drives out: the visit is charged within the limit, once, however often the exit reads the plate', async () => {
    const { plate } = await willing(1000);
    const stay = await visit(plate);
    const scanId = randomUUID();
    expect(await leaves(stay, { scanId })).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
    expect(await leaves(stay, { scanId })).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
    expect(await paymentsOf(stay)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 400 }]);
    expect(await debtsOf(stay)).toEqual([]);
  });

  test('is asked to pay when the visit costs more than they agreed to', async () => {
    const { plate } = await willing(399);
    const stay = await visit(plate);
    expect(await leaves(stay)).toMatchObject({ action: 'ASK', due: { amountMinor: 400 } });
    expect(await paymentsOf(stay)).toEqual([]);
  });

  test('is asked to pay when they never agreed, took it back, or the plate stands in two accounts that agreed', async () => {
    const silent = await visit((await willing(null)).plate);
    expect(await leaves(silent)).toMatchObject({ action: 'ASK' });

    const fickle = await willing(1000);
    const { data } = await fickle.payer.ask(AGREE, { input: { limit: null } });
    expect(data['agreeToAutomaticPayment']).toEqual({ automaticPayment: null, userErrors: [] });
    expect(await leaves(await visit(fickle.plate))).toMatchObject({ action: 'ASK' });

    const [one, other] = [await willing(1000), await willing(1000)];
    await makeVehicle(system, { driverId: other.payer.driver.id, plate: one.plate.text });
    expect(await leaves(await visit(one.plate))).toMatchObject({ action: 'ASK' });
  });

  test('is charged what it owed when the exit saw it, however late the exit’s question comes', async () => {
    const { plate } = await willing(400);
    const stay = await visit(plate);
    system.clock.advance(29 * MINUTE_MS);
    const observedAt = system.clock.now().toISOString();
    system.clock.advance(2 * MINUTE_MS);
    expect(await leaves(stay, { observedAt })).toMatchObject({ action: 'OPEN', reason: 'STAY_PAID' });
    expect(await paymentsOf(stay)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 400 }]);
    expect(await debtsOf(stay)).toEqual([]);
  });

  test('is asked to pay when the card is refused, and may pay with another', async () => {
    const { plate } = await willing(1000, 'pm_card_chargeCustomerFail');
    const stay = await visit(plate);
    expect(await leaves(stay)).toMatchObject({ action: 'ASK', due: { amountMinor: 400 } });
    expect((await paymentsOf(stay)).filter(({ capturedAt }) => capturedAt != null)).toEqual([]);
  });

  test('is not kept for a provider that does not answer: what comes of the charge pays the debt', async () => {
    const { plate } = await willing(1000);
    const stay = await visit(plate);
    system.stripe.faults.set({ timeouts: { next: 1, only: 'POST /v1/payment_intents/' }, webhooks: { dropShare: 1 } });
    expect(await leaves(stay)).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', due: { amountMinor: 400 } });
    await eventually(
      () => debtsOf(stay),
      (debts) => debts.length === 1,
    );
    const settled = async () => {
      system.clock.advance(20_000);
      return debtsOf(stay);
    };
    await eventually(settled, ([debt]) => debt?.state === 'SETTLED', 30_000);
    expect(await paymentsOf(stay)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 400, refundedMinor: 0 }]);
  }, 60_000);

  test('drives out while the provider is away, owes it in their account, and is charged when it is back', async () => {
    const visits = [await visit((await willing(1000)).plate)];
    for (let more = 0; more < 2; more++) {
      const { plate } = await willing(1000);
      const { stayId } = await untilDurable(system, visits[0]!.lot.entry, { plate });
      visits.push({ lot: visits[0]!.lot, plate, stayId: stayId! });
    }
    system.clock.advance(25 * MINUTE_MS);
    system.stripe.faults.set({ down: 'refuse' });
    // The first find out that it is away, the last is told.
    for (const each of visits) expect(await leaves(each)).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER' });
    const [{ lot }] = visits as [Visit];
    const debts = await eventually(
      () => debtsOf({ lot } as Visit),
      (rows) => rows.length === 3,
    );
    for (const { driverId } of debts) expect(driverId).toEqual(expect.any(String));
    system.stripe.faults.reset();
    const settled = async () => {
      system.clock.advance(20_000);
      return debtsOf({ lot } as Visit);
    };
    await eventually(settled, (rows) => rows.every(({ state }) => state === 'SETTLED'), 40_000);
    const captured = await system.platform.orm.em.fork().find(Payment, { lotId: lot.id, capturedMinor: { $gt: 0 } });
    expect(captured.map(({ capturedMinor, refundedMinor }) => [capturedMinor, refundedMinor])).toEqual(
      expect.arrayContaining([
        [400, 0],
        [200, 0],
        [200, 0],
      ]),
    );
    expect(captured).toHaveLength(3);
  }, 90_000);

  test('has agreed in words that are shown and kept; no limit that is not an amount is taken', async () => {
    const payer = new Payer(system, await makeDriver(system));
    const agree = async (limit: object | null) =>
      (await payer.ask(AGREE, { input: { limit } })).data['agreeToAutomaticPayment'];
    expect(await agree({ amountMinor: 2500, currency: 'EUR' })).toMatchObject({
      automaticPayment: {
        text: expect.stringContaining('up to €25.00 for each visit'),
        limit: { amountMinor: 2500, currency: 'EUR' },
      },
    });
    const { data } = await payer.ask(
      '{ viewer { ... on Driver { automaticPayment { limit { amountMinor } givenAt } } } }',
      {},
    );
    expect(data).toMatchObject({
      viewer: { automaticPayment: { limit: { amountMinor: 2500 }, givenAt: expect.any(String) } },
    });
    for (const amountMinor of [0, -1, 1_000_000_000_000])
      expect((await agree({ amountMinor, currency: 'EUR' })).userErrors).toEqual([
        { code: 'INVALID_INPUT', field: ['limit'] },
      ]);
  });
});
