import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import { LEFT_OUT_REASONS, type LeftOutReason } from '../domain/repricing.ts';
import type { RepricingState } from '../entities/repricing.ts';
import { Allow } from './access.ts';
import { connectionType } from './connection.ts';
import { enumOf } from './enums.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { Period, PeriodInput } from './period.ts';
import { DateTime, TariffDocumentScalar, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

const REPRICING_STATES: readonly RepricingState[] = ['RUNNING', 'DONE', 'CANCELLED'];

export const RepricingStateEnum = enumOf<RepricingState>('RepricingState', REPRICING_STATES, {
  description: 'How far a repricing has come.',
  values: {
    RUNNING: 'Stays are still being priced: ask again.',
    DONE: 'All stays were priced.',
    CANCELLED: 'It was called off; what it had found until then stands.',
  },
});

export const LeftOutReasonEnum = enumOf<LeftOutReason>('LeftOutReason', LEFT_OUT_REASONS, {
  description: 'Why a past stay is not priced again.',
  values: {
    BACKWARDS: 'Its exit stands before its entry: a person must look at it.',
    NO_TOTAL: 'It never got a price.',
    OTHER_CURRENCY: 'It was paid in another currency.',
    RIGHT_ENDED: 'Its reservation had ended before it came in, or was taken back and given again.',
    REENTRY: 'It went on from an earlier visit, whose charge was by the old tariff.',
    NOT_PRICED: 'The rules gave no answer; the log says why.',
  },
});

@Allow('PUBLIC')
@ObjectType('LeftOutCount', { description: 'How many stays were not priced again for one reason.' })
export class LeftOutCount {
  @Field(() => LeftOutReasonEnum, { description: 'The reason.' })
  reason!: LeftOutReason;

  @Field(() => Int, { description: 'How many.' })
  stays!: number;
}

@Allow('PUBLIC')
@ObjectType('RepricedStay', { description: 'A past stay whose price would change.' })
export class RepricedStayType {
  @Field(() => ID, { description: 'The stay.' })
  stayId!: string;

  @Field(() => DateTime, { description: 'When the vehicle left.' })
  leftAt!: Date;

  @Field(() => Money, { description: 'What it cost.' })
  old!: Money;

  @Field(() => Money, { description: 'What it would have cost.' })
  new!: Money;

  @Field(() => Money, { description: 'New less old: below zero where too much was charged.' })
  difference!: Money;

  @Field(() => Money, { description: 'What was paid too much, at most what was paid and not refunded.' })
  refundDue!: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'What `refundRepricing` has promised back for it; null: it has not looked at it.',
  })
  refunded!: Money | null;
}

export const RepricedStayConnection = connectionType(RepricedStayType, {
  name: 'RepricedStay',
  plural: 'stays whose price would change',
  countable: true,
});

@Allow('PUBLIC')
@ObjectType('Repricing', {
  implements: Node,
  description:
    'The past stays of a lot priced again under another tariff, to see what would change. By itself it charges and refunds nothing. For the staff of its lot.',
})
export class RepricingType extends Node {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => RepricingStateEnum, { description: 'How far it has come.' })
  state!: RepricingState;

  @Field(() => Period, {
    description: 'The stays that ended in this time; its end is never later than when it was asked for.',
  })
  period!: Period;

  @Field(() => TariffDocumentScalar, { description: 'The prices that the stays are priced by.' })
  document!: object;

  @Field(() => Int, {
    nullable: true,
    description: 'The version that the prices were published as; null: they are a draft.',
  })
  versionNumber!: number | null;

  @Field(() => Float, { description: 'How much is done, 0 to 100.' })
  progressPercent!: number;

  @Field(() => Int, { description: 'How many stays there were when it began.' })
  staysTotal!: number;

  @Field(() => Int, { description: 'How many of them are done.' })
  staysDone!: number;

  @Field(() => Int, { description: 'How many of those would have cost something else.' })
  staysChanged!: number;

  @Field(() => [LeftOutCount], { description: 'How many of those were not priced again, by reason.' })
  leftOut!: LeftOutCount[];

  @Field(() => Money, { description: 'What all stays that were priced again cost together.' })
  oldTotal!: Money;

  @Field(() => Money, { description: 'What they would have cost together.' })
  newTotal!: Money;

  @Field(() => Money, { description: 'What drivers paid too much, together.' })
  refundsDue!: Money;

  @Field(() => Money, { description: 'What drivers would have paid more, together. Nobody is asked for it.' })
  additionalCharges!: Money;

  @Field(() => DateTime, { nullable: true, description: 'When `refundRepricing` was asked for; null: it was not.' })
  refundsAskedAt!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When the last refund was promised; null: not yet.' })
  refundsDoneAt!: Date | null;

  @Field(() => Money, { description: 'What has been promised back so far.' })
  refunded!: Money;

  @Field(() => DateTime, { description: 'When it was asked for.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it runs.' })
  finishedAt!: Date | null;

  @Field(() => String, {
    description: 'Where the changed stays are to be had as CSV, with the same token: `/repricings/rpr_….csv`.',
  })
  csvPath!: string;
}

@InputType('RepriceStaysInput', {
  description:
    'Which stays to price again, and by what: a published version, or a draft. Neither: the version in force.',
})
export class RepriceStaysInput {
  @Field(() => UUID, { description: 'Made once for this wish; sent again it gives the same repricing.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => PeriodInput, { description: 'The stays whose vehicles left in this time; three years at most.' })
  period!: PeriodInput;

  @Field(() => ID, { nullable: true, description: 'A published version. Not together with `document`.' })
  tariffId?: string | null;

  @Field(() => TariffDocumentScalar, { nullable: true, description: 'A draft, which need not name its currency.' })
  document?: Record<string, unknown> | null;
}

@Allow('PUBLIC')
@ObjectType('RepriceStaysPayload', {
  description:
    'Refused with IDEMPOTENCY_KEY_REUSED, LOT_NOT_FOUND, NOT_FOUND, PERIOD_BACKWARDS, PERIOD_TOO_LONG, PERIOD_TOO_FAR_AHEAD or TARIFF_INVALID.',
})
export class RepriceStaysPayload {
  @Field(() => RepricingType, { nullable: true, description: 'The repricing, which has only begun.' })
  repricing?: RepricingType | null;

  @Field(() => Boolean, { description: 'Whether the key had made it before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('CancelRepricingInput', { description: 'Which repricing to call off.' })
export class CancelRepricingInput {
  @Field(() => ID, { description: 'The repricing.' })
  repricingId!: string;
}

@Allow('PUBLIC')
@ObjectType('CancelRepricingPayload', { description: 'Refused with NOT_FOUND.' })
export class CancelRepricingPayload {
  @Field(() => RepricingType, { nullable: true, description: 'The repricing as it stands now.' })
  repricing?: RepricingType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('RefundRepricingInput', { description: 'Which repricing’s overcharges to give back.' })
export class RefundRepricingInput {
  @Field(() => UUID, { description: 'Made once for this wish.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The repricing; it must have ended.' })
  repricingId!: string;
}

@Allow('PUBLIC')
@ObjectType('RefundRepricingPayload', {
  description: 'Refused with IDEMPOTENCY_KEY_REUSED, NOT_FOUND or REPRICING_RUNNING.',
})
export class RefundRepricingPayload {
  @Field(() => RepricingType, { nullable: true, description: 'The repricing; its refunds are promised one by one.' })
  repricing?: RepricingType | null;

  @Field(() => Boolean, { description: 'Whether the key had asked for it before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}
