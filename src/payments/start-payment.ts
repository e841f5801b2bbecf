import { isChargedLater, paymentAfter } from '../domain/payment.ts';
import type { Payment } from '../entities/payment.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { customerOf } from './customer.ts';
import { lookLater } from './look-after.ts';
import { oweCharge } from './owe-charge.ts';
import { lockPayment, type PaymentKey } from './payment-row.ts';
import { ProviderRefusal, ProviderTrouble, type IntentView } from './provider-answers.ts';
import { gatewayOf } from './stripe.ts';

/**
 * Makes the provider's intent of an owed payment, once: the row goes to UNKNOWN before the call and to what the
 * provider says after it. Never throws for the provider's troubles: the row stays UNKNOWN and its command (LOOK) calls this again,
 * whose derived key (`pi:<paymentId>`) finds the same intent, also when the process died between the call and the row.
 * A payment that was started or has ended is left alone; one that the provider refuses for good is FAILED, and a debt
 * if it was to be charged later.
 * Locks the payment's row, not during the call. Talks to the provider.
 */
export async function startPayment(
  platform: Platform,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<void> {
  const key = { lotId, id: paymentId };
  const payment = await enterUnknown(platform, key);
  if (!payment) return;
  try {
    const customerId = payment.driverId == null ? undefined : await customerOf(platform, payment.driverId);
    const { amountMinor, currency } = payment;
    const intent = { amountMinor, currency, customerId, metadata: metadataOf(payment) };
    await keepIntent(platform, key, await gatewayOf(platform).createIntent(intent, creationKey(payment)));
  } catch (error) {
    await noteFailure(platform, key, error);
  }
}

/** Undefined when there is nothing to start. */
async function enterUnknown(platform: Platform, key: PaymentKey): Promise<Payment | undefined> {
  return inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.providerRef != null || (payment.state !== 'OWED' && payment.state !== 'UNKNOWN')) return undefined;
    payment.state = 'UNKNOWN';
    payment.updatedAt = tx.now;
    if (!isChargedLater(payment.kind)) await lookLater(tx, payment);
    return payment;
  });
}

async function keepIntent(platform: Platform, key: PaymentKey, intent: IntentView): Promise<void> {
  const ended = await inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.providerRef != null) return false;
    payment.providerRef = intent.ref;
    payment.clientSecret = intent.clientSecret;
    payment.updatedAt = tx.now;
    if (payment.state === 'CANCELED') return true;
    payment.state = paymentAfter(payment.state, intent.status);
    return false;
  });
  // Called off while the intent was being made: nobody may pay it any more.
  if (ended) await gatewayOf(platform).cancelIntent(intent.ref);
}

async function noteFailure(platform: Platform, key: PaymentKey, error: unknown): Promise<void> {
  const refused = error instanceof ProviderRefusal;
  if (!refused && !(error instanceof ProviderTrouble)) throw error;
  platform.log.warn({ err: error, paymentId: key.id }, 'a payment could not be started');
  if (!refused && !error.keptUnderKey) return;
  await inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.state !== 'UNKNOWN' || payment.providerRef != null) return;
    payment.updatedAt = tx.now;
    // An intent that nobody knows of can't be paid, so trying with a fresh key is safe.
    payment.attempts += 1;
    if (!refused) return;
    if (isChargedLater(payment.kind)) return oweCharge(tx, payment, error.code);
    payment.state = 'FAILED';
    payment.failureCode = error.code;
  });
}

function creationKey({ id, attempts }: Payment): string {
  return attempts === 0 ? `pi:${id}` : `pi:${id}:${attempts}`;
}

function metadataOf({ lotId, id, kind, reservationId, stayId }: Payment): Record<string, string> {
  return {
    lotId,
    paymentId: id,
    kind,
    ...(reservationId == null ? {} : { reservationId }),
    ...(stayId == null ? {} : { stayId }),
  };
}
