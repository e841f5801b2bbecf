import { Field, InputType, ObjectType } from 'type-graphql';
import type { Period as PeriodValue } from '../domain/period.ts';
import { Allow } from './access.ts';
import { DateTime } from './scalars.ts';

@Allow('PUBLIC')
@ObjectType('Period', { description: 'A half-open period: `startsAt` belongs to it, `endsAt` no longer does.' })
export class Period implements PeriodValue {
  @Field(() => DateTime, { description: 'The first instant of the period.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'The first instant after the period.' })
  endsAt!: Date;
}

@InputType('PeriodInput', { description: 'A half-open period: `startsAt` belongs to it, `endsAt` no longer does.' })
export class PeriodInput implements PeriodValue {
  @Field(() => DateTime, { description: 'The first instant of the period.' })
  startsAt!: Date;

  @Field(() => DateTime, { description: 'The first instant after the period; later than `startsAt`.' })
  endsAt!: Date;
}
