import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { Money } from './money.ts';
import { DateTime, ShortText, TimeZone } from './scalars.ts';

@InputType('LotDaysInput', { description: 'Some days of a lot, on its own clock.' })
export class LotDaysInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ShortText, { description: 'The first day: `2026-11-20`.' })
  from!: string;

  @Field(() => ShortText, {
    nullable: true,
    description: 'The last day, at most 366 later; absent: the first day alone.',
  })
  through?: string | null;
}

@OneOf()
@InputType('StatementOfInput', { description: 'What a statement is about: exactly one of these.' })
export class StatementOfInput {
  @Field(() => ID, { nullable: true, description: 'A visit.' })
  stayId?: string | null;

  @Field(() => ID, { nullable: true, description: 'A reservation, with its visits.' })
  reservationId?: string | null;

  @Field(() => LotDaysInput, { nullable: true, description: 'Days of a lot.' })
  days?: LotDaysInput | null;
}

@Allow('PUBLIC')
@ObjectType('StatementLine', { description: 'One side of a posting. The sides of one transaction sum to zero.' })
export class StatementLineType {
  @Field(() => DateTime, { description: 'When it was posted.' })
  postedAt!: Date;

  @Field(() => ID, { description: 'What stands together: the sides of one posting share it.' })
  transactionId!: string;

  @Field(() => String, { description: 'What happened (`PAYMENT_CAPTURED`, `REFUND_PROMISED`, `DEBT_OPENED`, …).' })
  cause!: string;

  @Field(() => ID, {
    description: 'The row that it happened to; the id of its kind alone, as it stands in the database.',
  })
  causeId!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      'The same as an id for `node`, where the schema shows such a thing: a payment, a debt, a reservation, a shift.',
  })
  about!: string | null;

  @Field(() => String, { description: 'The account (`provider:clearing`, `revenue:parking`, `tax:payable`, …).' })
  account!: string;

  @Field(() => Money, { nullable: true, description: 'The amount, if it is a debit.' })
  debit!: Money | null;

  @Field(() => Money, { nullable: true, description: 'The amount, if it is a credit.' })
  credit!: Money | null;
}

@Allow('PUBLIC')
@ObjectType('AccountTotal', { description: 'What moved on one account.' })
export class AccountTotalType {
  @Field(() => String, { description: 'The account.' })
  account!: string;

  @Field(() => Money, { description: 'The sum of its debits.' })
  debit!: Money;

  @Field(() => Money, { description: 'The sum of its credits.' })
  credit!: Money;

  @Field(() => Money, { description: 'Debits less credits.' })
  balance!: Money;
}

@Allow('PUBLIC')
@ObjectType('StatementTax', { description: 'What was earned, and the tax in it; what went back is taken off.' })
export class StatementTax {
  @Field(() => Money, { description: 'With tax.' })
  gross!: Money;

  @Field(() => Money, { description: 'Without tax: the revenue accounts.' })
  net!: Money;

  @Field(() => Money, { description: 'The tax.' })
  tax!: Money;
}

@Allow('PUBLIC')
@ObjectType('Statement', { description: 'Postings with their sums, so that each amount can be followed to its cause.' })
export class StatementType {
  @Field(() => TimeZone, { description: 'The clock by which days are told.' })
  timeZone!: string;

  @Field(() => [StatementLineType], { description: 'In the order of posting, the first 5,000.' })
  lines!: StatementLineType[];

  @Field(() => Boolean, { description: 'False when there are more than 5,000 lines; the sums are of all of them.' })
  isComplete!: boolean;

  @Field(() => [AccountTotalType], { description: 'By account.' })
  totals!: AccountTotalType[];

  @Field(() => StatementTax, { description: 'Revenue and its tax.' })
  tax!: StatementTax;

  @Field(() => String, { description: 'The lines for a spreadsheet, as CSV with a head line.' })
  csv!: string;
}
