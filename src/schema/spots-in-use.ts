import { Field, ID, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { Period } from './period.ts';
import { UserError } from './user-error.ts';

@Allow('PUBLIC')
@ObjectType('SpotClaim', { description: 'Who has a claim on a spot is not told, only when.' })
export class SpotClaim {
  @Field(() => ID, { description: 'The spot.' })
  spotId!: string;

  @Field(() => String, { description: 'Its label.' })
  label!: string;

  @Field(() => Period, { description: 'When it is taken.' })
  period!: Period;
}

@Allow('PUBLIC')
@ObjectType('SpotsInUse', { implements: UserError, description: 'Somebody stands on the spots or has reserved them.' })
export class SpotsInUse extends UserError {
  @Field(() => [SpotClaim], { description: 'The claims, by their start.' })
  claims!: SpotClaim[];
}
