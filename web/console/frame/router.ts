import { openRouter } from '../../data/router.ts';

const BASE = '/console';

export const { go, usePlace, followLinks } = openRouter(BASE);

/** What goes along from view to view, so that a lot and a range that were chosen stay chosen. */
const KEPT = ['lot', 'from', 'until'] as const;

/**
 * The address of a view: `addressOf(['reservations', code], { states: 'NO_SHOW' })`. The lot and the days that are chosen go along unless
 * they are given anew; null takes one off.
 */
export function addressOf(parts: readonly string[] = [], asked: Readonly<Record<string, string | null>> = {}): string {
  const query = new URLSearchParams();
  const current = new URLSearchParams(location.search);
  for (const name of KEPT) if (current.has(name)) query.set(name, current.get(name) ?? '');
  for (const [name, value] of Object.entries(asked)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return [BASE, ...parts.map(encodeURIComponent)].join('/') + (text === '' ? '' : `?${text}`);
}

/** The same view with some of its question changed; null takes a part off. */
export function withQuery(asked: Readonly<Record<string, string | null>>): string {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(asked)) {
    if (value === null) query.delete(name);
    else query.set(name, value);
  }
  const text = query.toString();
  return location.pathname + (text === '' ? '' : `?${text}`);
}
