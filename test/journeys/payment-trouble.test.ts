import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { runSweeps } from '../../src/jobs/run.ts';
import { chargeSavedCard } from '../../src/payments/charge-saved-card.ts';
import { openPayment } from '../../src/payments/open-payment.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { Debt } from '../../src/entities/debt.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { expectInTime } from '../support/in-time.ts';
import { timed } from '../support/standstill.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf, SAVE_CARD, type Held } from './payment-steps.ts';

const MINUTE_MS = 60_000;
/** `refund.updated` and `refund.failed`. */
const EVENTS_OF_A_REFUND_SENT_BACK = 2;

/** What a worker does every minute. */
async function sweep({ platform }: TestSystem): Promise<void> {
  await runSweeps(platform);
}

describe('When the payment provider is in trouble', () => {
  let system: TestSystem;
  let lot: TestLot;
  let payer: Payer;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
  });

  beforeEach(async () => {
    lot = await makeLot(system);
    payer = new Payer(system, await makeDriver(system));
  });

  afterEach(async () => {
    system.stripe.faults.reset();
    await moneySettled(system);
    await expectBooksBalanced(system.platform, system.stripe);
  });

  afterAll(() => system.stop());

  const intentsOf = (held: Held) => {
    const { id } = rowOf('pay', held.payment!.id);
    return system.stripe.state.paymentIntents().filter(({ metadata }) => metadata['paymentId'] === id);
  };
  const chargesOf = (held: Held) => {
    const intents = new Set(intentsOf(held).map(({ id }) => id));
    return system.stripe.state
      .charges()
      .filter(
        (charge) => typeof charge.payment_intent === 'string' && intents.has(charge.payment_intent) && charge.captured,
      );
  };

  test('it is down: holds go on and payers are told; it is back: they pay', async () => {
    system.stripe.faults.set({ down: 'refuse' });
    const held = await payer.reserve(lot);
    expect(held).toMatchObject({ state: 'HELD', payment: { clientSecret: null } });
    expect((await payer.complete(held, 'pm_card_visa')).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }]);
    expect((await payer.read(held)).state).toBe('HELD');
    system.stripe.faults.reset();
    // The circuit breaker lets a call through again after a while.
    await eventuallyPasses(async () => expect((await payer.complete(held, 'pm_card_visa')).userErrors).toEqual([]));
    expect(await payer.read(held)).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED' } });
    expect(intentsOf(held)).toHaveLength(1);
  });

  test('it is down: nobody waits for it long, and a cancellation’s refund is sent when it is back', async () => {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_visa');
    await moneySettled(system);
    system.stripe.faults.set({ down: 'unavailable' });
    const { result, ms } = await timed(() => payer.cancel(held));
    expect(result.reservation).toMatchObject({ state: 'CANCELLED' });
    expectInTime('the cancellation was answered', ms, 1000);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([
      { state: 'UNKNOWN', amount: { amountMinor: 400 } },
    ]);
    system.stripe.faults.reset();
    await eventuallyPasses(async () => {
      system.clock.advance(MINUTE_MS);
      await sweep(system);
      expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    });
    expect(
      system.stripe.state.refunds().filter(({ payment_intent }) => payment_intent === intentsOf(held)[0]!.id),
    ).toHaveLength(1);
  });

  test('the answer to making the intent is lost: the next try finds the same intent by its key', async () => {
    system.stripe.faults.set({ timeouts: { next: 1, only: 'POST /v1/payment_intents' } });
    const held = await payer.reserve(lot);
    expect(held.payment).toMatchObject({ clientSecret: null });
    expect(intentsOf(held)).toHaveLength(1);
    system.clock.advance(MINUTE_MS);
    await sweep(system);
    expect((await payer.read(held)).payment).toMatchObject({
      state: 'REQUIRES_PAYMENT',
      clientSecret: expect.stringContaining(intentsOf(held)[0]!.id),
    });
    expect(intentsOf(held)).toHaveLength(1);
  });

  test('the process dies between the provider’s answer and the row: the sweep finds the same intent by its key', async () => {
    const held = await payer.reserve(lot);
    const { lotId, id } = rowOf('pay', held.payment!.id);
    await system.platform.orm.em
      .fork()
      .execute(
        `UPDATE payment SET state = 'UNKNOWN', provider_ref = NULL, client_secret = NULL WHERE lot_id = ? AND id = ?`,
        [lotId, id],
      );
    system.clock.advance(MINUTE_MS);
    await sweep(system);
    expect((await payer.read(held)).payment!.clientSecret).toBe(held.payment!.clientSecret);
    expect(intentsOf(held)).toHaveLength(1);
  });

  test('the answer to a charge is lost: nobody knows, then the provider is asked, and it was charged once', async () => {
    const held = await payer.reserve(lot);
    system.stripe.faults.set({ timeouts: { next: 1, only: 'POST /v1/payment_intents' }, webhooks: { dropShare: 1 } });
    expect((await payer.complete(held, 'pm_card_visa')).userErrors).toMatchObject([{ code: 'PAYMENT_UNAVAILABLE' }]);
    expect(await payer.read(held)).toMatchObject({ state: 'HELD', payment: { state: 'UNKNOWN' } });
    // An impatient driver with another card in hand.
    expect((await payer.complete(held, 'pm_card_mastercard')).reservation).toMatchObject({ state: 'CONFIRMED' });
    expect(chargesOf(held)).toHaveLength(1);
  });

  test('the provider fails and keeps its failure under the key: the next try uses another, and is charged once', async () => {
    system.stripe.faults.set({ serverErrors: { next: 1, only: 'POST /v1/payment_intents', afterEffect: true } });
    const held = await payer.reserve(lot);
    expect(held.payment!.clientSecret).toBeNull();
    expect((await payer.complete(held, 'pm_card_visa')).reservation).toMatchObject({ state: 'CONFIRMED' });
    expect(chargesOf(held)).toHaveLength(1);
  });

  test('the answer to a refund is lost, even for two days: it is looked for before it is sent again', async () => {
    const held = await payer.reserve(lot, 96);
    await payer.complete(held, 'pm_card_visa');
    system.stripe.faults.set({ timeouts: { next: 1, only: 'POST /v1/refunds' }, webhooks: { dropShare: 1 } });
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'UNKNOWN' }]);
    // By now the provider has forgotten the key.
    system.clock.advance(48 * 60 * MINUTE_MS);
    await sweep(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    expect(
      system.stripe.state.refunds().filter(({ payment_intent }) => payment_intent === intentsOf(held)[0]!.id),
    ).toHaveLength(1);
  });

  test('every webhook is lost: the state converges by asking', async () => {
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    const held = await payer.reserve(lot);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    expect((await payer.read(held)).state).toBe('HELD');
    system.clock.advance(61_000);
    await sweep(system);
    expect(await payer.read(held)).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED' } });
  });

  async function sentBackByTheBank(held: Held): Promise<void> {
    const refund = system.stripe.state
      .refunds()
      .find(({ payment_intent }) => payment_intent === intentsOf(held)[0]!.id)!;
    const response = await fetch(`${system.stripe.url}/v1/test_helpers/refunds/${refund.id}/finish`, {
      method: 'POST',
      headers: { authorization: `Bearer ${system.env['STRIPE_SECRET_KEY']}` },
    });
    expect(response.status).toBe(200);
  }

  async function toldToAPerson(held: Held): Promise<number> {
    const { lotId, id } = rowOf('pay', held.payment!.id);
    const told = await system.platform.orm.em
      .fork()
      .execute<object[]>(
        `SELECT id FROM outbox_event WHERE lot_id = ? AND aggregate_id = ? AND type = 'payment.refund_failed'`,
        [lotId, id],
      );
    return told.length;
  }

  async function refunded(): Promise<Held> {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_refundFail');
    await payer.cancel(held);
    await moneySettled(system);
    return held;
  }

  test('a refund that the bank sends back is owed again in the books and told to a person', async () => {
    const held = await refunded();
    await sentBackByTheBank(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'FAILED' }]);
    expect(await toldToAPerson(held)).toBe(1);
  });

  test('a refund that the bank sends back while the provider can’t be asked is found out when it can', async () => {
    const held = await refunded();
    system.stripe.faults.set({ serverErrors: { share: 1, only: 'GET /v1/refunds' } });
    const before = system.stripe.state.deliveries().length;
    await sentBackByTheBank(held);
    // Each event that the provider has of it was refused, or it would not come again.
    await eventuallyPasses(async () => {
      const answers = system.stripe.state.deliveries().slice(before);
      expect(new Set(answers.map(({ eventId }) => eventId)).size).toBe(EVENTS_OF_A_REFUND_SENT_BACK);
      expect(new Set(answers.map(({ outcome }) => outcome))).toEqual(new Set([503]));
    });
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    system.stripe.faults.reset();
    // The circuit breaker lets a call through again after a while.
    await eventuallyPasses(async () => {
      expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'FAILED' }]);
    }, 20_000);
    expect(await toldToAPerson(held)).toBe(1);
  });

  test('a hold that nobody paid leaves no intent that could be paid later', async () => {
    const held = await payer.reserve(lot);
    system.clock.advance(lot.policy.holdMinutes * MINUTE_MS);
    // Another driver's booking retires it.
    await new Payer(system, await makeDriver(system)).reserve(lot);
    system.clock.advance(11 * MINUTE_MS);
    await sweep(system);
    expect((await payer.read(held)).payment).toMatchObject({ state: 'CANCELED', clientSecret: null });
    await expect(payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa')).rejects.toThrow(/canceled/);
  });

  describe('charging a saved card, its owner away', () => {
    const openFee = (amountMinor = 700) =>
      inTransaction(system.platform, async (tx) =>
        openPayment(tx, {
          lotId: lot.id,
          kind: 'NO_SHOW_FEE',
          driverId: payer.driver.id,
          amountMinor,
          currency: 'EUR',
        }),
      );

    const debtsOf = (paymentId: string) => system.platform.orm.em.fork().find(Debt, { lotId: lot.id, paymentId });

    test('a saved card is charged once, however often it is tried', async () => {
      await payer.saveCard('pm_card_visa');
      const paymentId = await openFee();
      await Promise.all(
        Array.from({ length: 3 }, () => chargeSavedCard(system.platform, { lotId: lot.id, paymentId })),
      );
      await moneySettled(system);
      expect(await chargeSavedCard(system.platform, { lotId: lot.id, paymentId })).toBe('NOTHING_DUE');
      const intents = system.stripe.state
        .paymentIntents()
        .filter(({ metadata }) => metadata['paymentId'] === paymentId);
      expect(intents).toMatchObject([{ amount_received: 700 }]);
      expect(await debtsOf(paymentId)).toEqual([]);
    });

    test('a refusal becomes one debt and no further try', async () => {
      await payer.saveCard('pm_card_chargeCustomerFail');
      const paymentId = await openFee();
      await moneySettled(system);
      const intent = system.stripe.state.paymentIntents().find(({ metadata }) => metadata['paymentId'] === paymentId)!;
      // The webhook of the refusal may still be reading the intent: tries are what counts.
      const calls = () =>
        system.stripe.state.requests().filter(({ call }) => call.startsWith('POST') && call.includes(intent.id)).length;
      const callsBefore = calls();
      expect(callsBefore).toBe(1);
      system.clock.advance(MINUTE_MS);
      await sweep(system);
      expect(await chargeSavedCard(system.platform, { lotId: lot.id, paymentId })).toBe('NOTHING_DUE');
      expect(calls()).toBe(callsBefore);
      expect(await debtsOf(paymentId)).toMatchObject([
        { state: 'OPEN', amountMinor: 700, reason: 'NO_SHOW_FEE', driverId: payer.driver.id, stayId: null },
      ]);
    });

    test('without a saved card it is a debt at once', async () => {
      const paymentId = await openFee();
      await moneySettled(system);
      expect(await debtsOf(paymentId)).toHaveLength(1);
    });

    test('an amount that no card is charged is a debt, told once, and not asked for again', async () => {
      await payer.saveCard('pm_card_visa');
      const paymentId = await openFee(49);
      await moneySettled(system);
      expect(await chargeSavedCard(system.platform, { lotId: lot.id, paymentId })).toBe('NOTHING_DUE');
      expect(await debtsOf(paymentId)).toMatchObject([{ state: 'OPEN', amountMinor: 49, reason: 'NO_SHOW_FEE' }]);
      const told = await system.platform.orm.em
        .fork()
        .execute<object[]>(`SELECT id FROM outbox_event WHERE aggregate_id = ? AND type = 'payment.charge_refused'`, [
          paymentId,
        ]);
      expect(told).toHaveLength(1);
    });

    test('somebody else’s card can’t be kept as one’s own', async () => {
      const foreign = await payer.saveCard('pm_card_visa');
      payer = new Payer(system, await makeDriver(system));
      const answer = (await payer.ask(SAVE_CARD, { input: { paymentMethodId: foreign } })).data['savePaymentMethod'];
      expect(answer.userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['paymentMethodId'] }]);
    });
  });
});
