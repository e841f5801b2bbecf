import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { settleDispute } from '../../src/payments/settle-dispute.ts';
import { CHANGE } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { intentOf, moneySettled, Payer, rowOf } from './payment-steps.ts';

const MINUTE_MS = 60_000;

describe('Paying for a reservation', () => {
  let system: TestSystem;
  let lot: TestLot;
  let payer: Payer;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
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

  const capturedCharges = (clientSecret: string) =>
    system.stripe.state
      .charges()
      .filter((charge) => charge.payment_intent === intentOf(clientSecret) && charge.captured);

  test('a hold asks for its price and gives its driver what is needed to pay', async () => {
    const { state, payment } = await payer.reserve(lot);
    expect(state).toBe('HELD');
    expect(payment).toMatchObject({
      kind: 'RESERVATION',
      amount: { amountMinor: 400, currency: 'EUR' },
      captured: { amountMinor: 0 },
    });
    expect(payment!.clientSecret).toMatch(/^pi_\w+_secret_/);
    expect(payment!.refunds).toEqual([]);
  });

  test('the client completes with a card: confirmed, captured once, and the late webhook changes nothing', async () => {
    const held = await payer.reserve(lot);
    const { reservation, userErrors } = await payer.complete(held, 'pm_card_visa');
    expect(userErrors).toEqual([]);
    expect(reservation).toMatchObject({
      state: 'CONFIRMED',
      payment: { state: 'CAPTURED', captured: { amountMinor: 400 }, clientSecret: null },
    });
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'CONFIRMED',
      payment: { captured: { amountMinor: 400 }, refunded: { amountMinor: 0 } },
    });
    expect(capturedCharges(held.payment!.clientSecret!)).toHaveLength(1);
  });

  test('the client pays at the provider by itself and completes without naming a card', async () => {
    const held = await payer.reserve(lot);
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    expect((await payer.complete(held)).userErrors).toMatchObject([
      { code: 'PAYMENT_REQUIRED', clientSecret: held.payment!.clientSecret },
    ]);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    expect((await payer.read(held)).state).toBe('HELD');
    const { reservation } = await payer.complete(held);
    expect(reservation).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED' } });
  });

  test('the webhook alone confirms when the client never comes back', async () => {
    const held = await payer.reserve(lot);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'CONFIRMED',
      payment: { state: 'CAPTURED', captured: { amountMinor: 400 } },
    });
  });

  test('a refused card says why and leaves the hold; another card pays', async () => {
    const held = await payer.reserve(lot);
    const refused = await payer.complete(held, 'pm_card_chargeDeclinedInsufficientFunds');
    expect(refused.userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED', field: ['paymentMethodId'] }]);
    expect(await payer.read(held)).toMatchObject({
      state: 'HELD',
      payment: { state: 'REQUIRES_PAYMENT', failureCode: 'insufficient_funds' },
    });
    const { reservation } = await payer.complete(held, 'pm_card_mastercard');
    expect(reservation).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED', failureCode: null } });
    expect(capturedCharges(held.payment!.clientSecret!)).toHaveLength(1);
  });

  test('a card that is none is refused as one, and the hold stands', async () => {
    const held = await payer.reserve(lot);
    expect((await payer.complete(held, 'pm_of_nobody')).userErrors).toMatchObject([
      { code: 'PAYMENT_DECLINED', field: ['paymentMethodId'] },
    ]);
    expect(await payer.read(held)).toMatchObject({ state: 'HELD', payment: { state: 'REQUIRES_PAYMENT' } });
  });

  test('a price below what a card can be charged is refused as that, with or without a card', async () => {
    const cheap = await makeLot(system, { tariff: plainRates({ blockMinutes: 60, minor: 20 }) });
    const held = await payer.reserve(cheap);
    expect(held.payment).toMatchObject({ amount: { amountMinor: 40 }, clientSecret: null });
    for (const card of ['pm_card_visa', undefined]) {
      const { userErrors } = await payer.complete(held, card);
      expect(userErrors).toMatchObject([
        { code: 'PAYMENT_IMPOSSIBLE', message: expect.stringMatching(/smallest that a card can be charged/) },
      ]);
    }
    expect(await payer.read(held)).toMatchObject({
      state: 'HELD',
      payment: { state: 'FAILED', failureCode: 'amount_too_small' },
    });
  });

  test('a card that is refused for a later end says what stays: the reservation as it was, not a hold', async () => {
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    const { data } = await payer.ask(`query ($id: ID!) { reservation(id: $id) { period { endsAt } } }`, {
      id: held.id,
    });
    const endsAt = new Date(Date.parse(data['reservation'].period.endsAt) + 60 * MINUTE_MS).toISOString();
    const later = { idempotencyKey: randomUUID(), reservationId: held.id, endsAt };
    const input = { ...later, paymentMethodId: 'pm_card_chargeDeclined' };
    const answer = (await payer.ask(CHANGE, { input })).data['changeReservation'];
    expect(answer.userErrors).toMatchObject([
      {
        code: 'PAYMENT_DECLINED',
        message: 'The card was refused. Try another card; your reservation stays as it was.',
      },
    ]);
  });

  test('the bank asks for 3-D Secure: the hold waits, and completes when its owner has answered', async () => {
    const held = await payer.reserve(lot);
    const asked = await payer.complete(held, 'pm_card_threeDSecure2Required');
    expect(asked.userErrors).toMatchObject([
      { code: 'PAYMENT_ACTION_REQUIRED', clientSecret: held.payment!.clientSecret },
    ]);
    expect(await payer.read(held)).toMatchObject({ state: 'HELD', payment: { state: 'REQUIRES_ACTION' } });
    await payer.authenticate(held.payment!.clientSecret!);
    expect((await payer.complete(held)).reservation).toMatchObject({
      state: 'CONFIRMED',
      payment: { state: 'CAPTURED' },
    });
  });

  test('a failed 3-D Secure leaves the hold, and another card pays', async () => {
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_threeDSecure2Required');
    await payer.authenticate(held.payment!.clientSecret!, 'fail');
    expect((await payer.complete(held)).userErrors).toMatchObject([{ code: 'PAYMENT_REQUIRED' }]);
    expect((await payer.complete(held, 'pm_card_visa')).reservation).toMatchObject({ state: 'CONFIRMED' });
  });

  test('money that comes after the hold ran out goes back by itself, and the driver is told', async () => {
    const held = await payer.reserve(lot);
    system.clock.advance((lot.policy.holdMinutes + 1) * MINUTE_MS);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'EXPIRED',
      outcomeRule: 'PAID_LATE',
      payment: {
        captured: { amountMinor: 400 },
        refunded: { amountMinor: 400 },
        refunds: [{ reason: 'PAID_LATE', state: 'SUCCEEDED' }],
      },
    });
    const { userErrors } = await payer.complete(held);
    expect(userErrors).toMatchObject([{ code: 'HOLD_LAPSED' }]);
    expect(userErrors[0]!.message).toMatch(/money goes back/);
  });

  test('two clients that complete at once pay once', async () => {
    const held = await payer.reserve(lot);
    const answers = await Promise.all(
      ['pm_card_visa', 'pm_card_mastercard', 'pm_card_amex'].map((card) => payer.complete(held, card)),
    );
    expect(answers.some(({ reservation }) => reservation?.state === 'CONFIRMED')).toBe(true);
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'CONFIRMED',
      payment: { captured: { amountMinor: 400 }, refunded: { amountMinor: 0 } },
    });
    expect(capturedCharges(held.payment!.clientSecret!)).toHaveLength(1);
  });

  test('a cancelled reservation’s refund reaches the card', async () => {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_visa');
    await payer.cancel(held);
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'CANCELLED',
      payment: {
        state: 'CAPTURED',
        refunded: { amountMinor: 400 },
        refunds: [{ amount: { amountMinor: 400 }, reason: 'CANCELLED', state: 'SUCCEEDED' }],
      },
    });
  });

  test('a disputed payment shows as such, and its refund waits', async () => {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_createDispute');
    await moneySettled(system);
    expect((await payer.read(held)).payment!.state).toBe('DISPUTED');
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment).toMatchObject({ state: 'DISPUTED', refunds: [{ state: 'OWED' }] });
  });

  test('a dispute that is heard of before its payment is not forgotten', async () => {
    const held = await payer.reserve(lot, 48);
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_createDispute');
    const dispute = system.stripe.state.disputes().at(-1)!;
    await settleDispute(system.platform, rowOf('pay', held.payment!.id), dispute.id);
    expect((await payer.complete(held)).reservation).toMatchObject({
      state: 'CONFIRMED',
      payment: { state: 'DISPUTED' },
    });
  });

  test('a dispute of which a refund hears first is told, once', async () => {
    const held = await payer.reserve(lot, 48);
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    await payer.complete(held, 'pm_card_createDispute');
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment).toMatchObject({ state: 'DISPUTED', refunds: [{ state: 'OWED' }] });
    const { lotId, id } = rowOf('pay', held.payment!.id);
    await settleDispute(system.platform, { lotId, id }, system.stripe.state.disputes().at(-1)!.id);
    const told = await system.platform.orm.em
      .fork()
      .execute<object[]>(
        `SELECT id FROM outbox_event WHERE lot_id = ? AND aggregate_id = ? AND type = 'payment.disputed'`,
        [lotId, id],
      );
    expect(told).toHaveLength(1);
  });

  test('a dispute that is won lets the refund that waited go', async () => {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_createDispute');
    await moneySettled(system);
    await payer.cancel(held);
    await moneySettled(system);
    const intentId = intentOf(held.payment!.clientSecret!);
    const dispute = system.stripe.state.disputes().find(({ payment_intent }) => payment_intent === intentId)!;
    await payer
      .operatorsLibrary()
      .disputes.update(dispute.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    await moneySettled(system);
    expect((await payer.read(held)).payment!.state).toBe('CAPTURED');
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
  });

  test('a yen has no hundredth: the provider is asked for the very same number', async () => {
    const tokyo = await makeLot(system, { currency: 'JPY', country: 'JP', timeZone: 'Asia/Tokyo' });
    const held = await payer.reserve(tokyo);
    await payer.complete(held, 'pm_card_visa');
    const charge = capturedCharges(held.payment!.clientSecret!)[0]!;
    expect(charge).toMatchObject({ amount: held.payment!.amount.amountMinor, currency: 'jpy' });
  });

  test('the provider learns ids and nothing of the person or the vehicle', async () => {
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    const intent = system.stripe.state.paymentIntents().find(({ id }) => id === intentOf(held.payment!.clientSecret!))!;
    expect(Object.keys(intent.metadata).toSorted()).toEqual(['kind', 'lotId', 'paymentId', 'reservationId']);
    const customer = system.stripe.state.customers().find(({ id }) => id === intent.customer)!;
    expect(customer).toMatchObject({ email: null, name: null, metadata: { driverId: payer.driver.id } });
  });

  test('staff sees a payment without its client secret; another driver sees nothing of it', async () => {
    const held = await payer.reserve(lot);
    const document = `query ($id: ID!) { node(id: $id) { ... on Payment { id state clientSecret } } }`;
    const readAs = async (token: string) =>
      (await system.client(token).query(document, { id: held.payment!.id })).data['node'];
    expect(await readAs(payer.driver.token)).toMatchObject({
      id: held.payment!.id,
      clientSecret: held.payment!.clientSecret,
    });
    expect(await readAs(await lot.staffToken('OPERATOR'))).toMatchObject({ id: held.payment!.id, clientSecret: null });
    expect(await readAs((await makeDriver(system)).token)).toBeNull();
    expect(await readAs(await (await makeLot(system)).staffToken('OPERATOR'))).toBeNull();
  });
});
