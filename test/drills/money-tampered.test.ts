import { randomInt, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  buildSchema,
  getNamedType,
  isInputObjectType,
  type GraphQLInputObjectType,
  type GraphQLInputType,
} from 'graphql';
import { readFileSync } from 'node:fs';
import Stripe from 'stripe';
import { intentOf, moneySettled, Payer } from '../journeys/payment-steps.ts';
import { hoursFrom, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { drillMs, sizeOf } from './money-load.ts';

const FORGERIES = sizeOf({ ci: 60, full: 5000 });
/** Two hours at 2.00. */
const PRICE_MINOR = 400;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { id price { total { amountMinor } } } userErrors { code } } }`;
const RESERVE = `mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { reservation { price { total { amountMinor } } } userErrors { code } } }`;
/**
 * Every amount that anybody may say in a mutation, however deep: staff and merchants, who set prices, give discounts and count coins; of a
 * driver only the most that they let be charged without being asked.
 */
const AMOUNTS_SAID = [
  'AgreeToAutomaticPaymentInput.limit',
  'AutomaticPaymentLimitInput.amountMinor',
  'CancellationPolicyInput.refundPercentAfter',
  'CashInput.tenderedMinor',
  'CloseShiftInput.countedMinor',
  'CreateMerchantInput.budgetMinor',
  'CreateMerchantInput.mostMinor',
  'CreatePromoCodeInput.discount',
  'CreatePromoCodeInput.smallestPriceMinor',
  'DiscountValueInput.amountMinor',
  'DiscountValueInput.percent',
  'EarlyDeparturePolicyInput.refundPercent',
  'LotPolicyInput.noSpotRefundPercent',
  'NoShowPolicyInput.fee',
  'NoShowPolicyInput.fixedMinor',
  'NoShowPolicyInput.percent',
  'OfferMonthlyPassInput.priceMinor',
  'OpenShiftInput.openingMinor',
  'PlateMatchingPolicyInput.exactFromMinor',
  'RefundInCashInput.amountMinor',
  'RefundPaymentInput.amountMinor',
  'SpotReportInput.batteryPercent',
  'UpdateMerchantInput.budgetMinor',
  'UpdateMerchantInput.mostMinor',
  'ValidateStayInput.discount',
];

describe('An amount that somebody made up', () => {
  let system: TestSystem;
  let lot: TestLot;
  let payer: Payer;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    lot = await makeLot(system, { spots: { STANDARD: 10 } });
    payer = new Payer(system, await makeDriver(system));
  });

  afterAll(() => system.stop());

  test('has no place in what a driver may say: every amount in an input is one of those that are known', () => {
    const mutations = buildSchema(readFileSync('schema.graphql', 'utf8')).getMutationType()!.getFields();
    const inputs = new Set<GraphQLInputObjectType>();
    const gather = (type: GraphQLInputType) => {
      const named = getNamedType(type);
      if (!isInputObjectType(named) || inputs.has(named)) return;
      inputs.add(named);
      Object.values(named.getFields()).forEach((field) => gather(field.type));
    };
    Object.values(mutations).forEach(({ args }) => args.forEach(({ type }) => gather(type)));
    const fields = [...inputs].flatMap((input) =>
      Object.keys(input.getFields()).map((field) => `${input.name}.${field}`),
    );
    expect(
      fields
        .filter((field) => /\.\w*(?:amount|minor|price|total|fee|percent|discount|limit|cost|due)/i.test(field))
        .toSorted(),
    ).toEqual(AMOUNTS_SAID);
  });

  test(
    'does not come in by a quote: whatever is changed in its text, it is none of ours',
    async () => {
      const period = hoursFrom(system.clock.now(), 24, 2);
      const { data } = await payer.ask(QUOTE, { input: { lotId: lot.publicId, period } });
      const { id, price } = data['quote'].quote as { id: string; price: { total: { amountMinor: number } } };
      expect(price.total.amountMinor).toBe(PRICE_MINOR);
      const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
      for (let n = 0; n < FORGERIES; n++) {
        const at = randomInt(id.length);
        const letter = alphabet[(alphabet.indexOf(id[at]!) + 1 + randomInt(62)) % alphabet.length]!;
        const forged = id.slice(0, at) + letter + id.slice(at + 1);
        if (forged === id) continue;
        const { data: answer } = await payer.ask(RESERVE, { input: reserveInput(lot, period, { quoteId: forged }) });
        expect({ forged, ...answer['reserveSpot'] }).toEqual({
          forged,
          reservation: null,
          userErrors: [{ code: 'QUOTE_INVALID' }],
        });
      }
      const { data: honest } = await payer.ask(RESERVE, { input: reserveInput(lot, period, { quoteId: id }) });
      expect(honest['reserveSpot']).toMatchObject({ reservation: { price: { total: { amountMinor: PRICE_MINOR } } } });
    },
    drillMs(30_000),
  );

  test('is not taken from the driver’s browser: the provider charges what we asked for', async () => {
    const held = await payer.reserve(lot);
    const { clientSecret } = held.payment!;
    const browser = payer.browser();
    const cheap = {
      client_secret: clientSecret!,
      payment_method: 'pm_card_visa',
      amount: 1,
    } as Stripe.PaymentIntentConfirmParams;
    await expect(browser.paymentIntents.confirm(intentOf(clientSecret!), cheap)).rejects.toThrow();
    await expect(browser.paymentIntents.update(intentOf(clientSecret!), { amount: 1 })).rejects.toThrow();
    await payer.payInClient(clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    expect(await payer.read(held)).toMatchObject({
      state: 'CONFIRMED',
      payment: { captured: { amountMinor: PRICE_MINOR } },
    });
  });

  test('is not taken from a webhook, be it signed: what happened is fetched', async () => {
    system.stripe.setWebhookUrl(undefined);
    const held = await payer.reserve(lot);
    const intentId = intentOf(held.payment!.clientSecret!);
    const object = {
      id: intentId,
      object: 'payment_intent',
      amount: 1,
      amount_received: 1,
      status: 'succeeded',
      metadata: {},
    };
    const payload = JSON.stringify({
      ...{ id: `evt_${randomUUID().slice(0, 8)}`, object: 'event', type: 'payment_intent.succeeded', data: { object } },
      api_version: Stripe.API_VERSION,
    });
    const timestamp = Math.floor(system.clock.now().getTime() / 1000);
    const secret = system.env['STRIPE_WEBHOOK_SECRET']!;
    const signature = payer.operatorsLibrary().webhooks.generateTestHeaderString({ payload, secret, timestamp });
    const response = await fetch(`${system.url}/webhooks/stripe`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'stripe-signature': signature },
      body: payload,
    });
    expect(response.status).toBe(200);
    expect(await payer.read(held)).toMatchObject({ state: 'HELD', payment: { captured: { amountMinor: 0 } } });
    await payer.complete(held, 'pm_card_visa');
    expect(await payer.read(held)).toMatchObject({
      state: 'CONFIRMED',
      payment: { captured: { amountMinor: PRICE_MINOR } },
    });
  });
});
