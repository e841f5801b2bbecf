import type Stripe from 'stripe';
import { type Call, checkClientSecret } from './call.ts';
import { listParams, page } from './lists.ts';
import type { Params } from './params.ts';
import { attemptPayment } from './payment-attempt.ts';
import {
  applyCommonFields,
  automaticMethods,
  cardsOnly,
  cardOptions,
  checkedAmount,
  checkedCurrency,
  checkReturnUrl,
  COMMON_FIELDS,
  unexpectedState,
} from './payment-intent-fields.ts';
import { methodFromParams, refuseSpent } from './payment-methods.ts';
import { forbidden, invalid } from './problem.ts';
import { newId, type Store } from './store.ts';

const CONFIRM_FIELDS = [
  'off_session',
  'return_url',
  'error_on_requires_action',
  'use_stripe_sdk',
  'mandate_data',
  'expand',
];
// As of the API version that the SDK pins, `payment_method_types` is `allowed_payment_method_types`.
const CREATE_FIELDS = [
  'allowed_payment_method_types',
  ...['amount', 'currency', 'automatic_payment_methods', 'capture_method', 'confirmation_method', 'confirm'],
  ...COMMON_FIELDS,
  ...CONFIRM_FIELDS,
];
const OPEN = ['requires_payment_method', 'requires_confirmation', 'requires_action'] as const;
const BEFORE_CONFIRMATION = ['requires_payment_method', 'requires_confirmation'] as const;

export function createPaymentIntent(call: Call): Stripe.PaymentIntent {
  const { store, params } = call;
  params.allow(...CREATE_FIELDS);
  const confirm = params.flag('confirm') ?? false;
  if (!confirm) refuseConfirmOnlyFields(params);
  const intent = newIntent(store, params);
  applyCommonFields(store, intent, params);
  const method = methodFromParams(store, params);
  if (method !== undefined) refuseForeignCard(store, intent, method);
  if (confirm) checkConfirmation(intent, method ?? null, params.text('return_url') ?? null);
  if (method !== undefined) {
    intent.payment_method = method.id;
    intent.status = 'requires_confirmation';
  }
  store.paymentIntents.add(intent);
  store.emit('payment_intent.created', intent);
  return confirm && method !== undefined ? confirmWith(call, intent, method) : intent;
}

export function retrievePaymentIntent(call: Call): Stripe.PaymentIntent {
  call.params.allow('client_secret', 'expand');
  const intent = call.store.paymentIntents.get(call.id, 'intent');
  checkClientSecret(call, intent);
  return intent;
}

export function updatePaymentIntent({ store, params, id }: Call): Stripe.PaymentIntent {
  params.allow('amount', 'currency', 'capture_method', ...COMMON_FIELDS, 'expand');
  const intent = store.paymentIntents.get(id, 'intent');
  const harmless = params
    .names()
    .every((name) => ['metadata', 'description', 'expand', 'receipt_email'].includes(name));
  if (!harmless && !isOneOf(BEFORE_CONFIRMATION, intent.status))
    throw unexpectedState('updated', intent, BEFORE_CONFIRMATION);
  const currency = checkedCurrency(params.text('currency') ?? intent.currency);
  const amount = checkedAmount(params.integer('amount') ?? intent.amount, currency);
  const captureMethod =
    params.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']) ?? intent.capture_method;
  const method = methodFromParams(store, params);
  if (method !== undefined)
    refuseForeignCard(store, { ...intent, customer: params.text('customer') ?? intent.customer }, method);
  applyCommonFields(store, intent, params);
  Object.assign(intent, { amount, currency, capture_method: captureMethod });
  if (method !== undefined) Object.assign(intent, { payment_method: method.id, status: 'requires_confirmation' });
  return intent;
}

export function confirmPaymentIntent(call: Call): Stripe.PaymentIntent {
  const { store, params, id } = call;
  params.allow(
    'client_secret',
    'capture_method',
    ...COMMON_FIELDS.filter((field) => field !== 'customer'),
    ...CONFIRM_FIELDS,
  );
  const intent = store.paymentIntents.get(id, 'intent');
  checkClientSecret(call, intent);
  if (!isOneOf(OPEN, intent.status)) throw unexpectedState('confirmed', intent, OPEN);
  const method = methodFromParams(store, params) ?? currentMethod(store, intent);
  const checked = checkConfirmation(intent, method, params.text('return_url') ?? null);
  refuseForeignCard(store, intent, checked);
  const captureMethod = params.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']);
  applyCommonFields(store, intent, params);
  if (captureMethod !== undefined) intent.capture_method = captureMethod;
  return confirmWith(call, intent, checked);
}

export function listPaymentIntents({ store, params }: Call): Stripe.ApiList<Stripe.PaymentIntent> {
  params.allow(...listParams('customer'));
  const customer = params.text('customer');
  const rows = store.paymentIntents
    .newestFirst()
    .filter((intent) => customer === undefined || intent.customer === customer);
  return page(rows, params, '/v1/payment_intents');
}

function newIntent(store: Store, params: Params): Stripe.PaymentIntent {
  const id = newId('pi');
  const currency = checkedCurrency(params.required('currency'));
  const types = cardsOnly(params);
  return {
    id,
    object: 'payment_intent',
    allowed_payment_method_types: types,
    amount: checkedAmount(params.requiredInteger('amount'), currency),
    amount_capturable: 0,
    amount_details: { tip: {} },
    amount_received: 0,
    application: null,
    application_fee_amount: null,
    automatic_payment_methods: automaticMethods(params, types),
    canceled_at: null,
    cancellation_reason: null,
    // Since 2024-04 the default is automatic_async; for cards it looks the same but for the name.
    capture_method: params.oneOf('capture_method', ['automatic', 'automatic_async', 'manual']) ?? 'automatic_async',
    client_secret: `${id}_secret_${newId('x').slice(2)}`,
    confirmation_method: params.oneOf('confirmation_method', ['automatic', 'manual']) ?? 'automatic',
    created: store.seconds(),
    currency,
    customer: null,
    customer_account: null,
    description: null,
    excluded_payment_method_types: null,
    last_payment_error: null,
    latest_charge: null,
    livemode: false,
    managed_payments: null,
    metadata: {},
    next_action: null,
    on_behalf_of: null,
    payment_method: null,
    payment_method_configuration_details: null,
    payment_method_options: cardOptions('automatic'),
    payment_method_types: ['card'],
    payment_record: null,
    processing: null,
    receipt_email: null,
    review: null,
    setup_future_usage: null,
    shipping: null,
    source: null,
    statement_descriptor: null,
    statement_descriptor_suffix: null,
    status: 'requires_payment_method',
    transfer_data: null,
    transfer_group: null,
  };
}

function confirmWith(call: Call, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): Stripe.PaymentIntent {
  const { store, params, publicUrl } = call;
  const problem = attemptPayment(store, intent, {
    method,
    offSession: params.flag('off_session') ?? false,
    refuseChallenge: params.flag('error_on_requires_action') ?? false,
    returnUrl: params.text('return_url') ?? null,
    publicUrl,
  });
  if (problem !== null) throw problem;
  return intent;
}

function checkConfirmation(
  intent: Stripe.PaymentIntent,
  method: Stripe.PaymentMethod | null,
  returnUrl: string | null,
): Stripe.PaymentMethod {
  if (method === null) {
    throw invalid("You cannot confirm this PaymentIntent because it's missing a payment method.", {
      code: 'payment_intent_unexpected_state',
    });
  }
  checkReturnUrl(intent, returnUrl);
  return method;
}

function refuseConfirmOnlyFields(params: Params): void {
  for (const name of ['off_session', 'return_url', 'error_on_requires_action', 'mandate_data']) {
    if (params.has(name))
      throw invalid(
        `The parameter \`${name}\` cannot be passed when creating a PaymentIntent unless \`confirm\` is set to true.`,
        { param: name },
      );
  }
}

function currentMethod(store: Store, intent: Stripe.PaymentIntent): Stripe.PaymentMethod | null {
  return typeof intent.payment_method === 'string' ? store.paymentMethods.get(intent.payment_method) : null;
}

function refuseForeignCard(store: Store, intent: Stripe.PaymentIntent, method: Stripe.PaymentMethod): void {
  if (method.customer !== null && method.customer !== intent.customer) {
    throw forbidden(
      'The PaymentMethod belongs to a Customer. Please include that Customer in the `customer` parameter on the PaymentIntent.',
      {
        param: 'payment_method',
      },
    );
  }
  refuseSpent(store, method);
}

function isOneOf(statuses: readonly string[], status: string): boolean {
  return statuses.includes(status);
}
