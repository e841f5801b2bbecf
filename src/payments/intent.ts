import { isChargedLater, keepsCard, paymentAfter, type PaymentKind } from '../domain/payment.ts';
import { Refusal } from '../domain/refusal.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { keepCard } from './customer.ts';
import { lookLater } from './look-after.ts';
import { lockPayment, readPayment, type PaymentKey } from './payment-row.ts';
import { CardRefused, ProviderRefusal, ProviderTrouble, type IntentView } from './provider-answers.ts';
import { actionRequired, declined, impossible, unavailable } from './refusals.ts';
import { startPayment } from './start-payment.ts';
import { gatewayOf } from './stripe.ts';

/**
 * What the provider says of a payment now; the evidence by which UNKNOWN is left. Starts the payment first if that is
 * still owed. A success is only read here: `recordCapture` puts it into the books.
 * Talks to the provider, then locks the payment's row. Refuses with NOT_FOUND, PAYMENT_UNAVAILABLE, PAYMENT_IMPOSSIBLE
 * (the provider will never take it).
 */
export async function readIntent(platform: Platform, key: PaymentKey): Promise<IntentView> {
  const { kind, ref } = await startedPayment(platform, key);
  const intent = await asking(kind, () => gatewayOf(platform).readIntent(ref));
  await keepEvidence(platform, key, intent);
  return intent;
}

/**
 * Charges the driver's card while they are here. The row is UNKNOWN during the call; each try has its own derived key
 * (`cf:<paymentId>:<attempt>`), and the intent itself lets only one of them take the money.
 * Talks to the provider; locks the payment's row before and after, not during the call. Refuses with NOT_FOUND,
 * PAYMENT_DECLINED (another card may be tried), PAYMENT_ACTION_REQUIRED (details: `clientSecret`, `nextAction`;
 * afterwards read again), PAYMENT_UNAVAILABLE (nobody knows yet: read again), PAYMENT_IMPOSSIBLE (no card will help).
 */
export async function confirmIntent(platform: Platform, key: PaymentKey, paymentMethodId: string): Promise<IntentView> {
  return confirm(platform, key, { paymentMethodId, owner: 'HERE' });
}

/**
 * The same with the driver's saved card, when they have agreed to it and are not asked: where their bank wants them to confirm, the card is
 * refused (PAYMENT_DECLINED).
 */
export async function confirmAway(platform: Platform, key: PaymentKey, paymentMethodId: string): Promise<IntentView> {
  return confirm(platform, key, { paymentMethodId, owner: 'AWAY' });
}

async function confirm(
  platform: Platform,
  key: PaymentKey,
  card: { paymentMethodId: string; owner: 'HERE' | 'AWAY' },
): Promise<IntentView> {
  const { kind, ref } = await startedPayment(platform, key);
  const attempt = await enterConfirmation(platform, key);
  if (attempt === undefined) return readIntent(platform, key);
  const intent = await asking(kind, async () => {
    try {
      return await gatewayOf(platform).confirmIntent(ref, card, `cf:${key.id}:${attempt}`);
    } catch (error) {
      return afterRefusal(platform, { key, kind }, error);
    }
  });
  await keepEvidence(platform, key, intent);
  if (intent.status === 'REQUIRES_ACTION') throw actionRequired(intent);
  if (intent.status === 'REQUIRES_PAYMENT') throw declined(kind, intent.failureCode ?? 'unknown');
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
    if (!isChargedLater(payment.kind)) await lookLater(tx, payment);
    return payment.attempts;
  });
}

/**
 * Writes down what the provider said. Money in the books is never touched by it; a card that its driver paid with is kept for later
 * charges (`keepsCard`).
 */
export async function keepEvidence(platform: Platform, key: PaymentKey, intent: IntentView): Promise<void> {
  const driverId = await inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    payment.updatedAt = tx.now;
    payment.state = paymentAfter(payment.state, intent.status);
    if (payment.capturedAt == null) payment.failureCode = intent.failureCode;
    return keepsCard(payment.kind) ? payment.driverId : null;
  });
  if (intent.status === 'SUCCEEDED' && driverId != null && intent.paymentMethodId !== undefined) {
    await keepCard(platform, driverId, intent.paymentMethodId);
  }
}

async function startedPayment(platform: Platform, key: PaymentKey): Promise<{ kind: PaymentKind; ref: string }> {
  const before = await readPayment(platform, key);
  if (before.providerRef == null) await startPayment(platform, { lotId: key.lotId, paymentId: key.id });
  const { kind, state, failureCode, providerRef } =
    before.providerRef == null ? await readPayment(platform, key) : before;
  if (providerRef != null) return { kind, ref: providerRef };
  throw state === 'FAILED' ? impossible(kind, failureCode ?? 'unknown') : unavailable(kind);
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

async function afterRefusal(
  platform: Platform,
  { key, kind }: { key: PaymentKey; kind: PaymentKind },
  error: unknown,
): Promise<IntentView> {
  if (!(error instanceof CardRefused) && !(error instanceof ProviderRefusal)) throw error;
  const intent = await readIntent(platform, key);
  // Refused, because another try or another device was faster: that one counts.
  if (intent.status === 'SUCCEEDED' || intent.status === 'PROCESSING') return intent;
  throw declined(kind, error.code);
}

async function asking<T>(kind: PaymentKind, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof ProviderTrouble || error instanceof ProviderRefusal) throw unavailable(kind);
    throw error;
  }
}

function unavailableOnly(error: unknown): undefined {
  if (!(error instanceof Refusal) || error.code !== 'PAYMENT_UNAVAILABLE') throw error;
  return undefined;
}
