import { Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { DISCOUNT_KINDS, TIME_MEANINGS, type DiscountKind } from '../domain/discount-value.ts';
import type { TimeMeaning } from '../domain/tariff/discount.ts';
import { DISCOUNT_SOURCES, type DiscountSource } from '../domain/tariff/document.ts';
import { Allow } from './access.ts';
import { OneOf } from './build-schema.ts';
import { connectionType } from './connection.ts';
import { enumOf } from './enums.ts';
import { Money } from './money.ts';
import { Node } from './node.ts';
import { Currency, DateTime, PositiveInt, ShortText } from './scalars.ts';
import { UserError } from './user-error.ts';

export const DiscountKindEnum = enumOf<DiscountKind>('DiscountKind', DISCOUNT_KINDS, {
  description: 'In what a discount is told.',
  values: {
    MONEY: 'An amount; never more than the price.',
    PERCENT: 'A percentage of the price.',
    TIME: 'Minutes that are not charged.',
  },
});

export const TimeMeaningEnum = enumOf<TimeMeaning>('TimeMeaning', TIME_MEANINGS, {
  description: 'Which minutes a discount of time takes off.',
  values: {
    LATER_ARRIVAL: 'The first ones: as if the vehicle had come so much later.',
    EARLIER_DEPARTURE: 'The last ones: as if it had left so much earlier.',
    LOWEST_PRICE: 'The first or the last ones, whichever leaves the lower price.',
  },
});

@Allow('PUBLIC')
@ObjectType('DiscountValue', { description: 'What a discount takes off: of its fields those of its kind are told.' })
export class DiscountValueType {
  @Field(() => DiscountKindEnum, { description: 'In what it is told.' })
  kind!: DiscountKind;

  @Field(() => Money, { nullable: true, description: 'Of MONEY: the amount.' })
  amount!: Money | null;

  @Field(() => Int, { nullable: true, description: 'Of PERCENT: 1 to 100.' })
  percent!: number | null;

  @Field(() => Int, { nullable: true, description: 'Of TIME: how many minutes.' })
  minutes!: number | null;

  @Field(() => TimeMeaningEnum, { nullable: true, description: 'Of TIME: which ones.' })
  meaning!: TimeMeaning | null;
}

export const DiscountSourceEnum = enumOf<DiscountSource>('DiscountSource', DISCOUNT_SOURCES, {
  description: 'Where a discount comes from.',
  values: {
    PROMO: 'A promo code that the driver typed.',
    VALIDATION: 'A merchant who takes over a part of the price.',
  },
});

@Allow('PUBLIC')
@ObjectType('AppliedDiscount', { description: 'Something that makes one stay cheaper than its tariff says.' })
export class AppliedDiscountType {
  @Field(() => DiscountSourceEnum, { description: 'Where it comes from.' })
  source!: DiscountSource;

  @Field(() => String, { description: 'The promo code, or the merchant’s name.' })
  name!: string;

  @Field(() => DiscountValueType, { description: 'What it takes off.' })
  discount!: DiscountValueType;
}

@InputType('TimeDiscountInput', { description: 'Minutes that are not charged.' })
export class TimeDiscountInput {
  @Field(() => PositiveInt, { description: 'How many, at most 10080 (a week).' })
  minutes!: number;

  @Field(() => TimeMeaningEnum, { description: 'Which ones.' })
  meaning!: TimeMeaning;
}

@OneOf()
@InputType('DiscountValueInput', { description: 'What a discount takes off: exactly one of these.' })
export class DiscountValueInput {
  @Field(() => PositiveInt, { nullable: true, description: 'An amount in minor units.' })
  amountMinor?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'A percentage, 1 to 100.' })
  percent?: number | null;

  @Field(() => TimeDiscountInput, { nullable: true, description: 'Minutes.' })
  time?: TimeDiscountInput | null;
}

@Allow('PUBLIC')
@ObjectType('PromoCode', {
  implements: Node,
  description:
    'A code that drivers type to pay less. Nothing of it changes but its end. For the staff of its operator.',
})
export class PromoCodeType extends Node {
  @Field(() => String, { description: 'What drivers type: capitals, digits and hyphens.' })
  code!: string;

  @Field(() => DiscountValueType, { description: 'What it takes off.' })
  discount!: DiscountValueType;

  @Field(() => [ID], { nullable: true, description: 'The lots where it holds; null: every lot of the operator.' })
  lotIds!: string[] | null;

  @Field(() => DateTime, { description: 'From when it may be used.' })
  validFrom!: Date;

  @Field(() => DateTime, { nullable: true, description: 'Until when it may be used; null: until it is ended.' })
  validUntil!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Parking must not begin before this; null: whenever.' })
  periodsFrom!: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Parking must not end after this; null: whenever.' })
  periodsUntil!: Date | null;

  @Field(() => Int, { nullable: true, description: 'How often all drivers together may use it; null: without limit.' })
  maxUses!: number | null;

  @Field(() => Int, { nullable: true, description: 'How often one driver may use it; null: without limit.' })
  usesPerDriver!: number | null;

  @Field(() => Boolean, {
    description: 'Whether it is for drivers who have no other reservation at the operator’s lots.',
  })
  firstVisitOnly!: boolean;

  @Field(() => Money, {
    nullable: true,
    description: 'What the parking must cost at least without it; null: anything.',
  })
  smallestPrice!: Money | null;

  @Field(() => Int, {
    description:
      'How often it has been used, by reservations that stand: one that expired or was cancelled gives its use back.',
  })
  uses!: number;

  @Field(() => DateTime, { nullable: true, description: 'When it was ended; null while it was not.' })
  endedAt!: Date | null;
}

export const PromoCodeConnection = connectionType(PromoCodeType, {
  name: 'PromoCode',
  plural: 'promo codes',
  countable: false,
});

@InputType('CreatePromoCodeInput', { description: 'A new promo code.' })
export class CreatePromoCodeInput {
  @Field(() => ID, { nullable: true, description: 'Whose it is. Only an admin has to name it.' })
  operatorId?: string | null;

  @Field(() => ShortText, {
    description: '3 to 24 letters, digits and hyphens; unique for the operator, also among ended ones.',
  })
  code!: string;

  @Field(() => DiscountValueInput, { description: 'What it takes off.' })
  discount!: DiscountValueInput;

  @Field(() => Currency, {
    nullable: true,
    description: 'Of the amounts here; with it the code holds in lots of that currency.',
  })
  currency?: string | null;

  @Field(() => [ID], {
    nullable: true,
    description: '1 to 500 lots of the operator; null: all of them, also later ones.',
  })
  lotIds?: string[] | null;

  @Field(() => DateTime, { nullable: true, description: 'From when it may be used; from now on unless told.' })
  validFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Until when it may be used.' })
  validUntil?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Parking must not begin before this.' })
  periodsFrom?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'Parking must not end after this.' })
  periodsUntil?: Date | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'How often all drivers together may use it, at most 1000000.',
  })
  maxUses?: number | null;

  @Field(() => PositiveInt, { nullable: true, description: 'How often one driver may use it.' })
  usesPerDriver?: number | null;

  @Field(() => Boolean, {
    nullable: true,
    description: 'Only for drivers without another reservation at the operator’s lots.',
  })
  firstVisitOnly?: boolean | null;

  @Field(() => PositiveInt, {
    nullable: true,
    description: 'What the parking must cost at least without it, in minor units.',
  })
  smallestPriceMinor?: number | null;
}

@Allow('PUBLIC')
@ObjectType('CreatePromoCodePayload', {
  description: 'Refused with NOT_ALLOWED, INVALID_INPUT, LOT_NOT_FOUND or CODE_TAKEN.',
})
export class CreatePromoCodePayload {
  @Field(() => PromoCodeType, { nullable: true, description: 'The promo code; null when it was refused.' })
  promoCode?: PromoCodeType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('EndPromoCodeInput', { description: 'The promo code that ends.' })
export class EndPromoCodeInput {
  @Field(() => ID, { description: 'The promo code.' })
  promoCodeId!: string;
}

@Allow('PUBLIC')
@ObjectType('EndPromoCodePayload', { description: 'Refused with NOT_FOUND.' })
export class EndPromoCodePayload {
  @Field(() => PromoCodeType, { nullable: true, description: 'The promo code; null when it was refused.' })
  promoCode?: PromoCodeType;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}
