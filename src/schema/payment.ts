import { Field, ID, InputType, ObjectType } from 'type-graphql';
import {
  PAYMENT_KINDS,
  PAYMENT_METHODS,
  PAYMENT_STATES,
  REFUND_METHODS,
  REFUND_REASONS,
  REFUND_STATES,
  type PaymentKind,
  type PaymentMethod,
  type PaymentState,
  type RefundMethod,
  type RefundReason,
  type RefundState,
} from '../domain/payment.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { Currency, DateTime, LongText, SafeInt, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const PaymentKindEnum = enumOf<PaymentKind>('PaymentKind', PAYMENT_KINDS, {
  description: 'What the money is for.',
  values: {
    RESERVATION: 'The reservation itself: it is confirmed when this is captured.',
    STAY: 'A visit without a reservation, paid before leaving.',
    NO_SHOW_FEE: 'The fee of a driver who did not come, charged to the saved card.',
    OVERSTAY: 'The time past the end of a reservation, charged to the saved card.',
    CHANGE: 'What a changed reservation costs more.',
    DEBT: 'Money that was left owing, paid afterwards.',
    MONTHLY_PASS: 'A month of a monthly pass.',
  },
});

export const PaymentStateEnum = enumOf<PaymentState>('PaymentState', PAYMENT_STATES, {
  description: 'How far a payment has come.',
  values: {
    OWED: 'Nothing was sent to the payment provider yet.',
    UNKNOWN: 'The provider was asked and we have not heard the outcome; it is being found out.',
    REQUIRES_PAYMENT: 'A card is needed: the first one, or another after a refusal.',
    REQUIRES_ACTION: 'The bank wants the payer to confirm (3-D Secure).',
    PROCESSING: 'The money is on its way.',
    CAPTURED: 'Paid.',
    FAILED: 'Refused for good; it stands as a debt.',
    CANCELED: 'Called off before anything was paid.',
    DISPUTED: 'The payer disputes it with their bank; refunds wait until that is decided.',
  },
});

export const RefundReasonEnum = enumOf<RefundReason>('RefundReason', REFUND_REASONS, {
  description: 'Why money goes back.',
  values: {
    CANCELLED: 'The reservation was cancelled.',
    EARLY_DEPARTURE: 'The vehicle left before the end of its period.',
    NO_SHOW: 'Nobody came; this is what the fee leaves.',
    NO_SPOT: 'The driver came, or was about to, and there was no spot.',
    PAID_LATE: 'The hold had run out before the money came.',
    PAID_TWICE: 'It had been paid in another way meanwhile.',
    SHORTENED: 'The reservation was made shorter.',
    STAFF: 'The operator decided so.',
    VALIDATED: 'A merchant took over a part of what had been paid ahead.',
  },
});

export const PaymentMethodEnum = enumOf<PaymentMethod>('PaymentMethod', PAYMENT_METHODS, {
  description: 'How money was paid.',
  values: {
    CARD: 'Through the payment provider.',
    CASH: 'In coins and notes, to an attendant.',
    TERMINAL: 'On the lot’s own card terminal.',
  },
});

export const RefundMethodEnum = enumOf<RefundMethod>('RefundMethod', REFUND_METHODS, {
  description: 'How money goes back.',
  values: { CARD: 'To the card, by the payment provider.', CASH: 'Out of a drawer, by an attendant.' },
});

export const RefundStateEnum = enumOf<RefundState>('RefundState', REFUND_STATES, {
  description: 'How far a refund has come.',
  values: {
    OWED: 'Promised; it will be sent by itself.',
    UNKNOWN: 'It was sent and we have not heard the outcome; it is being found out.',
    SENT: 'On its way.',
    SUCCEEDED: 'Done: the card’s bank has it.',
    FAILED: 'The bank did not take it: a person settles it.',
  },
});

@Allow('PUBLIC')
@ObjectType('Refund', { description: 'Money that goes back to a driver.' })
export class RefundType {
  @Field(() => Money, { description: 'How much.' })
  amount!: Money;

  @Field(() => RefundReasonEnum, { description: 'Why.' })
  reason!: RefundReason;

  @Field(() => RefundStateEnum, { description: 'How far it has come.' })
  state!: RefundState;

  @Field(() => RefundMethodEnum, { description: 'How it goes back.' })
  method!: RefundMethod;

  @Field(() => DateTime, { description: 'When it was promised.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it succeeded or failed; null while it is on its way.' })
  settledAt!: Date | null;
}

@Allow('PUBLIC')
@ObjectType('Payment', {
  implements: Node,
  description: 'Money that a driver owes or has paid. Its driver and the staff of its lot get to see it.',
})
export class PaymentType extends Node {
  @Field(() => PaymentKindEnum, { description: 'What it is for.' })
  kind!: PaymentKind;

  @Field(() => PaymentStateEnum, { description: 'How far it has come.' })
  state!: PaymentState;

  @Field(() => PaymentMethodEnum, { description: 'How it is or was paid.' })
  method!: PaymentMethod;

  @Field(() => Money, { description: 'What is asked for.' })
  amount!: Money;

  @Field(() => Money, { description: 'What has been paid; zero until it is captured.' })
  captured!: Money;

  @Field(() => Money, { description: 'What was promised back, sent or not; never more than was captured.' })
  refunded!: Money;

  @Field(() => String, {
    nullable: true,
    description: 'The provider’s word for why the last card was refused (`insufficient_funds`); null when none was.',
  })
  failureCode!: string | null;

  @Field(() => DateTime, { nullable: true, description: 'When it was paid; null until then.' })
  capturedAt!: Date | null;
}

@InputType('SavePaymentMethodInput', { description: 'One of the two steps of saving a card.' })
export class SavePaymentMethodInput {
  @Field(() => LongText, {
    nullable: true,
    description:
      'Absent in the first step. In the second, the card that the first one gave the driver’s device (`pm_…`).',
  })
  paymentMethodId?: string | null;
}

@Allow('PUBLIC')
@ObjectType('SavePaymentMethodPayload', { description: 'What a step of saving a card led to.' })
export class SavePaymentMethodPayload {
  @Field(() => String, {
    nullable: true,
    description:
      'After the first step: with this the driver’s device hands the card to the provider. It never comes to us.',
  })
  clientSecret?: string;

  @Field(() => ID, { nullable: true, description: 'After the second step: the card that later charges go to.' })
  savedPaymentMethodId?: string;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('RemovePaymentMethodPayload', { description: 'Refused with PAYMENT_UNAVAILABLE.' })
export class RemovePaymentMethodPayload {
  @Field(() => Boolean, { nullable: true, description: 'True: no card is saved any more. Null when it was refused.' })
  removed?: boolean | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('CardConsent', {
  description:
    'What may be charged later to the card that is paid with, without asking again. Show it before paying: paying agrees to it.',
})
export class CardConsentType {
  @Field(() => String, { description: 'The words to show, in English.' })
  text!: string;

  @Field(() => Money, { description: 'The most that is charged to the card if nobody comes.' })
  noShowMax!: Money;

  @Field(() => DateTime, { nullable: true, description: 'When the driver agreed, by paying; null until then.' })
  givenAt!: Date | null;
}

@InputType('RefundPaymentInput', {
  description: 'An operator sends money back to a card, beyond what any policy gives.',
})
export class RefundPaymentInput {
  @Field(() => UUID, { description: 'The same key sends back once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The payment, made by card.' })
  paymentId!: string;

  @Field(() => SafeInt, { description: 'How much, in minor units; at most what is left of it.' })
  amountMinor!: number;

  @Field(() => LongText, { description: 'Why: it is recorded.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('RefundPaymentPayload', { description: 'What is sent back.' })
export class RefundPaymentPayload {
  @Field(() => PaymentType, { nullable: true, description: 'The payment, with its refunds; null when it was refused.' })
  payment?: PaymentType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was sent back; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('AutomaticPaymentLimitInput', {
  description: 'The most that one visit may cost to be charged without asking.',
})
export class AutomaticPaymentLimitInput {
  @Field(() => SafeInt, { description: 'In minor units: 5000 is 50.00 EUR, or 5000 JPY.' })
  amountMinor!: number;

  @Field(() => Currency, { description: 'Visits in another currency are asked for.' })
  currency!: string;
}

@InputType('AgreeToAutomaticPaymentInput', { description: 'A driver’s word on exits that charge their saved card.' })
export class AgreeToAutomaticPaymentInput {
  @Field(() => AutomaticPaymentLimitInput, {
    nullable: true,
    description: 'Up to how much for each visit of a vehicle in the account. Absent or null: never without asking.',
  })
  limit?: AutomaticPaymentLimitInput | null;
}

@Allow('PUBLIC')
@ObjectType('AutomaticPayment', { description: 'What a driver lets exits charge to their saved card without asking.' })
export class AutomaticPaymentType {
  @Field(() => String, { description: 'The words that were agreed to, in English.' })
  text!: string;

  @Field(() => Money, { description: 'The most for one visit; what costs more is asked for.' })
  limit!: Money;

  @Field(() => DateTime, { description: 'Since when.' })
  givenAt!: Date;
}

@Allow('PUBLIC')
@ObjectType('AgreeToAutomaticPaymentPayload', { description: 'What the driver has agreed to.' })
export class AgreeToAutomaticPaymentPayload {
  @Field(() => AutomaticPaymentType, {
    nullable: true,
    description: 'What holds from now on; null: every visit is asked for.',
  })
  automaticPayment?: AutomaticPaymentType | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}
