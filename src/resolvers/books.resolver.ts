import { Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import { booksState } from '../payments/books-state.ts';
import { Allow } from '../schema/access.ts';
import { BooksStateType } from '../schema/books.ts';
import { money } from '../schema/money.ts';

@Resolver(() => BooksStateType)
export class BooksResolver {
  @Allow('OPERATOR')
  @Query(() => BooksStateType, {
    nullable: true,
    description:
      'Whether the books of the lots of who asks are sound; null before the monitor has looked for the first time.',
  })
  async booksState(@Ctx() { em, viewer }: Context): Promise<BooksStateType | null> {
    const state = await booksState(em, viewer);
    if (!state) return null;
    const faults = state.faults.map(({ kind, lotId, about, offByMinor, currency }) => ({
      ...{ kind, about, lotId: encodeId('lot', null, lotId) },
      offBy: money(offByMinor, currency),
    }));
    return { ...state, faults };
  }
}
