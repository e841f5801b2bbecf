import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { DateTime, LongText, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

@Allow('PUBLIC')
@ObjectType('Operator', { description: 'A company that runs lots.' })
export class OperatorType {
  @Field(() => ID, { description: 'Opaque and lasting.' })
  id!: string;

  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => String, { description: 'What stands on receipts.' })
  legalName!: string;

  @Field(() => String, { nullable: true, description: 'Its tax number on receipts; null when it has none.' })
  taxNumber!: string | null;

  @Field(() => DateTime, { description: 'When it was made.' })
  createdAt!: Date;
}

@InputType('CreateOperatorInput', { description: 'A new company. It has neither lots nor staff yet.' })
export class CreateOperatorInput {
  @Field(() => LongText, { description: 'What it is called, at most 200 characters.' })
  name!: string;

  @Field(() => LongText, { description: 'What stands on receipts, at most 200 characters.' })
  legalName!: string;

  @Field(() => ShortText, { nullable: true, description: 'Its tax number, if it has one.' })
  taxNumber?: string | null;
}

@Allow('PUBLIC')
@ObjectType('CreateOperatorPayload', { description: 'Refused with NOT_ALLOWED or INVALID_INPUT.' })
export class CreateOperatorPayload {
  @Field(() => OperatorType, { nullable: true, description: 'The new operator; null when refused.' })
  operator!: OperatorType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
