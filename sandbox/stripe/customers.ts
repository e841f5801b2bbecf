import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { listParams, page } from './lists.ts';
import { attachTo, detach, resolvePaymentMethod } from './payment-methods.ts';
import { newId } from './store.ts';

const FIELDS = [
  'name',
  'email',
  'phone',
  'description',
  'metadata',
  'preferred_locales',
  'invoice_settings',
  'payment_method',
  'expand',
];

export function createCustomer({ store, params }: Call): Stripe.Customer {
  params.allow(...FIELDS);
  const customer: Stripe.Customer = {
    id: newId('cus'),
    object: 'customer',
    address: null,
    balance: 0,
    created: store.seconds(),
    currency: null,
    default_source: null,
    delinquent: false,
    description: null,
    discount: null,
    email: null,
    invoice_prefix: newId('x').slice(2, 10).toUpperCase(),
    invoice_settings: { custom_fields: null, default_payment_method: null, footer: null, rendering_options: null },
    livemode: false,
    metadata: {},
    name: null,
    next_invoice_sequence: 1,
    phone: null,
    preferred_locales: [],
    shipping: null,
    tax_exempt: 'none',
    test_clock: null,
  };
  const methodId = params.text('payment_method');
  const method = methodId === undefined ? undefined : resolvePaymentMethod(store, methodId, 'payment_method');
  store.customers.add(customer);
  applyFields({ store, params }, customer);
  store.emit('customer.created', customer);
  if (method !== undefined) attachTo(store, method, customer.id);
  return customer;
}

/** The customer, or the stub that is left of one who was deleted. */
export function retrieveCustomer({ store, params, id }: Call): Stripe.Customer | Stripe.DeletedCustomer {
  params.allow('expand');
  return store.deletedCustomers.has(id) ? { id, object: 'customer', deleted: true } : store.customers.get(id);
}

/** Forgets a customer and the cards saved with them; what was paid stays. */
export function deleteCustomer({ store, params, id }: Call): Stripe.DeletedCustomer {
  params.allow();
  const customer = store.customers.get(id);
  for (const method of store.paymentMethods.all()) if (method.customer === id) detach(store, method);
  store.customers.remove(id);
  store.deletedCustomers.add(id);
  store.emit('customer.deleted', customer);
  return { id, object: 'customer', deleted: true };
}

export function updateCustomer({ store, params, id }: Call): Stripe.Customer {
  params.allow(...FIELDS.filter((field) => field !== 'payment_method'));
  const customer = store.customers.get(id);
  const before = structuredClone(customer);
  applyFields({ store, params }, customer);
  store.emit('customer.updated', customer, changedFields(before, customer));
  return customer;
}

export function listCustomers({ store, params }: Call): Stripe.ApiList<Stripe.Customer> {
  params.allow(...listParams('email'));
  const email = params.text('email');
  const rows = store.customers.newestFirst().filter((customer) => email === undefined || customer.email === email);
  return page(rows, params, '/v1/customers');
}

function applyFields({ store, params }: Pick<Call, 'store' | 'params'>, customer: Stripe.Customer): void {
  for (const field of ['name', 'email', 'phone', 'description'] as const) {
    const value = params.unsettable(field);
    if (value !== undefined) customer[field] = value;
  }
  customer.metadata = params.metadata(customer.metadata);
  const locales = params.list('preferred_locales');
  if (locales !== undefined) customer.preferred_locales = locales;
  const settings = params.group('invoice_settings')?.allow('default_payment_method');
  const methodId = settings?.unsettable('default_payment_method');
  if (methodId === undefined) return;
  if (methodId !== null) store.paymentMethods.get(methodId, 'invoice_settings[default_payment_method]');
  customer.invoice_settings.default_payment_method = methodId;
}

/** The values that `after` changed, as an event's `previous_attributes`. */
function changedFields(before: Stripe.Customer, after: Stripe.Customer): Partial<Stripe.Customer> {
  const changed = Object.entries(before).filter(([key, value]) => {
    const now: unknown = Reflect.get(after, key);
    return JSON.stringify(now) !== JSON.stringify(value);
  });
  return Object.fromEntries(changed);
}
