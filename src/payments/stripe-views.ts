/** What the provider's objects say, in the words of the rest of the folder. */
import type Stripe from 'stripe';
import type { IntentStatus, RefundStatus } from '../domain/payment.ts';
import type {
  DisputeView,
  IntentView,
  ListedDispute,
  ListedIntent,
  ListedRefund,
  NextAction,
  ProviderEvent,
  RefundView,
} from './provider-answers.ts';

const INTENT_STATUS: Record<Stripe.PaymentIntent.Status, IntentStatus> = {
  requires_payment_method: 'REQUIRES_PAYMENT',
  requires_confirmation: 'REQUIRES_PAYMENT',
  requires_action: 'REQUIRES_ACTION',
  processing: 'PROCESSING',
  requires_capture: 'PROCESSING',
  succeeded: 'SUCCEEDED',
  canceled: 'CANCELED',
};

export function viewOf(intent: Stripe.PaymentIntent): IntentView {
  const paymentMethodId = idOf(intent.payment_method);
  const error = intent.last_payment_error;
  return {
    ref: intent.id,
    clientSecret: intent.client_secret,
    status: INTENT_STATUS[intent.status] ?? 'PROCESSING',
    capturedMinor: intent.amount_received,
    failureCode: error === null ? null : (error.decline_code ?? error.code ?? 'unknown'),
    ...(intent.next_action === null ? {} : { nextAction: nextActionOf(intent.next_action) }),
    ...(paymentMethodId === null ? {} : { paymentMethodId }),
  };
}

function nextActionOf(action: Stripe.PaymentIntent.NextAction): NextAction {
  const sdkUrl: unknown =
    action.use_stripe_sdk === undefined ? undefined : Reflect.get(action.use_stripe_sdk, 'stripe_js');
  const url = action.redirect_to_url?.url ?? (typeof sdkUrl === 'string' ? sdkUrl : null);
  return { type: action.type, ...(url === null ? {} : { url }) };
}

export function refundViewOf(refund: Stripe.Refund): RefundView {
  const status: RefundStatus =
    refund.status === 'succeeded'
      ? 'SUCCEEDED'
      : refund.status === 'failed' || refund.status === 'canceled'
        ? 'FAILED'
        : 'PENDING';
  return { ref: refund.id, status };
}

export function listedIntent(intent: Stripe.PaymentIntent): ListedIntent {
  const { ref, status } = viewOf(intent);
  const { amount: amountMinor, currency, metadata } = intent;
  return { ref, status, amountMinor, currency: currency.toUpperCase(), metadata };
}

export function listedRefund(refund: Stripe.Refund): ListedRefund {
  const { amount: amountMinor, currency, metadata } = refund;
  return { ...refundViewOf(refund), amountMinor, currency: currency.toUpperCase(), metadata: metadata ?? {} };
}

export function disputeViewOf(dispute: Stripe.Dispute): DisputeView {
  const ended = { won: 'WON', warning_closed: 'WON', prevented: 'WON', lost: 'LOST' } as const;
  const status = Reflect.get(ended, dispute.status) as DisputeView['status'] | undefined;
  const fundsWithdrawn = dispute.balance_transactions.some(({ amount }) => amount < 0);
  return { ref: dispute.id, status: status ?? 'OPEN', amountMinor: dispute.amount, fundsWithdrawn };
}

export function pointersOf(event: Stripe.Event): ProviderEvent {
  const object: object = event.data.object;
  const text = (name: string): string | null => {
    const value: unknown = Reflect.get(object, name);
    return typeof value === 'string' ? value : null;
  };
  const kind = text('object');
  const metadata: unknown = Reflect.get(object, 'metadata');
  return {
    id: event.id,
    type: event.type,
    createdAt: new Date(event.created * 1000),
    intentRef: kind === 'payment_intent' ? text('id') : text('payment_intent'),
    refundRef: kind === 'refund' ? text('id') : null,
    disputeRef: kind === 'dispute' ? text('id') : null,
    metadata: isMetadata(metadata) ? metadata : {},
  };
}

function isMetadata(value: unknown): value is Record<string, string> {
  return (
    typeof value === 'object' && value !== null && Object.values(value).every((entry) => typeof entry === 'string')
  );
}

export function idOf(value: string | { id: string } | null): string | null {
  return typeof value === 'object' ? (value?.id ?? null) : value;
}

export function listedDispute(dispute: Stripe.Dispute): ListedDispute {
  const { ref, status } = disputeViewOf(dispute);
  return { ref, status, intentRef: idOf(dispute.payment_intent) };
}
