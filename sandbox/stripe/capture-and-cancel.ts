import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { AUTHORISATION_SECONDS, bookCapture } from './charges.ts';
import { openDispute } from './disputes.ts';
import { unexpectedState } from './payment-intent-fields.ts';
import { testCardOf } from './payment-methods.ts';
import { forbidden, invalid } from './problem.ts';
import { idOf, type Store } from './store.ts';

const CANCELABLE = [
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
  'processing',
];
const CANCEL_REASONS = ['abandoned', 'duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Takes all or a part of an authorised amount, once; the rest is released. */
export function capturePaymentIntent({ store, params, id }: Call): Stripe.PaymentIntent {
  params.allow('amount_to_capture', 'metadata', 'statement_descriptor', 'statement_descriptor_suffix', 'expand');
  const intent = store.paymentIntents.get(id, 'intent');
  if (intent.status !== 'requires_capture') throw unexpectedState('captured', intent, ['requires_capture']);
  const amountMinor = params.integer('amount_to_capture') ?? intent.amount_capturable;
  if (amountMinor < 1)
    throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount_to_capture' });
  if (amountMinor > intent.amount_capturable) {
    throw forbidden(
      `The amount to capture (${amountMinor}) is greater than the capturable amount (${intent.amount_capturable}).`,
      {
        code: 'amount_too_large',
        param: 'amount_to_capture',
      },
    );
  }
  intent.metadata = params.metadata(intent.metadata);
  const charge = latestCharge(store, intent);
  bookCapture(store, charge, amountMinor);
  store.authorised.delete(intent.id);
  Object.assign(intent, { status: 'succeeded', amount_received: amountMinor, amount_capturable: 0 });
  store.emit('charge.captured', charge);
  store.emit('payment_intent.succeeded', intent);
  openDispute(store, charge, testCardOf(store, store.paymentMethods.get(idOf(charge.payment_method))));
  return intent;
}

/** Ends an intent that took no money yet; an authorisation is released. */
export function cancelPaymentIntent({ store, params, id }: Call): Stripe.PaymentIntent {
  params.allow('cancellation_reason', 'expand');
  const intent = store.paymentIntents.get(id, 'intent');
  const reason = params.oneOf('cancellation_reason', CANCEL_REASONS) ?? null;
  if (!CANCELABLE.includes(intent.status)) throw unexpectedState('canceled', intent, CANCELABLE);
  cancel(store, intent, reason);
  return intent;
}

/** Cancels every intent whose authorisation was not captured in time, as the card networks do. */
export function lapseAuthorisations(store: Store): void {
  for (const id of store.authorised) {
    const intent = store.paymentIntents.get(id);
    const charge = latestCharge(store, intent);
    // They stand in order of time: the first that still holds ends the search.
    if (charge.created + AUTHORISATION_SECONDS > store.seconds()) return;
    cancel(store, intent, 'expired');
    store.emit('charge.expired', charge);
  }
}

function cancel(
  store: Store,
  intent: Stripe.PaymentIntent,
  reason: Stripe.PaymentIntent.CancellationReason | null,
): void {
  if (intent.status === 'requires_capture') {
    const charge = latestCharge(store, intent);
    // A released authorisation reads as refunded on the charge, though no money moved and no Refund exists.
    Object.assign(charge, { refunded: true, amount_refunded: charge.amount });
    store.emit('charge.refunded', charge);
  }
  store.authorised.delete(intent.id);
  store.challenges.delete(intent.id);
  Object.assign(intent, {
    status: 'canceled',
    canceled_at: store.seconds(),
    cancellation_reason: reason,
    amount_capturable: 0,
    next_action: null,
  });
  store.emit('payment_intent.canceled', intent);
}

function latestCharge(store: Store, intent: Stripe.PaymentIntent): Stripe.Charge {
  return store.charges.get(idOf(intent.latest_charge));
}
