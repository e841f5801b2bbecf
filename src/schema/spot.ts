import { ArgsType, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import type { SpotType } from '../domain/spot-type.ts';
import { Allow } from './access.ts';
import { ConnectionArgs, connectionType } from './connection.ts';
import { SpotTypeEnum } from './enums.ts';
import { Node } from './node.ts';

@Allow('PUBLIC')
@ObjectType('Level', { implements: Node, description: 'A floor or area of a lot.' })
export class LevelType extends Node {
  @Field(() => String, { description: 'What stands on the wall.' })
  name!: string;

  @Field(() => Int, { description: 'Order from the entrance; 0 is where vehicles come in.' })
  ordinal!: number;
}

@Allow('PUBLIC')
@ObjectType('Spot', {
  implements: Node,
  description:
    'One marked space. Whether it is free is a question for a period: see `Lot.availabilityBetween` and `quote`.',
})
export class SpotObject extends Node {
  @Field(() => String, { description: 'What is painted on the ground: "2-117"; unique in its lot.' })
  label!: string;

  @Field(() => SpotTypeEnum, { description: 'Its type.' })
  spotType!: SpotType;

  @Field(() => Int, { description: 'Rank by distance from the entrance; 0 is nearest.' })
  distanceRank!: number;

  @Field(() => String, { nullable: true, description: 'How to get there, one sentence; null when nobody wrote one.' })
  directions!: string | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The highest vehicle it takes, in centimetres; null: no limit known.',
  })
  maxHeightCm!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'The longest vehicle it takes, in centimetres; null: no limit known.',
  })
  maxLengthCm!: number | null;

  @Field(() => Boolean, { description: 'Whether it is in use at all.' })
  inService!: boolean;

  @Allow('ATTENDANT', 'OPERATOR')
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether something stands on it, by its sensors or by what a person says; null: nobody knows. For the staff of its lot; null for the staff of others.',
  })
  sensedOccupied!: boolean | null;
}

@InputType('SpotFilter', { description: 'Which spots; every condition given must hold.' })
export class SpotFilter {
  @Field(() => SpotTypeEnum, { nullable: true, description: 'Only this type.' })
  spotType?: SpotType | null;

  @Field(() => ID, { nullable: true, description: 'Only this level.' })
  levelId?: string | null;

  @Field(() => Boolean, { nullable: true, description: 'Only spots that are, or are not, in use.' })
  inService?: boolean | null;
}

export const SpotConnection = connectionType(SpotObject, { name: 'Spot', plural: 'spots', countable: false });

@ArgsType()
export class SpotsArgs extends ConnectionArgs {
  @Field(() => SpotFilter, { nullable: true, description: 'Only some of them.' })
  filter?: SpotFilter | null;
}
