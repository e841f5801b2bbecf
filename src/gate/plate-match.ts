import type { PlateVault } from '../platform/plate-vault.ts';

/** Something that is expected here under a plate: a right or a stay. */
export interface Expected {
  readonly plateIndex: string | null;
  readonly plateCipher: string | null;
}

/** EXACT: the plate itself. CONFUSED: one character apart, in a way cameras err, and nothing else is. AMBIGUOUS: several could be meant. */
export type PlateMatch<T> =
  | { readonly match: 'EXACT' | 'CONFUSED'; readonly found: readonly T[] }
  | { readonly match: 'NONE' | 'AMBIGUOUS'; readonly found: readonly [] };

/**
 * Finds which of the expected is meant by a reading. The reading itself wins over the camera's other guesses, both over plates that
 * differ from the reading in one confusable character; more than one such difference is no match. Several records of one plate are
 * one match; records of different plates are AMBIGUOUS, because nobody is guessed.
 */
export function matchPlate<T extends Expected>(
  vault: PlateVault,
  lotId: string,
  read: { readonly plates: readonly [string, ...string[]]; readonly expected: readonly T[] },
): PlateMatch<T> {
  const [text, ...guesses] = read.plates;
  const exactly = (plate: string) => {
    const index = vault.exactIndex(lotId, plate);
    return read.expected.filter(({ plateIndex }) => plateIndex === index);
  };
  const exact = exactly(text);
  if (exact.length > 0) return { match: 'EXACT', found: exact };
  const guessed = ofOnePlate(guesses.flatMap(exactly));
  if (guessed.match !== 'NONE') return guessed;
  const close = read.expected.filter(
    ({ plateCipher }) => plateCipher !== null && differences(vault.open(plateCipher), text) === 1,
  );
  return ofOnePlate(close);
}

function ofOnePlate<T extends Expected>(found: readonly T[]): PlateMatch<T> {
  const plates = new Set(found.map(({ plateIndex }) => plateIndex));
  if (plates.size === 0) return { match: 'NONE', found: [] };
  return plates.size === 1 ? { match: 'CONFUSED', found } : { match: 'AMBIGUOUS', found: [] };
}

/** In how many places two plates of one skeleton differ; plates of different length have different skeletons. */
function differences(a: string, b: string): number {
  const others = [...b];
  return [...a].filter((character, index) => character !== others[index]).length;
}
