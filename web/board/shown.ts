/** What a board says about a number of free spots. */
export type Shown =
  { readonly kind: 'COUNT'; readonly free: number } | { readonly kind: 'FEW' } | { readonly kind: 'FULL' };

/** Under this a number changes faster than a driver reaches the spot: the board says "few". */
const FEW_UNDER = 5;
/** How many must be free before a board that said FULL or "few" takes it back, so that it doesn't flicker. */
const AGAIN_FEW_FROM = 2;
const AGAIN_COUNT_FROM = 7;

/**
 * What to show for `free` spots after `before` was shown (undefined: nothing yet). FULL at none, and until two are free again; FEW under
 * five, and until seven are free again; else the number.
 */
export function shownFor(free: number, before: Shown | undefined): Shown {
  const fewFrom = before?.kind === 'FULL' ? AGAIN_FEW_FROM : 1;
  const countFrom = before === undefined || before.kind === 'COUNT' ? FEW_UNDER : AGAIN_COUNT_FROM;
  if (free < fewFrom) return { kind: 'FULL' };
  return free < countFrom ? { kind: 'FEW' } : { kind: 'COUNT', free };
}

/** A number older than this is nobody's truth any more. */
const STALE_AFTER_MS = 30_000;

/** Whether what was heard last (a count, or a sign of life of the connection) is too old to be shown. */
export function isStale(heardAtMs: number | undefined, nowMs: number): boolean {
  return heardAtMs === undefined || nowMs - heardAtMs > STALE_AFTER_MS;
}

/** Where an arrow of a board points. */
export const WAYS = { up: '↑', down: '↓', left: '←', right: '→' } as const;
export type Way = keyof typeof WAYS;

/** Reads `?ways=0:left,1:up` of a board's address: the way to each level, by its place from the entrance. Anything else says nothing. */
export function readWays(query: string): ReadonlyMap<number, Way> {
  const pairs = (new URLSearchParams(query).get('ways') ?? '').split(',').map((pair) => pair.split(':'));
  return new Map(
    pairs.flatMap(([ordinal = '', way = '']) =>
      /^\d+$/.test(ordinal) && way in WAYS ? [[Number(ordinal), way as Way] as const] : [],
    ),
  );
}
