/** What a board says about a number of free spots. */
export type Shown =
  { readonly kind: 'COUNT'; readonly free: number } | { readonly kind: 'FEW' } | { readonly kind: 'FULL' };

/** Under this a number changes faster than a driver reaches the spot: the board says "few". The server's first paint says the same. */
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

/** A number that nobody has confirmed for so long is nobody's truth any more. */
const STALE_AFTER_MS = 30_000;

/** Whether the last confirmation (a count, or the server's word that it still holds) is too old for the number to be shown. */
export function isStale(confirmedAtMs: number, nowMs: number): boolean {
  return nowMs - confirmedAtMs > STALE_AFTER_MS;
}
