import { invalid } from './problem.ts';
import type { Store } from './store.ts';

const MAX_LEVELS = 4;

/** Replaces the ids on the given paths by their objects, in a copy. `refunds` of a charge exists only when asked for. */
export function expand(store: Store, answer: object, paths: string[]): object {
  const copy: unknown = structuredClone(answer);
  for (const path of paths) {
    const segments = path.split('.');
    if (segments.length > MAX_LEVELS)
      throw invalid(`You cannot expand more than ${MAX_LEVELS} levels: ${path}`, { param: 'expand' });
    walk(store, copy, segments);
  }
  return copy as object;
}

function walk(store: Store, at: unknown, segments: string[]): void {
  const [name, ...rest] = segments;
  if (name === undefined || at === null || typeof at !== 'object') return;
  if (Array.isArray(at)) {
    for (const entry of at) walk(store, entry, segments);
    return;
  }
  const holder = at as Record<string, unknown>;
  addRefunds(store, holder, name);
  if (!Object.hasOwn(holder, name)) throw invalid(`This property cannot be expanded (${name}).`, { param: 'expand' });
  const value = holder[name];
  if (typeof value === 'string') {
    const found = store.byId(value);
    if (found === undefined) throw invalid(`This property cannot be expanded (${name}).`, { param: 'expand' });
    holder[name] = structuredClone(found);
  }
  walk(store, holder[name], rest);
}

function addRefunds(store: Store, holder: Record<string, unknown>, name: string): void {
  if (name !== 'refunds' || holder['object'] !== 'charge') return;
  const data = store.refunds.newestFirst().filter((refund) => refund.charge === holder['id']);
  holder['refunds'] = {
    object: 'list',
    data: structuredClone(data),
    has_more: false,
    url: `/v1/charges/${String(holder['id'])}/refunds`,
  };
}
