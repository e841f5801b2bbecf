import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { randomBytes } from 'node:crypto';
import Stripe from 'stripe';
import { intentOf, Payer, type Held } from '../journeys/payment-steps.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

const signer = new Stripe('sk_test_signer');

describe('POST /webhooks/stripe', () => {
  let system: TestSystem;
  let payer: Payer;
  let paid: Held;
  let event: Stripe.Event;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    // Deliveries are made by hand here.
    system.stripe.setWebhookUrl(undefined);
  });

  beforeEach(async () => {
    payer = new Payer(system, await makeDriver(system));
    paid = await payer.reserve(await makeLot(system));
    const clientSecret = paid.payment!.clientSecret!;
    await payer.payInClient(clientSecret, 'pm_card_visa');
    event = eventOf('payment_intent.succeeded', intentOf(clientSecret));
  });

  afterAll(() => system.stop());

  const eventOf = (type: string, intentId: string): Stripe.Event =>
    system.stripe.state
      .events()
      .findLast((each) => each.type === type && (each.data.object as { id: string }).id === intentId)!;

  const nowSeconds = () => Math.floor(system.clock.now().getTime() / 1000);

  const signatureOf = (payload: string, { secret = system.env['STRIPE_WEBHOOK_SECRET']!, ageSeconds = 0 } = {}) =>
    signer.webhooks.generateTestHeaderString({ payload, secret, timestamp: nowSeconds() - ageSeconds });

  async function deliver(body: string, signature: string | undefined): Promise<number> {
    const response = await fetch(`${system.url}/webhooks/stripe`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        ...(signature === undefined ? {} : { 'stripe-signature': signature }),
      },
      body,
    });
    return response.status;
  }

  const remembered = async () => {
    const rows = await system.platform.orm.em
      .fork()
      .execute<object[]>('SELECT id FROM webhook_event WHERE id = ?', [event.id]);
    return rows.length;
  };

  async function expectNoEffect(): Promise<void> {
    expect((await payer.read(paid)).state).toBe('HELD');
    expect(await remembered()).toBe(0);
  }

  test('a delivery of the provider is acted on', async () => {
    const body = JSON.stringify(event);
    expect(await deliver(body, signatureOf(body))).toBe(200);
    expect(await payer.read(paid)).toMatchObject({ state: 'CONFIRMED', payment: { state: 'CAPTURED' } });
    expect(await remembered()).toBe(1);
  });

  test('a signature with another secret is refused and has no effect', async () => {
    const body = JSON.stringify(event);
    expect(await deliver(body, signatureOf(body, { secret: 'whsec_of_somebody_else' }))).toBe(400);
    await expectNoEffect();
  });

  test('one altered byte is refused and has no effect', async () => {
    const body = JSON.stringify(event);
    const altered = body.replace('"livemode":false', '"livemode":fals3');
    expect(altered).not.toBe(body);
    expect(await deliver(altered, signatureOf(body))).toBe(400);
    // Not even a byte that changes no meaning.
    expect(await deliver(`${body} `, signatureOf(body))).toBe(400);
    await expectNoEffect();
  });

  test('a delivery older than 300 s is refused and has no effect; one of 295 s is taken', async () => {
    const body = JSON.stringify(event);
    expect(await deliver(body, signatureOf(body, { ageSeconds: 302 }))).toBe(400);
    await expectNoEffect();
    const recorded = signatureOf(body);
    system.clock.advance(302_000);
    expect(await deliver(body, recorded)).toBe(400);
    await expectNoEffect();
    expect(await deliver(body, signatureOf(body, { ageSeconds: 295 }))).toBe(200);
    expect((await payer.read(paid)).state).toBe('CONFIRMED');
  });

  test.each([
    ['no signature', () => undefined],
    ['an empty signature', () => ''],
    ['a signature without a time', (body: string) => signatureOf(body).replace(/t=\d+,/, '')],
    ['garbage for a signature', () => 't=now,v1=\u00e4\u00f6'],
    ['a signature of an older scheme', (body: string) => signatureOf(body).replace('v1=', 'v0=')],
  ])('%s is refused and has no effect', async (_name, signature) => {
    const body = JSON.stringify(event);
    expect(await deliver(body, signature(body))).toBe(400);
    await expectNoEffect();
  });

  test('signed garbage does no harm', async () => {
    for (const body of [
      '',
      '{',
      '[]',
      '"text"',
      'null',
      '{"id":"evt_1","type":"payment_intent.succeeded","data":{"object":null}}',
      randomBytes(64).toString('hex'),
    ]) {
      expect(await deliver(body, signatureOf(body))).toBe(400);
    }
    await expectNoEffect();
  });

  test('a delivery that was acted on is answered again and not acted on again', async () => {
    const body = JSON.stringify(event);
    expect(await deliver(body, signatureOf(body))).toBe(200);
    const calls = system.stripe.state.requests().length;
    expect(await deliver(body, signatureOf(body))).toBe(200);
    expect(system.stripe.state.requests()).toHaveLength(calls);
  });

  test('an event says “look” and nothing more: a false claim of success confirms nothing', async () => {
    const other = await payer.reserve(await makeLot(system), 30);
    const created = eventOf('payment_intent.created', intentOf(other.payment!.clientSecret!));
    const claim = { ...created, id: 'evt_false_claim', type: 'payment_intent.succeeded' };
    Object.assign(claim.data.object, { status: 'succeeded', amount_received: 400 });
    const body = JSON.stringify(claim);
    expect(await deliver(body, signatureOf(body))).toBe(200);
    expect(await payer.read(other)).toMatchObject({ state: 'HELD', payment: { captured: { amountMinor: 0 } } });
  });

  test('what is none of ours is acknowledged, so that it does not come again', async () => {
    const strange = {
      ...event,
      id: 'evt_strange',
      type: 'invoice.paid',
      data: { object: { id: 'in_1', object: 'invoice' } },
    };
    const body = JSON.stringify(strange);
    expect(await deliver(body, signatureOf(body))).toBe(200);
    await expectNoEffect();
  });

  test('while the provider can’t be asked the delivery is put off, and its repetition is acted on', async () => {
    const body = JSON.stringify(event);
    system.stripe.faults.set({ serverErrors: { share: 1, only: 'GET /v1/payment_intents' } });
    expect(await deliver(body, signatureOf(body))).toBe(503);
    await expectNoEffect();
    system.stripe.faults.reset();
    expect(await deliver(body, signatureOf(body))).toBe(200);
    expect((await payer.read(paid)).state).toBe('CONFIRMED');
  });
});
