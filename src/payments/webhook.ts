import type { EntityManager } from '@mikro-orm/postgresql';
import type { PaymentKind } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import { Refund } from '../entities/refund.ts';
import { WebhookEvent } from '../entities/webhook-event.ts';
import type { Platform } from '../platform/platform.ts';
import type { ProviderEvent } from './provider-answers.ts';
import { gatewayOf } from './stripe.ts';

const PROVIDER = 'stripe';
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What a delivery is about. It carries no amount and no state: "fetch and move forward" is all it says. */
export type Concern =
  | { readonly about: 'PAYMENT'; readonly lotId: string; readonly paymentId: string; readonly kind: PaymentKind }
  | { readonly about: 'REFUND'; readonly lotId: string; readonly refundId: string }
  | { readonly about: 'DISPUTE'; readonly lotId: string; readonly paymentId: string; readonly disputeRef: string };

/**
 * The event of a delivery whose signature is the provider's, whose bytes are unaltered and that is at most 300 s old;
 * otherwise throws BadSignature. `body` is the raw request.
 */
export function readDelivery(platform: Platform, delivery: { body: Buffer; signature: string }): ProviderEvent {
  return gatewayOf(platform).parseEvent(delivery.body, delivery.signature, platform.clock.now());
}

/** The row of ours that an event is about; undefined for one that does not concern us. Reads only. */
export async function concernOf(platform: Platform, event: ProviderEvent): Promise<Concern | undefined> {
  const em = platform.orm.em.fork();
  if (event.type.startsWith('refund.')) return refundConcern(em, event);
  const isDispute = event.type.startsWith('charge.dispute.');
  // `created` is our own call's echo: nothing can have been paid yet.
  const isPayment = event.type.startsWith('payment_intent.') && event.type !== 'payment_intent.created';
  if (!isDispute && !isPayment) return undefined;
  const payment = await paymentOf(em, event);
  if (!payment) return undefined;
  const { lotId, id: paymentId, kind } = payment;
  if (!isDispute) return { about: 'PAYMENT', lotId, paymentId, kind };
  return event.disputeRef === null ? undefined : { about: 'DISPUTE', lotId, paymentId, disputeRef: event.disputeRef };
}

/** Whether this event was acted on before. */
export async function wasHandled(platform: Platform, event: ProviderEvent): Promise<boolean> {
  return (await platform.orm.em.fork().count(WebhookEvent, { provider: PROVIDER, id: event.id })) > 0;
}

/** Those of these events that were acted on before, by their ids. */
export async function handledAmong(platform: Platform, events: readonly ProviderEvent[]): Promise<Set<string>> {
  const ids = events.map(({ id }) => id);
  const handled = await platform.orm.em.fork().find(WebhookEvent, { provider: PROVIDER, id: { $in: ids } });
  return new Set(handled.map(({ id }) => id));
}

/**
 * Remembers that this event was acted on. Called after the act: a crash between them repeats an act that is done only
 * once.
 */
export async function rememberHandled(platform: Platform, { id, type }: ProviderEvent): Promise<void> {
  const receivedAt = platform.clock.now();
  await platform.orm.em
    .fork()
    .execute(
      `INSERT INTO webhook_event (provider, id, type, received_at) VALUES (?, ?, ?, ?) ON CONFLICT (provider, id) DO NOTHING`,
      [PROVIDER, id, type, receivedAt],
    );
}

/** By the provider's id; by ours when the process died before it had written the provider's down. */
async function paymentOf(em: EntityManager, { intentRef, metadata }: ProviderEvent): Promise<Payment | null> {
  const known = intentRef === null ? null : await em.findOne(Payment, { providerRef: intentRef });
  const { lotId = '', paymentId = '' } = metadata;
  if (known || !UUID.test(lotId) || !UUID.test(paymentId)) return known;
  return em.findOne(Payment, { lotId, id: paymentId });
}

async function refundConcern(em: EntityManager, { metadata }: ProviderEvent): Promise<Concern | undefined> {
  const { lotId = '', refundId = '' } = metadata;
  if (!UUID.test(lotId) || !UUID.test(refundId)) return undefined;
  const refund = await em.findOne(Refund, { lotId, id: refundId });
  return refund ? { about: 'REFUND', lotId, refundId } : undefined;
}
