import { boardOf, hasRoomAtEveryInstant } from './reseat-board.ts';
import { withFewMoves } from './reseat-few-moves.ts';
import { withPushing } from './reseat-pushing.ts';
import { withAnyMoves } from './reseat-sweep.ts';
import type { SpotType } from './spot-type.ts';

/** What a spot has room for, in cm; null: it has no such limit. */
export interface SpotRoom {
  readonly maxHeightCm: number | null;
  readonly maxLengthCm: number | null;
}

/** A spot in service. */
export interface ReseatSpot extends SpotRoom {
  readonly id: string;
  readonly spotType: SpotType;
}

/** A live claim of one of the spots; instants in ms since 1970, half-open. Two claims of one spot never overlap. */
export interface ReseatClaim {
  readonly id: string;
  readonly spotId: string;
  readonly startsAt: number;
  readonly endsAt: number;
  /** The types it may move to, to spots with at least the room of its own; empty: it stays where it is. */
  readonly mayMoveTo: readonly SpotType[];
}

/** Who wants a spot for a period: a request, or a driver whose spot is no longer to be had. */
export interface ReseatWish {
  readonly startsAt: number;
  readonly endsAt: number;
  readonly spotTypes: readonly SpotType[];
  /** Only this spot will do. */
  readonly spotId?: string;
  /** The room that was promised; any unless told. */
  readonly room?: SpotRoom;
}

export interface ReseatProblem {
  /** Those one would rather take come first. */
  readonly spots: readonly ReseatSpot[];
  readonly claims: readonly ReseatClaim[];
  readonly wish: ReseatWish;
}

export interface ReseatMove {
  readonly claimId: string;
  readonly spotId: string;
}

/**
 * FITS: `spotId` is free for the wish once the moves are made, all at once. NONE: proven, there is no such set of moves; NO_ROOM when at
 * one instant already all spots are needed by others, TRIED_ALL when every way was tried. GAVE_UP: not found within the bound.
 */
export type Reseating = { readonly steps: number } & (
  | { readonly outcome: 'FITS'; readonly spotId: string; readonly moves: readonly ReseatMove[] }
  | { readonly outcome: 'NONE'; readonly because: 'NO_ROOM' | 'TRIED_ALL' }
  | { readonly outcome: 'GAVE_UP' }
);

/** A step is one look at one spot for one claim: some tens of nanoseconds, so the bound is about ten milliseconds. */
export const RESEAT_STEPS = 200_000;

/**
 * Finds moves of movable claims that make room for a wish, few where few will do: one or two, then whoever is pushed, then all at once. Exact
 * for spots that are alike when only claims that hold now stay: then the wish fits if and only if at no instant of its period all spots are
 * taken. Otherwise (pinned claims ahead, limits, several types) the question has no fast exact answer, and the search is bounded.
 */
export function reseat(problem: ReseatProblem, { maxSteps = RESEAT_STEPS }: { maxSteps?: number } = {}): Reseating {
  const board = boardOf(problem);
  const budget = { left: maxSteps };
  const steps = () => maxSteps - Math.max(0, budget.left);
  if (!hasRoomAtEveryInstant(board)) return { outcome: 'NONE', because: 'NO_ROOM', steps: 0 };
  const found =
    withFewMoves(board, budget, maxSteps / 10) ??
    withPushing(board, budget, (maxSteps * 7) / 10) ??
    withAnyMoves(board, budget);
  if (found === 'NONE') return { outcome: 'NONE', because: 'TRIED_ALL', steps: steps() };
  if (found === 'GAVE_UP') return { outcome: 'GAVE_UP', steps: steps() };
  return { outcome: 'FITS', ...found, steps: steps() };
}

/** Whether there is room for the wish at each instant of its period, taken by itself. Where not, no search is needed; where so, it may fit. */
export function hasRoom(problem: ReseatProblem): boolean {
  return hasRoomAtEveryInstant(boardOf(problem));
}
