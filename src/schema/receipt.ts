import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { LotType } from './lot.ts';
import { Node } from './node.ts';
import { DateTime, LongText, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

@Allow('PUBLIC')
@ObjectType('Receipt', {
  implements: Node,
  description:
    'The proof of a payment or of a refund. What was issued never changes. Its driver and the staff of its lot get to see it.',
})
export class ReceiptType extends Node {
  @Field(() => DateTime, { description: 'When it was issued.' })
  issuedAt!: Date;
}

@InputType('IssueReceiptsInput', { description: 'Somebody wants proof of what they paid.' })
export class IssueReceiptsInput {
  @Field(() => ID, { description: 'The payment; it must have been captured.' })
  paymentId!: string;
}

@Allow('PUBLIC')
@ObjectType('IssueReceiptsPayload', { description: 'The receipts of a payment.' })
export class IssueReceiptsPayload {
  @Field(() => [ReceiptType], {
    nullable: true,
    description: 'Its own first, then one for each refund; asked for again, the same ones.',
  })
  receipts?: ReceiptType[];

  @Field(() => [UserError], { description: 'Why there is none; empty when there is.' })
  userErrors!: UserError[];
}

@InputType('SetReceiptDetailsInput', {
  description: 'What the law wants on a lot’s receipts. What is left out is the operator’s own.',
})
export class SetReceiptDetailsInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { nullable: true, description: 'The company, at most 200 characters.' })
  legalName?: string | null;

  @Field(() => LongText, { nullable: true, description: 'Its address, at most 500 characters.' })
  legalAddress?: string | null;

  @Field(() => ShortText, { nullable: true, description: 'Its tax number, at most 50 characters.' })
  taxId?: string | null;

  @Field(() => LongText, { nullable: true, description: 'Words at the end, at most 1000 characters.' })
  footer?: string | null;
}

@Allow('PUBLIC')
@ObjectType('SetReceiptDetailsPayload', { description: 'The lot whose receipts changed.' })
export class SetReceiptDetailsPayload {
  @Field(() => LotType, { nullable: true, description: 'The lot.' })
  lot?: LotType;

  @Field(() => [UserError], { description: 'Why nothing was changed; empty when it was.' })
  userErrors!: UserError[];
}
