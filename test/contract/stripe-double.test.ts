import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import Stripe from 'stripe';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';
import { idOf } from '../../sandbox/stripe/store.ts';
import { clientOf, openDouble, payWith, refusal } from './stripe-double-harness.ts';

const CARD_ONLY = { allowed_payment_method_types: ['card'] };

let now: Date;
let double: StripeDouble;
let stripe: Stripe;

beforeEach(async () => {
  now = new Date('2026-11-20T12:00:00Z');
  double = await openDouble({ now: () => now });
  stripe = clientOf(double);
});
afterEach(() => double.stop());

const pay = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) => payWith(stripe, more);

async function savedCard(payment_method = 'pm_card_visa'): Promise<{ customer: string; payment_method: string }> {
  const customer = await stripe.customers.create({ email: 'driver@example.com' });
  const method = await stripe.paymentMethods.attach(payment_method, { customer: customer.id });
  return { customer: customer.id, payment_method: method.id };
}

const eventTypes = (): string[] => double.state.events().map((event) => event.type);

describe('customers and cards', () => {
  test('a customer is created, read, changed and found by e-mail', async () => {
    const created = await stripe.customers.create({
      email: 'a@example.com',
      name: 'Ada',
      metadata: { driver: '7', old: 'x' },
    });
    await stripe.customers.update(created.id, { name: 'Ada L.', metadata: { old: '' } });
    const read = await stripe.customers.retrieve(created.id);
    expect(read).toMatchObject({ object: 'customer', name: 'Ada L.', metadata: { driver: '7' }, livemode: false });
    expect((await stripe.customers.list({ email: 'a@example.com' })).data).toHaveLength(1);
    expect((await stripe.customers.list({ email: 'b@example.com' })).data).toHaveLength(0);
  });

  test('a card made from its number is attached to a customer, listed there, and detached for good', async () => {
    const card = { number: '4242 4242 4242 4242', exp_month: 11, exp_year: 2026, cvc: '123' };
    const method = await stripe.paymentMethods.create({ type: 'card', card, billing_details: { name: 'Ada' } });
    expect(method.card).toMatchObject({ brand: 'visa', last4: '4242', exp_year: 2026 });
    const customer = await stripe.customers.create();
    await stripe.paymentMethods.attach(method.id, { customer: customer.id });
    const listed = await stripe.paymentMethods.list({ customer: customer.id, type: 'card' });
    expect(listed.data.map((entry) => entry.id)).toEqual([method.id]);
    expect((await stripe.customers.listPaymentMethods(customer.id)).data).toHaveLength(1);
    expect((await stripe.paymentMethods.detach(method.id)).customer).toBeNull();
    const again = await refusal(stripe.paymentMethods.attach(method.id, { customer: customer.id }));
    expect(again).toMatchObject({ statusCode: 400, code: 'payment_method_unexpected_state' });
  });

  test('a deleted customer leaves a stub, and the cards go with them', async () => {
    const card = await savedCard();
    expect(await stripe.customers.del(card.customer)).toEqual({ id: card.customer, object: 'customer', deleted: true });
    expect(await stripe.customers.retrieve(card.customer)).toMatchObject({ deleted: true });
    expect((await stripe.paymentMethods.retrieve(card.payment_method)).customer).toBeNull();
    expect(await refusal(pay({ payment_method: card.payment_method }))).toMatchObject({ statusCode: 400 });
  });

  test.each([
    [{ number: '4242424242424241', exp_month: 1, exp_year: 2030 }, 'incorrect_number'],
    [{ number: '4242424242424242', exp_month: 13, exp_year: 2030 }, 'invalid_expiry_month'],
    [{ number: '4242424242424242', exp_month: 10, exp_year: 2026 }, 'invalid_expiry_year'],
    [{ number: '4242424242424242', exp_month: 1, exp_year: 2030, cvc: '1' }, 'invalid_cvc'],
  ])('the card %j is refused with %s', async (card, code) => {
    expect(await refusal(stripe.paymentMethods.create({ type: 'card', card }))).toMatchObject({
      statusCode: 402,
      code,
    });
  });

  test('a card that declines cannot be saved, but the one made to fail later can', async () => {
    const customer = (await stripe.customers.create()).id;
    const declined = await refusal(stripe.paymentMethods.attach('pm_card_chargeDeclined', { customer }));
    expect(declined).toMatchObject({ statusCode: 402, code: 'card_declined', decline_code: 'generic_decline' });
    const later = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer });
    expect(later.customer).toBe(customer);
    const charged = await refusal(pay({ customer, payment_method: later.id, off_session: true }));
    expect(charged).toMatchObject({ statusCode: 402, code: 'card_declined' });
  });
});

describe('payment intents', () => {
  test('one call pays: captured charge, fee on the balance, events in order', async () => {
    const intent = await pay({ expand: ['latest_charge.balance_transaction'], metadata: { reservation: 'r1' } });
    expect(intent).toMatchObject({ status: 'succeeded', amount_received: 1200, metadata: { reservation: 'r1' } });
    expect(intent.latest_charge).toMatchObject({
      captured: true,
      amount_captured: 1200,
      payment_intent: intent.id,
      balance_transaction: { amount: 1200, fee: 43, net: 1157, type: 'charge' },
    });
    expect(eventTypes()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
  });

  test('step by step: created, changed, confirmed, then never again', async () => {
    const created = await stripe.paymentIntents.create({ amount: 500, currency: 'EUR', ...CARD_ONLY });
    expect(created).toMatchObject({ status: 'requires_payment_method', currency: 'eur', amount: 500 });
    await stripe.paymentIntents.update(created.id, { amount: 700, description: 'Two hours' });
    const confirmed = await stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_mastercard' });
    expect(confirmed).toMatchObject({ status: 'succeeded', amount_received: 700, description: 'Two hours' });
    const again = await refusal(stripe.paymentIntents.confirm(created.id, { payment_method: 'pm_card_visa' }));
    expect(again).toMatchObject({ statusCode: 400, code: 'payment_intent_unexpected_state' });
    expect(again.payment_intent?.status).toBe('succeeded');
    expect(double.state.charges()).toHaveLength(1);
  });

  test.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', ''],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', ''],
  ])('%s is declined with %s, and the intent takes another card', async (payment_method, code, decline_code) => {
    const error = await refusal(pay({ payment_method }));
    expect(error).toBeInstanceOf(Stripe.errors.StripeCardError);
    expect(error).toMatchObject({ statusCode: 402, code, decline_code });
    expect(error.payment_intent).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code },
    });
    expect(await stripe.charges.retrieve(String(error.charge))).toMatchObject({ status: 'failed', paid: false });
    expect(eventTypes()).toContain('payment_intent.payment_failed');
    const second = await stripe.paymentIntents.confirm(String(error.payment_intent?.id), {
      payment_method: 'pm_card_visa',
    });
    expect(second).toMatchObject({ status: 'succeeded', last_payment_error: null });
  });

  test('an authorisation is captured in part, once; a second capture is refused', async () => {
    const held = await pay({ capture_method: 'manual' });
    expect(held).toMatchObject({ status: 'requires_capture', amount_capturable: 1200, amount_received: 0 });
    expect(await refusal(stripe.paymentIntents.capture(held.id, { amount_to_capture: 1201 }))).toMatchObject({
      code: 'amount_too_large',
    });
    const taken = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 900 });
    expect(taken).toMatchObject({ status: 'succeeded', amount_received: 900, amount_capturable: 0 });
    expect(await refusal(stripe.paymentIntents.capture(held.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect(double.state.balanceTransactions()).toHaveLength(1);
  });

  test('an intent that was not captured can be canceled; one that succeeded cannot', async () => {
    const held = await pay({ capture_method: 'manual' });
    const canceled = await stripe.paymentIntents.cancel(held.id, { cancellation_reason: 'abandoned' });
    expect(canceled).toMatchObject({ status: 'canceled', cancellation_reason: 'abandoned', amount_capturable: 0 });
    expect(double.state.refunds()).toHaveLength(0);
    const paid = await pay();
    expect(await refusal(stripe.paymentIntents.cancel(paid.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
  });

  test('an authorisation that nobody captures lapses after seven days', async () => {
    const held = await pay({ capture_method: 'manual' });
    now = new Date(now.getTime() + 7 * 86_400_000 - 1000);
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe('requires_capture');
    now = new Date(now.getTime() + 1000);
    expect(await refusal(stripe.paymentIntents.capture(held.id))).toMatchObject({
      code: 'payment_intent_unexpected_state',
    });
    expect((await stripe.paymentIntents.retrieve(held.id)).status).toBe('canceled');
    expect(eventTypes()).toContain('charge.expired');
  });

  test('the customer who pays once and agrees is charged later without being there', async () => {
    const customer = (await stripe.customers.create()).id;
    const first = await pay({ customer, setup_future_usage: 'off_session' });
    const later = await pay({
      customer,
      payment_method: idOf(first.payment_method),
      off_session: true,
      amount: 2500,
    });
    expect(later).toMatchObject({ status: 'succeeded', amount_received: 2500 });
    const other = (await stripe.customers.create()).id;
    const foreign = await refusal(pay({ customer: other, payment_method: idOf(first.payment_method) }));
    expect(foreign).toMatchObject({ statusCode: 400, param: 'payment_method' });
  });

  test('a card that was spent without a customer is not taken twice', async () => {
    const method = await stripe.paymentMethods.create({
      type: 'card',
      card: { number: '4242424242424242', exp_month: 1, exp_year: 2030 },
    });
    await pay({ payment_method: method.id });
    expect(await refusal(pay({ payment_method: method.id }))).toMatchObject({
      statusCode: 400,
      code: 'payment_method_unexpected_state',
    });
  });

  test.each([
    ['amount of zero', { amount: 0 }, 'parameter_invalid_integer'],
    ['amount below the least charge', { amount: 49 }, 'amount_too_small'],
    ['unknown card', { payment_method: 'pm_nothing' }, 'resource_missing'],
    ['unknown parameter', { amount: 1200, amuont: 5 }, 'parameter_unknown'],
  ])('%s is refused before anything happens', async (_what, params, code) => {
    expect(await refusal(pay(params))).toMatchObject({ statusCode: 400, code });
    expect(double.state.paymentIntents()).toHaveLength(0);
  });

  test('automatic payment methods need a way back, as they may redirect', async () => {
    const params = { amount: 500, currency: 'eur', payment_method: 'pm_card_visa', confirm: true };
    expect(await refusal(stripe.paymentIntents.create(params))).toMatchObject({ statusCode: 400, param: 'return_url' });
    const never = { automatic_payment_methods: { enabled: true, allow_redirects: 'never' } } as const;
    expect((await stripe.paymentIntents.create({ ...params, ...never })).status).toBe('succeeded');
  });
});

describe('3-D Secure', () => {
  const returnUrl = 'https://parkwell.example/paid?lot=1';

  async function challenged(more: Partial<Stripe.PaymentIntentCreateParams> = {}) {
    const intent = await pay({ payment_method: 'pm_card_authenticationRequired', return_url: returnUrl, ...more });
    expect(intent).toMatchObject({ status: 'requires_action', next_action: { type: 'redirect_to_url' } });
    return intent;
  }

  test('the page of the bank asks, takes a yes, and leads back with the intent in the address', async () => {
    const intent = await challenged();
    const url = String(intent.next_action?.redirect_to_url?.url);
    expect(await (await fetch(url)).text()).toContain('€12.00');
    const answered = await fetch(url, {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'succeed' }),
      redirect: 'manual',
    });
    expect(answered.status).toBe(303);
    const back = new URL(String(answered.headers.get('location')));
    expect(Object.fromEntries(back.searchParams)).toMatchObject({
      lot: '1',
      payment_intent: intent.id,
      redirect_status: 'succeeded',
    });
    expect((await stripe.paymentIntents.retrieve(intent.id)).status).toBe('succeeded');
    await fetch(url, { method: 'POST', body: new URLSearchParams({ outcome: 'succeed' }) });
    expect(double.state.charges()).toHaveLength(1);
  });

  test('a test helper answers yes or no without a browser', async () => {
    const helper = (id: string, outcome: string) =>
      stripe.rawRequest('POST', `/v1/test_helpers/payment_intents/${id}/complete_challenge`, { outcome });
    const yes = await challenged();
    await helper(yes.id, 'succeed');
    expect((await stripe.paymentIntents.retrieve(yes.id)).status).toBe('succeeded');
    const no = await challenged();
    await helper(no.id, 'fail');
    expect(await stripe.paymentIntents.retrieve(no.id)).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect(await refusal(helper(no.id, 'succeed'))).toMatchObject({ code: 'payment_intent_unexpected_state' });
  });

  test('in the absence of the driver the card is refused, and the intent waits for another one', async () => {
    const card = await savedCard('pm_card_authenticationRequired');
    const error = await refusal(pay({ ...card, off_session: true }));
    expect(error).toMatchObject({
      statusCode: 402,
      code: 'authentication_required',
      decline_code: 'authentication_required',
    });
    expect(error.payment_intent?.status).toBe('requires_payment_method');
  });

  test('a card set up with authentication is then charged in the absence of the driver', async () => {
    const customer = (await stripe.customers.create()).id;
    const payment_method = 'pm_card_authenticationRequiredOnSetup';
    const setup = await stripe.setupIntents.create({ customer, payment_method, confirm: true, return_url: returnUrl });
    expect(setup).toMatchObject({ status: 'requires_action', usage: 'off_session' });
    await stripe.rawRequest('POST', `/v1/test_helpers/setup_intents/${setup.id}/complete_challenge`, {});
    const done = await stripe.setupIntents.retrieve(setup.id);
    expect(done.status).toBe('succeeded');
    const method = idOf(done.payment_method);
    expect((await stripe.paymentMethods.retrieve(method)).customer).toBe(customer);
    expect((await pay({ customer, payment_method: method, off_session: true })).status).toBe('succeeded');
  });

  test('a card is set up without a way back only where nothing can lead away', async () => {
    const open = await stripe.setupIntents.create({ payment_method: 'pm_card_visa' });
    expect(await refusal(stripe.setupIntents.confirm(open.id))).toMatchObject({ statusCode: 400, param: 'return_url' });
    const automatic_payment_methods = { enabled: true, allow_redirects: 'never' } as const;
    const closed = await stripe.setupIntents.create({ payment_method: 'pm_card_visa', automatic_payment_methods });
    expect((await stripe.setupIntents.confirm(closed.id)).status).toBe('succeeded');
  });

  test('a card that declines cannot be set up, and says why', async () => {
    const setup = await stripe.setupIntents.create({ ...CARD_ONLY });
    const error = await refusal(stripe.setupIntents.confirm(setup.id, { payment_method: 'pm_card_chargeDeclined' }));
    expect(error).toMatchObject({ statusCode: 402, code: 'card_declined' });
    expect(error.setup_intent).toMatchObject({
      status: 'requires_payment_method',
      last_setup_error: { code: 'card_declined' },
    });
  });
});

describe('lists', () => {
  test('come newest first, page by page, and by time', async () => {
    const amounts = [];
    for (const amount of [100, 200, 300]) {
      amounts.push((await pay({ amount })).id);
      now = new Date(now.getTime() + 60_000);
    }
    const first = await stripe.paymentIntents.list({ limit: 2 });
    expect(first).toMatchObject({ has_more: true, url: '/v1/payment_intents' });
    expect(first.data.map((intent) => intent.amount)).toEqual([300, 200]);
    const all: string[] = [];
    for await (const intent of stripe.paymentIntents.list({ limit: 1 })) all.push(intent.id);
    expect(all).toEqual(amounts.toReversed());
    const since = Math.floor(new Date('2026-11-20T12:01:00Z').getTime() / 1000);
    const recent = await stripe.events.list({ created: { gte: since }, type: 'payment_intent.succeeded', limit: 100 });
    expect(recent.data.map((event) => (event.data.object as Stripe.PaymentIntent).amount)).toEqual([300, 200]);
    expect((await stripe.charges.list({ created: since })).data).toHaveLength(1);
    const net = (await stripe.balanceTransactions.list({ type: 'charge' })).data.reduce((sum, row) => sum + row.net, 0);
    expect(net).toBe(600 - 3 * 25 - 2 - 3 - 5);
  });
});
