import type Stripe from 'stripe';
import { bookOnBalance } from './balance-transactions.ts';
import type { Call } from './call.ts';
import type { Decline } from './cards.ts';
import { listParams, page } from './lists.ts';
import { newId, type Store } from './store.ts';

/** How long a card authorisation holds before it lapses. */
export const AUTHORISATION_SECONDS = 7 * 86_400;

export interface ChargeAttempt {
  intent: Stripe.PaymentIntent;
  method: Stripe.PaymentMethod;
  /** Why the bank refuses; null when it does not. */
  refusal: Decline | null;
}

/** Records an attempt to take the intent's amount from a card: refused, authorised only, or (after `bookCapture`) taken. */
export function addCharge(store: Store, attempt: ChargeAttempt): Stripe.Charge {
  const { intent, method, refusal } = attempt;
  const paid = refusal === null;
  const charge: Stripe.Charge = {
    id: newId('ch'),
    object: 'charge',
    amount: intent.amount,
    amount_captured: 0,
    amount_refunded: 0,
    application: null,
    application_fee: null,
    application_fee_amount: null,
    balance_transaction: null,
    billing_details: structuredClone(method.billing_details),
    calculated_statement_descriptor: intent.statement_descriptor ?? 'PARKWELL SANDBOX',
    captured: false,
    created: store.seconds(),
    currency: intent.currency,
    customer: intent.customer,
    description: intent.description,
    disputed: false,
    failure_balance_transaction: null,
    failure_code: refusal?.code ?? null,
    failure_message: refusal?.message ?? null,
    fraud_details: {},
    livemode: false,
    metadata: { ...intent.metadata },
    on_behalf_of: null,
    outcome: outcomeOf(refusal),
    paid,
    payment_intent: intent.id,
    payment_method: method.id,
    payment_method_details: { card: cardDetails(store, attempt), type: 'card' },
    receipt_email: intent.receipt_email,
    receipt_number: null,
    receipt_url: null,
    refunded: false,
    review: null,
    shipping: null,
    source: null,
    source_transfer: null,
    statement_descriptor: intent.statement_descriptor,
    statement_descriptor_suffix: intent.statement_descriptor_suffix,
    status: paid ? 'succeeded' : 'failed',
    transfer_data: null,
    transfer_group: intent.transfer_group,
  };
  intent.latest_charge = charge.id;
  return store.charges.add(charge);
}

/** Takes money that was authorised; what is left of the authorisation is released. */
export function bookCapture(store: Store, charge: Stripe.Charge, amountMinor: number): void {
  charge.captured = true;
  charge.amount_captured = amountMinor;
  const { id: source, currency } = charge;
  charge.balance_transaction = bookOnBalance(store, {
    type: 'charge',
    amountMinor,
    currency,
    source,
    category: 'charge',
  });
}

export function retrieveCharge({ store, params, id }: Call): Stripe.Charge {
  params.allow('expand');
  return store.charges.get(id);
}

export function listCharges({ store, params }: Call): Stripe.ApiList<Stripe.Charge> {
  params.allow(...listParams('customer', 'payment_intent'));
  const customer = params.text('customer');
  const intent = params.text('payment_intent');
  const rows = store.charges
    .newestFirst()
    .filter(
      (charge) =>
        (customer === undefined || charge.customer === customer) &&
        (intent === undefined || charge.payment_intent === intent),
    );
  return page(rows, params, '/v1/charges');
}

function outcomeOf(refusal: Decline | null): Stripe.Charge.Outcome {
  return {
    advice_code: refusal === null ? null : 'try_again_later',
    network_advice_code: null,
    network_decline_code: null,
    network_status: refusal === null ? 'approved_by_network' : 'declined_by_network',
    reason: refusal === null ? null : (refusal.declineCode ?? refusal.code),
    risk_level: 'normal',
    risk_score: 20,
    seller_message: refusal === null ? 'Payment complete.' : 'The bank returned a decline code.',
    type: refusal === null ? 'authorized' : 'issuer_declined',
  };
}

function cardDetails(
  store: Store,
  { intent, method, refusal }: ChargeAttempt,
): Stripe.Charge.PaymentMethodDetails.Card {
  const card = method.card;
  const paid = refusal === null;
  const held = paid && intent.capture_method === 'manual';
  return {
    amount_authorized: paid ? intent.amount : null,
    authorization_code: null,
    brand: card?.brand ?? null,
    ...(held ? { capture_before: store.seconds() + AUTHORISATION_SECONDS } : {}),
    checks: card?.checks ?? null,
    country: card?.country ?? null,
    electronic_commerce_indicator: null,
    exp_month: card?.exp_month ?? 0,
    exp_year: card?.exp_year ?? 0,
    fingerprint: card?.fingerprint ?? null,
    funding: card?.funding ?? null,
    installments: null,
    last4: card?.last4 ?? null,
    mandate: null,
    network: card?.brand ?? null,
    network_transaction_id: null,
    regulated_status: 'unregulated',
    three_d_secure: null,
    transaction_link_id: null,
    wallet: null,
  };
}
