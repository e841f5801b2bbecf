import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { chargeCard, failAuthentication } from './payment-attempt.ts';
import { unexpectedState } from './payment-intent-fields.ts';
import { forbidden, missing } from './problem.ts';
import { failSetup, succeedSetup } from './setup-intents.ts';
import { idOf, type Store } from './store.ts';

export type ChallengeOutcome = 'succeed' | 'fail';

/** An intent that waits for its owner's 3-D Secure answer, or that has already got it. */
export interface ChallengeView {
  intent: Stripe.PaymentIntent | Stripe.SetupIntent;
  waiting: boolean;
  returnUrl: string | null;
}

/** POST /v1/test_helpers/payment_intents/:id/complete_challenge — answers the challenge as the card's owner would. */
export function completePaymentChallenge({ store, params, id }: Call): Stripe.PaymentIntent {
  params.allow('outcome', 'expand');
  const intent = store.paymentIntents.get(id, 'intent');
  if (!store.challenges.has(id)) throw unexpectedState('authenticated', intent, ['requires_action']);
  answerChallenge(store, id, params.oneOf('outcome', ['succeed', 'fail']) ?? 'succeed');
  return intent;
}

/** POST /v1/test_helpers/setup_intents/:id/complete_challenge — the same for a card that is being saved. */
export function completeSetupChallenge({ store, params, id }: Call): Stripe.SetupIntent {
  params.allow('outcome', 'expand');
  const intent = store.setupIntents.get(id, 'intent');
  if (!store.challenges.has(id))
    throw forbidden('This SetupIntent waits for no challenge.', { code: 'setup_intent_unexpected_state' });
  answerChallenge(store, id, params.oneOf('outcome', ['succeed', 'fail']) ?? 'succeed');
  return intent;
}

/** What the challenge page shows. */
export function viewChallenge(store: Store, id: string): ChallengeView {
  const intent = store.paymentIntents.find(id) ?? store.setupIntents.find(id);
  if (intent === undefined) throw missing('intent', id);
  const challenge = store.challenges.get(id);
  return { intent, waiting: challenge !== undefined, returnUrl: challenge?.returnUrl ?? null };
}

/** Ends a challenge: charges or saves the card, or sends the intent back to wait for another one. A second answer does nothing. */
export function answerChallenge(store: Store, id: string, outcome: ChallengeOutcome): void {
  if (!store.challenges.delete(id)) return;
  const payment = store.paymentIntents.find(id);
  const intent = payment ?? store.setupIntents.get(id);
  const method = store.paymentMethods.get(idOf(intent.payment_method));
  if (payment !== undefined) {
    if (outcome === 'fail') failAuthentication(store, payment, method);
    // A refusal after authentication is told by the intent's state: this answer goes to the bank's page, not to a caller.
    else chargeCard(store, payment, method);
    return;
  }
  const setup = store.setupIntents.get(id);
  if (outcome === 'succeed') return succeedSetup(store, setup, method);
  failSetup(store, setup, {
    code: 'setup_intent_authentication_failure',
    message: 'The latest attempt to set up the payment method has failed because authentication failed.',
    payment_method: structuredClone(method),
    type: 'invalid_request_error',
  });
}
