/** The provider, as the rest of the folder sees it. The only user of Stripe's SDK; `stripe-views.ts` knows its types. */
import { isBrokenCircuitError, isTaskCancelledError } from 'cockatiel';
import Stripe from 'stripe';
import type { Platform } from '../platform/platform.ts';
import { createCallPolicy, PROVIDER_PACE, type CallPolicy } from './call-policy.ts';
import { TooManyCalls } from './pace.ts';
import {
  BadSignature,
  CardRefused,
  ProviderRefusal,
  ProviderTrouble,
  type DisputeView,
  type IntentView,
  type ListedDispute,
  type ListedIntent,
  type ListedRefund,
  type ProviderEvent,
  type RefundView,
} from './provider-answers.ts';
import { AwayMark, providerIsAway } from './provider-away.ts';
import { SharedPace } from './shared-pace.ts';
import {
  disputeViewOf,
  idOf,
  listedDispute,
  listedIntent,
  listedRefund,
  pointersOf,
  refundViewOf,
  viewOf,
} from './stripe-views.ts';

/** Older deliveries are refused: what a thief recorded can't be played again later. */
const WEBHOOK_TOLERANCE_SECONDS = 300;
const LIST_PAGE = 100;
/** What may move a row of ours. */
const EVENTS_OF_OURS = [
  'payment_intent.succeeded',
  'payment_intent.processing',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
] as const;

/** Ids of ours on the provider's objects. Never a plate, a name or an address. */
type Metadata = Record<string, string>;

export interface NewIntent {
  readonly amountMinor: number;
  readonly currency: string;
  readonly customerId: string | undefined;
  readonly metadata: Metadata;
}

/**
 * Calls of the provider. Each throws {@link ProviderTrouble} when the outcome is unknown and {@link ProviderRefusal}
 * when it was refused; confirmations also {@link CardRefused}. Every call that changes something takes its derived
 * idempotency key.
 */
export class Gateway {
  private readonly stripe: Stripe;
  private readonly webhookSecret: string;
  private readonly policy: CallPolicy;
  private readonly metrics: Platform['metrics'];
  /** How the provider is, as far as this process has seen. */
  readonly away: AwayMark;

  constructor(platform: Platform) {
    const {
      config: { stripe: config },
      redis,
      metrics,
    } = platform;
    this.stripe = new Stripe(config.secretKey, {
      // The SDK's own default is 80 s: nobody waits that long at a barrier.
      timeout: config.timeoutMs,
      maxNetworkRetries: 0,
      telemetry: false,
      ...(config.apiBase === undefined ? {} : addressOf(config.apiBase)),
    });
    this.webhookSecret = config.webhookSecret;
    const pace = new SharedPace(redis, PROVIDER_PACE);
    this.policy = createCallPolicy(pace, config.timeoutMs, { unwell: isUnwell, quick: isQuickTrouble });
    this.metrics = metrics;
    this.away = new AwayMark(platform);
  }

  createCustomer(metadata: Metadata, key: string): Promise<string> {
    return this.call(
      'customers.create',
      async () => (await this.stripe.customers.create({ metadata }, { idempotencyKey: key })).id,
    );
  }

  /** Begins to save a card; its owner finishes with the client secret. */
  createSetupIntent(customerId: string, metadata: Metadata): Promise<string> {
    return this.call('setupIntents.create', async () => {
      const intent = await this.stripe.setupIntents.create({
        customer: customerId,
        usage: 'off_session',
        automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
        metadata,
      });
      return secretOf(intent.client_secret);
    });
  }

  /** Whose card it is: the provider's id of the customer, or null when nobody saved it. */
  ownerOfCard(paymentMethodId: string): Promise<string | null> {
    return this.call('paymentMethods.retrieve', async () =>
      idOf((await this.stripe.paymentMethods.retrieve(paymentMethodId)).customer),
    );
  }

  /** Takes a card from whoever saved it: it can't be charged any more. */
  async detachCard(paymentMethodId: string): Promise<void> {
    await this.call('paymentMethods.detach', () => this.stripe.paymentMethods.detach(paymentMethodId));
  }

  createIntent(intent: NewIntent, key: string): Promise<IntentView> {
    const params: Stripe.PaymentIntentCreateParams = {
      amount: intent.amountMinor,
      currency: intent.currency.toLowerCase(),
      capture_method: 'automatic',
      automatic_payment_methods: { enabled: true, allow_redirects: 'never' },
      metadata: intent.metadata,
      ...(intent.customerId === undefined ? {} : { customer: intent.customerId, setup_future_usage: 'off_session' }),
    };
    return this.call('paymentIntents.create', async () =>
      viewOf(await this.stripe.paymentIntents.create(params, { idempotencyKey: key })),
    );
  }

  readIntent(ref: string): Promise<IntentView> {
    return this.call('paymentIntents.retrieve', async () => viewOf(await this.stripe.paymentIntents.retrieve(ref)));
  }

  /** Charges a card: its owner is here and may be asked by the bank, or away and may not. */
  confirmIntent(
    ref: string,
    card: { paymentMethodId: string; owner: 'HERE' | 'AWAY' },
    key: string,
  ): Promise<IntentView> {
    const params: Stripe.PaymentIntentConfirmParams = {
      payment_method: card.paymentMethodId,
      ...(card.owner === 'AWAY' ? { off_session: true } : {}),
    };
    return this.call('paymentIntents.confirm', async () =>
      viewOf(await this.stripe.paymentIntents.confirm(ref, params, { idempotencyKey: key })),
    );
  }

  /** Without a key: what is canceled stays so, and a failure kept under a key would stand in the way for a day. */
  cancelIntent(ref: string): Promise<IntentView> {
    return this.call('paymentIntents.cancel', async () => viewOf(await this.stripe.paymentIntents.cancel(ref)));
  }

  createRefund(
    refund: { intentRef: string; amountMinor: number; metadata: Metadata },
    key: string,
  ): Promise<RefundView> {
    const params = { payment_intent: refund.intentRef, amount: refund.amountMinor, metadata: refund.metadata };
    return this.call('refunds.create', async () =>
      refundViewOf(await this.stripe.refunds.create(params, { idempotencyKey: key })),
    );
  }

  readRefund(ref: string): Promise<RefundView> {
    return this.call('refunds.retrieve', async () => refundViewOf(await this.stripe.refunds.retrieve(ref)));
  }

  /** The refund of an intent that carries this id of ours, if the provider has made it. */
  findRefund(intentRef: string, refundId: string): Promise<RefundView | undefined> {
    return this.call('refunds.list', async () => {
      const page = await this.stripe.refunds.list({ payment_intent: intentRef, limit: LIST_PAGE });
      const found = page.data.find((refund) => refund.metadata?.['refundId'] === refundId);
      return found === undefined ? undefined : refundViewOf(found);
    });
  }

  readDispute(ref: string): Promise<DisputeView> {
    return this.call('disputes.retrieve', async () => disputeViewOf(await this.stripe.disputes.retrieve(ref)));
  }

  /** What happened since, the latest first, a page of a hundred at a time; also what no webhook has told. */
  listEvents(since: Date): AsyncGenerator<ProviderEvent[]> {
    const params = { ...createdFrom(since), types: [...EVENTS_OF_OURS] };
    return this.pages('events.list', (page) => this.stripe.events.list({ ...params, ...page }), pointersOf);
  }

  /** The payments begun since, in pages. */
  listIntents(since: Date): AsyncGenerator<ListedIntent[]> {
    const params = createdFrom(since);
    const list = (page: Stripe.PaginationParams) => this.stripe.paymentIntents.list({ ...params, ...page });
    return this.pages('paymentIntents.list', list, listedIntent);
  }

  /** The refunds made since, in pages. */
  listRefunds(since: Date): AsyncGenerator<ListedRefund[]> {
    const params = createdFrom(since);
    return this.pages('refunds.list', (page) => this.stripe.refunds.list({ ...params, ...page }), listedRefund);
  }

  /** The disputes opened since, in pages. */
  listDisputes(since: Date): AsyncGenerator<ListedDispute[]> {
    const params = createdFrom(since);
    return this.pages('disputes.list', (page) => this.stripe.disputes.list({ ...params, ...page }), listedDispute);
  }

  private async *pages<T extends { id: string }, R>(
    endpoint: string,
    list: (page: Stripe.PaginationParams) => Promise<{ data: T[]; has_more: boolean }>,
    view: (row: T) => R,
  ): AsyncGenerator<R[]> {
    for (let after: string | undefined; ;) {
      const page = { limit: LIST_PAGE, ...(after === undefined ? {} : { starting_after: after }) };
      const { data, has_more: hasMore } = await this.call(endpoint, async () => await list(page));
      if (data.length > 0) yield data.map(view);
      after = data.at(-1)?.id;
      if (!hasMore || after === undefined) return;
    }
  }

  /** Checks signature and age of a delivery and says what it points at. Throws {@link BadSignature}. */
  parseEvent(body: Buffer, signature: string, receivedAt: Date): ProviderEvent {
    try {
      const at = receivedAt.getTime();
      const event = this.stripe.webhooks.constructEvent(
        body,
        signature,
        this.webhookSecret,
        WEBHOOK_TOLERANCE_SECONDS,
        undefined,
        at,
      );
      return pointersOf(event);
    } catch (error) {
      throw new BadSignature('not a delivery of the provider', { cause: error });
    }
  }

  private async call<T>(endpoint: string, work: () => Promise<T>): Promise<T> {
    try {
      const answer = await this.policy(endpoint, () => this.counted(endpoint, work));
      this.away.there();
      return answer;
    } catch (error) {
      if (isBrokenCircuitError(error) || isUnwell(error)) this.away.failed();
      else if (error instanceof Stripe.errors.StripeError) this.away.there();
      throw translated(error);
    }
  }

  private async counted<T>(endpoint: string, work: () => Promise<T>): Promise<T> {
    let outcome = 'failed';
    try {
      const answer = await work();
      outcome = 'answered';
      return answer;
    } finally {
      this.metrics.providerCalls.inc({ endpoint, outcome });
    }
  }
}

/** Whether nobody can pay with a card now, because the provider has not answered lately. Answers at once. */
export function cardsCannotPay(platform: Platform): Promise<boolean> {
  return providerIsAway(platform, gatewayOf(platform).away);
}

const gateways = new WeakMap<Platform, Gateway>();

/** The process's gateway: one, so that its circuit breaker hears of every failure. */
export function gatewayOf(platform: Platform): Gateway {
  const known = gateways.get(platform);
  if (known) return known;
  const gateway = new Gateway(platform);
  gateways.set(platform, gateway);
  return gateway;
}

function addressOf(base: URL): { host: string; port: number; protocol: 'http' | 'https' } {
  const protocol = base.protocol === 'https:' ? 'https' : 'http';
  return { host: base.hostname, port: Number(base.port) || (protocol === 'https' ? 443 : 80), protocol };
}

function createdFrom(since: Date): { created: { gte: number } } {
  return { created: { gte: Math.floor(since.getTime() / 1000) } };
}

function secretOf(secret: string | null): string {
  if (secret === null) throw new ProviderRefusal('no_client_secret');
  return secret;
}

/** Whether nobody can say what a failed call has done, or it was put off. */
function isTrouble(error: unknown): boolean {
  if (isTaskCancelledError(error)) return true;
  if (!(error instanceof Stripe.errors.StripeError)) return false;
  if (error instanceof Stripe.errors.StripeConnectionError) return true;
  const status = error.statusCode ?? 0;
  // 401 and 403: our keys are wrong, which says nothing about the money; it stays owed until somebody has mended them.
  return status >= 500 || status === 429 || status === 409 || status === 401 || status === 403;
}

/** Whether a failure says that the provider is not well. That it is asked too often does not. */
function isUnwell(error: unknown): boolean {
  return isTrouble(error) && !(error instanceof Stripe.errors.StripeRateLimitError);
}

function isQuickTrouble(error: unknown): boolean {
  if (!isTrouble(error) || isTaskCancelledError(error) || isKeptUnderKey(error)) return false;
  if (error instanceof Stripe.errors.StripeConnectionError) return !timedOut(error);
  return error instanceof Stripe.errors.StripeError && error.statusCode !== 401 && error.statusCode !== 403;
}

function timedOut(error: Stripe.errors.StripeConnectionError): boolean {
  const { detail } = error;
  return detail instanceof Error && Reflect.get(detail, 'code') === 'ETIMEDOUT';
}

/** Stripe keeps a 500 under its key for a day and then answers every repetition with it. */
function isKeptUnderKey(error: unknown): boolean {
  if (!(error instanceof Stripe.errors.StripeError) || (error.statusCode ?? 0) < 500) return false;
  return error.headers?.['idempotent-replayed'] === 'true';
}

function translated(error: unknown): unknown {
  if (isBrokenCircuitError(error) || error instanceof TooManyCalls) return new ProviderTrouble(error, false);
  if (isTrouble(error)) return new ProviderTrouble(error, isKeptUnderKey(error));
  if (error instanceof Stripe.errors.StripeCardError)
    return new CardRefused(error.decline_code ?? error.code ?? 'unknown');
  if (error instanceof Stripe.errors.StripeError) return new ProviderRefusal(error.code ?? error.rawType ?? 'unknown');
  return error;
}
