/** An opening of a gate; instants in ms since 1970. */
export interface OpeningInTime {
  readonly scanId: string;
  readonly at: number;
}

/** A vehicle over the loop. */
export interface PassageInTime {
  readonly id: string;
  readonly at: number;
  readonly outcome: 'PASSED' | 'BACKED_OUT';
}

/** So long an opened gate waits for its vehicle. */
export const OPENING_HOLDS_MS = 120_000;
/** Two clocks may be so far apart. */
const SLACK_MS = 3000;

/**
 * Brings together what passed one gate with what opened it, in the order of time: each opening is for one vehicle, and each vehicle that
 * passed takes the oldest opening that still held for it. One that backed out takes the newest: whoever was let in before it is through. A
 * passage without one is left out.
 */
export function matchPassages(
  passages: readonly PassageInTime[],
  openings: readonly OpeningInTime[],
): ReadonlyMap<string, string> {
  const left = [...openings].sort((a, b) => a.at - b.at || (a.scanId < b.scanId ? -1 : 1));
  const matched = new Map<string, string>();
  for (const { id, at, outcome } of [...passages].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))) {
    const holds = (opening: OpeningInTime) => opening.at <= at + SLACK_MS && opening.at >= at - OPENING_HOLDS_MS;
    const held = outcome === 'PASSED' ? left.findIndex(holds) : left.findLastIndex(holds);
    const [opening] = held < 0 ? [] : left.splice(held, 1);
    if (opening) matched.set(id, opening.scanId);
  }
  return matched;
}
