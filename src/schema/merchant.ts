import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { VALIDATION_STATES } from '../entities/validation.ts';
import { Allow } from './access.ts';
import { connectionType } from './connection.ts';
import { DiscountValueInput, DiscountValueType } from './discount.ts';
import { enumOf } from './enums.ts';
import { CredentialInput } from './gate.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { DateTime, LongText, PositiveInt, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

type ValidationState = (typeof VALIDATION_STATES)[number];
const STATES = ['GIVEN', 'USED', 'VOID'] as const satisfies readonly ValidationState[];

export const ValidationStateEnum = enumOf<ValidationState>('ValidationState', STATES, {
  description: 'How far a validation has come.',
  values: {
    GIVEN: 'Its stay is not over: what it may cost is held of the budget.',
    USED: 'It was burnt at the exit, and its cost is known.',
    VOID: 'It took nothing off: the stay was free without it.',
  },
});

@Allow('PUBLIC')
@ObjectType('Merchant', {
  implements: Node,
  description: 'A shop or office that takes over a part of what its guests pay in one lot. For the staff of the lot.',
})
export class MerchantType extends Node {
  @Field(() => String, { description: 'Its name, unique in the lot; it stands on drivers’ prices.' })
  name!: string;

  @Field(() => Money, {
    nullable: true,
    description: 'What it may give in a month of the lot’s calendar; null: no limit.',
  })
  budget!: Money | null;

  @Field(() => Int, {
    nullable: true,
    description: 'How many validations it may give in such a month; null: no limit.',
  })
  budgetCount!: number | null;

  @Field(() => Money, {
    description:
      'What one validation costs it at most. So much is held of the budget until the stay is over; what a percentage or minutes take off beyond it is the operator’s.',
  })
  most!: Money;

  @Field(() => Int, { description: 'How many of its validations one stay may have.' })
  perStay!: number;

  @Field(() => Boolean, { description: 'Whether its validations stand beside those of other merchants.' })
  stackable!: boolean;

  @Field(() => Money, { description: 'What this month’s validations cost or may still cost it.' })
  spent!: Money;

  @Field(() => Int, { description: 'How many it has given this month.' })
  given!: number;

  @Field(() => Money, { nullable: true, description: 'What is left of this month’s budget; null without one.' })
  remaining!: Money | null;

  @Field(() => Int, { nullable: true, description: 'How many it may still give this month; null without a limit.' })
  remainingCount!: number | null;

  @Field(() => DateTime, { nullable: true, description: 'When it stopped validating; null while it does.' })
  endedAt!: Date | null;
}

export const MerchantConnection = connectionType(MerchantType, {
  name: 'Merchant',
  plural: 'merchants',
  countable: false,
});

@Allow('PUBLIC')
@ObjectType('Validation', { implements: Node, description: 'What a merchant takes over of one stay’s price.' })
export class ValidationType extends Node {
  @Field(() => ValidationStateEnum, { description: 'How far it has come.' })
  state!: ValidationState;

  @Field(() => DiscountValueType, { description: 'What it takes off.' })
  discount!: DiscountValueType;

  @Field(() => DateTime, { description: 'When it was given.' })
  givenAt!: Date;

  @Field(() => Money, { nullable: true, description: 'What it took off in the end; null until the stay is over.' })
  worth!: Money | null;

  @Field(() => Money, { nullable: true, description: 'What of that the merchant pays; null until the stay is over.' })
  cost!: Money | null;
}

export const ValidationConnection = connectionType(ValidationType, {
  name: 'Validation',
  plural: 'validations',
  countable: false,
});

@InputType('CreateMerchantInput', {
  description: 'A new merchant of a lot. Its till gets its key from `issueDeviceKey`.',
})
export class CreateMerchantInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => LongText, { description: 'Its name, at most 200 characters; unique in the lot.' })
  name!: string;

  @Field(() => Int, { nullable: true, description: 'What it may give in a month, in minor units; null: no limit.' })
  budgetMinor?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many validations it may give in a month; null: no limit.' })
  budgetCount?: number | null;

  @Field(() => PositiveInt, { description: 'What one validation costs it at most, in minor units.' })
  mostMinor!: number;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many of its validations one stay may have, 1 to 10; 1 unless told.',
  })
  perStay?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether they stand beside those of other merchants; not unless told.',
  })
  stackable?: boolean | null;
}

@Allow('PUBLIC')
@ObjectType('CreateMerchantPayload', { description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or NAME_TAKEN.' })
export class CreateMerchantPayload {
  @Field(() => MerchantType, { nullable: true, description: 'The merchant; null when it was refused.' })
  merchant?: MerchantType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('UpdateMerchantInput', { description: 'What is to change of a merchant; what is left out stays.' })
export class UpdateMerchantInput {
  @Field(() => ID, { description: 'The merchant.' })
  merchantId!: string;

  @Field(() => Int, { nullable: true, description: 'What it may give in a month, in minor units; null: no limit.' })
  budgetMinor?: number | null;

  @Field(() => Int, { nullable: true, description: 'How many validations it may give in a month; null: no limit.' })
  budgetCount?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'What one validation costs it at most, in minor units.' })
  mostMinor?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'How many of its validations one stay may have, 1 to 10.' })
  perStay?: number | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether they stand beside those of other merchants.' })
  stackable?: boolean | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether it no longer validates; what it has given stays.' })
  ended?: boolean | null;
}

@Allow('PUBLIC')
@ObjectType('UpdateMerchantPayload', {
  description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or MERCHANT_NOT_FOUND.',
})
export class UpdateMerchantPayload {
  @Field(() => MerchantType, { nullable: true, description: 'The merchant; null when it was refused.' })
  merchant?: MerchantType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('ValidateStayInput', { description: 'Whose stay is taken over, and how much of it.' })
export class ValidateStayInput {
  @Field(() => UUID, {
    description: 'Made for this validation, and sent again with it: the same key has the same answer.',
  })
  idempotencyKey!: string;

  @Field(() => ID, {
    nullable: true,
    description: 'The merchant, for staff who act for one. A merchant’s own till need not name itself.',
  })
  merchantId?: string | null;

  @Field(() => CredentialInput, {
    description: 'The guest: the plate, the QR pass, or the code of a ticket or a reservation.',
  })
  guest!: CredentialInput;

  @Field(() => DiscountValueInput, { description: 'What is taken over; amounts in the lot’s currency.' })
  discount!: DiscountValueInput;
}

@Allow('PUBLIC')
@ObjectType('ValidateStayPayload', {
  description:
    'Refused with INVALID_INPUT, IDEMPOTENCY_KEY_REUSED, MERCHANT_NOT_FOUND, STAY_NOT_FOUND, VALIDATION_LIMIT, BUDGET_USED_UP or TOO_MANY_ATTEMPTS.',
})
export class ValidateStayPayload {
  @Field(() => ValidationType, { nullable: true, description: 'The validation; null when it was refused.' })
  validation?: ValidationType;

  @Field(() => Boolean, { description: 'True when this key was used before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}
