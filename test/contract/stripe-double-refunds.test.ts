import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type Stripe from 'stripe';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';
import { idOf } from '../../sandbox/stripe/store.ts';
import { clientOf, openDouble, payWith, refusal } from './stripe-double-harness.ts';

let double: StripeDouble;
let stripe: Stripe;

beforeEach(async () => {
  double = await openDouble();
  stripe = clientOf(double);
});
afterEach(() => double.stop());

const pay = (more: Partial<Stripe.PaymentIntentCreateParams> = {}) => payWith(stripe, more);
const eventTypes = (): string[] => double.state.events().map((event) => event.type);

describe('refunds and disputes', () => {
  test('parts are given back up to what was captured, never more', async () => {
    const paid = await pay();
    await stripe.refunds.create({ payment_intent: paid.id, amount: 700 });
    const tooMuch = await refusal(stripe.refunds.create({ payment_intent: paid.id, amount: 501 }));
    expect(tooMuch).toMatchObject({ statusCode: 400, param: 'amount' });
    const rest = await stripe.refunds.create({ payment_intent: paid.id, reason: 'requested_by_customer' });
    expect(rest).toMatchObject({ amount: 500, status: 'succeeded', payment_intent: paid.id });
    const over = await refusal(stripe.refunds.create({ payment_intent: paid.id }));
    expect(over).toMatchObject({ statusCode: 400, code: 'charge_already_refunded' });
    const charge = await stripe.charges.retrieve(idOf(paid.latest_charge), { expand: ['refunds'] });
    expect(charge).toMatchObject({ amount_refunded: 1200, refunded: true });
    expect(charge.refunds?.data).toHaveLength(2);
    expect((await stripe.refunds.list({ payment_intent: paid.id })).data.map((refund) => refund.amount)).toEqual([
      500, 700,
    ]);
  });

  test('only what a partial capture took can be given back', async () => {
    const held = await pay({ capture_method: 'manual' });
    expect(await refusal(stripe.refunds.create({ payment_intent: held.id }))).toMatchObject({
      param: 'payment_intent',
    });
    await stripe.paymentIntents.capture(held.id, { amount_to_capture: 300 });
    expect((await stripe.refunds.create({ payment_intent: held.id })).amount).toBe(300);
  });

  test('a refund may be pending at first, or fail at last and leave the money to be given back again', async () => {
    const finish = (id: string) => stripe.rawRequest('POST', `/v1/test_helpers/refunds/${id}/finish`, {});
    const slow = await pay({ payment_method: 'pm_card_pendingRefund' });
    const pending = await stripe.refunds.create({ payment_intent: slow.id });
    expect(pending.status).toBe('pending');
    await finish(pending.id);
    expect((await stripe.refunds.retrieve(pending.id)).status).toBe('succeeded');
    const bad = await pay({ payment_method: 'pm_card_refundFail' });
    const failing = await stripe.refunds.create({ payment_intent: bad.id });
    expect(failing.status).toBe('succeeded');
    await finish(failing.id);
    expect((await stripe.refunds.retrieve(failing.id)).status).toBe('failed');
    expect((await stripe.charges.retrieve(idOf(bad.latest_charge))).amount_refunded).toBe(0);
    expect(eventTypes()).toContain('refund.failed');
  });

  test('a contested charge is marked, cannot be refunded, and its dispute can be lost or won', async () => {
    const paid = await pay({ payment_method: 'pm_card_createDispute' });
    const [dispute] = (await stripe.disputes.list({ payment_intent: paid.id })).data;
    expect(dispute).toMatchObject({ status: 'needs_response', reason: 'fraudulent', amount: 1200 });
    expect((await stripe.charges.retrieve(idOf(paid.latest_charge))).disputed).toBe(true);
    expect(await refusal(stripe.refunds.create({ payment_intent: paid.id }))).toMatchObject({
      code: 'charge_disputed',
    });
    expect((await stripe.disputes.close(dispute!.id)).status).toBe('lost');
    const second = await pay({ payment_method: 'pm_card_createDispute' });
    const [winnable] = (await stripe.disputes.list({ charge: idOf(second.latest_charge) })).data;
    const won = await stripe.disputes.update(winnable!.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    expect(won.status).toBe('won');
    expect(eventTypes().filter((type) => type.startsWith('charge.dispute'))).toEqual([
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.created',
      'charge.dispute.funds_withdrawn',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
  });

  test('any captured charge can be contested on demand, once', async () => {
    const charge = idOf((await pay()).latest_charge);
    const contest = () =>
      stripe.rawRequest('POST', `/v1/test_helpers/charges/${charge}/dispute`, { reason: 'duplicate' });
    await contest();
    expect((await stripe.disputes.list({ charge })).data).toMatchObject([
      { reason: 'duplicate', status: 'needs_response' },
    ]);
    expect(await refusal(contest())).toMatchObject({ statusCode: 400 });
  });
});
