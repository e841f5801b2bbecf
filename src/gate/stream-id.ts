/** What comes before every entry of a stream. */
export const BEFORE_FIRST = '0-0';

/** Compares two Redis stream ids (`milliseconds-sequence`): negative when `a` is older. */
export function compareStreamIds(a: string, b: string): number {
  const [aMs, aSequence] = parts(a);
  const [bMs, bSequence] = parts(b);
  if (aMs !== bMs) return aMs < bMs ? -1 : 1;
  return aSequence - bSequence;
}

/** The id right after. */
export function nextStreamId(id: string): string {
  const [ms, sequence] = parts(id);
  return `${ms}-${sequence + 1}`;
}

function parts(id: string): readonly [number, number] {
  const dash = id.indexOf('-');
  return [Number(id.slice(0, dash)), Number(id.slice(dash + 1))];
}

/** When an entry was written, by Redis' clock; ms since 1970. */
export function readStreamMs(id: string): number {
  return parts(id)[0];
}
