import { Field, ObjectType } from 'type-graphql';
import { Allow } from './access.ts';
import { UserError } from './user-error.ts';

/** What every payload of an operator has. */
@Allow('PUBLIC')
@ObjectType({ description: 'What every payload has.' })
export abstract class Refusable {
  @Field(() => [UserError], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: UserError[];
}
