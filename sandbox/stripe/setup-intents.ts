import type Stripe from 'stripe';
import { type Call, checkClientSecret } from './call.ts';
import { listParams, page } from './lists.ts';
import type { Params } from './params.ts';
import { bankAsks, challengeAction } from './payment-attempt.ts';
import { automaticMethods, cardsOnly, checkReturnUrl } from './payment-intent-fields.ts';
import { attachTo, methodFromParams, factsOf, refuseSpent, testCardOf } from './payment-methods.ts';
import { declined, forbidden, invalid } from './problem.ts';
import { newId, type Store } from './store.ts';

const CONFIRM_FIELDS = [
  'payment_method',
  'payment_method_data',
  'return_url',
  'mandate_data',
  'use_stripe_sdk',
  'expand',
];
const CREATE_FIELDS = [
  ...[
    'customer',
    'usage',
    'confirm',
    'metadata',
    'description',
    'automatic_payment_methods',
    'allowed_payment_method_types',
  ],
  ...CONFIRM_FIELDS,
];
const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'];

export function createSetupIntent(call: Call): Stripe.SetupIntent {
  const { store, params } = call;
  params.allow(...CREATE_FIELDS);
  const confirm = params.flag('confirm') ?? false;
  const method = methodFromParams(store, params);
  const intent = newIntent(store, params);
  if (confirm && method === undefined) throw missingMethod();
  if (confirm) checkReturnUrl(intent, params.text('return_url') ?? null);
  if (method !== undefined) {
    refuseSpent(store, method);
    Object.assign(intent, { payment_method: method.id, status: 'requires_confirmation' });
  }
  store.setupIntents.add(intent);
  store.emit('setup_intent.created', intent);
  return confirm && method !== undefined ? confirmWith(call, intent, method) : intent;
}

export function confirmSetupIntent(call: Call): Stripe.SetupIntent {
  const { store, params, id } = call;
  params.allow('client_secret', ...CONFIRM_FIELDS);
  const intent = store.setupIntents.get(id, 'intent');
  checkClientSecret(call, intent);
  if (!OPEN.includes(intent.status)) throw unexpectedState(intent);
  const current =
    typeof intent.payment_method === 'string' ? store.paymentMethods.get(intent.payment_method) : undefined;
  const method = methodFromParams(store, params) ?? current;
  if (method === undefined) throw missingMethod();
  checkReturnUrl(intent, params.text('return_url') ?? null);
  refuseSpent(store, method);
  return confirmWith(call, intent, method);
}

export function retrieveSetupIntent(call: Call): Stripe.SetupIntent {
  call.params.allow('client_secret', 'expand');
  const intent = call.store.setupIntents.get(call.id, 'intent');
  checkClientSecret(call, intent);
  return intent;
}

export function cancelSetupIntent({ store, params, id }: Call): Stripe.SetupIntent {
  params.allow('cancellation_reason', 'expand');
  const intent = store.setupIntents.get(id, 'intent');
  const reason = params.oneOf('cancellation_reason', ['abandoned', 'duplicate', 'requested_by_customer']) ?? null;
  if (!OPEN.includes(intent.status)) throw unexpectedState(intent);
  Object.assign(intent, { status: 'canceled', cancellation_reason: reason, next_action: null });
  store.challenges.delete(intent.id);
  store.emit('setup_intent.canceled', intent);
  return intent;
}

export function listSetupIntents({ store, params }: Call): Stripe.ApiList<Stripe.SetupIntent> {
  params.allow(...listParams('customer', 'payment_method'));
  const customer = params.text('customer');
  const method = params.text('payment_method');
  const rows = store.setupIntents
    .newestFirst()
    .filter(
      (intent) =>
        (customer === undefined || intent.customer === customer) &&
        (method === undefined || intent.payment_method === method),
    );
  return page(rows, params, '/v1/setup_intents');
}

/** The card is saved: with its customer, and (unless only for on-session use) ready to be charged in its owner's absence. */
export function succeedSetup(store: Store, intent: Stripe.SetupIntent, method: Stripe.PaymentMethod): void {
  if (typeof intent.customer === 'string') attachTo(store, method, intent.customer);
  if (intent.usage === 'off_session') factsOf(store, method).readyOffSession = true;
  Object.assign(intent, { status: 'succeeded', next_action: null, last_setup_error: null, payment_method: method.id });
  store.emit('setup_intent.succeeded', intent);
}

/** The card could not be saved: the intent waits for another one. */
export function failSetup(store: Store, intent: Stripe.SetupIntent, error: Stripe.SetupIntent.LastSetupError): void {
  Object.assign(intent, {
    status: 'requires_payment_method',
    payment_method: null,
    next_action: null,
    last_setup_error: error,
  });
  store.emit('setup_intent.setup_failed', intent);
}

function confirmWith(call: Call, intent: Stripe.SetupIntent, method: Stripe.PaymentMethod): Stripe.SetupIntent {
  const { store, params, publicUrl } = call;
  if (method.customer !== null && method.customer !== intent.customer) {
    throw forbidden('The PaymentMethod belongs to another Customer.', { param: 'payment_method' });
  }
  intent.payment_method = method.id;
  intent.last_setup_error = null;
  const card = testCardOf(store, method);
  if (card.decline !== null && card.refusesSaving) {
    const { code, declineCode, message } = card.decline;
    const reason = { code, message, ...(declineCode === undefined ? {} : { decline_code: declineCode }) };
    failSetup(store, intent, { ...reason, payment_method: structuredClone(method), type: 'card_error' });
    throw declined({ ...reason, setup_intent: structuredClone(intent) });
  }
  if (!bankAsks(card, false, false)) {
    succeedSetup(store, intent, method);
    return intent;
  }
  const returnUrl = params.text('return_url') ?? null;
  intent.status = 'requires_action';
  intent.next_action = challengeAction(intent.id, { returnUrl, publicUrl });
  store.challenges.set(intent.id, { returnUrl, offSession: false });
  store.emit('setup_intent.requires_action', intent);
  return intent;
}

function newIntent(store: Store, params: Params): Stripe.SetupIntent {
  const id = newId('seti');
  const customer = params.text('customer');
  const types = cardsOnly(params);
  return {
    id,
    object: 'setup_intent',
    allowed_payment_method_types: types,
    application: null,
    automatic_payment_methods: automaticMethods(params, types),
    cancellation_reason: null,
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    created: store.seconds(),
    customer: customer === undefined ? null : store.customers.get(customer, 'customer').id,
    customer_account: null,
    description: params.text('description') ?? null,
    excluded_payment_method_types: null,
    flow_directions: null,
    last_setup_error: null,
    latest_attempt: null,
    livemode: false,
    mandate: null,
    metadata: params.metadata(),
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: null,
    payment_method_types: ['card'],
    single_use_mandate: null,
    status: 'requires_payment_method',
    usage: params.oneOf('usage', ['off_session', 'on_session']) ?? 'off_session',
  };
}

function missingMethod(): Error {
  return invalid("You cannot confirm this SetupIntent because it's missing a payment method.", {
    code: 'setup_intent_unexpected_state',
  });
}

function unexpectedState(intent: Stripe.SetupIntent): Error {
  return forbidden(
    `This SetupIntent has a status of ${intent.status}; only one of these may be changed: ${OPEN.join(', ')}.`,
    {
      code: 'setup_intent_unexpected_state',
      setup_intent: structuredClone(intent),
    },
  );
}
