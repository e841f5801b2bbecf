import { mayTake, type Board, type FoundSeats, type SearchBudget, type Sitter } from './reseat-board.ts';
import { firstEndingAfter, foundSeats, meet } from './reseat-few-moves.ts';

/** Whoever takes a spot pushes at most so many others off it. */
const MOST_PUSHED = 8;
/** As much as having been hard to seat once more. */
const LONG_MS = 30 * 24 * 3_600_000;

/**
 * Seats the wish by pushing: who has no spot takes the one from which those are pushed that are easiest to seat again, and so on until
 * nobody is without. Who was hard to seat weighs more the next time, so that it does not turn in circles (a guided ejection search). It
 * proves nothing: undefined, not found within `maxSteps` of the budget.
 */
export function withPushing(board: Board, budget: SearchBudget, maxSteps: number): FoundSeats | undefined {
  return new Pushing(board).run(budget, Math.max(0, budget.left - maxSteps));
}

interface Choice {
  readonly place: number;
  readonly pushed: readonly Sitter[];
  readonly weight: number;
}

class Pushing {
  private readonly board: Board;
  /** Who is where, by their start; a spot nobody has been pushed from or to is that of the board. */
  private readonly bySpot: (readonly Sitter[])[];
  private readonly seats = new Map<Sitter, number>();
  private readonly weights = new Map<Sitter, number>();

  constructor(board: Board) {
    this.board = board;
    this.bySpot = [...board.bySpot];
  }

  run(budget: SearchBudget, reserved: number): FoundSeats | undefined {
    const waiting: Sitter[] = [this.board.wish];
    for (let sitter = waiting.pop(); sitter !== undefined; sitter = waiting.pop()) {
      budget.left -= this.board.spots.length;
      if (budget.left < reserved) return undefined;
      const choice = this.bestFor(sitter);
      if (choice === undefined) return undefined;
      if (choice.pushed.length > 0) this.weights.set(sitter, (this.weights.get(sitter) ?? 1) + 1);
      this.seat(sitter, choice);
      waiting.push(...choice.pushed);
    }
    this.goHome();
    return foundSeats(this.board, this.seats);
  }

  /** Of two that were as hard to seat, the longer one is harder. */
  private weightOf(sitter: Sitter): number {
    return (this.weights.get(sitter) ?? 1) + (sitter.endsAt - sitter.startsAt) / LONG_MS;
  }

  private bestFor(sitter: Sitter): Choice | undefined {
    let best: Choice | undefined;
    for (let place = 0; place < this.board.spots.length; place++) {
      if (!mayTake(this.board, sitter, place)) continue;
      const choice = this.pushedFrom(place, sitter, best?.weight ?? Number.POSITIVE_INFINITY);
      if (choice === undefined) continue;
      if (choice.weight === 0) return choice;
      best = choice;
    }
    return best;
  }

  /** Who would be pushed off, if they may be and weigh less than the best so far. */
  private pushedFrom(place: number, sitter: Sitter, below: number): Choice | undefined {
    const here = this.bySpot[place] ?? [];
    const pushed: Sitter[] = [];
    let weight = 0;
    for (let index = firstEndingAfter(here, sitter.startsAt); index < here.length; index++) {
      const other = here[index];
      if (other === undefined || other.startsAt >= sitter.endsAt) break;
      weight += this.weightOf(other);
      if (other.mayGo === undefined || other === this.board.wish || weight >= below || pushed.length === MOST_PUSHED)
        return undefined;
      pushed.push(other);
    }
    return { place, pushed, weight };
  }

  private seat(sitter: Sitter, { place, pushed }: Choice): void {
    const here = (this.bySpot[place] ?? []).filter((other) => !pushed.includes(other));
    this.bySpot[place] = [...here, sitter].sort((a, b) => a.startsAt - b.startsAt);
    this.seats.set(sitter, place);
    for (const other of pushed) this.seats.delete(other);
  }

  /** Whoever was pushed about and could stay after all does. */
  private goHome(): void {
    for (const [sitter, place] of [...this.seats]) {
      const { home } = sitter;
      if (home < 0 || place === home || this.bySpot[home]?.some((other) => meet(other, sitter))) continue;
      this.bySpot[place] = (this.bySpot[place] ?? []).filter((other) => other !== sitter);
      this.seat(sitter, { place: home, pushed: [], weight: 0 });
    }
  }
}
