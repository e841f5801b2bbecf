/**
 * What money is for. What comes after the reservation (no-show, overstay) is charged to the saved card, its owner away.
 */
export const PAYMENT_KINDS = ['RESERVATION', 'STAY', 'NO_SHOW_FEE', 'OVERSTAY', 'CHANGE'] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

/**
 * OWED: nothing was sent to the provider yet. UNKNOWN is entered before every call and left only by evidence.
 * PROCESSING: the provider is taking the money, or has it and our books do not say so yet. FAILED: it will not be tried
 * again.
 */
export const PAYMENT_STATES = [
  'OWED',
  'UNKNOWN',
  'REQUIRES_PAYMENT',
  'REQUIRES_ACTION',
  'PROCESSING',
  'CAPTURED',
  'FAILED',
  'CANCELED',
  'DISPUTED',
] as const;
export type PaymentState = (typeof PAYMENT_STATES)[number];

/** Why money goes back. */
export const REFUND_REASONS = ['CANCELLED', 'EARLY_DEPARTURE', 'NO_SHOW', 'PAID_LATE', 'SHORTENED', 'STAFF'] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/**
 * OWED: promised. UNKNOWN: a call may or may not have reached the provider. SENT: on its way. FAILED is the end of what
 * a bank sent back.
 */
export const REFUND_STATES = ['OWED', 'UNKNOWN', 'SENT', 'SUCCEEDED', 'FAILED'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/** What the provider says of an intent. */
export const INTENT_STATUSES = ['REQUIRES_PAYMENT', 'REQUIRES_ACTION', 'PROCESSING', 'SUCCEEDED', 'CANCELED'] as const;
export type IntentStatus = (typeof INTENT_STATUSES)[number];

/** What the provider says of a refund. */
export type RefundStatus = 'PENDING' | 'SUCCEEDED' | 'FAILED';

/** Money that stands in the books: no reading of an intent takes it back. */
const SETTLED: ReadonlySet<PaymentState> = new Set(['CAPTURED', 'DISPUTED']);
const CHARGED_LATER: ReadonlySet<PaymentKind> = new Set(['NO_SHOW_FEE', 'OVERSTAY']);

/**
 * The state that evidence of the provider leads to. CAPTURED is never reached here: it is written together with the
 * books, so until then a success reads as PROCESSING. What was refused for good stays FAILED, because its debt stands, until money
 * comes nevertheless.
 */
export function paymentAfter(state: PaymentState, evidence: IntentStatus): PaymentState {
  if (SETTLED.has(state)) return state;
  if (state === 'FAILED' && (evidence === 'REQUIRES_PAYMENT' || evidence === 'REQUIRES_ACTION')) return state;
  return evidence === 'SUCCEEDED' ? 'PROCESSING' : evidence;
}

/**
 * The state that evidence of the provider leads a refund to. A failed one never comes back; one that succeeded may
 * still be sent back by the bank.
 */
export function refundAfter(state: RefundState, evidence: RefundStatus): RefundState {
  if (state === 'FAILED' || (state === 'SUCCEEDED' && evidence === 'PENDING')) return state;
  return evidence === 'PENDING' ? 'SENT' : evidence;
}

/** True for what is charged to the saved card without its owner: a refusal becomes a debt and is not tried again. */
export function isChargedLater(kind: PaymentKind): boolean {
  return CHARGED_LATER.has(kind);
}
