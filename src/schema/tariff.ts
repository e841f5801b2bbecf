import { Field, Float, Int, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { Node } from './node.ts';
import { Currency, DateTime, TariffDocumentScalar } from './scalars.ts';

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
@ObjectType('Tariff', {
  implements: Node,
  description: 'One published version of a lot’s prices. It never changes: a later one takes its place.',
})
export class TariffType extends Node {
  @Field(() => Int, { description: 'Counts up from 1 with each publication in the lot.' })
  versionNumber!: number;

  @Field(() => DateTime, { description: 'From when it is in force.' })
  publishedAt!: Date;

  @Field(() => Currency, { description: 'The currency of all its amounts.' })
  currency!: string;

  @Field(() => TariffDocumentScalar, { description: 'All its rules, as they were published.' })
  document!: object;

  @Field(() => Int, { description: 'A stay of up to so many minutes is free.' })
  graceMinutes!: number;

  @Field(() => TariffMultiplierType, { nullable: true, description: 'How prices follow demand; null: they do not.' })
  multiplier!: TariffMultiplierType | null;

  @Field(() => Float, { nullable: true, description: 'The tax in percent; null: not told.' })
  taxPercent!: number | null;

  @Field(() => Boolean, { description: 'Whether its amounts contain the tax; false: it is added to them.' })
  taxIncluded!: boolean;
}
