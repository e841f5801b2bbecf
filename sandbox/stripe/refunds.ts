import type Stripe from 'stripe';
import { bookOnBalance } from './balance-transactions.ts';
import type { Call } from './call.ts';
import { cardOfNumber } from './cards.ts';
import { disputeForbidsRefund } from './disputes.ts';
import { listParams, page } from './lists.ts';
import type { Params } from './params.ts';
import { forbidden, invalid } from './problem.ts';
import { idOf, newId, type Store } from './store.ts';

const REASONS = ['duplicate', 'fraudulent', 'requested_by_customer'] as const;

/** Gives back all or a part of what was captured, never more than is left of it. */
export function createRefund({ store, params }: Call): Stripe.Refund {
  params.allow('payment_intent', 'charge', 'amount', 'reason', 'metadata', 'expand');
  const asked = params.integer('amount');
  const reason = params.oneOf('reason', REASONS) ?? null;
  const metadata = params.metadata();
  const charge = chargeToRefund(store, params);
  const amountMinor = refundableAmount(store, charge, asked);
  const behaviour = refundBehaviour(store, charge);
  const refund: Stripe.Refund = {
    id: newId('re'),
    object: 'refund',
    amount: amountMinor,
    balance_transaction: null,
    charge: charge.id,
    created: store.seconds(),
    currency: charge.currency,
    customer: charge.customer,
    customer_account: null,
    destination_details: {
      card: { reference_status: 'pending', reference_type: 'acquirer_reference_number', type: 'refund' },
      type: 'card',
    },
    metadata,
    payment_intent: charge.payment_intent,
    payment_method: charge.payment_method,
    reason,
    receipt_number: null,
    source_transfer_reversal: null,
    status: behaviour === 'pending-first' ? 'pending' : 'succeeded',
    transfer_reversal: null,
    ...(behaviour === 'pending-first' ? { pending_reason: 'processing' } : {}),
  };
  store.refunds.add(refund);
  refund.balance_transaction = bookOnBalance(store, {
    type: 'refund',
    amountMinor: -amountMinor,
    currency: charge.currency,
    source: refund.id,
    category: 'refund',
  });
  const before = { amount_refunded: charge.amount_refunded, refunded: charge.refunded };
  charge.amount_refunded += amountMinor;
  charge.refunded = charge.amount_refunded === charge.amount_captured;
  store.emit('refund.created', refund);
  store.emit('charge.refunded', charge, before);
  return refund;
}

/** Brings a refund on one of the slow test cards to its end: pending → succeeded, or succeeded → failed. Others stay. */
export function finishRefund({ store, params, id }: Call): Stripe.Refund {
  params.allow('expand');
  const refund = store.refunds.get(id);
  const charge = store.charges.get(idOf(refund.charge));
  const behaviour = refundBehaviour(store, charge);
  if (behaviour === 'pending-first' && refund.status === 'pending') {
    refund.status = 'succeeded';
    delete refund.pending_reason;
    store.emit('refund.updated', refund, { status: 'pending' });
  }
  if (behaviour === 'fails-later' && refund.status === 'succeeded') fail(store, refund, charge);
  return refund;
}

export function retrieveRefund({ store, params, id }: Call): Stripe.Refund {
  params.allow('expand');
  return store.refunds.get(id);
}

export function listRefunds({ store, params }: Call): Stripe.ApiList<Stripe.Refund> {
  params.allow(...listParams('charge', 'payment_intent'));
  const charge = params.text('charge');
  const intent = params.text('payment_intent');
  const rows = store.refunds
    .newestFirst()
    .filter(
      (refund) =>
        (charge === undefined || refund.charge === charge) &&
        (intent === undefined || refund.payment_intent === intent),
    );
  return page(rows, params, '/v1/refunds');
}

function chargeToRefund(store: Store, params: Params): Stripe.Charge {
  const intentId = params.text('payment_intent');
  const chargeId = params.text('charge');
  if (intentId === undefined) {
    if (chargeId !== undefined) return store.charges.get(chargeId, 'charge');
    throw invalid('One of the following params should be provided for this request: payment_intent or charge.');
  }
  const intent = store.paymentIntents.get(intentId, 'payment_intent');
  if (intent.status === 'succeeded' && typeof intent.latest_charge === 'string')
    return store.charges.get(intent.latest_charge);
  throw forbidden(`This PaymentIntent (${intentId}) does not have a successful charge to refund.`, {
    param: 'payment_intent',
  });
}

function refundableAmount(store: Store, charge: Stripe.Charge, asked: number | undefined): number {
  if (!charge.captured)
    throw forbidden(`Charge ${charge.id} has not been captured.`, { code: 'charge_not_refundable' });
  if (disputeForbidsRefund(store, charge.id)) {
    throw forbidden(`Charge ${charge.id} has been charged back; cannot issue a refund.`, { code: 'charge_disputed' });
  }
  const left = charge.amount_captured - charge.amount_refunded;
  if (left === 0)
    throw forbidden(`Charge ${charge.id} has already been refunded.`, { code: 'charge_already_refunded' });
  const amountMinor = asked ?? left;
  if (amountMinor < 1)
    throw invalid('Invalid positive integer', { code: 'parameter_invalid_integer', param: 'amount' });
  // Stripe gives this refusal no code: only the parameter tells.
  if (amountMinor > left) {
    throw forbidden(`Refund amount (${amountMinor}) is greater than unrefunded amount on charge (${left})`, {
      param: 'amount',
    });
  }
  return amountMinor;
}

function refundBehaviour(store: Store, charge: Stripe.Charge): 'succeeds' | 'fails-later' | 'pending-first' {
  const facts = charge.payment_method === null ? undefined : store.cards.get(charge.payment_method);
  return facts === undefined ? 'succeeds' : cardOfNumber(facts.number).refund;
}

/** The bank sends a refund back that had succeeded; false when it has not, or its charge is contested. */
export function sendBack(store: Store, refund: Stripe.Refund): boolean {
  const charge = store.charges.get(idOf(refund.charge));
  if (refund.status !== 'succeeded' || charge.disputed) return false;
  fail(store, refund, charge);
  return true;
}

function fail(store: Store, refund: Stripe.Refund, charge: Stripe.Charge): void {
  refund.status = 'failed';
  refund.failure_reason = 'expired_or_canceled_card';
  refund.failure_balance_transaction = bookOnBalance(store, {
    type: 'refund_failure',
    amountMinor: refund.amount,
    currency: refund.currency,
    source: refund.id,
    category: 'refund_failure',
  });
  charge.amount_refunded -= refund.amount;
  charge.refunded = false;
  store.emit('refund.updated', refund, { status: 'succeeded' });
  store.emit('refund.failed', refund);
}
