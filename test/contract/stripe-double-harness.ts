import { createServer } from 'node:http';
import Stripe from 'stripe';
import { type StripeDouble, type StripeDoubleOptions, startStripeDouble } from '../../sandbox/stripe/server.ts';

export const SECRET_KEY = 'sk_test_contract';
export const WEBHOOK_SECRET = 'whsec_contract';

export function openDouble(more: Partial<StripeDoubleOptions> = {}): Promise<StripeDouble> {
  return startStripeDouble({ secretKey: SECRET_KEY, webhookSecret: WEBHOOK_SECRET, ...more });
}

/** The real SDK, pointed at the double; no retries unless asked for. */
export function clientOf(double: StripeDouble, config: Stripe.StripeConfig = {}, key = SECRET_KEY): Stripe {
  const { host, port } = double;
  return new Stripe(key, { host, port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...config });
}

/** Pays 12 euros with one call, with whatever the test wants otherwise. */
export function payWith(
  stripe: Stripe,
  more: Partial<Stripe.PaymentIntentCreateParams> = {},
  options: Stripe.RequestOptions = {},
): Promise<Stripe.Response<Stripe.PaymentIntent>> {
  const plain = { amount: 1200, currency: 'eur', payment_method: 'pm_card_visa', confirm: true };
  return stripe.paymentIntents.create({ ...plain, allowed_payment_method_types: ['card'], ...more }, options);
}

/** The error that a call ends with; a call that succeeds fails the test. */
export async function refusal(call: Promise<unknown>): Promise<Stripe.errors.StripeError> {
  const outcome = await call.then(
    () => new Error('The call was not refused'),
    (error: unknown) => error,
  );
  if (outcome instanceof Stripe.errors.StripeError) return outcome;
  throw outcome;
}

export interface Received {
  /** As the SDK read it, its signature checked. */
  event: Stripe.Event;
  signature: string;
  body: string;
}

export interface Receiver {
  url: string;
  received: Received[];
  /** The answers to give, in turn; 200 when there are none left. */
  answers: number[];
  types(): string[];
  stop(): void;
}

/** A webhook receiver that checks each signature with the SDK, as the shop's would; a wrong one is answered 400. */
export async function openReceiver(at: () => Date): Promise<Receiver> {
  const received: Received[] = [];
  const answers: number[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks).toString('utf8');
      const signature = String(request.headers['stripe-signature']);
      try {
        const event = Stripe.webhooks.constructEvent(body, signature, WEBHOOK_SECRET, 300, undefined, at().getTime());
        received.push({ event, signature, body });
        response.writeHead(answers.shift() ?? 200).end();
      } catch {
        response.writeHead(400).end();
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver does not listen');
  return {
    url: `http://127.0.0.1:${address.port}/webhooks/stripe`,
    received,
    answers,
    types: () => received.map(({ event }) => event.type),
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
