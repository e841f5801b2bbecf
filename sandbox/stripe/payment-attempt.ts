import type Stripe from 'stripe';
import type { Decline, TestCard } from './cards.ts';
import { addCharge, bookCapture, type ChargeAttempt } from './charges.ts';
import { openDispute } from './disputes.ts';
import { attachTo, factsOf, testCardOf } from './payment-methods.ts';
import { declined, type Problem } from './problem.ts';
import type { Store } from './store.ts';

export interface Attempt {
  method: Stripe.PaymentMethod;
  /** The owner of the card is not there, so no challenge can be shown. */
  offSession: boolean;
  /** Fail instead of waiting for a challenge. */
  refuseChallenge: boolean;
  returnUrl: string | null;
  publicUrl: string;
}

const NEEDS_AUTHENTICATION: Decline = {
  code: 'authentication_required',
  declineCode: 'authentication_required',
  message: 'Your card was declined. This transaction requires authentication.',
};

/**
 * Confirms an intent with a card. Afterwards it stands in succeeded, requires_capture, requires_action or (refused)
 * requires_payment_method; for a refusal the 402 to answer with is returned, because its effects stay.
 */
export function attemptPayment(store: Store, intent: Stripe.PaymentIntent, attempt: Attempt): Problem | null {
  const { method } = attempt;
  intent.payment_method = method.id;
  intent.last_payment_error = null;
  intent.next_action = null;
  store.challenges.delete(intent.id);
  if (!mustChallenge(store, intent, attempt)) return chargeCard(store, intent, method);
  if (attempt.offSession || attempt.refuseChallenge)
    return refuse(store, { intent, method, refusal: NEEDS_AUTHENTICATION });
  intent.status = 'requires_action';
  intent.next_action = challengeAction(intent.id, attempt);
  store.challenges.set(intent.id, { returnUrl: attempt.returnUrl, offSession: attempt.offSession });
  store.emit('payment_intent.requires_action', intent);
  return null;
}

/** Charges after authentication, or where none is needed. */
export function chargeCard(store: Store, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Problem | null {
  const card = testCardOf(store, method);
  if (card.decline !== null) return refuse(store, { intent, method, refusal: card.decline });
  const charge = addCharge(store, { intent, method, refusal: null });
  intent.next_action = null;
  keepCard(store, intent, method);
  if (intent.capture_method === 'manual') {
    intent.status = 'requires_capture';
    intent.amount_capturable = intent.amount;
    store.authorised.add(intent.id);
    store.emit('charge.succeeded', charge);
    store.emit('payment_intent.amount_capturable_updated', intent);
    return null;
  }
  bookCapture(store, charge, intent.amount);
  intent.status = 'succeeded';
  intent.amount_received = intent.amount;
  store.emit('charge.succeeded', charge);
  store.emit('payment_intent.succeeded', intent);
  openDispute(store, charge, card);
  return null;
}

/** The owner failed or left the 3-D Secure challenge: no charge, the intent waits for another card. */
export function failAuthentication(store: Store, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  waitForAnotherCard(store, intent, {
    code: 'payment_intent_authentication_failure',
    message:
      'We are unable to authenticate your payment method. Please choose a different payment method and try again.',
    payment_method: structuredClone(method),
    type: 'invalid_request_error',
  });
}

/** Where the owner of the card is sent: our page if there is a way back, else what Stripe's browser library would handle. */
export function challengeAction(
  intentId: string,
  attempt: Pick<Attempt, 'returnUrl' | 'publicUrl'>,
): {
  type: string;
  redirect_to_url?: Stripe.PaymentIntent.NextAction.RedirectToUrl;
  use_stripe_sdk?: Record<string, unknown>;
} {
  const url = `${attempt.publicUrl}/challenge/${intentId}`;
  return attempt.returnUrl === null
    ? { type: 'use_stripe_sdk', use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url } }
    : { type: 'redirect_to_url', redirect_to_url: { return_url: attempt.returnUrl, url } };
}

/** Whether a bank asks for authentication, by its card's habit and by whether the card was set up for later. */
export function bankAsks(card: TestCard, readyOffSession: boolean, offSession: boolean): boolean {
  switch (card.challenge) {
    case 'never':
      return false;
    case 'always':
      return true;
    case 'unless-set-up':
      return !(offSession && readyOffSession);
    case 'on-session-only':
      return !offSession;
  }
}

function mustChallenge(store: Store, intent: Stripe.PaymentIntent, attempt: Attempt): boolean {
  const wish = intent.payment_method_options?.card?.request_three_d_secure;
  if (!attempt.offSession && (wish === 'any' || wish === 'challenge')) return true;
  return bankAsks(
    testCardOf(store, attempt.method),
    factsOf(store, attempt.method).readyOffSession,
    attempt.offSession,
  );
}

function refuse(store: Store, { intent, method, refusal }: ChargeAttempt & { refusal: Decline }): Problem {
  const charge = addCharge(store, { intent, method, refusal });
  const reason = {
    charge: charge.id,
    code: refusal.code,
    ...(refusal.declineCode === undefined ? {} : { decline_code: refusal.declineCode }),
    message: refusal.message,
    payment_method: structuredClone(method),
  };
  store.emit('charge.failed', charge);
  waitForAnotherCard(store, intent, { ...reason, type: 'card_error' });
  return declined({ ...reason, payment_intent: structuredClone(intent) });
}

function waitForAnotherCard(
  store: Store,
  intent: Stripe.PaymentIntent,
  error: Stripe.PaymentIntent.LastPaymentError,
): void {
  intent.status = 'requires_payment_method';
  intent.payment_method = null;
  intent.next_action = null;
  intent.last_payment_error = error;
  store.challenges.delete(intent.id);
  store.emit('payment_intent.payment_failed', intent);
}

function keepCard(store: Store, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  const facts = factsOf(store, method);
  if (intent.setup_future_usage !== null && typeof intent.customer === 'string') {
    attachTo(store, method, intent.customer);
    if (intent.setup_future_usage === 'off_session') facts.readyOffSession = true;
  }
  // A card that belongs to nobody is good for one payment only.
  if (method.customer === null) facts.spent = true;
}
