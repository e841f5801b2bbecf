import type Stripe from 'stripe';
import type { Params } from './params.ts';
import { forbidden, invalid } from './problem.ts';
import type { Store } from './store.ts';

/** Stripe's smallest charge per currency, in minor units; other currencies take from 1. */
const SMALLEST_CHARGE_MINOR = new Map([
  ...(['usd', 'eur', 'chf', 'cad', 'aud', 'nzd', 'sgd', 'brl', 'inr', 'jpy'] as const).map(
    (currency) => [currency, 50] as const,
  ),
  ['gbp', 30],
  ['dkk', 250],
  ['sek', 300],
  ['nok', 300],
  ['pln', 200],
  ['czk', 1500],
  ['hkd', 400],
  ['mxn', 1000],
  ['aed', 200],
]);
const LARGEST_CHARGE_MINOR = 99_999_999;

const TEXTS = [
  'description',
  'receipt_email',
  'statement_descriptor',
  'statement_descriptor_suffix',
  'transfer_group',
] as const;

/** The fields that create and update share, for `Params.allow`. */
export const COMMON_FIELDS = [
  ...TEXTS,
  'metadata',
  'customer',
  'setup_future_usage',
  'payment_method',
  'payment_method_data',
  'payment_method_options',
];

/** What a caller says about automatic payment methods: on, with redirects, unless said otherwise. */
export function automaticMethods(
  params: Params,
  types: 'card'[] | null,
): { allow_redirects: 'always' | 'never'; enabled: true } | null {
  const automatic = params.group('automatic_payment_methods')?.allow('enabled', 'allow_redirects');
  const redirects = automatic?.oneOf('allow_redirects', ['always', 'never']) ?? 'always';
  const enabled = types === null && automatic?.flag('enabled') !== false;
  return enabled ? { allow_redirects: redirects, enabled: true } : null;
}

/** 400 for a way back that is none, or that is missing where a payment method might send its owner elsewhere. */
export function checkReturnUrl(
  intent: { object: string; automatic_payment_methods: { allow_redirects?: string } | null },
  returnUrl: string | null,
): void {
  if (returnUrl !== null && !/^https?:\/\//.test(returnUrl)) {
    throw invalid('Not a valid URL', { code: 'url_invalid', param: 'return_url' });
  }
  if (returnUrl !== null || intent.automatic_payment_methods?.allow_redirects !== 'always') return;
  throw invalid(
    `This ${intent.object} is configured to accept payment methods that might redirect your customer off of your page: provide a ` +
      '`return_url`, or set `automatic_payment_methods[allow_redirects]` to `never`, or pass `allowed_payment_method_types`.',
    { param: 'return_url' },
  );
}

/** The payment methods that a caller allows, null if it left that open; the double has cards only. */
export function cardsOnly(params: Params): 'card'[] | null {
  const types = params.list('allowed_payment_method_types');
  if (types === undefined) return null;
  if (types.length === 1 && types[0] === 'card') return ['card'];
  throw invalid('This sandbox offers only the payment method type "card".', { param: 'allowed_payment_method_types' });
}

/** An amount that Stripe would charge in this currency, or its refusal. */
export function checkedAmount(amountMinor: number, currency: string): number {
  if (amountMinor < 1)
    throw invalid('This value must be greater than or equal to 1.', {
      code: 'parameter_invalid_integer',
      param: 'amount',
    });
  if (amountMinor > LARGEST_CHARGE_MINOR)
    throw invalid('Amount must be no more than 99999999', { code: 'amount_too_large', param: 'amount' });
  const smallest = SMALLEST_CHARGE_MINOR.get(currency) ?? 1;
  if (amountMinor < smallest) {
    throw invalid(`Amount must be at least ${smallest} ${currency}`, { code: 'amount_too_small', param: 'amount' });
  }
  return amountMinor;
}

export function checkedCurrency(currency: string): string {
  const lower = currency.toLowerCase();
  if (!/^[a-z]{3}$/.test(lower)) throw invalid(`Invalid currency: ${lower}`, { param: 'currency' });
  return lower;
}

/** Writes the fields that create, update and confirm have in common. */
export function applyCommonFields(store: Store, intent: Stripe.PaymentIntent, params: Params): void {
  for (const field of TEXTS) {
    const value = params.unsettable(field);
    if (value !== undefined) intent[field] = value;
  }
  intent.metadata = params.metadata(intent.metadata);
  const customer = params.text('customer');
  if (customer !== undefined) intent.customer = store.customers.get(customer, 'customer').id;
  if (params.unsettable('setup_future_usage') === null) intent.setup_future_usage = null;
  else
    intent.setup_future_usage =
      params.oneOf('setup_future_usage', ['off_session', 'on_session']) ?? intent.setup_future_usage;
  const card = params.group('payment_method_options')?.allow('card').group('card')?.allow('request_three_d_secure');
  const wish = card?.oneOf('request_three_d_secure', ['any', 'automatic', 'challenge']);
  if (wish !== undefined) intent.payment_method_options = cardOptions(wish);
}

export function cardOptions(wish: 'any' | 'automatic' | 'challenge'): Stripe.PaymentIntent.PaymentMethodOptions {
  return { card: { installments: null, mandate_options: null, network: null, request_three_d_secure: wish } };
}

/** 400: the intent's state does not allow this verb. */
export function unexpectedState(verb: string, intent: Stripe.PaymentIntent, allowed: readonly string[]): Error {
  return forbidden(
    `This PaymentIntent could not be ${verb} because it has a status of ${intent.status}. ` +
      `Only a PaymentIntent with one of the following statuses may be ${verb}: ${allowed.join(', ')}.`,
    { code: 'payment_intent_unexpected_state', payment_intent: structuredClone(intent) },
  );
}
