import type Stripe from 'stripe';
import type { Params } from './params.ts';
import { invalid, missing } from './problem.ts';

const PAGE_PARAMS = ['limit', 'starting_after', 'ending_before', 'created', 'expand'];

/** The parameters that every list takes, for `Params.allow`. */
export function listParams(...own: string[]): string[] {
  return [...PAGE_PARAMS, ...own];
}

/** One page of rows that come newest first, by Stripe's cursors and its `created` filter. */
export function page<T extends { id: string; created: number }>(
  newestFirst: T[],
  params: Params,
  url: string,
): Stripe.ApiList<T> {
  const limit = params.integer('limit') ?? 10;
  if (limit < 1 || limit > 100) throw invalid('This value must be between 1 and 100 (inclusive).', { param: 'limit' });
  const inTime = newestFirst.filter(createdFilter(params));
  const after = params.text('starting_after');
  const before = params.text('ending_before');
  if (after !== undefined && before !== undefined)
    throw invalid('You can only provide one of starting_after and ending_before.');
  if (before !== undefined) {
    const end = positionOf(inTime, before, 'ending_before');
    const start = Math.max(0, end - limit);
    return { object: 'list', data: inTime.slice(start, end), has_more: start > 0, url };
  }
  const start = after === undefined ? 0 : positionOf(inTime, after, 'starting_after') + 1;
  return { object: 'list', data: inTime.slice(start, start + limit), has_more: inTime.length > start + limit, url };
}

function positionOf(rows: { id: string }[], id: string, param: string): number {
  const at = rows.findIndex((row) => row.id === id);
  if (at < 0) throw missing('object', id, param);
  return at;
}

type Comparison = (created: number, bound: number) => boolean;

const COMPARISONS = new Map<string, Comparison>([
  ['gt', (created, bound) => created > bound],
  ['gte', (created, bound) => created >= bound],
  ['lt', (created, bound) => created < bound],
  ['lte', (created, bound) => created <= bound],
]);

function createdFilter(params: Params): (row: { created: number }) => boolean {
  if (!params.has('created')) return () => true;
  const range = plainNumber(params) === undefined ? params.group('created') : undefined;
  const exact = plainNumber(params);
  if (exact !== undefined) return (row) => row.created === exact;
  range?.allow(...COMPARISONS.keys());
  return (row) =>
    [...COMPARISONS].every(([name, holds]) => {
      const bound = range?.integer(name);
      return bound === undefined || holds(row.created, bound);
    });
}

function plainNumber(params: Params): number | undefined {
  try {
    return params.integer('created');
  } catch {
    return undefined; // it is a range
  }
}
