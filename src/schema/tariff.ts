import { Field, Float, Int, ObjectType } from 'type-graphql';
import type { SpotType } from '../domain/spot-type.ts';
import { Allow } from './access.ts';
import { SpotTypeEnum } from './enums.ts';
import { Money } from './money.ts';
import { Currency, DateTime } from './scalars.ts';

@Allow('PUBLIC')
@ObjectType('TariffRate', { description: 'What one type of spot costs.' })
export class TariffRateType {
  @Field(() => SpotTypeEnum, { nullable: true, description: 'The type; null: every type without a rate of its own.' })
  spotType!: SpotType | null;

  @Field(() => Int, { description: 'The length of a step in minutes; a step that has begun is charged whole.' })
  stepMinutes!: number;

  @Field(() => Money, { description: 'The price of a step.' })
  step!: Money;

  @Field(() => Money, {
    nullable: true,
    description: 'The most that one day of the lot’s calendar costs; null: no such limit.',
  })
  dailyCap!: Money | null;
}

@Allow('PUBLIC')
@ObjectType('MultiplierPoint', {
  description: 'At this occupancy, this share of the rate; between two points in a straight line.',
})
export class MultiplierPointType {
  @Field(() => Float, { description: 'Taken spots of the type, in percent.' })
  occupancyPercent!: number;

  @Field(() => Float, { description: 'Percent of the rate.' })
  percent!: number;
}

@Allow('PUBLIC')
@ObjectType('TariffMultiplier', { description: 'How prices follow demand.' })
export class TariffMultiplierType {
  @Field(() => Float, { description: 'Never below this percentage of the rate.' })
  floorPercent!: number;

  @Field(() => Float, { description: 'Never above this percentage of the rate.' })
  ceilingPercent!: number;

  @Field(() => [MultiplierPointType], { description: 'The curve, by rising occupancy.' })
  points!: MultiplierPointType[];
}

@Allow('PUBLIC')
@ObjectType('Tariff', { description: 'One published version of a lot’s prices. Amounts include tax.' })
export class TariffType {
  @Field(() => Int, { description: 'Counts up from 1 with each publication in the lot.' })
  versionNumber!: number;

  @Field(() => DateTime, { description: 'From when it is in force.' })
  publishedAt!: Date;

  @Field(() => Currency, { description: 'The currency of all its amounts.' })
  currency!: string;

  @Field(() => [TariffRateType], { description: 'The rates; the one without a type comes last.' })
  rates!: TariffRateType[];

  @Field(() => Int, {
    description: 'A stay of up to so many minutes is free; a longer one is charged from its first minute.',
  })
  graceMinutes!: number;

  @Field(() => TariffMultiplierType, { nullable: true, description: 'How prices follow demand; null: they do not.' })
  multiplier!: TariffMultiplierType | null;

  @Field(() => Float, { nullable: true, description: 'The tax in all amounts, in percent; null: not told.' })
  taxPercent!: number | null;
}
