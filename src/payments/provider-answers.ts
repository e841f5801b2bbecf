import type { IntentStatus, RefundStatus } from '../domain/payment.ts';

/** What the card's bank wants its owner to do. */
export interface NextAction {
  /**
   * The provider's word for it: `use_stripe_sdk` is handled by its browser library, `redirect_to_url` by going there.
   */
  readonly type: string;
  readonly url?: string;
}

/** What the provider says of an intent. */
export interface IntentView {
  readonly ref: string;
  readonly clientSecret: string | null;
  readonly status: IntentStatus;
  readonly capturedMinor: number;
  /** Why the last card was refused (`card_declined`, `insufficient_funds`, …); null when none was. */
  readonly failureCode: string | null;
  readonly nextAction?: NextAction;
  readonly paymentMethodId?: string;
}

/** What the provider says of a refund. */
export interface RefundView {
  readonly ref: string;
  readonly status: RefundStatus;
}

/** What the provider says of a dispute. */
export type DisputeStatus = 'OPEN' | 'WON' | 'LOST';
export interface DisputeView {
  readonly ref: string;
  readonly status: DisputeStatus;
  readonly amountMinor: number;
  /** False for an inquiry, which leaves the money where it is. */
  readonly fundsWithdrawn: boolean;
}

/** A payment as it stands in the provider's list. */
export interface ListedIntent {
  readonly ref: string;
  readonly status: IntentStatus;
  readonly amountMinor: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A refund as it stands in the provider's list. */
export interface ListedRefund extends RefundView {
  readonly amountMinor: number;
  readonly currency: string;
  readonly metadata: Readonly<Record<string, string>>;
}

/** A dispute as it stands in the provider's list. */
export interface ListedDispute {
  readonly ref: string;
  readonly intentRef: string | null;
  readonly status: DisputeStatus;
}

/** What a delivery of the webhook points at. Only ids are taken from it: what happened is fetched. */
export interface ProviderEvent {
  readonly id: string;
  readonly type: string;
  /** By the provider's clock. */
  readonly createdAt: Date;
  readonly intentRef: string | null;
  readonly refundRef: string | null;
  readonly disputeRef: string | null;
  /** Our own ids, as we wrote them on the object when we made it. */
  readonly metadata: Readonly<Record<string, string>>;
}

/** The provider could not be asked, or its answer was lost: whether the call had an effect is unknown. */
export class ProviderTrouble extends Error {
  override readonly name = 'ProviderTrouble';
  /** The same failure is kept under the idempotency key: another try needs another key. */
  readonly keptUnderKey: boolean;

  constructor(cause: unknown, keptUnderKey: boolean) {
    super('the payment provider could not be asked', { cause });
    this.keptUnderKey = keptUnderKey;
  }
}

/** The bank refused the card. Nothing was taken, and another card may be tried. */
export class CardRefused extends Error {
  override readonly name = 'CardRefused';
  readonly code: string;

  constructor(code: string) {
    super('the card was refused');
    this.code = code;
  }
}

/** The provider understood and will not do it: the same call would be refused again. It had no effect. */
export class ProviderRefusal extends Error {
  override readonly name = 'ProviderRefusal';
  readonly code: string;

  constructor(code: string) {
    super(`the payment provider refused: ${code}`);
    this.code = code;
  }
}

/** A webhook delivery that nobody can vouch for: wrong signature, altered, or too old. */
export class BadSignature extends Error {
  override readonly name = 'BadSignature';
}
