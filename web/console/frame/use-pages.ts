import { useEffect, useState } from 'preact/hooks';

/** A page of a list, as every connection of the interface has it. */
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor?: string | null };
}

/**
 * Puts the pages of a list together while `key` (what is asked for) stays the same. Give it the newest page and the cursor that it was
 * asked with; ask for the page after `after`.
 */
export function usePages<T extends { readonly id: string }>(
  key: string,
): {
  readonly after: string | null;
  readonly rows: (page: Page<T> | undefined) => readonly T[];
  readonly onMore: (page: Page<T> | undefined) => void;
  readonly restart: () => void;
} {
  const [before, setBefore] = useState<{ key: string; rows: readonly T[]; after: string | null }>(() => empty(key));
  const current = before.key === key ? before : empty<T>(key);
  useEffect(() => {
    if (before.key !== key) setBefore(empty(key));
  }, [key]);
  const rows = (page: Page<T> | undefined): readonly T[] => {
    const fresh = page?.nodes ?? [];
    const ids = new Set(fresh.map(({ id }) => id));
    return [...current.rows.filter(({ id }) => !ids.has(id)), ...fresh];
  };
  return {
    after: current.after,
    rows,
    onMore: (page) => setBefore({ key, rows: rows(page), after: page?.pageInfo.endCursor ?? null }),
    restart: () => setBefore(empty(key)),
  };
}

function empty<T>(key: string): { key: string; rows: readonly T[]; after: string | null } {
  return { key, rows: [], after: null };
}
