import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { cardOfFixedId, cardOfNumber, hasValidCheckDigit, type TestCard } from './cards.ts';
import { listParams, page } from './lists.ts';
import type { Params } from './params.ts';
import { declined, forbidden, invalid } from './problem.ts';
import { newId, type Store } from './store.ts';

const DEFAULT_EXPIRY_MONTH = 12;
const DEFAULT_EXPIRY_YEARS_AHEAD = 5;

/** The PaymentMethod behind an id; a fixed id (`pm_card_visa`) becomes a new one each time, as at Stripe. */
export function resolvePaymentMethod(store: Store, id: string, param = 'payment_method'): Stripe.PaymentMethod {
  const fixed = cardOfFixedId(id);
  if (fixed === undefined) return store.paymentMethods.get(id, param);
  const year = new Date(store.seconds() * 1000).getUTCFullYear() + DEFAULT_EXPIRY_YEARS_AHEAD;
  return addCard(store, fixed, { expMonth: DEFAULT_EXPIRY_MONTH, expYear: year });
}

export function createPaymentMethod({ store, params }: Call): Stripe.PaymentMethod {
  params.allow('type', 'card', 'billing_details', 'metadata', 'allow_redisplay', 'expand');
  return createFromParams(store, params);
}

/** The card that a call names or brings (`payment_method`, `payment_method_data`), if it does. */
export function methodFromParams(store: Store, params: Params): Stripe.PaymentMethod | undefined {
  const data = params.group('payment_method_data');
  if (data !== undefined)
    return createFromParams(store, data.allow('type', 'card', 'billing_details', 'metadata', 'allow_redisplay'));
  const id = params.text('payment_method');
  return id === undefined ? undefined : resolvePaymentMethod(store, id);
}

/** Makes a card from `type=card&card[number]=…`, also when it comes as `payment_method_data` of an intent. */
function createFromParams(store: Store, params: Params): Stripe.PaymentMethod {
  const type = params.required('type');
  if (type !== 'card')
    throw invalid(`The payment method type "${type}" is not offered by this sandbox.`, { param: params.named('type') });
  const card = params.group('card')?.allow('number', 'exp_month', 'exp_year', 'cvc');
  if (card === undefined)
    throw invalid('Missing required param: card.', { code: 'parameter_missing', param: params.named('card') });
  const metadata = params.metadata();
  const billing = billingDetails(params.group('billing_details'));
  const method = addCard(store, checkedCard(store, card), {
    expMonth: card.requiredInteger('exp_month'),
    expYear: fullYear(card.requiredInteger('exp_year')),
  });
  method.metadata = metadata;
  method.billing_details = { ...method.billing_details, ...billing };
  return method;
}

export function retrievePaymentMethod({ store, params, id }: Call): Stripe.PaymentMethod {
  params.allow('expand');
  return cardOfFixedId(id) === undefined ? store.paymentMethods.get(id) : resolvePaymentMethod(store, id);
}

export function attachPaymentMethod({ store, params, id }: Call): Stripe.PaymentMethod {
  params.allow('customer', 'expand');
  const customer = store.customers.get(params.required('customer'), 'customer');
  const method = resolvePaymentMethod(store, id, 'id');
  refuseUnsavable(store, method);
  attachTo(store, method, customer.id);
  return method;
}

export function detachPaymentMethod({ store, params, id }: Call): Stripe.PaymentMethod {
  params.allow('expand');
  const method = store.paymentMethods.get(id);
  if (method.customer === null)
    throw forbidden('The payment method you provided is not attached to a customer so detachment is impossible.');
  detach(store, method);
  return method;
}

/** Takes a card from its customer, for good: it cannot be used or attached again. */
export function detach(store: Store, method: Stripe.PaymentMethod): void {
  const before = { customer: method.customer };
  method.customer = null;
  factsOf(store, method).spent = true;
  store.emit('payment_method.detached', method, before);
}

export function listPaymentMethods({ store, params }: Call): Stripe.ApiList<Stripe.PaymentMethod> {
  params.allow(...listParams('customer', 'type'));
  const customer = params.text('customer');
  if (customer !== undefined) store.customers.get(customer, 'customer');
  const type = params.text('type');
  const rows = store.paymentMethods
    .newestFirst()
    // Without a customer Stripe lists nothing that belongs to one, and the others are not listed at all.
    .filter(
      (method) =>
        customer !== undefined && method.customer === customer && (type === undefined || method.type === type),
    );
  return page(rows, params, '/v1/payment_methods');
}

export function listCustomerPaymentMethods({ store, params, id }: Call): Stripe.ApiList<Stripe.PaymentMethod> {
  params.allow(...listParams('type'));
  store.customers.get(id);
  const type = params.text('type');
  const rows = store.paymentMethods
    .newestFirst()
    .filter((method) => method.customer === id && (type === undefined || method.type === type));
  return page(rows, params, `/v1/customers/${id}/payment_methods`);
}

/** The test card that a PaymentMethod stands for. */
export function testCardOf(store: Store, method: Stripe.PaymentMethod): TestCard {
  return cardOfNumber(factsOf(store, method).number);
}

export function factsOf(
  store: Store,
  method: Stripe.PaymentMethod,
): { number: string; readyOffSession: boolean; spent: boolean } {
  const facts = store.cards.get(method.id);
  if (facts === undefined) throw new Error(`The card of ${method.id} is lost`);
  return facts;
}

/** Saves a card with its customer (which is what lets it be charged again). */
export function attachTo(store: Store, method: Stripe.PaymentMethod, customerId: string): void {
  if (method.customer === customerId) return;
  if (method.customer !== null) {
    throw forbidden('The payment method you provided has already been attached to a customer.', {
      code: 'payment_method_unexpected_state',
    });
  }
  refuseSpent(store, method);
  method.customer = customerId;
  store.emit('payment_method.attached', method);
}

/** 402 for a card that its bank refuses already when it is to be saved. */
export function refuseUnsavable(store: Store, method: Stripe.PaymentMethod): void {
  const card = testCardOf(store, method);
  if (card.decline === null || !card.refusesSaving) return;
  const { code, declineCode, message } = card.decline;
  throw declined({ code, message, ...(declineCode === undefined ? {} : { decline_code: declineCode }) });
}

/** 400 for a card that was used once without a customer, or detached from one. */
export function refuseSpent(store: Store, method: Stripe.PaymentMethod): void {
  if (method.customer !== null || !factsOf(store, method).spent) return;
  throw forbidden(
    'The provided PaymentMethod was previously used with a PaymentIntent without Customer attachment, shared with a connected account ' +
      'without Customer attachment, or was detached from a Customer. It may not be used again. To use a PaymentMethod multiple times, ' +
      'you must attach it to a Customer first.',
    { code: 'payment_method_unexpected_state' },
  );
}

function addCard(store: Store, card: TestCard, expiry: { expMonth: number; expYear: number }): Stripe.PaymentMethod {
  const method: Stripe.PaymentMethod = {
    id: newId('pm'),
    object: 'payment_method',
    allow_redisplay: 'unspecified',
    billing_details: { address: null, email: null, name: null, phone: null, tax_id: null },
    card: {
      brand: card.brand,
      checks: { address_line1_check: null, address_postal_code_check: null, cvc_check: 'pass' },
      country: 'US',
      display_brand: card.brand,
      exp_month: expiry.expMonth,
      exp_year: expiry.expYear,
      fingerprint: `double${card.number.slice(-10)}`,
      funding: card.funding,
      generated_from: null,
      last4: card.number.slice(-4),
      networks: { available: [card.brand], preferred: null },
      regulated_status: 'unregulated',
      three_d_secure_usage: { supported: true },
      wallet: null,
    },
    created: store.seconds(),
    customer: null,
    customer_account: null,
    livemode: false,
    metadata: {},
    type: 'card',
  };
  store.cards.set(method.id, { number: card.number, readyOffSession: false, spent: false });
  return store.paymentMethods.add(method);
}

function checkedCard(store: Store, card: Params): TestCard {
  const number = card.required('number').replaceAll(/[\s-]/g, '');
  const param = (name: string): { param: string } => ({ param: card.named(name) });
  if (!hasValidCheckDigit(number))
    throw declined({ code: 'incorrect_number', message: 'Your card number is incorrect.', ...param('number') });
  const month = card.requiredInteger('exp_month');
  if (month < 1 || month > 12) {
    throw declined({
      code: 'invalid_expiry_month',
      message: "Your card's expiration month is invalid.",
      ...param('exp_month'),
    });
  }
  const now = new Date(store.seconds() * 1000);
  const year = fullYear(card.requiredInteger('exp_year'));
  if (year * 12 + month <= now.getUTCFullYear() * 12 + now.getUTCMonth()) {
    throw declined({
      code: 'invalid_expiry_year',
      message: "Your card's expiration year is invalid.",
      ...param('exp_year'),
    });
  }
  const cvc = card.text('cvc');
  if (cvc !== undefined && !/^\d{3,4}$/.test(cvc)) {
    throw declined({ code: 'invalid_cvc', message: "Your card's security code is invalid.", ...param('cvc') });
  }
  return cardOfNumber(number);
}

function fullYear(year: number): number {
  return year < 100 ? 2000 + year : year;
}

function billingDetails(group: Params | undefined): Partial<Stripe.PaymentMethod.BillingDetails> {
  group?.allow('name', 'email', 'phone', 'address');
  const text = (field: string): string | null => group?.unsettable(field) ?? null;
  return { name: text('name'), email: text('email'), phone: text('phone') };
}
