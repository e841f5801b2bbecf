import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { DebtType } from './debt.ts';
import { StayRefInput, StayType } from './gate.ts';
import { Node } from './node.ts';
import { PaymentType } from './payment.ts';
import { DateTime, LongText, SafeInt, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

@Allow('PUBLIC')
@ObjectType('Shift', {
  implements: Node,
  description: 'An attendant’s working time at a till, with its cash. The staff of its lot get to see it.',
})
export class ShiftType extends Node {
  @Field(() => DateTime, { description: 'When it began.' })
  openedAt!: Date;

  @Field(() => DateTime, { nullable: true, description: 'When it ended; null while it is open.' })
  closedAt!: Date | null;
}

@InputType('OpenShiftInput', { description: 'An attendant begins to take money.' })
export class OpenShiftInput {
  @Field(() => UUID, { description: 'The same key opens once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ID, { nullable: true, description: 'The device of the till, if it has one.' })
  deviceId?: string | null;

  @Field(() => SafeInt, { description: 'The coins in the drawer, in minor units of the lot’s currency.' })
  openingMinor!: number;
}

@InputType('CloseShiftInput', { description: 'An attendant counts the drawer and goes.' })
export class CloseShiftInput {
  @Field(() => UUID, { description: 'The same key closes once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The shift.' })
  shiftId!: string;

  @Field(() => SafeInt, { description: 'What was counted, in minor units.' })
  countedMinor!: number;
}

@Allow('PUBLIC')
@ObjectType('OpenShiftPayload', { description: 'The shift that began.' })
export class OpenShiftPayload {
  @Field(() => ShiftType, { nullable: true, description: 'The shift.' })
  shift?: ShiftType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was done; empty when it was.' })
  userErrors!: UserError[];
}

@Allow('PUBLIC')
@ObjectType('CloseShiftPayload', { description: 'The shift that ended, with what was expected and counted.' })
export class CloseShiftPayload extends OpenShiftPayload {}

@OneOf()
@InputType('TakePaymentForInput', { description: 'What is paid: exactly one of these.' })
export class TakePaymentForInput {
  @Field(() => StayRefInput, { nullable: true, description: 'A walk-in that is inside: what it owes now.' })
  stay?: StayRefInput | null;

  @Field(() => ID, { nullable: true, description: 'A debt: what is left of it.' })
  debtId?: string | null;
}

@InputType('CashInput', { description: 'Paid in coins and notes.' })
export class CashInput {
  @Field(() => SafeInt, { description: 'What was handed over, in minor units.' })
  tenderedMinor!: number;
}

@InputType('TerminalInput', { description: 'Paid on the lot’s own card terminal.' })
export class TerminalInput {
  @Field(() => ShortText, { description: 'The number on the terminal’s slip. It stands for one payment.' })
  receiptNumber!: string;
}

@OneOf()
@InputType('TakePaymentByInput', { description: 'How it is paid: exactly one of these.' })
export class TakePaymentByInput {
  @Field(() => CashInput, { nullable: true, description: 'In coins and notes, rounded as the tariff says.' })
  cash?: CashInput | null;

  @Field(() => TerminalInput, { nullable: true, description: 'On the card terminal, to the cent.' })
  terminal?: TerminalInput | null;
}

@InputType('TakePaymentInput', { description: 'An attendant takes money. How much it is, the server says.' })
export class TakePaymentInput {
  @Field(() => UUID, { description: 'The same key takes once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The attendant’s open shift.' })
  shiftId!: string;

  @Field(() => TakePaymentForInput, { description: 'What is paid.' })
  for!: TakePaymentForInput;

  @Field(() => TakePaymentByInput, { description: 'How.' })
  by!: TakePaymentByInput;
}

@Allow('PUBLIC')
@ObjectType('TakePaymentPayload', { description: 'What was taken.' })
export class TakePaymentPayload {
  @Field(() => PaymentType, { nullable: true, description: 'The payment, CAPTURED.' })
  payment?: PaymentType;

  @Field(() => StayType, { nullable: true, description: 'The visit, which may leave now; null for a debt.' })
  stay?: StayType;

  @Field(() => DebtType, { nullable: true, description: 'The debt, SETTLED; null for a visit.' })
  debt?: DebtType;

  @Field(() => Boolean, { description: 'True when the key had been used: the first payment, as it is now.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was taken; empty when it was.' })
  userErrors!: UserError[];
}

@InputType('RefundInCashInput', { description: 'An attendant gives money back out of the drawer.' })
export class RefundInCashInput {
  @Field(() => UUID, { description: 'The same key gives back once.' })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The attendant’s open shift.' })
  shiftId!: string;

  @Field(() => ID, { description: 'The payment, made in coins or on the terminal.' })
  paymentId!: string;

  @Field(() => SafeInt, { description: 'How much, in minor units.' })
  amountMinor!: number;

  @Field(() => LongText, { description: 'Why: it is recorded.' })
  reason!: string;
}

@Allow('PUBLIC')
@ObjectType('RefundInCashPayload', { description: 'What was given back.' })
export class RefundInCashPayload {
  @Field(() => PaymentType, { nullable: true, description: 'The payment, with its refunds.' })
  payment?: PaymentType;

  @Field(() => Boolean, { description: 'True when the key had been used.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was given; empty when it was.' })
  userErrors!: UserError[];
}
