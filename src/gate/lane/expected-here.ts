import { matchPlate, platesOf, type PlateEye, type PlateSight } from '../../domain/match-plate.ts';
import type { BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import type { LotIndex } from './lot-index.ts';
import type { LaneQuestion } from './lane-verdict.ts';

/** What a credential may stand for at this lot. */
export type Expected =
  { readonly kind: 'RIGHT'; readonly right: BundleRight } | { readonly kind: 'STAY'; readonly stay: BundleStay };

/** CONFUSED: a plate that cameras take for the one that was read, and nothing else is near. */
export type Meant =
  | {
      readonly match: 'EXACT' | 'CONFUSED' | 'NONE';
      readonly rights: readonly BundleRight[];
      readonly stays: readonly BundleStay[];
    }
  | { readonly match: 'AMBIGUOUS' };

const NOBODY: Meant = { match: 'NONE', rights: [], stays: [] };

/** What an entry or an exit makes of those whose plates look alike. */
export interface Looking {
  /** Whether it may be the one, though its plate is not exactly the one that was read. */
  readonly isExpected: (one: Expected) => boolean;
  /** What a mistake about it would cost, in minor units. */
  readonly stakeMinorOf: (one: Expected) => number;
}

/** Which rights and walk-ins inside the credential means, of those that the lane knows. */
export function meantBy(question: LaneQuestion, { isExpected, stakeMinorOf }: Looking): Meant {
  const { credential, index, whereabouts } = question;
  switch (credential.kind) {
    case 'PASS':
      return exactly(index.right(credential.pass.reservationId), undefined);
    case 'CODE': {
      const stayId = whereabouts.stayIdOfCode(credential.code);
      const stay = stayId === undefined ? undefined : whereabouts.stayInside(stayId);
      return exactly(index.rightOfCode(credential.code), stay);
    }
    case 'PLATE': {
      const eye = { ...eyeOf(index), stakeMinorOf };
      const isHere = (one: Expected) => eye.keyOf(one) === credential.read.index || isExpected(one);
      const expected = expectedLike(question, credential.sight).filter(isHere);
      const policy = index.bundle.lot.policy.plateMatching;
      const { match, found } = matchPlate(credential.sight, expected, { eye, policy });
      return match === 'AMBIGUOUS' ? { match } : { match, ...split(found) };
    }
    default:
      return NOBODY;
  }
}

function exactly(right: BundleRight | undefined, stay: BundleStay | undefined): Meant {
  const rights = right === undefined ? [] : [right];
  const stays = stay === undefined ? [] : [stay];
  return rights.length + stays.length === 0 ? NOBODY : { match: 'EXACT', rights, stays };
}

function split(found: readonly Expected[]): { rights: BundleRight[]; stays: BundleStay[] } {
  return {
    rights: found.flatMap((one) => (one.kind === 'RIGHT' ? [one.right] : [])),
    stays: found.flatMap((one) => (one.kind === 'STAY' ? [one.stay] : [])),
  };
}

/** All whose plate looks like one that was seen; each once. */
function expectedLike({ index, whereabouts }: LaneQuestion, sight: PlateSight): Expected[] {
  const expected = new Map<string, Expected>();
  for (const plate of platesOf(sight)) {
    const { skeletonIndex } = index.indexesOf(plate);
    for (const right of index.rightsLike(skeletonIndex)) expected.set(right.reservationId, { kind: 'RIGHT', right });
    for (const stayId of whereabouts.stayIdsLike(skeletonIndex)) {
      const stay = whereabouts.stayInside(stayId);
      if (stay !== undefined) expected.set(stayId, { kind: 'STAY', stay });
    }
  }
  return [...expected.values()];
}

/** A lane has no plates in clear but those that it reads: one skeleton is one confusion. */
function eyeOf(index: LotIndex): Omit<PlateEye<Expected>, 'stakeMinorOf'> {
  const skeletonOf = (one: Expected) => (one.kind === 'RIGHT' ? one.right : one.stay).plateSkeletonIndex;
  return {
    keyOf: (one) => (one.kind === 'RIGHT' ? one.right : one.stay).plateIndex,
    keyOfPlate: (plate) => index.indexesOf(plate).index,
    confusions: (one, plate) => (skeletonOf(one) === index.indexesOf(plate).skeletonIndex ? 1 : undefined),
    countryOf: (one) => (one.kind === 'RIGHT' ? one.right.plateCountry : null),
  };
}
