import { Arg, Ctx, FieldResolver, ID, Mutation, Resolver, Root } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId } from '../domain/public-id.ts';
import type { WatchEntry } from '../entities/watch-entry.ts';
import { addWatch, endWatch, readWatchList } from '../incidents/watch-list.ts';
import { Allow } from '../schema/access.ts';
import {
  AddWatchInput,
  EndWatchInput,
  ReadWatchListInput,
  ReadWatchListPayload,
  WatchEntryType,
  WatchPayload,
} from '../schema/watch-list.ts';
import { answer, forbidden, requireId, requireLotId, type Answer } from './payload.ts';

/** An entry as staff see it: the plate only where they have said why they look. */
type Shown = Pick<WatchEntry, 'lotId' | 'id'> & { readonly plate?: string };

@Resolver(() => WatchEntryType)
export class WatchListResolver {
  @Allow('OPERATOR')
  @Mutation(() => WatchPayload, {
    description:
      'Puts a plate on the watch list: when a gate reads it, staff are told by `alerts`; the barrier does what it would have done. Refuses with REASON_REQUIRED, INVALID_INPUT, PLATE_INVALID, LOT_NOT_FOUND.',
  })
  addWatch(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => AddWatchInput, { description: 'Which plate, why, and for how long.' }) input: AddWatchInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      return addWatch(platform, { ...input, lotId: requireId('lot', input.lotId, 'lotId').id }, viewer);
    });
  }

  @Allow('OPERATOR')
  @Mutation(() => WatchPayload, { description: 'Takes a plate off the watch list before its time.' })
  endWatch(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => EndWatchInput, { description: 'Which entry, and why.' }) input: EndWatchInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { lotId, id: entryId } = requireLotId('wat', input.entryId, 'entryId');
      return { entry: await endWatch(platform, { lotId, entryId, reason: input.reason }, viewer) };
    });
  }

  @Allow('ATTENDANT', 'OPERATOR')
  @Mutation(() => ReadWatchListPayload, {
    description:
      'Shows the watch list with its plates. A mutation, because each look is recorded with its reason. Refuses with REASON_REQUIRED, LOT_NOT_FOUND.',
  })
  readWatchList(
    @Ctx() { platform, viewer }: Context,
    @Arg('input', () => ReadWatchListInput, { description: 'Which lot, and why.' }) input: ReadWatchListInput,
  ): Promise<Answer<object>> {
    return answer(async () => {
      if (viewer?.kind !== 'STAFF') throw forbidden();
      const { id: lotId } = requireId('lot', input.lotId, 'lotId');
      const shown = await readWatchList(platform, { lotId, reason: input.reason }, viewer);
      return { entries: shown.map(({ entry, plate }) => shownEntry(entry, plate)) };
    });
  }

  @FieldResolver(() => ID)
  id(@Root() { lotId, id }: Shown): string {
    return encodeId('wat', lotId, id);
  }

  @FieldResolver(() => String)
  plate(@Root() { plate }: Shown): string | null {
    return plate ?? null;
  }
}

function shownEntry({ lotId, id, purpose, note, createdAt, expiresAt, endedAt }: WatchEntry, plate: string) {
  return { lotId, id, plate, purpose, note, createdAt, expiresAt, endedAt };
}
