import { ArgsType, Field, ID, InputType, ObjectType } from 'type-graphql';
import { DEBT_REASONS, DEBT_STATES, type DebtReason, type DebtState } from '../domain/debt.ts';
import { Allow } from './access.ts';
import { ConnectionArgs, connectionType } from './connection.ts';
import { enumOf } from './enums.ts';
import { Node } from './node.ts';
import { PaymentType } from './payment.ts';
import { DateTime, LongText, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

export const DebtStateEnum = enumOf<DebtState>('DebtState', DEBT_STATES, {
  description: 'Whether something is still owed.',
  values: {
    OPEN: 'It is owed.',
    SETTLED: 'It was paid.',
    WAIVED: 'Nobody asks for it any more: it was let go of, or should not have been.',
  },
});

export const DebtReasonEnum = enumOf<DebtReason>('DebtReason', DEBT_REASONS, {
  description: 'Why something was left owing: nobody is kept behind a barrier for it.',
  values: {
    UNPAID_STAY: 'A visit that was let out unpaid.',
    OVERSTAY: 'Time past the end of a reservation.',
    REINSTATED: 'A stay on a reservation whose price had gone back with a no-show.',
    NO_SHOW_FEE: 'The fee for not coming, which the saved card did not pay.',
    AMENDED_STAY: 'A visit whose times were corrected afterwards, from what a lane had seen while it was cut off.',
    LOST_CREDENTIAL: 'A vehicle left whose entry nobody knew, and an attendant charged what the tariff asks for that.',
  },
});

@Allow('PUBLIC')
@ObjectType('Debt', {
  implements: Node,
  description: 'Money that was left owing. Its driver and the staff of its lot get to see it.',
})
export class DebtType extends Node {
  @Field(() => DebtReasonEnum, { description: 'Why it is owed.' })
  reason!: DebtReason;

  @Field(() => DebtStateEnum, { description: 'Whether it is still owed.' })
  state!: DebtState;

  @Field(() => DateTime, { description: 'Since when.' })
  createdAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it was paid or let go of; null while it is open.' })
  settledAt!: Date | null;
}

export const DebtConnection = connectionType(DebtType, { name: 'Debt', plural: 'debts', countable: false });

@ArgsType()
export class DebtsArgs extends ConnectionArgs {
  @Field(() => [DebtStateEnum], { nullable: true, description: 'Only those in one of these states.' })
  states?: DebtState[] | null;
}

@ArgsType()
export class LotDebtsArgs extends DebtsArgs {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;
}

@InputType('PayDebtInput', { description: 'A driver pays what they left owing.' })
export class PayDebtInput {
  @Field(() => UUID, { description: 'The same key pays once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Which debt.' })
  debtId!: string;

  @Field(() => ShortText, {
    nullable: true,
    description: 'The card to charge (`pm_…`). Absent: confirm with `clientSecret`.',
  })
  paymentMethodId?: string | null;
}

@Allow('PUBLIC')
@ObjectType('PayDebtPayload', { description: 'What paying led to.' })
export class PayDebtPayload {
  @Field(() => DebtType, { nullable: true, description: 'The debt; SETTLED once it is paid.' })
  debt?: DebtType;

  @Field(() => PaymentType, { nullable: true, description: 'The payment that pays it.' })
  payment?: PaymentType;

  @Field(() => String, {
    nullable: true,
    description: 'With this the client confirms the payment at the provider; null once it is paid.',
  })
  clientSecret?: string | null;

  @Field(() => Boolean, { description: 'True when the key had been used: the first payment, as it is now.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('WaiveDebtInput', { description: 'Staff let go of a debt.' })
export class WaiveDebtInput {
  @Field(() => UUID, { description: 'The same key acts once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'Which debt.' })
  debtId!: string;

  @Field(() => LongText, { description: 'Why: it is recorded.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('WaiveDebtPayload', { description: 'What letting go led to.' })
export class WaiveDebtPayload {
  @Field(() => DebtType, { nullable: true, description: 'The debt, WAIVED.' })
  debt?: DebtType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('AgreeToDebtCollectionInput', { description: 'A driver’s word on what they owe from before.' })
export class AgreeToDebtCollectionInput {
  @Field(() => Boolean, {
    description:
      'True: at each visit that I pay, charge my saved card what I still owe the same operator, too. False: never without asking.',
  })
  agreed!: boolean;
}

@Allow('PUBLIC')
@ObjectType('AgreeToDebtCollectionPayload', { description: 'What the driver has agreed to.' })
export class AgreeToDebtCollectionPayload {
  @Field(() => DateTime, {
    nullable: true,
    description: 'Since when open debts are collected at paid visits; null: they are not.',
  })
  collectedSince?: Date | null;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}
