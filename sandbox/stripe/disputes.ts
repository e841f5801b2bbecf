import type Stripe from 'stripe';
import { bookOnBalance } from './balance-transactions.ts';
import type { Call } from './call.ts';
import { cardOfNumber, type TestCard } from './cards.ts';
import { listParams, page } from './lists.ts';
import { forbidden } from './problem.ts';
import { newId, type Store } from './store.ts';

const DAYS_TO_RESPOND = 9;
const SECONDS_PER_DAY = 86_400;

/** Lets the owner of a dispute card contest a charge as soon as it was taken. */
export function openDispute(store: Store, charge: Stripe.Charge, card: Pick<TestCard, 'brand' | 'dispute'>): void {
  if (card.dispute === null) return;
  const { reason, inquiry } = card.dispute;
  const dispute: Stripe.Dispute = {
    id: newId('du'),
    object: 'dispute',
    amount: charge.amount_captured,
    balance_transactions: [],
    charge: charge.id,
    created: store.seconds(),
    currency: charge.currency,
    enhanced_eligibility_types: [],
    evidence: emptyEvidence(),
    evidence_details: {
      due_by: store.seconds() + DAYS_TO_RESPOND * SECONDS_PER_DAY,
      enhanced_eligibility: {},
      has_evidence: false,
      past_due: false,
      submission_count: 0,
      submission_method: 'not_submitted',
    },
    intended_submission_method: null,
    is_charge_refundable: inquiry,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    payment_method_details: {
      card: {
        brand: card.brand,
        case_type: inquiry ? 'inquiry' : 'chargeback',
        network: card.brand,
        network_reason_code: '83',
      },
      type: 'card',
    },
    reason,
    status: inquiry ? 'warning_needs_response' : 'needs_response',
  };
  store.disputes.add(dispute);
  charge.disputed = true;
  store.emit('charge.dispute.created', dispute);
  if (!inquiry) moveFunds(store, dispute, 'withdrawn');
}

/** POST /v1/test_helpers/charges/:id/dispute — the owner of any card contests a charge now. */
export function contestCharge({ store, params, id }: Call): Stripe.Charge {
  params.allow('reason', 'expand');
  const charge = store.charges.get(id);
  const reason = params.text('reason') ?? 'fraudulent';
  if (!charge.captured || charge.disputed)
    throw forbidden('Only a captured charge without a dispute can be contested.');
  contest(store, charge, reason);
  return charge;
}

/** The owner of a captured charge contests it; false when they have done so before. */
export function contest(store: Store, charge: Stripe.Charge, reason = 'fraudulent'): boolean {
  if (charge.disputed) return false;
  const { number } = store.cards.get(charge.payment_method ?? '') ?? { number: '' };
  openDispute(store, charge, { brand: cardOfNumber(number).brand, dispute: { reason, inquiry: false } });
  return true;
}

/** Whether an open or lost dispute forbids refunding this charge (an inquiry does not). */
export function disputeForbidsRefund(store: Store, chargeId: string): boolean {
  return store.disputes
    .all()
    .some((dispute) => dispute.charge === chargeId && !dispute.is_charge_refundable && dispute.status !== 'won');
}

export function retrieveDispute({ store, params, id }: Call): Stripe.Dispute {
  params.allow('expand');
  return store.disputes.get(id);
}

export function listDisputes({ store, params }: Call): Stripe.ApiList<Stripe.Dispute> {
  params.allow(...listParams('charge', 'payment_intent'));
  const charge = params.text('charge');
  const intent = params.text('payment_intent');
  const rows = store.disputes
    .newestFirst()
    .filter(
      (dispute) =>
        (charge === undefined || dispute.charge === charge) &&
        (intent === undefined || dispute.payment_intent === intent),
    );
  return page(rows, params, '/v1/disputes');
}

/** Answers a dispute. As in Stripe's test mode, the text `winning_evidence` wins it and `losing_evidence` loses it at once. */
export function updateDispute({ store, params, id }: Call): Stripe.Dispute {
  params.allow('evidence', 'metadata', 'submit', 'expand');
  const dispute = store.disputes.get(id);
  refuseClosed(dispute);
  const evidence = params
    .group('evidence')
    ?.allow('uncategorized_text', 'product_description', 'customer_name', 'service_date');
  dispute.metadata = params.metadata(dispute.metadata);
  for (const name of ['uncategorized_text', 'product_description', 'customer_name', 'service_date'] as const) {
    const value = evidence?.unsettable(name);
    if (value !== undefined) dispute.evidence[name] = value;
  }
  dispute.evidence_details.has_evidence ||= evidence !== undefined;
  if (evidence === undefined || params.flag('submit') === false) {
    store.emit('charge.dispute.updated', dispute);
    return dispute;
  }
  dispute.evidence_details.submission_count += 1;
  dispute.evidence_details.submission_method = 'manual';
  submit(store, dispute);
  return dispute;
}

/** Accepts a dispute: it is lost. */
export function closeDispute({ store, params, id }: Call): Stripe.Dispute {
  params.allow('expand');
  const dispute = store.disputes.get(id);
  refuseClosed(dispute);
  end(store, dispute, 'lost');
  return dispute;
}

function submit(store: Store, dispute: Stripe.Dispute): void {
  const text = dispute.evidence.uncategorized_text;
  if (text === 'winning_evidence') return end(store, dispute, 'won');
  if (text === 'losing_evidence') return end(store, dispute, 'lost');
  dispute.status = isInquiry(dispute) ? 'warning_under_review' : 'under_review';
  store.emit('charge.dispute.updated', dispute);
}

function end(store: Store, dispute: Stripe.Dispute, status: 'won' | 'lost'): void {
  const inquiry = isInquiry(dispute);
  dispute.status = inquiry ? 'warning_closed' : status;
  store.emit('charge.dispute.closed', dispute);
  if (!inquiry && status === 'won') moveFunds(store, dispute, 'reinstated');
}

function moveFunds(store: Store, dispute: Stripe.Dispute, way: 'withdrawn' | 'reinstated'): void {
  const amountMinor = way === 'withdrawn' ? -dispute.amount : dispute.amount;
  const category = way === 'withdrawn' ? 'dispute' : 'dispute_reversal';
  const id = bookOnBalance(store, {
    type: 'adjustment',
    amountMinor,
    currency: dispute.currency,
    source: dispute.id,
    category,
  });
  dispute.balance_transactions.push(store.balanceTransactions.get(id));
  store.emit(`charge.dispute.funds_${way}`, dispute);
}

function isInquiry(dispute: Stripe.Dispute): boolean {
  return dispute.status.startsWith('warning_');
}

function refuseClosed(dispute: Stripe.Dispute): void {
  if (!['won', 'lost', 'warning_closed'].includes(dispute.status)) return;
  throw forbidden('This dispute is already closed', { code: 'charge_invalid_parameter' });
}

function emptyEvidence(): Stripe.Dispute.Evidence {
  return {
    access_activity_log: null,
    billing_address: null,
    cancellation_policy: null,
    cancellation_policy_disclosure: null,
    cancellation_rebuttal: null,
    customer_communication: null,
    customer_email_address: null,
    customer_name: null,
    customer_purchase_ip: null,
    customer_signature: null,
    duplicate_charge_documentation: null,
    duplicate_charge_explanation: null,
    duplicate_charge_id: null,
    enhanced_evidence: {},
    product_description: null,
    receipt: null,
    refund_policy: null,
    refund_policy_disclosure: null,
    refund_refusal_explanation: null,
    service_date: null,
    service_documentation: null,
    shipping_address: null,
    shipping_carrier: null,
    shipping_date: null,
    shipping_documentation: null,
    shipping_tracking_number: null,
    uncategorized_file: null,
    uncategorized_text: null,
  };
}
