import { DEFAULT_PLATE_MATCHING, type PlateMatchingPolicy } from './policies.ts';
import { otherSpellings } from './plate-forms.ts';

/** One thing a camera says a plate may be: normalised, with its confidence (0 to 1) where it told one. */
export interface PlateGuess {
  readonly plate: string;
  readonly confidence?: number | undefined;
}

/** What stands at a gate, as it was read or typed. */
export interface PlateSight {
  /** The reading. */
  readonly read: PlateGuess;
  /** What else the camera thought it could be, best first. */
  readonly others: readonly PlateGuess[];
  /** ISO 3166-1 alpha-2, if the camera knows. */
  readonly country?: string | undefined;
}

/**
 * How the matcher compares a plate in clear with one that is expected, whose holder is the caller: the server opens its ciphertext, a
 * lane has keyed indexes alone.
 */
export interface PlateEye<T> {
  /** What two of the expected have in common that have one plate: its exact index; null for one without a plate. */
  readonly keyOf: (expected: T) => string | null;
  /** The same of a plate in clear. */
  readonly keyOfPlate: (plate: string) => string;
  /** In how many confusable characters they differ, undefined when otherwise too. A lane says 1 for every other plate of one skeleton. */
  readonly confusions: (expected: T, plate: string) => number | undefined;
  /** Where its plate is from, if that is known. */
  readonly countryOf: (expected: T) => string | null | undefined;
  /** What a mistake about it would cost, in minor units of the lot's currency: what was paid for it, or what it owes. */
  readonly stakeMinorOf: (expected: T) => number;
}

/** EXACT: the plate itself. CONFUSED: another spelling, as sure as what is at stake asks for. AMBIGUOUS: several could be meant, or it is not sure enough. */
export type PlateMatch<T> =
  | { readonly match: 'EXACT' | 'CONFUSED'; readonly found: readonly T[] }
  | { readonly match: 'NONE' | 'AMBIGUOUS'; readonly found: readonly [] };

const NONE = { match: 'NONE', found: [] } as const;
const AMBIGUOUS = { match: 'AMBIGUOUS', found: [] } as const;

/** What is left of a reading's sureness with each character that would have been confused. */
const SURENESS_PER_CONFUSION = 0.8;
/** A spelling that follows from how its country builds plates. */
const SURENESS_OF_SPELLING = 0.9;
/** Two plates that look alike are both expected: only a reading as sure as this tells one from the other. */
const SURE_AMONG_TWINS = 0.9;
/** The sureness of anything but the exact plate when nothing is at stake. */
const LEAST_SURENESS = 0.3;

/** Every plate in clear under which a sight may be looked for, the reading first. Those it looks alike are found by their skeletons. */
export function platesOf({ read, others, country }: PlateSight): readonly string[] {
  return [...new Set([read.plate, ...others.map(({ plate }) => plate), ...otherSpellings(read.plate, country)])];
}

/**
 * Finds which of the expected a sight means; give it only those that are expected at this lot now. The reading itself comes first.
 * Without it the camera's other guesses, the spellings of its country and plates within `maxConfusions` of the reading (those with one
 * before those with two) are taken together: if they all mean one plate, that is CONFUSED; two plates are AMBIGUOUS, because
 * nobody is guessed. The more is at stake, the surer it must be (`surenessNeeded`); a doubt is AMBIGUOUS too. So is an exact reading
 * that is not sure where a plate that looks like it is expected as well. Several of the expected with one plate are one
 * match. The order of the expected does not matter.
 */
export function matchPlate<T>(
  sight: PlateSight,
  expected: readonly T[],
  {
    eye,
    policy = DEFAULT_PLATE_MATCHING,
  }: { readonly eye: PlateEye<T>; readonly policy?: PlateMatchingPolicy | undefined },
): PlateMatch<T> {
  const candidates = expected.filter((one) => eye.keyOf(one) !== null);
  if (candidates.length === 0) return NONE;
  const key = eye.keyOfPlate(sight.read.plate);
  const exact = candidates.filter((one) => eye.keyOf(one) === key);
  const alike = alikeTo(
    sight,
    candidates.filter((one) => eye.keyOf(one) !== key),
    eye,
  );
  if (exact.length > 0) return isToldApart(sight, alike) ? { match: 'EXACT', found: exact } : AMBIGUOUS;
  for (const most of [1, policy.maxConfusions]) {
    const close = alike.filter(({ confusions }) => confusions <= Math.min(most, policy.maxConfusions));
    if (close.length > 0) return ofOnePlate(close, { eye, policy });
  }
  return NONE;
}

/** How sure anything but the exact plate must be (0 to 1) for what is at stake: rises evenly; above 1 nothing is. */
export function surenessNeeded({ exactFromMinor }: PlateMatchingPolicy, stakeMinor: number): number {
  if (stakeMinor >= exactFromMinor) return Number.POSITIVE_INFINITY;
  return LEAST_SURENESS + (1 - LEAST_SURENESS) * (Math.max(0, stakeMinor) / exactFromMinor);
}

/** An expected one whose plate is not the one that was read, and how sure it is that it was meant all the same. */
interface Alike<T> {
  readonly one: T;
  readonly sureness: number;
  /** 0 for what the camera itself or its country's plates suggest. */
  readonly confusions: number;
}

function alikeTo<T>(sight: PlateSight, expected: readonly T[], eye: PlateEye<T>): readonly Alike<T>[] {
  if (expected.length === 0) return [];
  const suggested = new Map(suggestions(sight).map(({ plate, sureness }) => [eye.keyOfPlate(plate), sureness]));
  const certain = sight.read.confidence ?? 1;
  return expected.flatMap((one): Alike<T>[] => {
    const country = eye.countryOf(one);
    if (sight.country !== undefined && country != null && country !== sight.country) return [];
    const sureness = suggested.get(eye.keyOf(one) ?? '');
    if (sureness !== undefined) return [{ one, sureness, confusions: 0 }];
    const confusions = eye.confusions(one, sight.read.plate);
    if (confusions === undefined || confusions === 0) return [];
    return [{ one, confusions, sureness: certain * SURENESS_PER_CONFUSION ** confusions }];
  });
}

/** What the camera or the country says instead of the reading; the surest last, so that it stands where one plate is said twice. */
function suggestions({ read, others, country }: PlateSight): readonly { plate: string; sureness: number }[] {
  const certain = read.confidence ?? 1;
  const spelled = otherSpellings(read.plate, country).map((plate) => ({
    plate,
    sureness: certain * SURENESS_OF_SPELLING,
  }));
  const guessed = others.map(({ plate, confidence }) => ({
    plate,
    // A camera's figures compare its guesses; they are no probabilities.
    sureness: confidence === undefined ? certain * SURENESS_PER_CONFUSION : Math.min(1, confidence / (certain || 1)),
  }));
  return [...spelled, ...guessed].sort((a, b) => a.sureness - b.sureness);
}

function isToldApart<T>({ read }: PlateSight, alike: readonly Alike<T>[]): boolean {
  const twins = alike.filter(({ confusions }) => confusions <= 1);
  if (twins.length === 0 || read.confidence === undefined) return true;
  const nearest = Math.max(...twins.map(({ confusions, sureness }) => (confusions === 0 ? sureness : 0)));
  return read.confidence >= SURE_AMONG_TWINS && nearest < 1;
}

function ofOnePlate<T>(
  close: readonly Alike<T>[],
  { eye, policy }: { readonly eye: PlateEye<T>; readonly policy: PlateMatchingPolicy },
): PlateMatch<T> {
  if (new Set(close.map(({ one }) => eye.keyOf(one))).size > 1) return AMBIGUOUS;
  const stakeMinor = Math.max(...close.map(({ one }) => eye.stakeMinorOf(one)));
  const sureness = Math.max(...close.map((alike) => alike.sureness));
  const isSure = sureness >= surenessNeeded(policy, stakeMinor);
  return isSure ? { match: 'CONFUSED', found: close.map(({ one }) => one) } : AMBIGUOUS;
}
