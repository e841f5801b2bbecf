import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import Stripe from 'stripe';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';
import {
  clientOf,
  openDouble,
  openReceiver,
  payWith,
  type Receiver,
  refusal,
  SECRET_KEY,
  WEBHOOK_SECRET,
} from './stripe-double-harness.ts';

const NOON = new Date('2026-11-20T12:00:00Z');

let now: Date;
let double: StripeDouble;
let stripe: Stripe;
let receiver: Receiver;

beforeEach(async () => {
  now = NOON;
  receiver = await openReceiver(() => now);
  // No time passes in these tests: what waits is sent by deliverPending.
  double = await openDouble({ now: () => now, webhookRetryDelaysMs: [60_000, 60_000], webhookUrl: receiver.url });
  stripe = clientOf(double);
});
afterEach(async () => {
  await double.stop();
  receiver.stop();
});

const replayed = (answer: Stripe.Response<object>): boolean =>
  answer.lastResponse.headers['idempotent-replayed'] === 'true';

describe('at the door', () => {
  test('a wrong key is refused with 401, an unknown address with 404', async () => {
    const stranger = clientOf(double, {}, 'sk_test_other');
    expect(await refusal(stranger.customers.create())).toBeInstanceOf(Stripe.errors.StripeAuthenticationError);
    expect(await refusal(stripe.rawRequest('GET', '/v1/nothing'))).toMatchObject({ statusCode: 404 });
    expect(await refusal(stripe.paymentIntents.retrieve('pi_none'))).toMatchObject({
      statusCode: 404,
      code: 'resource_missing',
    });
  });

  test('an app confirms with the publishable key and the client secret, and sees and does no more', async () => {
    const intent = await stripe.paymentIntents.create({ amount: 500, currency: 'eur', metadata: { note: 'ours' } });
    const app = clientOf(double, {}, double.publishableKey);
    const confirm = (client_secret: string) =>
      app.rawRequest('POST', `/v1/payment_intents/${intent.id}/confirm`, {
        client_secret,
        payment_method: 'pm_card_visa',
        return_url: 'https://parkwell.example/paid',
      });
    expect(await refusal(confirm(`${intent.id}_secret_guess`))).toMatchObject({
      statusCode: 400,
      param: 'client_secret',
    });
    expect(await refusal(app.paymentIntents.retrieve(intent.id))).toMatchObject({
      statusCode: 400,
      param: 'client_secret',
    });
    const seen = await confirm(String(intent.client_secret));
    expect(seen).toMatchObject({ id: intent.id, status: 'succeeded' });
    expect(seen).not.toHaveProperty('metadata');
    expect(await refusal(app.refunds.create({ payment_intent: intent.id }))).toBeInstanceOf(
      Stripe.errors.StripePermissionError,
    );
    const preflight = await fetch(`${double.url}/v1/payment_intents`, { method: 'OPTIONS' });
    expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
  });

  test('the 26th call of a second at one endpoint is refused with 429, others go on', async () => {
    const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => stripe.customers.create()));
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(5);
    expect(refused.every((outcome) => outcome.reason instanceof Stripe.errors.StripeRateLimitError)).toBe(true);
    await expect(stripe.customers.list()).resolves.toMatchObject({ object: 'list' });
  });
});

describe('an idempotency key', () => {
  test('gives the first answer again, for a success and for a decline', async () => {
    const first = await payWith(stripe, {}, { idempotencyKey: 'k1' });
    const again = await payWith(stripe, {}, { idempotencyKey: 'k1' });
    expect([again.id, replayed(first), replayed(again)]).toEqual([first.id, false, true]);
    const declined = { payment_method: 'pm_card_chargeDeclined' };
    const one = await refusal(payWith(stripe, declined, { idempotencyKey: 'k2' }));
    const two = await refusal(payWith(stripe, declined, { idempotencyKey: 'k2' }));
    expect(two.payment_intent?.id).toBe(one.payment_intent?.id);
    expect(double.state.charges()).toHaveLength(2);
  });

  test('refuses other parameters, another endpoint included', async () => {
    await payWith(stripe, {}, { idempotencyKey: 'k' });
    const other = await refusal(payWith(stripe, { amount: 1300 }, { idempotencyKey: 'k' }));
    expect(other).toBeInstanceOf(Stripe.errors.StripeIdempotencyError);
    expect(await refusal(stripe.customers.create({}, { idempotencyKey: 'k' }))).toMatchObject({
      rawType: 'idempotency_error',
    });
    expect(double.state.paymentIntents()).toHaveLength(1);
  });

  test('stays free when the request was malformed, and is forgotten after a day', async () => {
    await refusal(payWith(stripe, { amount: 1 }, { idempotencyKey: 'k' }));
    await payWith(stripe, {}, { idempotencyKey: 'k' });
    now = new Date(NOON.getTime() + 24 * 3_600_000);
    await payWith(stripe, { amount: 1300 }, { idempotencyKey: 'k' });
    expect(double.state.paymentIntents().map((intent) => intent.amount)).toEqual([1200, 1300]);
  });

  test('answers 409 while the first call runs; the SDK that retries gets the first answer', async () => {
    double.faults.set({ latencyMs: 150 });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => payWith(stripe, {}, { idempotencyKey: 'k' })));
    const refused = outcomes
      .filter((outcome) => outcome.status === 'rejected')
      .map((outcome) => outcome.reason.statusCode);
    expect(refused).toEqual([409, 409]);
    const patient = await payWith(stripe, {}, { idempotencyKey: 'k', maxNetworkRetries: 5 });
    expect(replayed(patient)).toBe(true);
    expect(double.state.charges()).toHaveLength(1);
  });
});

describe('webhooks', () => {
  test('arrive signed, in order, with the object as it was and the request that caused it', async () => {
    const intent = await payWith(stripe, {}, { idempotencyKey: 'cause' });
    await double.deliverPending();
    expect(receiver.types()).toEqual(['payment_intent.created', 'charge.succeeded', 'payment_intent.succeeded']);
    const [created, , succeeded] = receiver.received.map(({ event }) => event);
    expect(created?.data.object).toMatchObject({ id: intent.id, status: 'requires_confirmation' });
    expect(succeeded?.data.object).toMatchObject({ id: intent.id, status: 'succeeded' });
    expect(succeeded).toMatchObject({ api_version: Stripe.API_VERSION, request: { idempotency_key: 'cause' } });
    expect((await stripe.events.retrieve(String(succeeded?.id))).pending_webhooks).toBe(0);
  });

  test('a changed byte, another secret or an old stamp does not pass the check of the SDK', async () => {
    await payWith(stripe);
    await double.deliverPending();
    const { body, signature } = receiver.received[0]!;
    const check =
      (payload: string, secret = WEBHOOK_SECRET, at = now) =>
      () =>
        Stripe.webhooks.constructEvent(payload, signature, secret, 300, undefined, at.getTime());
    expect(check(body)).not.toThrow();
    expect(check(body.replace('1200', '1201'))).toThrow(Stripe.errors.StripeSignatureVerificationError);
    expect(check(body, 'whsec_other')).toThrow(Stripe.errors.StripeSignatureVerificationError);
    expect(check(body, WEBHOOK_SECRET, new Date(NOON.getTime() + 301_000))).toThrow(/tolerance/);
  });

  test('one that fails is sent again, and given up after the last attempt', async () => {
    receiver.answers.push(500, 503, 200);
    await stripe.customers.create();
    await double.deliverPending();
    expect(double.state.deliveries().map(({ attempt, outcome }) => [attempt, outcome])).toEqual([
      [1, 500],
      [2, 503],
      [3, 200],
    ]);
    receiver.answers.push(500, 500, 500);
    await stripe.customers.create();
    await double.deliverPending();
    expect(double.state.events().map((event) => event.pending_webhooks)).toEqual([0, 1]);
  });

  test('dropped ones are missing at the receiver, and found in the list of events', async () => {
    double.faults.set({ webhooks: { dropShare: 1 } });
    const intent = await payWith(stripe);
    await double.deliverPending();
    expect(receiver.received).toHaveLength(0);
    const missed = await stripe.events.list({ created: { gte: intent.created }, types: ['payment_intent.succeeded'] });
    expect(missed.data.map((event) => (event.data.object as Stripe.PaymentIntent).id)).toEqual([intent.id]);
  });

  test('are repeated and mixed up on request, the same way for the same seed', async () => {
    const typesFor = async (seed: number): Promise<string[]> => {
      receiver.received.length = 0;
      double.faults.set({ seed, webhooks: { repeat: 2, reorder: true, dropShare: 0.3, delayMs: 60_000 } });
      for (let payment = 0; payment < 5; payment += 1) await payWith(stripe);
      await double.deliverPending();
      return receiver.types();
    };
    const first = await typesFor(7);
    expect(first.length % 2).toBe(0);
    expect(first.length).toBeLessThan(30);
    const created = double.state.events().map((event) => event.id);
    const places = receiver.received.map(({ event }) => created.indexOf(event.id));
    expect(places).not.toEqual(places.toSorted((a, b) => a - b));
    expect(await typesFor(7)).toEqual(first);
    expect(await typesFor(8)).not.toEqual(first);
  });
});

describe('faults', () => {
  test('a 500 has no effect and is kept under its key; a new key goes through', async () => {
    double.faults.set({ serverErrors: { next: 1 } });
    const broken = await refusal(payWith(stripe, {}, { idempotencyKey: 'k1' }));
    expect(broken).toBeInstanceOf(Stripe.errors.StripeAPIError);
    expect(await refusal(payWith(stripe, {}, { idempotencyKey: 'k1', maxNetworkRetries: 2 }))).toMatchObject({
      statusCode: 500,
    });
    expect(double.state.charges()).toHaveLength(0);
    await payWith(stripe, {}, { idempotencyKey: 'k2' });
    expect(double.state.charges()).toHaveLength(1);
  });

  test('a 500 may also come after the effect', async () => {
    double.faults.set({ serverErrors: { next: 1, afterEffect: true, only: 'POST /v1/payment_intents' } });
    await stripe.customers.create();
    expect(await refusal(payWith(stripe))).toMatchObject({ statusCode: 500 });
    expect((await stripe.paymentIntents.list()).data.map((intent) => intent.status)).toEqual(['succeeded']);
  });

  test('a call that times out had its effect once; the same key brings the answer', async () => {
    double.faults.set({ timeouts: { next: 1 } });
    const lost = await refusal(payWith(stripe, {}, { idempotencyKey: 'k', timeout: 200 }));
    expect(lost).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    const found = await payWith(stripe, {}, { idempotencyKey: 'k' });
    expect(replayed(found)).toBe(true);
    expect(double.state.charges()).toHaveLength(1);
    expect(double.state.requests().map(({ lost, replayed }) => ({ lost, replayed }))).toEqual([
      { lost: true, replayed: false },
      { lost: false, replayed: true },
    ]);
  });

  test('down: connections are reset or 503 is answered, without effect, until it is up again', async () => {
    double.faults.set({ down: 'refuse' });
    expect(await refusal(payWith(stripe))).toBeInstanceOf(Stripe.errors.StripeConnectionError);
    double.faults.set({ down: 'unavailable' });
    expect(await refusal(payWith(stripe))).toMatchObject({ statusCode: 503 });
    double.faults.reset();
    await payWith(stripe);
    expect(double.state.charges()).toHaveLength(1);
  });

  test('are switched over HTTP, where an unknown switch is refused', async () => {
    const send = (method: string, body?: object) =>
      fetch(`${double.url}/_double/faults`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    expect(await (await send('POST', { latencyMs: 5, webhooks: { repeat: 3 } })).json()).toMatchObject({
      latencyMs: 5,
      webhooks: { repeat: 3, dropShare: 0 },
    });
    expect((await send('POST', { webhooks: { dorp: 1 } })).status).toBe(400);
    expect(double.faults.current().latencyMs).toBe(5);
    expect(await (await send('DELETE')).json()).toMatchObject({ latencyMs: 0 });
  });
});

describe('for people', () => {
  test('the page lists intents and refunds, and shows text as text', async () => {
    const paid = await payWith(stripe, { description: '<script>alert(1)</script>', currency: 'jpy', amount: 900 });
    const refund = await stripe.refunds.create({ payment_intent: paid.id, amount: 300 });
    const page = await (await fetch(double.url)).text();
    for (const shown of [paid.id, refund.id, '¥900', '&lt;script&gt;']) expect(page).toContain(shown);
    expect(page).not.toContain('<script');
    const state = (await (await fetch(`${double.url}/_double/state`)).json()) as { refunds: Stripe.Refund[] };
    expect(state.refunds.map(({ id }) => id)).toEqual([refund.id]);
  });

  test('the program says one line when it is ready, serves, and ends on SIGTERM', async () => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'sandbox/stripe/main.ts'], {
      env: { ...process.env, STRIPE_SECRET_KEY: SECRET_KEY, STRIPE_WEBHOOK_SECRET: WEBHOOK_SECRET, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const lines: string[] = [];
    const output = createInterface({ input: child.stdout }).on('line', (line) => lines.push(line));
    await once(output, 'line');
    const ready = JSON.parse(lines[0]!) as { ready: boolean; url: string };
    const { hostname, port } = new URL(ready.url);
    const sdk = new Stripe(SECRET_KEY, { host: hostname, port, protocol: 'http' });
    expect(await payWith(sdk)).toMatchObject({ status: 'succeeded' });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    expect(lines).toHaveLength(1);
  });
});
