import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import Stripe from 'stripe';
import { serveApi } from './api.ts';
import { Bank } from './bank.ts';
import { serveControl } from './control.ts';
import { FaultSwitches } from './faults.ts';
import { send, sendJson } from './http-io.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { serveChallenge, showOverview } from './pages.ts';
import { type Parts, RequestLog, type RequestRecord } from './parts.ts';
import { Problem } from './problem.ts';
import { RateLimit } from './rate-limit.ts';
import { StateFile } from './state-file.ts';
import { type Shelf, Store } from './store.ts';
import { type Delivery, Webhooks } from './webhooks.ts';

export interface StripeDoubleOptions {
  /** 0 (the default) takes a free one. */
  port?: number;
  /** 127.0.0.1 unless said otherwise. */
  host?: string;
  /** How browsers reach the double, where that differs from host and port. */
  publicUrl?: string;
  secretKey: string;
  /** `pk_…` in place of the secret key's `sk_…` unless said otherwise. */
  publishableKey?: string;
  webhookSecret: string;
  webhookUrl?: string;
  now?: () => Date;
  /** Calls a second per endpoint before 429. */
  ratePerSecond?: number;
  /** Where customers and payments outlive the process; nowhere unless told. */
  stateFile?: string;
  /** Waits before the second, third, … attempt to deliver an event. */
  webhookRetryDelaysMs?: readonly number[];
}

/** Copies of what the double holds, oldest first. */
export interface StripeDoubleState {
  customers(): Stripe.Customer[];
  paymentMethods(): Stripe.PaymentMethod[];
  setupIntents(): Stripe.SetupIntent[];
  paymentIntents(): Stripe.PaymentIntent[];
  charges(): Stripe.Charge[];
  refunds(): Stripe.Refund[];
  disputes(): Stripe.Dispute[];
  balanceTransactions(): Stripe.BalanceTransaction[];
  events(): Stripe.Event[];
  deliveries(): Delivery[];
  requests(): RequestRecord[];
}

export interface StripeDouble {
  url: string;
  host: string;
  port: number;
  publishableKey: string;
  faults: FaultSwitches;
  state: StripeDoubleState;
  setWebhookUrl(url: string | undefined): void;
  /** Lets banks and card owners do what the schedule of faults has for them. */
  bankActs(): { disputed: number; sentBack: number };
  /** Sends every waiting event now, without waiting for back-off or delay, and resolves when none is left. */
  deliverPending(): Promise<void>;
  stop(): Promise<void>;
}

const RATE_PER_SECOND = 25;
const RETRY_DELAYS_MS = [250, 1000, 4000, 15_000];

/**
 * Starts a server that speaks enough of Stripe's API for Parkwell, on this machine and (without `stateFile`) in memory. The real SDK talks to it:
 * `new Stripe(secretKey, { host, port, protocol: 'http' })`. Rejects when the port is taken.
 */
export async function startStripeDouble(options: StripeDoubleOptions): Promise<StripeDouble> {
  const parts = assemble(options);
  const kept = options.stateFile === undefined ? undefined : new StateFile(options.stateFile, parts.store);
  const server = createServer((request, response) => {
    if (request.method !== 'GET') kept?.touch();
    void serve(parts, request, response);
  });
  const host = options.host ?? '127.0.0.1';
  const port = await listen(server, options.port ?? 0, host);
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  parts.publicUrl = options.publicUrl ?? url;
  return {
    url,
    host,
    port,
    publishableKey: parts.publishableKey,
    faults: parts.faults,
    state: readOnlyState(parts),
    setWebhookUrl: (webhookUrl) => parts.webhooks.setUrl(webhookUrl),
    bankActs: () => parts.bank.act(),
    deliverPending: () => parts.webhooks.deliverPending(),
    stop: async () => {
      await stop(server, parts);
      kept?.close();
    },
  };
}

function assemble(options: StripeDoubleOptions): Parts {
  const now = options.now ?? (() => new Date());
  const faults = new FaultSwitches();
  const webhooks = new Webhooks({
    secret: options.webhookSecret,
    url: options.webhookUrl,
    now,
    faults,
    retryDelaysMs: options.webhookRetryDelaysMs ?? RETRY_DELAYS_MS,
  });
  const store = new Store({ now, apiVersion: Stripe.API_VERSION, announce: (event) => webhooks.announce(event) });
  return {
    store,
    faults,
    bank: new Bank(store, faults),
    webhooks,
    keys: new IdempotencyKeys(() => store.seconds()),
    rate: new RateLimit(options.ratePerSecond ?? RATE_PER_SECOND),
    requests: new RequestLog(),
    secretKey: options.secretKey,
    publishableKey: options.publishableKey ?? options.secretKey.replace(/^sk_/, 'pk_'),
    publicUrl: '',
  };
}

function readOnlyState({ store, webhooks, requests }: Parts): StripeDoubleState {
  const copy =
    <T extends { id: string }>(shelf: Shelf<T>) =>
    (): T[] =>
      structuredClone(shelf.all());
  return {
    customers: copy(store.customers),
    paymentMethods: copy(store.paymentMethods),
    setupIntents: copy(store.setupIntents),
    paymentIntents: copy(store.paymentIntents),
    charges: copy(store.charges),
    refunds: copy(store.refunds),
    disputes: copy(store.disputes),
    balanceTransactions: copy(store.balanceTransactions),
    events: copy(store.events),
    deliveries: () => webhooks.deliveries(),
    requests: () => requests.all(),
  };
}

async function serve(parts: Parts, request: IncomingMessage, response: ServerResponse): Promise<void> {
  try {
    const url = new URL(request.url ?? '/', 'http://double.invalid');
    const exchange = { request, response, url };
    if (url.pathname.startsWith('/v1/')) return await serveApi(parts, exchange);
    if (url.pathname.startsWith('/_double/')) return await serveControl(parts, exchange);
    const challenge = /^\/challenge\/([a-zA-Z0-9_]+)$/.exec(url.pathname)?.[1];
    if (challenge !== undefined) return await serveChallenge(parts, exchange, challenge);
    if (url.pathname === '/' && request.method === 'GET') return showOverview(parts, response);
    send(response, { status: 404, headers: { 'content-type': 'text/plain' }, text: 'Not found' });
  } catch (error) {
    if (response.headersSent) return void response.end();
    if (error instanceof Problem) return sendJson(response, error.status, { error: error.body });
    process.stderr.write(`Stripe double: ${String(error)}\n`);
    sendJson(response, 500, { error: { type: 'api_error', message: 'The double itself failed.' } });
  }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}

function stop(server: Server, parts: Parts): Promise<void> {
  parts.webhooks.stop();
  return new Promise((resolve) => {
    server.close(() => resolve());
    // Callers whose answers were withheld by a fault still hold their connections.
    server.closeAllConnections();
  });
}
