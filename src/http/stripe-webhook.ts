import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Refusal } from '../domain/refusal.ts';
import { settlePayment } from '../jobs/settle-payment.ts';
import { BadSignature, ProviderTrouble, type ProviderEvent } from '../payments/provider-answers.ts';
import { sendRefund } from '../payments/send-refund.ts';
import { settleDispute } from '../payments/settle-dispute.ts';
import { concernOf, readDelivery, rememberHandled, wasHandled, type Concern } from '../payments/webhook.ts';
import type { Platform } from '../platform/platform.ts';

const LARGEST_BODY_BYTES = 512 * 1024;

/**
 * POST /webhooks/stripe: the provider's deliveries. 400 without any effect for a wrong signature, an altered byte or
 * one older than 300 s; 200 once what it points at was fetched and moved forward, and for a repetition; 503 when that
 * could not be done now, so that the provider delivers it again.
 */
export async function registerStripeWebhook(app: FastifyInstance, platform: Platform): Promise<void> {
  await app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    // The signature is over the bytes as they came: nobody may parse them before.
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: LARGEST_BODY_BYTES }, (_request, body, parsed) =>
      parsed(null, body),
    );
    scope.post('/webhooks/stripe', async (request, reply) => {
      const outcome = await receive(platform, request);
      platform.metrics.webhooks.inc({ outcome: outcome.toLowerCase() });
      const status = { HANDLED: 200, REPEATED: 200, IGNORED: 200, REFUSED: 400, LATER: 503 }[outcome];
      return reply.code(status).send({ received: status === 200 });
    });
    done();
  });
}

type Outcome = 'HANDLED' | 'REPEATED' | 'IGNORED' | 'REFUSED' | 'LATER';

async function receive(platform: Platform, request: FastifyRequest): Promise<Outcome> {
  const event = verified(platform, request);
  if (!event) return 'REFUSED';
  if (await wasHandled(platform, event)) return 'REPEATED';
  try {
    const concern = await concernOf(platform, event);
    if (concern && (await moveForward(platform, concern)) === 'LATER') return 'LATER';
    await rememberHandled(platform, event);
    return concern ? 'HANDLED' : 'IGNORED';
  } catch (error) {
    const unavailable =
      error instanceof ProviderTrouble || (error instanceof Refusal && error.code === 'PAYMENT_UNAVAILABLE');
    platform.log[unavailable ? 'warn' : 'error'](
      { err: error, eventId: event.id },
      'a webhook could not be acted on; it will come again',
    );
    return 'LATER';
  }
}

function verified(platform: Platform, { body, headers }: FastifyRequest): ProviderEvent | undefined {
  const signature = headers['stripe-signature'];
  if (!Buffer.isBuffer(body) || typeof signature !== 'string') return undefined;
  try {
    return readDelivery(platform, { body, signature });
  } catch (error) {
    if (error instanceof BadSignature) return undefined;
    throw error;
  }
}

async function moveForward(platform: Platform, concern: Concern): Promise<'DONE' | 'LATER'> {
  const { lotId } = concern;
  if (concern.about === 'REFUND') {
    const progress = await sendRefund(platform, { lotId, refundId: concern.refundId });
    return progress === 'LATER' ? 'LATER' : 'DONE';
  }
  const { paymentId } = concern;
  if (concern.about === 'DISPUTE') await settleDispute(platform, { lotId, id: paymentId }, concern.disputeRef);
  else await settlePayment(platform, concern);
  return 'DONE';
}
