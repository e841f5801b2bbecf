import { Arg, Ctx, ID, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { decodeId, idKindOf, type IdKind, type PublicId } from '../domain/public-id.ts';
import { Allow } from '../schema/access.ts';
import { Node } from '../schema/node.ts';
import { badInput } from './payload.ts';

const MAX_IDS = 100;

type ReadNode = (context: Context, id: PublicId) => Promise<object | null | undefined>;

const readers = new Map<IdKind, ReadNode>();

/**
 * Makes a kind of row readable through `node(id:)`. `read` returns null for a row that is not there or that the viewer may
 * not see. Call it at module level of the resolver that owns the type.
 */
export function registerNode(kind: IdKind, read: ReadNode): void {
  readers.set(kind, read);
}

async function readNode(context: Context, text: string): Promise<object | null> {
  const kind = idKindOf(text);
  const id = kind && decodeId(kind, text);
  if (!kind || !id) return null;
  return (await readers.get(kind)?.(context, id)) ?? null;
}

@Resolver()
export class NodeResolver {
  @Allow('PUBLIC')
  @Query(() => Node, {
    nullable: true,
    description: 'Reads anything again by its id; null when it is not there or not yours to see.',
  })
  node(
    @Ctx() context: Context,
    @Arg('id', () => ID, { description: 'An id from an earlier answer.' }) id: string,
  ): Promise<object | null> {
    return readNode(context, id);
  }

  @Allow('PUBLIC')
  @Query(() => [Node], {
    nullable: 'items',
    description: `As \`node\`, for up to ${MAX_IDS} ids at once; the answers stand in the order of the ids.`,
  })
  nodes(
    @Ctx() context: Context,
    @Arg('ids', () => [ID], { description: 'Ids from earlier answers.' }) ids: string[],
  ): Promise<(object | null)[]> {
    if (ids.length > MAX_IDS) throw badInput(`ask for at most ${MAX_IDS} ids at once`);
    return Promise.all(ids.map((id) => readNode(context, id)));
  }
}
