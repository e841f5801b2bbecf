import { Field, Float, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SpotType } from '../domain/spot-type.ts';
import { DISCOUNT_SOURCES, type DiscountSource } from '../domain/tariff/document.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allow } from './access.ts';
import { connectionType } from './connection.ts';
import { enumOf, SpotTypeEnum, VehicleClassEnum } from './enums.ts';
import { Money } from './money.ts';
import { PeriodInput } from './period.ts';
import { NextPriceType, PriceType } from './price.ts';
import { DateTime, SafeInt, ShortText, TariffDocumentScalar } from './scalars.ts';
import { TariffType } from './tariff.ts';
import { UserError } from './user-error.ts';

export const TariffConnection = connectionType(TariffType, { name: 'Tariff', plural: 'versions', countable: false });

const DISCOUNT_KINDS = ['MONEY', 'PERCENT', 'TIME'] as const;
const TIME_MEANINGS = ['LOWEST_PRICE', 'LATER_ARRIVAL', 'EARLIER_DEPARTURE'] as const;
export type DiscountKindName = (typeof DISCOUNT_KINDS)[number];
export type TimeMeaningName = (typeof TIME_MEANINGS)[number];

export const TriedDiscountSource = enumOf<DiscountSource>('TriedDiscountSource', DISCOUNT_SOURCES, {
  description: 'Where a discount comes from that a price is tried with.',
  values: { VALIDATION: 'A merchant.', PROMO: 'A promotion code.' },
});

export const TriedDiscountKind = enumOf<DiscountKindName>('TriedDiscountKind', DISCOUNT_KINDS, {
  description: 'What a discount is that a price is tried with.',
  values: { MONEY: 'An amount: `minor`.', PERCENT: 'A share: `percent`.', TIME: 'Time: `minutes` and `meaning`.' },
});

export const TriedTimeMeaning = enumOf<TimeMeaningName>('TriedTimeMeaning', TIME_MEANINGS, {
  description: 'What a discount in time means.',
  values: {
    LOWEST_PRICE: 'Whichever of the other two is cheaper.',
    LATER_ARRIVAL: 'As if the vehicle had come so much later.',
    EARLIER_DEPARTURE: 'As if it had left so much earlier.',
  },
});

@InputType('TriedDiscountInput', { description: 'A discount that a price is tried with.' })
export class TriedDiscountInput {
  @Field(() => TriedDiscountSource, { description: 'Where it comes from.' })
  source!: DiscountSource;

  @Field(() => ShortText, { description: 'What its line is called.' })
  name!: string;

  @Field(() => TriedDiscountKind, { description: 'What it is.' })
  kind!: DiscountKindName;

  @Field(() => SafeInt, { nullable: true, description: 'For MONEY: the amount in minor units.' })
  minor?: number | null;

  @Field(() => Int, { nullable: true, description: 'For PERCENT: 0 to 100.' })
  percent?: number | null;

  @Field(() => Int, { nullable: true, description: 'For TIME: how many minutes.' })
  minutes?: number | null;

  @Field(() => TriedTimeMeaning, { nullable: true, description: 'For TIME: what they mean; LOWEST_PRICE unless told.' })
  meaning?: TimeMeaningName | null;
}

@InputType('PriceForInput', {
  description: 'A stay to price by a published version or a draft. Neither: by the version in force.',
})
export class PriceForInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ID, { nullable: true, description: 'A published version. Not together with `document`.' })
  tariffId?: string | null;

  @Field(() => TariffDocumentScalar, { nullable: true, description: 'A draft, which need not name its currency.' })
  document?: Record<string, unknown> | null;

  @Field(() => PeriodInput, { description: 'From arrival to departure, or the promised period; 400 days at most.' })
  period!: PeriodInput;

  @Field(() => SpotTypeEnum, { nullable: true, description: 'The type of spot; STANDARD unless told.' })
  spotType?: SpotType | null;

  @Field(() => VehicleClassEnum, { nullable: true, description: 'The vehicle; a usual car unless told.' })
  vehicleClass?: VehicleClass | null;

  @Field(() => Int, {
    nullable: true,
    description: 'What demand makes of the rates in percent, 0 to 1000. Not together with `occupancyPercent`.',
  })
  multiplierPercent?: number | null;

  @Field(() => Float, {
    nullable: true,
    description: 'How full the lot is in percent, which the tariff turns into that.',
  })
  occupancyPercent?: number | null;

  @Field(() => [TriedDiscountInput], { nullable: true, description: 'Discounts to try, at most 10.' })
  discounts?: TriedDiscountInput[] | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether the vehicle has a monthly pass of the lot.' })
  monthlyPassHolder?: boolean | null;

  @Field(() => DateTime, {
    nullable: true,
    description: 'For a reserved stay whose promised period is `period`: when it came. Together with `leftAt`.',
  })
  enteredAt?: Date | null;

  @Field(() => DateTime, { nullable: true, description: 'For a reserved stay: when it left.' })
  leftAt?: Date | null;

  @Field(() => Boolean, { nullable: true, description: 'Whether another driver had to be moved because it stayed on.' })
  displaced?: boolean | null;
}

@Allow('PUBLIC')
@ObjectType('ReservedPrice', { description: 'What a reserved stay costs beside its promised period.' })
export class ReservedPriceType {
  @Field(() => Money, { description: 'For the time before the promised start.' })
  earlyArrival!: Money;

  @Field(() => Money, { description: 'For the promised period.' })
  promised!: Money;

  @Field(() => Money, { description: 'For the time after the promised end.' })
  overstay!: Money;
}

@Allow('PUBLIC')
@ObjectType('PriceFor', { description: 'What a stay would cost by a tariff, and what is to be said about it.' })
export class PriceForType {
  @Field(() => TariffType, { nullable: true, description: 'The version that priced it; null for a draft.' })
  tariff!: TariffType | null;

  @Field(() => PriceType, { description: 'The price with its lines; of a reserved stay with all its segments.' })
  price!: PriceType;

  @Field(() => ReservedPriceType, { nullable: true, description: 'The segments of a reserved stay; null for others.' })
  reserved!: ReservedPriceType | null;

  @Field(() => Int, { description: 'What demand made of the rates, in percent.' })
  multiplierPercent!: number;

  @Field(() => Money, { description: 'What is handed over in cash.' })
  cash!: Money;

  @Field(() => Int, { description: 'How many minutes the exit opens after paying.' })
  exitGraceMinutes!: number;

  @Field(() => [NextPriceType], { description: 'What staying longer costs: the next four prices within a day.' })
  next!: NextPriceType[];

  @Field(() => [String], { description: 'What a person should know who prices such a stay, in English.' })
  warnings!: string[];
}

@Allow('PUBLIC')
@ObjectType('PriceForPayload', {
  description:
    'Refused with LOT_NOT_FOUND, NOT_FOUND, TARIFF_INVALID, INVALID_INPUT, PERIOD_BACKWARDS or PERIOD_TOO_LONG.',
})
export class PriceForPayload {
  @Field(() => PriceForType, { nullable: true, description: 'The price; null when it was refused.' })
  result?: PriceForType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}

@InputType('TariffDifferenceInput', { description: 'Two tariffs of one lot to compare.' })
export class TariffDifferenceInput {
  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ID, { nullable: true, description: 'The version to compare with; null: the one in force.' })
  fromTariffId?: string | null;

  @Field(() => ID, { nullable: true, description: 'The other version. Either this or `toDocument`.' })
  toTariffId?: string | null;

  @Field(() => TariffDocumentScalar, { nullable: true, description: 'A draft as the other one.' })
  toDocument?: Record<string, unknown> | null;

  @Field(() => SpotTypeEnum, {
    nullable: true,
    description: 'The type of spot of the sample stays; STANDARD unless told.',
  })
  spotType?: SpotType | null;

  @Field(() => VehicleClassEnum, { nullable: true, description: 'Their vehicle; a usual car unless told.' })
  vehicleClass?: VehicleClass | null;
}

@Allow('PUBLIC')
@ObjectType('TariffFieldChange', { description: 'One place in which two tariffs differ.' })
export class TariffFieldChange {
  @Field(() => String, { description: 'Where: `rates[Cars].bands[Day].steps[0].minor`.' })
  field!: string;

  @Field(() => String, { description: 'How, in a sentence of English.' })
  sentence!: string;
}

@Allow('PUBLIC')
@ObjectType('ComparedStay', { description: 'What two tariffs charge for the same stay.' })
export class ComparedStayType {
  @Field(() => String, {
    description: 'The class of the day of arrival: WEEKDAY, WEEKEND, HOLIDAY, HOLIDAY_EVE, EVENT:….',
  })
  dayClass!: string;

  @Field(() => String, { description: 'The arrival on the lot’s own clock: `2026-11-23T09:00`.' })
  arrival!: string;

  @Field(() => Int, { description: 'How long it stays.' })
  minutes!: number;

  @Field(() => Money, { description: 'What it costs by the first.' })
  old!: Money;

  @Field(() => Money, { description: 'What it costs by the other.' })
  new!: Money;

  @Field(() => Money, { description: 'New less old.' })
  difference!: Money;
}

@Allow('PUBLIC')
@ObjectType('TariffDifference', {
  description:
    'How two tariffs differ: in what they say, and in what the same stays cost, without demand and discounts.',
})
export class TariffDifferenceType {
  @Field(() => [TariffFieldChange], { description: 'Every place in which they differ.' })
  fields!: TariffFieldChange[];

  @Field(() => [ComparedStayType], {
    description:
      'Sample stays of a quarter of an hour to five days, at five hours of arrival, on a day of each class (of events the twelve that come next).',
  })
  stays!: ComparedStayType[];

  @Field(() => [ComparedStayType], { description: 'The five of them that rise most.' })
  rises!: ComparedStayType[];

  @Field(() => [ComparedStayType], { description: 'The five of them that fall most.' })
  falls!: ComparedStayType[];

  @Field(() => Int, { description: 'How many of them cost the same.' })
  unchanged!: number;
}

@Allow('PUBLIC')
@ObjectType('TariffDifferencePayload', { description: 'Refused with LOT_NOT_FOUND, NOT_FOUND or TARIFF_INVALID.' })
export class TariffDifferencePayload {
  @Field(() => TariffDifferenceType, { nullable: true, description: 'The difference; null when it was refused.' })
  difference?: TariffDifferenceType | null;

  @Field(() => [UserError], { description: 'Why it was refused; empty when it was not.' })
  userErrors!: UserError[];
}
