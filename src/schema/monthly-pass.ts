import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { MONTHLY_PASS_STATES } from '../entities/monthly-pass.ts';
import { Allow } from './access.ts';
import { connectionType } from './connection.ts';
import { enumOf } from './enums.ts';
import { WeekdayEnum, type Weekday } from './lot.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { Period } from './period.ts';
import { DateTime, EmailAddress, LongText, PositiveInt, SafeInt, ShortText, UUID } from './scalars.ts';
import { UserError } from './user-error.ts';

type MonthlyPassState = (typeof MONTHLY_PASS_STATES)[number];
const STATES = ['PENDING', 'ACTIVE', 'ENDED'] as const satisfies readonly MonthlyPassState[];
const KEY = 'Made for this request, and sent again with it: the same key has the same answer.';

export const MonthlyPassStateEnum = enumOf<MonthlyPassState>('MonthlyPassState', STATES, {
  description: 'How far a monthly pass has come.',
  values: {
    PENDING: 'It has not been paid yet, and covers nothing.',
    ACTIVE: 'It covers parking within its period and hours.',
    ENDED: 'It is over.',
  },
});

@Allow('PUBLIC')
@ObjectType('PassHours', { description: 'Hours of some days of the week, on the lot’s own clock.' })
export class PassHoursType {
  @Field(() => [WeekdayEnum], { description: 'The days on which they begin.' })
  days!: Weekday[];

  @Field(() => String, { description: 'From then on: `07:00`.' })
  from!: string;

  @Field(() => String, {
    description: 'Until then: `24:00` is the end of the day; at or before `from` it is of the next day.',
  })
  to!: string;
}

@InputType('PassHoursInput', { description: 'Hours of some days of the week, on the lot’s own clock.' })
export class PassHoursInput {
  @Field(() => [WeekdayEnum], { nullable: true, description: 'The days on which they begin; every day unless told.' })
  days?: Weekday[] | null;

  @Field(() => ShortText, {
    nullable: true,
    description: 'From then on: `07:00`. With `to`, or neither: the whole day.',
  })
  from?: string | null;

  @Field(() => ShortText, { nullable: true, description: 'Until then; at or before `from` it is of the next day.' })
  to?: string | null;
}

@Allow('PUBLIC')
@ObjectType('MonthlyPassProduct', {
  implements: Node,
  description:
    'A monthly pass on sale in a lot. It makes parking within its hours free of charge; it holds no spot: reserve one with it to be sure.',
})
export class MonthlyPassProductType extends Node {
  @Field(() => String, { description: 'What it is called; unique in the lot.' })
  name!: string;

  @Field(() => Money, { description: 'For a month, taxes included.' })
  price!: Money;

  @Field(() => [PassHoursType], { description: 'When it covers parking; empty: day and night.' })
  hours!: PassHoursType[];

  @Field(() => Int, { nullable: true, description: 'How many stays of a calendar month it covers; null: all.' })
  usesPerMonth!: number | null;

  @Field(() => Int, { description: 'For how many plates one pass may be; one vehicle is covered at a time.' })
  mostPlates!: number;
}

@Allow('PUBLIC')
@ObjectType('MonthlyPass', {
  implements: Node,
  description: 'A monthly pass, for its driver and the staff of its lot. It holds no spot.',
})
export class MonthlyPassType extends Node {
  @Field(() => String, { description: 'What it is called.' })
  name!: string;

  @Field(() => MonthlyPassStateEnum, { description: 'How far it has come.' })
  state!: MonthlyPassState;

  @Field(() => Period, { description: 'From when until when it is paid or granted.' })
  period!: Period;

  @Field(() => Money, { description: 'What a month costs; zero when it was granted.' })
  price!: Money;

  @Field(() => [PassHoursType], { description: 'When it covers parking; empty: day and night.' })
  hours!: PassHoursType[];

  @Field(() => Int, { nullable: true, description: 'How many stays of a calendar month it covers; null: all.' })
  usesPerMonth!: number | null;

  @Field(() => Boolean, { description: 'Whether the next month is charged to the driver’s saved card.' })
  renews!: boolean;

  @Field(() => [String], {
    description: 'The plates that it lets in. Of one that was given to a driver only the driver reads them.',
  })
  plates!: string[];
}

export const MonthlyPassConnection = connectionType(MonthlyPassType, {
  name: 'MonthlyPass',
  plural: 'monthly passes',
  countable: false,
});

@InputType('OfferMonthlyPassInput', { description: 'A monthly pass to put on sale. It never changes afterwards.' })
export class OfferMonthlyPassInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => LongText, { description: 'What it is called, at most 200 characters; unique in the lot.' })
  name!: string;

  @Field(() => SafeInt, {
    description: 'What a month costs, in minor units of the lot’s currency, taxes included; zero is free.',
  })
  priceMinor!: number;

  @Field(() => [PassHoursInput], {
    nullable: true,
    description: 'When it covers parking, at most 20; day and night unless told.',
  })
  hours?: PassHoursInput[] | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How many stays of a calendar month it covers, at most 1000; all unless told.',
  })
  usesPerMonth?: number | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'For how many plates one pass may be, 1 to 10; 1 unless told.',
  })
  mostPlates?: number | null;
}

@Allow('PUBLIC')
@ObjectType('OfferMonthlyPassPayload', { description: 'Refused with INVALID_INPUT, LOT_NOT_FOUND or NAME_TAKEN.' })
export class OfferMonthlyPassPayload {
  @Field(() => MonthlyPassProductType, { nullable: true, description: 'What is on sale; null when it was refused.' })
  product?: MonthlyPassProductType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('WithdrawMonthlyPassInput', { description: 'What goes off sale.' })
export class WithdrawMonthlyPassInput {
  @Field(() => ID, { description: 'The monthly pass on sale.' })
  productId!: string;
}

@Allow('PUBLIC')
@ObjectType('WithdrawMonthlyPassPayload', { description: 'Refused with LOT_NOT_FOUND or NOT_FOUND.' })
export class WithdrawMonthlyPassPayload {
  @Field(() => MonthlyPassProductType, { nullable: true, description: 'What was on sale; null when it was refused.' })
  product?: MonthlyPassProductType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('BuyMonthlyPassInput', { description: 'Which monthly pass, for whom, and with what.' })
export class BuyMonthlyPassInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The monthly pass on sale.' })
  productId!: string;

  @Field(() => DateTime, {
    nullable: true,
    description:
      'Any moment of the day on which it begins, at most 92 days ahead; now unless told. It does not begin before it is paid.',
  })
  startsOn?: Date | null;

  @Field(() => [ShortText], {
    nullable: true,
    description: 'The plates that it lets in; those of the driver’s vehicles unless told.',
  })
  plates?: string[] | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Whether the months to come are charged to the saved card; not unless told.',
  })
  renews?: boolean | null;

  @Field(() => LongText, {
    nullable: true,
    description:
      'The card, as the provider’s library gave it (`pm_…`). Absent: the client pays with the `clientSecret`.',
  })
  paymentMethodId?: string | null;
}

@Allow('PUBLIC')
@ObjectType('BuyMonthlyPassPayload', {
  description:
    'Refused with IDEMPOTENCY_KEY_REUSED, NOT_FOUND, INVALID_INPUT, PLATE_INVALID, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED or PAYMENT_UNAVAILABLE.',
})
export class BuyMonthlyPassPayload {
  @Field(() => MonthlyPassType, { nullable: true, description: 'The monthly pass; null when it was refused.' })
  monthlyPass?: MonthlyPassType;

  @Field(() => String, {
    nullable: true,
    description: 'With this the client pays at the provider; null once it is paid.',
  })
  clientSecret?: string | null;

  @Field(() => Boolean, { description: 'True when this key was used before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('GrantMonthlyPassInput', { description: 'A monthly pass to give away.' })
export class GrantMonthlyPassInput {
  @Field(() => UUID, { description: KEY })
  idempotencyKey!: string;

  @Field(() => ID, { description: 'The monthly pass on sale.' })
  productId!: string;

  @Field(() => EmailAddress, { nullable: true, description: 'The driver who gets it; for plates alone unless told.' })
  driverEmail?: string | null;

  @Field(() => [ShortText], {
    nullable: true,
    description: 'The plates that it lets in; those of the driver’s vehicles unless told.',
  })
  plates?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'Any moment of the day on which it begins; now unless told.' })
  startsOn?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'When it ends; after a month unless told.' })
  endsAt?: Date | null;
}

@Allow('PUBLIC')
@ObjectType('GrantMonthlyPassPayload', {
  description: 'Refused with IDEMPOTENCY_KEY_REUSED, LOT_NOT_FOUND, NOT_FOUND, INVALID_INPUT or PLATE_INVALID.',
})
export class GrantMonthlyPassPayload {
  @Field(() => MonthlyPassType, { nullable: true, description: 'The monthly pass; null when it was refused.' })
  monthlyPass?: MonthlyPassType;

  @Field(() => Boolean, { description: 'True when this key was used before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('EndMonthlyPassInput', { description: 'The monthly pass that is taken back.' })
export class EndMonthlyPassInput {
  @Field(() => ID, { description: 'The monthly pass.' })
  monthlyPassId!: string;
}

@InputType('SetMonthlyPassRenewalInput', { description: 'Whether a monthly pass goes on by itself.' })
export class SetMonthlyPassRenewalInput {
  @Field(() => ID, { description: 'The driver’s own monthly pass.' })
  monthlyPassId!: string;

  @Field(() => Boolean, { description: 'Whether the next months are charged to the saved card.' })
  renews!: boolean;
}

@Allow('PUBLIC')
@ObjectType('MonthlyPassPayload', { description: 'Refused with MONTHLY_PASS_NOT_FOUND.' })
export class MonthlyPassPayload {
  @Field(() => MonthlyPassType, { nullable: true, description: 'The monthly pass; null when it was refused.' })
  monthlyPass?: MonthlyPassType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}
