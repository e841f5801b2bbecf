import { useEffect, useState } from 'preact/hooks';

const BASE = '/console';

/** Where the console stands: the parts of its address after /console, and its question. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();

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

/** Shows another view. With `replace` the one before can't be gone back to. */
export function go(address: string, { replace = false } = {}): void {
  const isElsewhere = new URL(address, location.href).pathname !== location.pathname;
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  if (isElsewhere && !replace) scrollTo(0, 0);
  for (const listener of listeners) listener();
}

/** The place now, and again whenever it changes. */
export function usePlace(): Place {
  const [place, setPlace] = useState(read);
  useEffect(() => {
    const look = () => setPlace(read());
    listeners.add(look);
    addEventListener('popstate', look);
    return () => {
      listeners.delete(look);
      removeEventListener('popstate', look);
    };
  }, []);
  return place;
}

/** Follows links of the console without loading it anew; those that open elsewhere are left to the browser. */
export function followLinks(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey) return;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  if (!link || !href?.startsWith(BASE) || link.hasAttribute('download') || link.hasAttribute('target')) return;
  event.preventDefault();
  go(href);
}

function read(): Place {
  const parts = location.pathname
    .slice(BASE.length)
    .split('/')
    .filter((part) => part !== '')
    .map(decoded);
  return { parts, query: new URLSearchParams(location.search) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
