import { useEffect, useState } from 'preact/hooks';

const BASE = '/app';

/** Where the page stands: the parts of its address after /app, and its question. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

const listeners = new Set<() => void>();

/** The address of a view of this page: `addressOf('lots', 'HEL1')`. */
export function addressOf(...parts: readonly string[]): string {
  return [BASE, ...parts.map(encodeURIComponent)].join('/');
}

/** Shows another view. With `replace` the one before can't be gone back to. */
export function go(address: string, { replace = false } = {}): void {
  if (replace) history.replaceState(null, '', address);
  else history.pushState(null, '', address);
  if (!replace) scrollTo(0, 0);
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

/** Follows links of this page without loading it anew; those that open elsewhere are left to the browser. */
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
