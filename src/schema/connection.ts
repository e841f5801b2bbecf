import { ArgsType, Field, Int, ObjectType, type ClassType } from 'type-graphql';
import { Allow } from './access.ts';
import { badInput, type CodedError } from './coded-errors.ts';

export const PAGE_SIZE_DEFAULT = 20;
export const PAGE_SIZE_MAX = 100;
const CURSOR_MAX_LENGTH = 512;

@Allow('PUBLIC')
@ObjectType('PageInfo', { description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there is more after `endCursor`.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, { description: 'Whether there is something before `startCursor`.' })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'Cursor of the first edge; null for an empty page.' })
  startCursor!: string | null;

  @Field(() => String, { nullable: true, description: 'Cursor of the last edge; null for an empty page.' })
  endCursor!: string | null;
}

@ArgsType()
export class ConnectionArgs {
  @Field(() => Int, {
    nullable: true,
    description: `How many from the start of what is asked for, 1 to ${PAGE_SIZE_MAX}; ${PAGE_SIZE_DEFAULT} when neither \`first\` nor \`last\` is given.`,
  })
  first?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes after this cursor.' })
  after?: string | null;

  @Field(() => Int, {
    nullable: true,
    description: `How many from the end of what is asked for, 1 to ${PAGE_SIZE_MAX}.`,
  })
  last?: number | null;

  @Field(() => String, { nullable: true, description: 'Only what comes before this cursor.' })
  before?: string | null;
}

/** What to read for a page: `limit` is one more than the page, so that the reader learns whether there is more. */
export interface PageRequest {
  readonly size: number;
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  /** The key after (BACKWARD: before) which the page begins; undefined: from the end of the list. */
  readonly from: readonly string[] | undefined;
}

/** Checks paging arguments. Throws BAD_USER_INPUT for a size out of range, two directions at once, or a cursor that is none of ours. */
export function pageRequest(args: ConnectionArgs): PageRequest {
  const { first, last, after, before } = args;
  if (first != null && last != null) throw badInput('send `first` or `last`, not both');
  if ((last != null && after != null) || (last == null && before != null)) {
    throw badInput('`after` goes with `first`, `before` goes with `last`');
  }
  const size = last ?? first ?? PAGE_SIZE_DEFAULT;
  if (size < 1 || size > PAGE_SIZE_MAX) throw badInput(`a page has 1 to ${PAGE_SIZE_MAX} entries`);
  const cursor = last == null ? after : before;
  return {
    size,
    limit: size + 1,
    direction: last == null ? 'FORWARD' : 'BACKWARD',
    from: cursor == null ? undefined : readCursor(cursor),
  };
}

/** The opaque cursor of a row: its sort key. */
export function cursorOf(key: readonly string[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** The refusal of a cursor that the list at hand has not given. */
export function foreignCursor(): CodedError {
  return badInput('a cursor must come from an earlier answer of the same list');
}

function readCursor(cursor: string): readonly string[] {
  const key: unknown = cursor.length <= CURSOR_MAX_LENGTH ? parseKey(cursor) : undefined;
  if (!isKey(key)) throw foreignCursor();
  return key;
}

function isKey(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((part) => typeof part === 'string' && !part.includes('\0'));
}

function parseKey(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

export interface Connection<T> {
  readonly edges: readonly { readonly cursor: string; readonly node: T }[];
  readonly nodes: readonly T[];
  readonly pageInfo: PageInfo;
  readonly totalCount?: number | null;
}

/** Shapes what was read with `request.limit`, nearest to `from` first, into a page. A BACKWARD page is turned round to the list's order. */
export function connectionFrom<T>(
  rows: readonly T[],
  request: PageRequest,
  keyOf: (row: T) => readonly string[],
): Connection<T> {
  const more = rows.length > request.size;
  const page = rows.slice(0, request.size);
  if (request.direction === 'BACKWARD') page.reverse();
  const edges = page.map((node) => ({ cursor: cursorOf(keyOf(node)), node }));
  const forward = request.direction === 'FORWARD';
  return {
    edges,
    nodes: page,
    pageInfo: {
      hasNextPage: forward ? more : request.from !== undefined,
      hasPreviousPage: forward ? request.from !== undefined : more,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
  };
}

/**
 * The connection type of a list: `LotConnection` with `edges`, `nodes`, `pageInfo`, and `totalCount` where it is cheap.
 * Call it once per type, at module level; the class that comes back goes into `@Query(() => …)`.
 */
export function connectionType<T extends object>(
  nodeType: ClassType<T>,
  options: { name: string; plural: string; countable: boolean },
): ClassType<Connection<T>> {
  @Allow('PUBLIC')
  @ObjectType(`${options.name}Edge`, { description: `One of the ${options.plural} and its place in the list.` })
  class Edge {
    @Field(() => String, { description: 'Send it as `after` or `before` to go on from here.' })
    cursor!: string;

    @Field(() => nodeType, { description: `The ${options.name} itself.` })
    node!: T;
  }

  @Allow('PUBLIC')
  @ObjectType(`${options.name}Connection`, { description: `A page of ${options.plural}.` })
  class Page {
    @Field(() => [Edge], { description: 'The page with cursors.' })
    edges!: Edge[];

    @Field(() => [nodeType], { description: 'The page without cursors.' })
    nodes!: T[];

    @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
    pageInfo!: PageInfo;
  }
  if (options.countable) {
    Field(() => Int, { nullable: true, description: `How many ${options.plural} the whole list has.` })(
      Page.prototype,
      'totalCount',
    );
  }
  return Page;
}
