import { mayTake, type Board, type FoundSeats, type SearchBudget, type Sitter } from './reseat-board.ts';

/** So many can be tried out in every way. */
const MOST_MOVES = 2;

/**
 * Seats the wish with as few moves as possible: none, then one, then two. Whoever stands in the way looks for another spot, and may
 * push others. Undefined: not with so few, or not within `maxSteps` of the budget.
 */
export function withFewMoves(board: Board, budget: SearchBudget, maxSteps: number): FoundSeats | undefined {
  const reserved = Math.max(0, budget.left - maxSteps);
  for (let moves = 0; moves <= MOST_MOVES; moves++) {
    const search = new FewMoves(board, budget, reserved);
    if (search.place([board.wish], moves)) return search.found();
    if (budget.left <= reserved) return undefined;
  }
  return undefined;
}

class FewMoves {
  private readonly seats = new Map<Sitter, number>();
  private readonly pushed = new Set<Sitter>();
  private readonly board: Board;
  private readonly budget: SearchBudget;
  private readonly reserved: number;

  constructor(board: Board, budget: SearchBudget, reserved: number) {
    this.board = board;
    this.budget = budget;
    this.reserved = reserved;
  }

  /** Seats all of `waiting`, pushing at most `moves` others. */
  place(waiting: readonly Sitter[], moves: number): boolean {
    const [sitter, ...others] = waiting;
    if (sitter === undefined) return true;
    for (let place = 0; place < this.board.spots.length; place++) {
      if (--this.budget.left < this.reserved) return false;
      if (place === sitter.home || !mayTake(this.board, sitter, place)) continue;
      const inTheWay = this.inTheWay(sitter, place, moves);
      if (inTheWay === undefined) continue;
      this.seats.set(sitter, place);
      for (const one of inTheWay) this.pushed.add(one);
      if (this.place([...others, ...inTheWay], moves - inTheWay.length)) return true;
      this.seats.delete(sitter);
      for (const one of inTheWay) this.pushed.delete(one);
    }
    return false;
  }

  found(): FoundSeats {
    return foundSeats(this.board, this.seats);
  }

  /** Who would have to move, or undefined when that is too many or one of them stays. */
  private inTheWay(sitter: Sitter, place: number, moves: number): Sitter[] | undefined {
    const found: Sitter[] = [];
    for (const [other, seat] of this.seats) {
      if (seat === place && meet(other, sitter)) return undefined;
    }
    const ofSpot = this.board.bySpot[place] ?? [];
    for (let index = firstEndingAfter(ofSpot, sitter.startsAt); index < ofSpot.length; index++) {
      const other = ofSpot[index];
      if (other === undefined || other.startsAt >= sitter.endsAt) break;
      if (this.pushed.has(other)) continue;
      if (other.mayGo === undefined || found.length === moves) return undefined;
      found.push(other);
    }
    return found;
  }
}

/** What a search has decided, as moves of those who are not where they were. */
export function foundSeats({ spots, wish }: Board, seats: ReadonlyMap<Sitter, number>): FoundSeats {
  const idOf = (place: number | undefined) => spots[place ?? -1]?.id ?? '';
  const moved = [...seats].filter(([sitter, place]) => sitter !== wish && place !== sitter.home);
  return {
    spotId: idOf(seats.get(wish)),
    moves: moved.map(([sitter, place]) => ({ claimId: sitter.id, spotId: idOf(place) })),
  };
}

export function meet(a: Sitter, b: Sitter): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

/** Claims of one spot do not overlap, so their ends are in the order of their starts. */
export function firstEndingAfter(ofSpot: readonly Sitter[], at: number): number {
  let [low, high] = [0, ofSpot.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ofSpot[middle]?.endsAt ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
