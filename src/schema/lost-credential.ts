import { Field, ID, InputType, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { DebtType } from './debt.ts';
import { UserError } from './user-error.ts';

@InputType('ChargeLostCredentialInput', { description: 'A driver whose entry nobody knows is charged for it.' })
export class ChargeLostCredentialInput {
  @Field(() => ID, { description: 'The incident of the exit.' })
  incidentId!: string;
}

@Allow('PUBLIC')
@ObjectType('ChargeLostCredentialPayload', { description: 'What is owed now.' })
export class ChargeLostCredentialPayload {
  @Field(() => DebtType, { nullable: true, description: 'The debt: take it at the till, or leave it open.' })
  debt?: DebtType;

  @Field(() => Boolean, { description: 'True when it had been charged before.' })
  replayed!: boolean;

  @Field(() => [UserError], { description: 'Why nothing was charged; empty when it was.' })
  userErrors!: UserError[];
}
