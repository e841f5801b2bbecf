/**
 * What money is for. What comes after the reservation (no-show, overstay) is charged to the saved card, its owner away.
 */
export const PAYMENT_KINDS = [
  'RESERVATION',
  'STAY',
  'NO_SHOW_FEE',
  'OVERSTAY',
  'CHANGE',
  'DEBT',
  'MONTHLY_PASS',
] as const;
export type PaymentKind = (typeof PAYMENT_KINDS)[number];

/** CARD: through the provider. CASH and TERMINAL: taken by a person, at the lot's till or its card terminal. */
export const PAYMENT_METHODS = ['CARD', 'CASH', 'TERMINAL'] as const;
export type PaymentMethod = (typeof PAYMENT_METHODS)[number];

/** Where a visit is paid: from there the vehicle has its minutes to the exit. */
export const PAY_POINTS = ['APP', 'KIOSK', 'CASH', 'TERMINAL'] as const;
export type PayPoint = (typeof PAY_POINTS)[number];

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
export const REFUND_REASONS = [
  'CANCELLED',
  'EARLY_DEPARTURE',
  'NO_SHOW',
  'NO_SPOT',
  'PAID_LATE',
  'PAID_TWICE',
  'SHORTENED',
  'STAFF',
  'VALIDATED',
] as const;
export type RefundReason = (typeof REFUND_REASONS)[number];

/** How money goes back: to the card by the provider, or out of a drawer by a person. */
export const REFUND_METHODS = ['CARD', 'CASH'] as const;
export type RefundMethod = (typeof REFUND_METHODS)[number];

/**
 * OWED: promised. UNKNOWN: a call may or may not have reached the provider. SENT: on its way. FAILED is the end of what
 * a bank sent back.
 */
export const REFUND_STATES = ['OWED', 'UNKNOWN', 'SENT', 'SUCCEEDED', 'FAILED'] as const;
export type RefundState = (typeof REFUND_STATES)[number];

/**
 * What may have to be asked of the provider with nobody waiting for it. CHARGE: a saved card pays. REFUND: money is sent back, or what
 * became of it is asked. LOOK: a payment that somebody began is brought to its end. SETTLE: there is news of a payment. DISPUTE: of a dispute.
 */
export const COMMAND_KINDS = ['CHARGE', 'REFUND', 'LOOK', 'SETTLE', 'DISPUTE'] as const;
export type CommandKind = (typeof COMMAND_KINDS)[number];

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

/**
 * True where whoever pays is the driver, who may be charged later to the same card. What was left owing is paid by whoever holds its link.
 */
export function keepsCard(kind: PaymentKind): boolean {
  return kind !== 'DEBT' && !isChargedLater(kind);
}
