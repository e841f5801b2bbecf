import { Field, ID, ObjectType } from 'type-graphql';
import { BOOKS_FAULT_KINDS, type BooksFaultKind } from '../domain/books.ts';
import { Allow } from './access.ts';
import { enumOf } from './enums.ts';
import { Money } from './money.ts';
import { DateTime } from './scalars.ts';

export const BooksFaultKindEnum = enumOf<BooksFaultKind>('BooksFaultKind', BOOKS_FAULT_KINDS, {
  description: 'What is wrong with books.',
  values: {
    UNBALANCED: 'The sides of a posting do not sum to zero.',
    NOT_POSTED: 'A payment stands in the books with another amount, or not at all.',
    REFUNDS_ABOVE_CAPTURE: 'The refunds of a payment are not what it and the books say, or exceed what it took.',
    DEBTS_DIFFER: 'The open debts of a lot are not what its books say is owed.',
  },
});

@Allow('PUBLIC')
@ObjectType('BooksFault', {
  description: 'One thing that is wrong with the books of a lot: a person has to look at it.',
})
export class BooksFaultType {
  @Field(() => BooksFaultKindEnum, { description: 'What is wrong.' })
  kind!: BooksFaultKind;

  @Field(() => ID, { description: 'The lot.' })
  lotId!: string;

  @Field(() => ID, {
    description: 'The posting or the payment, as it stands in the database; the lot itself for its debts.',
  })
  about!: string;

  @Field(() => Money, { description: 'By how much.' })
  offBy!: Money;
}

@Allow('PUBLIC')
@ObjectType('BooksState', { description: 'What the monitor of the books found when it looked last.' })
export class BooksStateType {
  @Field(() => DateTime, { description: 'When it looked last.' })
  checkedAt!: Date;

  @Field(() => DateTime, { description: 'Everything posted until then has been looked at.' })
  checkedThrough!: Date;

  @Field(() => [BooksFaultType], { description: 'What is wrong at the lots of who asks; empty when nothing is.' })
  faults!: BooksFaultType[];
}
