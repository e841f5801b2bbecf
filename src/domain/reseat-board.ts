import type { ReseatProblem, ReseatSpot, SpotRoom } from './reseat.ts';
import type { SpotType } from './spot-type.ts';

/** A claim or the wish, as the search sees it. */
export interface Sitter {
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** The place of its spot among the board's; -1: it has none. */
  readonly home: number;
  /** By kind of spot, whether it may go there; undefined: it stays. */
  readonly mayGo: readonly boolean[] | undefined;
  /** The one spot that will do. */
  readonly only: number | undefined;
}

/** The problem with its spots numbered, and those that are alike (type, room) of one kind. */
export interface Board {
  readonly spots: readonly ReseatSpot[];
  readonly kindOf: readonly number[];
  /** How many spots there are of a kind. */
  readonly kindSizes: readonly number[];
  /** The claims of each spot, by their start. */
  readonly bySpot: readonly (readonly Sitter[])[];
  readonly wish: Sitter;
}

/** How many looks are left; shared by all parts of a search. */
export interface SearchBudget {
  left: number;
}

export interface FoundSeats {
  readonly spotId: string;
  readonly moves: readonly { readonly claimId: string; readonly spotId: string }[];
}

export function boardOf({ spots, claims, wish }: ReseatProblem): Board {
  const kinds = new Kinds(spots);
  const placeOf = new Map(spots.map(({ id }, place) => [id, place]));
  const bySpot: Sitter[][] = spots.map(() => []);
  for (const { id, spotId, startsAt, endsAt, mayMoveTo } of claims) {
    const home = placeOf.get(spotId);
    const spot = home === undefined ? undefined : spots[home];
    // Of a spot that is not there nothing is taken.
    if (home === undefined || spot === undefined) continue;
    const mayGo = mayMoveTo.length === 0 ? undefined : kinds.open(mayMoveTo, spot);
    bySpot[home]?.push({ id, startsAt, endsAt, home, mayGo, only: undefined });
  }
  for (const ofSpot of bySpot) ofSpot.sort((a, b) => a.startsAt - b.startsAt);
  const { startsAt, endsAt } = wish;
  const only = wish.spotId === undefined ? undefined : (placeOf.get(wish.spotId) ?? -1);
  const mayGo = kinds.open(wish.spotTypes, wish.room);
  const sitter = { id: '', startsAt, endsAt, home: -1, mayGo, only };
  return { spots, kindOf: kinds.of, kindSizes: kinds.sizes, bySpot, wish: sitter };
}

class Kinds {
  readonly of: number[] = [];
  readonly sizes: number[] = [];
  private readonly examples: ReseatSpot[] = [];
  private readonly known = new Map<string, readonly boolean[]>();

  constructor(spots: readonly ReseatSpot[]) {
    const numbers = new Map<string, number>();
    for (const spot of spots) {
      const name = `${spot.spotType}|${roomText(spot)}`;
      const kind = numbers.get(name) ?? numbers.size;
      if (!numbers.has(name)) this.examples.push(spot);
      numbers.set(name, kind);
      this.of.push(kind);
      this.sizes[kind] = (this.sizes[kind] ?? 0) + 1;
    }
  }

  /** Which kinds are of one of the types and have at least that room. */
  open(types: readonly SpotType[], room: SpotRoom | undefined): readonly boolean[] {
    const name = `${types.join()}|${room === undefined ? 'any' : roomText(room)}`;
    const known =
      this.known.get(name) ??
      this.examples.map((spot) => types.includes(spot.spotType) && (room === undefined || isAsRoomy(spot, room)));
    this.known.set(name, known);
    return known;
  }
}

function roomText({ maxHeightCm, maxLengthCm }: SpotRoom): string {
  return `${maxHeightCm}x${maxLengthCm}`;
}

function isAsRoomy(spot: SpotRoom, asked: SpotRoom): boolean {
  const holds = (limit: number | null, needed: number | null) => limit === null || (needed !== null && limit >= needed);
  return holds(spot.maxHeightCm, asked.maxHeightCm) && holds(spot.maxLengthCm, asked.maxLengthCm);
}

/** Whether it may stand on a spot: on its own always, on another one if it moves at all and the spot is of a kind that will do. */
export function mayTake(board: Board, sitter: Sitter, place: number): boolean {
  if (place === sitter.home) return true;
  if (sitter.only !== undefined) return place === sitter.only;
  return sitter.mayGo?.[board.kindOf[place] ?? -1] === true;
}

/**
 * Whether at each instant of the wish's period, taken by itself, all who are there then and the wish can have a spot each. Where not, no
 * moves help. Only starts need to be looked at: nowhere else do spots become fewer.
 */
export function hasRoomAtEveryInstant(board: Board): boolean {
  const { startsAt, endsAt } = board.wish;
  const there = board.bySpot.flat().filter((claim) => claim.startsAt < endsAt && startsAt < claim.endsAt);
  const starts = there.map((claim) => claim.startsAt).filter((at) => at > startsAt);
  for (const at of new Set([startsAt, ...starts])) {
    const now = there.filter((claim) => claim.startsAt <= at && at < claim.endsAt);
    if (!hasRoom(board, now)) return false;
  }
  return true;
}

/** A free spot is reached from the wish over claims that give way to each other: alternating paths, by kind. */
function hasRoom(board: Board, there: readonly Sitter[]): boolean {
  const { kindOf, kindSizes, wish } = board;
  const free = [...kindSizes];
  const waysOut = kindSizes.map((): Set<readonly boolean[]> => new Set());
  for (const { home, mayGo } of there) {
    const kind = kindOf[home] ?? -1;
    free[kind] = (free[kind] ?? 0) - 1;
    if (mayGo !== undefined) waysOut[kind]?.add(mayGo);
  }
  const first = firstKinds(board, there);
  if (first === 'FREE') return true;
  const reached = new Set<number>();
  const open = (ways: readonly boolean[]) => kindSizes.forEach((_, kind) => ways[kind] === true && reached.add(kind));
  open(first ?? wish.mayGo ?? []);
  // A set that grows while it is walked is walked to its end.
  for (const kind of reached) {
    if ((free[kind] ?? 0) > 0) return true;
    for (const ways of waysOut[kind] ?? []) open(ways);
  }
  return false;
}

/** For a wish of one spot: where whoever stands there may go. */
function firstKinds({ wish }: Board, there: readonly Sitter[]): readonly boolean[] | 'FREE' | undefined {
  if (wish.only === undefined) return undefined;
  if (wish.only < 0) return [];
  const holder = there.find(({ home }) => home === wish.only);
  return holder === undefined ? 'FREE' : (holder.mayGo ?? []);
}
