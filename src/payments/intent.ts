import { paymentAfter } from '../domain/payment.ts';
import { Refusal } from '../domain/refusal.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { keepCard } from './customer.ts';
import { lockPayment, readPayment, type PaymentKey } from './payment-row.ts';
import { CardRefused, ProviderRefusal, ProviderTrouble, type IntentView } from './provider-answers.ts';
import { startPayment } from './start-payment.ts';
import { gatewayOf } from './stripe.ts';

/**
 * What the provider says of a payment now; the evidence by which UNKNOWN is left. Starts the payment first if that is
 * still owed. A success is only read here: `recordCapture` puts it into the books.
 * Talks to the provider, then locks the payment's row. Refuses with NOT_FOUND, PAYMENT_UNAVAILABLE.
 */
export async function readIntent(platform: Platform, payment: PaymentKey): Promise<IntentView> {
  const ref = await startedRef(platform, payment);
  const intent = await asking(() => gatewayOf(platform).readIntent(ref));
  await keepEvidence(platform, payment, intent);
  return intent;
}

/**
 * Charges the driver's card while they are here. The row is UNKNOWN during the call; each try has its own derived key
 * (`cf:<paymentId>:<attempt>`), and the intent itself lets only one of them take the money.
 * Talks to the provider; locks the payment's row before and after, not during the call. Refuses with NOT_FOUND,
 * PAYMENT_DECLINED (another card may be tried), PAYMENT_ACTION_REQUIRED (details: `clientSecret`, `nextAction`;
 * afterwards read again), PAYMENT_UNAVAILABLE (nobody knows yet: read again).
 */
export async function confirmIntent(
  platform: Platform,
  payment: PaymentKey,
  paymentMethodId: string,
): Promise<IntentView> {
  const ref = await startedRef(platform, payment);
  const attempt = await enterConfirmation(platform, payment);
  if (attempt === undefined) return readIntent(platform, payment);
  const intent = await asking(async () => {
    try {
      const card = { paymentMethodId, owner: 'HERE' } as const;
      return await gatewayOf(platform).confirmIntent(ref, card, `cf:${payment.id}:${attempt}`);
    } catch (error) {
      return afterRefusal(platform, payment, error);
    }
  });
  await keepEvidence(platform, payment, intent);
  if (intent.status === 'REQUIRES_ACTION') throw actionRequired(intent);
  if (intent.status === 'REQUIRES_PAYMENT') throw declined(intent.failureCode ?? 'unknown');
  return intent;
}

/**
 * Makes sure that a payment can't be paid any more: CANCELED; or says that it was paid already (CAPTURED: settle it),
 * or that the provider can't be asked (UNAVAILABLE: whoever pays late is refunded by the webhook or the sweep).
 * Locks the payment's row. Talks to the provider. Refuses with NOT_FOUND.
 */
export async function cancelIntent(
  platform: Platform,
  payment: PaymentKey,
): Promise<'CANCELED' | 'CAPTURED' | 'UNAVAILABLE'> {
  const ref = await cancelUnstarted(platform, payment);
  if (ref === undefined) return 'CANCELED';
  try {
    const intent = await gatewayOf(platform).cancelIntent(ref);
    await keepEvidence(platform, payment, intent);
    return 'CANCELED';
  } catch (error) {
    if (error instanceof ProviderTrouble) return 'UNAVAILABLE';
    if (!(error instanceof ProviderRefusal)) throw error;
  }
  // Refused because the intent has ended: paid, or canceled before.
  const intent = await readIntent(platform, payment).catch(unavailableOnly);
  if (!intent) return 'UNAVAILABLE';
  return intent.status === 'SUCCEEDED' ? 'CAPTURED' : intent.status === 'CANCELED' ? 'CANCELED' : 'UNAVAILABLE';
}

/** Counts a try and enters UNKNOWN; undefined when the money is there already. */
export async function enterConfirmation(platform: Platform, key: PaymentKey): Promise<number | undefined> {
  return inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.capturedAt != null) return undefined;
    payment.state = 'UNKNOWN';
    payment.attempts += 1;
    payment.updatedAt = tx.now;
    return payment.attempts;
  });
}

/**
 * Writes down what the provider said. Money in the books is never touched by it; a card that paid is kept for later
 * charges.
 */
export async function keepEvidence(platform: Platform, key: PaymentKey, intent: IntentView): Promise<void> {
  const driverId = await inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    payment.updatedAt = tx.now;
    payment.state = paymentAfter(payment.state, intent.status);
    if (payment.capturedAt == null) payment.failureCode = intent.failureCode;
    return payment.driverId;
  });
  if (intent.status === 'SUCCEEDED' && driverId != null && intent.paymentMethodId !== undefined) {
    await keepCard(platform, driverId, intent.paymentMethodId);
  }
}

async function startedRef(platform: Platform, key: PaymentKey): Promise<string> {
  const before = await readPayment(platform, key);
  if (before.providerRef != null) return before.providerRef;
  await startPayment(platform, { lotId: key.lotId, paymentId: key.id });
  const { providerRef } = await readPayment(platform, key);
  if (providerRef == null) throw unavailable();
  return providerRef;
}

async function cancelUnstarted(platform: Platform, key: PaymentKey): Promise<string | undefined> {
  return inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.providerRef != null) return payment.providerRef;
    // If a call is under way, it cancels the intent that it has made when it finds this.
    payment.state = 'CANCELED';
    payment.updatedAt = tx.now;
    return undefined;
  });
}

async function afterRefusal(platform: Platform, payment: PaymentKey, error: unknown): Promise<IntentView> {
  if (!(error instanceof CardRefused) && !(error instanceof ProviderRefusal)) throw error;
  const intent = await readIntent(platform, payment);
  // Refused, because another try or another device was faster: that one counts.
  if (intent.status === 'SUCCEEDED' || intent.status === 'PROCESSING') return intent;
  throw declined(error.code);
}

async function asking<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProviderTrouble || error instanceof ProviderRefusal) throw unavailable();
    throw error;
  }
}

function unavailableOnly(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== 'PAYMENT_UNAVAILABLE') throw error;
  return undefined;
}

function declined(failureCode: string): Refusal {
  const message = 'The card was refused. Try another card; your spot is held until the hold runs out.';
  return new Refusal('PAYMENT_DECLINED', message, { field: ['paymentMethodId'], details: { failureCode } });
}

function actionRequired({ clientSecret, nextAction }: IntentView): Refusal {
  const message =
    'The bank wants to know that it is you. Finish the payment with its client secret, then complete again.';
  return new Refusal('PAYMENT_ACTION_REQUIRED', message, { details: { clientSecret, nextAction } });
}

function unavailable(): Refusal {
  const message =
    'The payment provider does not answer. Your spot is held until the hold runs out; try again in a moment.';
  return new Refusal('PAYMENT_UNAVAILABLE', message);
}
