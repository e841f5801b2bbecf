import { matchPlate, type PlateEye, type PlateMatch, type PlateSight } from '../domain/match-plate.ts';
import { confusionsBetween } from '../domain/plate.ts';
import type { PlateMatchingPolicy } from '../domain/policies.ts';
import type { PlateVault } from '../platform/plate-vault.ts';

/** Something that is expected here under a plate: a right or a stay. */
export interface Expected {
  readonly plateIndex: string | null;
  readonly plateCipher: string | null;
  readonly plateCountry?: string | null | undefined;
  /** True for one that is not expected here now: only its very plate means it. */
  readonly onlyExactly?: boolean;
  /** What a mistake about it would cost; absent: nothing. */
  readonly stakeMinor?: number;
}

/** `matchPlate` where plates can be opened: the differences between what was read and what is expected are counted. */
export function meantByPlate<T extends Expected>(
  vault: PlateVault,
  lotId: string,
  seen: {
    readonly sight: PlateSight;
    readonly expected: readonly T[];
    readonly policy?: PlateMatchingPolicy | undefined;
  },
): PlateMatch<T> {
  const read = vault.exactIndex(lotId, seen.sight.read.plate);
  const expected = seen.expected.filter(({ onlyExactly, plateIndex }) => onlyExactly !== true || plateIndex === read);
  const eye: PlateEye<T> = {
    keyOf: ({ plateIndex }) => plateIndex,
    keyOfPlate: (plate) => vault.exactIndex(lotId, plate),
    confusions: ({ plateCipher }, plate) =>
      plateCipher === null ? undefined : confusionsBetween(vault.open(plateCipher), plate),
    countryOf: ({ plateCountry }) => plateCountry,
    stakeMinorOf: ({ stakeMinor = 0 }) => stakeMinor,
  };
  return matchPlate(seen.sight, expected, { eye, policy: seen.policy });
}
