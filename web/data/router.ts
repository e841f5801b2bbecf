import { useEffect, useState } from 'preact/hooks';

/** Where a page stands: the parts of its address after its own, and its question. */
export interface Place {
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
}

/** How a page goes from view to view without being loaded anew. */
export interface Router {
  /** Shows another view. With `replace` the one before can't be gone back to. */
  readonly go: (address: string, options?: { replace?: boolean }) => void;
  /** The place now, and again whenever it changes. */
  readonly usePlace: () => Place;
  /** Follows links of this page; those that open elsewhere are left to the browser. */
  readonly followLinks: (event: MouseEvent) => void;
}

/** The router of the page whose address begins so. */
export function openRouter(base: string): Router {
  const listeners = new Set<() => void>();
  const read = (): Place => placeAfter(base);
  const go: Router['go'] = (address, { replace = false } = {}) => {
    const isElsewhere = new URL(address, location.href).pathname !== location.pathname;
    if (replace) history.replaceState(null, '', address);
    else history.pushState(null, '', address);
    if (isElsewhere && !replace) scrollTo(0, 0);
    for (const listener of listeners) listener();
  };
  return {
    go,
    usePlace: () => {
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
    },
    followLinks: (event) => {
      const address = addressWithin(base, event);
      if (address === undefined) return;
      event.preventDefault();
      go(address);
    },
  };
}

/** Where a press on a link of this page leads; undefined when the browser shall follow it, or there is none. */
function addressWithin(base: string, event: MouseEvent): string | undefined {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey)
    return undefined;
  const link = event.target instanceof Element ? event.target.closest('a[href]') : null;
  const href = link?.getAttribute('href');
  if (!link || !href?.startsWith(base) || link.hasAttribute('download') || link.hasAttribute('target'))
    return undefined;
  return href;
}

function placeAfter(base: string): Place {
  const parts = location.pathname
    .slice(base.length)
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
