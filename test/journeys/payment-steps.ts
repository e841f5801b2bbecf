import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { decodeId } from '../../src/domain/public-id.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import type { TestSystem } from '../support/system.ts';
import { loginOf, type TestDriver, type TestLot } from '../support/world.ts';

const HOUR_MS = 3_600_000;

const PAYMENT = `payment {
  id kind state failureCode capturedAt clientSecret
  amount { amountMinor currency } captured { amountMinor } refunded { amountMinor }
  refunds { amount { amountMinor } reason state settledAt }
}`;
const ANSWER = `{
  reservation { id code state outcomeRule holdExpiresAt ${PAYMENT} }
  userErrors { __typename code message field ... on PaymentNeeded { clientSecret } }
  replayed
}`;

export const SAVE_CARD = `mutation ($input: SavePaymentMethodInput!) {
  savePaymentMethod(input: $input) { clientSecret savedPaymentMethodId userErrors { code field } }
}`;

export interface Paid {
  id: string;
  state: string;
  failureCode: string | null;
  capturedAt: string | null;
  clientSecret: string | null;
  amount: { amountMinor: number; currency: string };
  captured: { amountMinor: number };
  refunded: { amountMinor: number };
  refunds: { amount: { amountMinor: number }; reason: string; state: string; settledAt: string | null }[];
}

export interface Held {
  id: string;
  state: string;
  outcomeRule: string | null;
  payment: Paid | null;
}

export interface Answered {
  reservation: Held | null;
  userErrors: { code: string; message: string; field: string[] | null; clientSecret?: string | null }[];
  replayed: boolean;
}

/**
 * What a driver with a phone does about money, through the door. Always with a fresh login, because tests move the
 * clock.
 */
export class Payer {
  readonly system: TestSystem;
  readonly driver: TestDriver;
  readonly plate = `PAY${String(Math.floor(Math.random() * 1e6)).padStart(6, '0')}`;

  constructor(system: TestSystem, driver: TestDriver) {
    this.system = system;
    this.driver = driver;
  }

  /** A hold on two hours that begin in three. */
  async reserve(lot: TestLot, startsInHours = 3): Promise<Held> {
    const start = Math.ceil(this.system.clock.now().getTime() / HOUR_MS) * HOUR_MS + startsInHours * HOUR_MS;
    const period = { startsAt: new Date(start).toISOString(), endsAt: new Date(start + 2 * HOUR_MS).toISOString() };
    const vehicle = { plate: { text: this.plate, country: 'FI', vehicleClass: 'CAR' } };
    const input = { idempotencyKey: randomUUID(), lotId: lot.publicId, period, vehicle };
    const answer = await this.mutate('reserveSpot', 'ReserveSpotInput', input);
    if (!answer.reservation) throw new Error(`no hold: ${JSON.stringify(answer.userErrors)}`);
    return answer.reservation;
  }

  complete(held: Held, paymentMethodId?: string): Promise<Answered> {
    const card = paymentMethodId === undefined ? {} : { paymentMethodId };
    return this.mutate('completeReservation', 'CompleteReservationInput', {
      idempotencyKey: randomUUID(),
      reservationId: held.id,
      ...card,
    });
  }

  cancel(held: Held): Promise<Answered> {
    return this.mutate('cancelReservation', 'CancelReservationInput', {
      idempotencyKey: randomUUID(),
      reservationId: held.id,
    });
  }

  async read(held: Held): Promise<Held> {
    const document = `query ($id: ID!) { reservation(id: $id) { id code state outcomeRule holdExpiresAt ${PAYMENT} } }`;
    const { data, errors } = await this.ask(document, { id: held.id });
    if (errors) throw new Error(JSON.stringify(errors));
    return data['reservation'];
  }

  /**
   * Pays at the provider from the driver's own device, past our server, with a publishable key and the client secret.
   */
  async payInClient(clientSecret: string, card: string): Promise<Stripe.PaymentIntent> {
    const params = { client_secret: clientSecret, payment_method: card };
    return this.browser().paymentIntents.confirm(intentOf(clientSecret), params);
  }

  /** The provider's library as a browser has it. */
  browser(): Stripe {
    const { host, port, publishableKey } = this.system.stripe;
    return new Stripe(publishableKey, { host, port, protocol: 'http', maxNetworkRetries: 0, timeout: 5000 });
  }

  /** The provider's library as our operator's own tools have it. */
  operatorsLibrary(): Stripe {
    const { host, port } = this.system.stripe;
    return new Stripe(this.system.env['STRIPE_SECRET_KEY']!, { host, port, protocol: 'http', maxNetworkRetries: 0 });
  }

  /** Saves a card for later charges, in the two steps of the schema; gives what the provider calls it. */
  async saveCard(card: string): Promise<string> {
    const step = async (input: object) => (await this.ask(SAVE_CARD, { input })).data['savePaymentMethod'];
    const { clientSecret } = await step({});
    // The browser's library sends the secret with a publishable key; the SDK's types know only the server's side.
    const params = { client_secret: clientSecret, payment_method: card } as { payment_method: string };
    const { payment_method } = await this.browser().setupIntents.confirm(intentOf(clientSecret), params);
    const { savedPaymentMethodId, userErrors } = await step({ paymentMethodId: payment_method });
    if (savedPaymentMethodId !== payment_method) throw new Error(`card not saved: ${JSON.stringify(userErrors)}`);
    return savedPaymentMethodId;
  }

  /** Answers the bank's question for the card's owner. */
  async authenticate(clientSecret: string, outcome: 'succeed' | 'fail' = 'succeed'): Promise<void> {
    const path = `/v1/test_helpers/payment_intents/${intentOf(clientSecret)}/complete_challenge`;
    const response = await fetch(`${this.system.stripe.url}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${this.system.env['STRIPE_SECRET_KEY']}`,
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: `outcome=${outcome}`,
    });
    if (!response.ok) throw new Error(`challenge: ${response.status} ${await response.text()}`);
  }

  async ask(document: string, variables: Record<string, unknown>) {
    return this.system.client(await loginOf(this.system, this.driver)).query(document, variables);
  }

  private async mutate(name: string, inputType: string, input: Record<string, unknown>): Promise<Answered> {
    const document = `mutation ($input: ${inputType}!) { ${name}(input: $input) ${ANSWER} }`;
    const { data, errors } = await this.ask(document, { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return data[name];
  }
}

export function intentOf(clientSecret: string): string {
  return clientSecret.split('_secret_')[0]!;
}

/** The row's key behind a public id. */
export function rowOf(kind: 'res' | 'pay', publicId: string): { lotId: string; id: string } {
  const { lotId, id } = decodeId(kind, publicId)!;
  return { lotId: lotId!, id };
}

/** Every webhook delivered and every refund sent that was under way: nothing moves any more by itself. */
export async function moneySettled(system: TestSystem): Promise<void> {
  await paymentsIdle(system.platform);
  await system.stripe.deliverPending();
  await paymentsIdle(system.platform);
  await system.stripe.deliverPending();
}
