import { mayTake, type Board, type FoundSeats, type SearchBudget, type Sitter } from './reseat-board.ts';
import { firstEndingAfter, foundSeats, meet } from './reseat-few-moves.ts';

/** KEEP: its own spot, if it may; then where it is in nobody's way. FILL: where the next claim that stays leaves least time idle. */
type Preference = 'KEEP' | 'FILL';

/**
 * Seats the wish and everybody who moves anew, in the order of their starts: each on a spot that is free by then. Where spots are alike
 * and nobody ahead stays, whoever comes finds a free one unless there are too many at that instant, so this never goes back. Otherwise it
 * goes back and tries the other spots; those that are alike for all that comes after are tried once. NONE: every way was tried.
 */
export function withAnyMoves(board: Board, budget: SearchBudget): FoundSeats | 'NONE' | 'GAVE_UP' {
  const half = { left: Math.ceil(budget.left / 2) };
  const before = half.left;
  const kept = new Sweep(board, half, 'KEEP').run();
  budget.left -= before - Math.max(0, half.left);
  if (kept !== 'GAVE_UP') return kept;
  return new Sweep(board, budget, 'FILL').run();
}

/** One who is to be seated, the spots that will do, best first, and which of them is tried next. */
interface Level {
  readonly sitter: Sitter;
  places: readonly number[];
  /** Whether these are all; its own spot is tried before the others are looked at. */
  isWhole: boolean;
  tried: number;
  /** Until when the tried spot was busy before. */
  busyBefore: number;
}

class Sweep {
  private readonly board: Board;
  private readonly budget: SearchBudget;
  private readonly preference: Preference;
  private readonly order: readonly Sitter[];
  private readonly staying: readonly (readonly Sitter[])[];
  private readonly moving: readonly (readonly Sitter[])[];
  private readonly futures: readonly (readonly number[])[];
  /** Until when those seated so far keep each spot. */
  private readonly busyUntil: number[];

  constructor(board: Board, budget: SearchBudget, preference: Preference) {
    this.board = board;
    this.budget = budget;
    this.preference = preference;
    this.staying = board.bySpot.map((ofSpot) => ofSpot.filter(({ mayGo }) => mayGo === undefined));
    this.moving = board.bySpot.map((ofSpot) => ofSpot.filter(({ mayGo }) => mayGo !== undefined));
    this.order = [board.wish, ...this.moving.flat()].sort((a, b) => a.startsAt - b.startsAt);
    this.futures = futuresOf(board, this.staying);
    this.busyUntil = board.spots.map(() => Number.NEGATIVE_INFINITY);
  }

  run(): FoundSeats | 'NONE' | 'GAVE_UP' {
    const levels: Level[] = [];
    for (;;) {
      const sitter = this.order[levels.length];
      if (sitter === undefined) return this.found(levels);
      levels.push({ sitter, places: this.firstPlaces(sitter), isWhole: false, tried: -1, busyBefore: 0 });
      if (this.budget.left <= 0) return 'GAVE_UP';
      if (!this.advance(levels)) return 'NONE';
    }
  }

  /** Seats the last one on its next spot; where none is left, the one before goes on with its own. False: nobody has one left. */
  private advance(levels: Level[]): boolean {
    for (let level = levels.at(-1); level !== undefined; level = levels.at(-1)) {
      const tried = level.places[level.tried];
      if (tried !== undefined) this.busyUntil[tried] = level.busyBefore;
      level.tried += 1;
      if (level.places[level.tried] === undefined) this.complete(level);
      const place = level.places[level.tried];
      if (place !== undefined) {
        level.busyBefore = this.busyUntil[place] ?? 0;
        this.busyUntil[place] = level.sitter.endsAt;
        return true;
      }
      levels.pop();
    }
    return false;
  }

  private found(levels: readonly Level[]): FoundSeats {
    const seats = levels.map(({ sitter, places, tried }) => [sitter, places[tried] ?? -1] as const);
    return foundSeats(this.board, new Map(seats));
  }

  /** Most stay where they are. */
  private firstPlaces(sitter: Sitter): number[] {
    this.budget.left -= 1;
    return this.preference === 'KEEP' && sitter.home >= 0 && this.isFree(sitter, sitter.home) ? [sitter.home] : [];
  }

  private isFree(sitter: Sitter, place: number): boolean {
    if ((this.busyUntil[place] ?? 0) > sitter.startsAt) return false;
    const staying = this.staying[place] ?? [];
    const next = staying[firstEndingAfter(staying, sitter.startsAt)];
    return next === undefined || !meet(next, sitter);
  }

  private complete(level: Level): void {
    if (level.isWhole) return;
    level.isWhole = true;
    const [own] = level.places;
    const futureOf = (place: number) => this.futureAt(place, level.sitter);
    const others = this.placesFor(level.sitter).filter(
      (place) => own === undefined || futureOf(place) !== futureOf(own),
    );
    level.places = [...level.places, ...others];
  }

  /** The number of what is still to come on a spot. */
  private futureAt(place: number, { startsAt }: Sitter): number {
    return this.futures[place]?.[firstEndingAfter(this.staying[place] ?? [], startsAt)] ?? -1;
  }

  private placesFor(sitter: Sitter): number[] {
    const alike = new Map<number, { place: number; rank: number }>();
    this.budget.left -= this.board.spots.length;
    for (let place = 0; place < this.board.spots.length; place++) {
      if (!mayTake(this.board, sitter, place) || !this.isFree(sitter, place)) continue;
      const future = this.futureAt(place, sitter);
      const rank = this.rank(sitter, place);
      const known = alike.get(future);
      if (known === undefined || rank < known.rank) alike.set(future, { place, rank });
    }
    return [...alike.values()].sort((a, b) => a.rank - b.rank).map(({ place }) => place);
  }

  /** Smaller is better. The idle time before the next one who stays counts in both, after what else there is to say. */
  private rank(sitter: Sitter, place: number): number {
    const staying = this.staying[place] ?? [];
    const next = staying[firstEndingAfter(staying, sitter.startsAt)];
    const idle = next === undefined ? 1 : 1 - 1 / (2 + (next.startsAt - sitter.endsAt) / 60_000);
    if (this.preference === 'FILL') return idle;
    const ofSpot = this.moving[place] ?? [];
    const met = ofSpot[firstEndingAfter(ofSpot, sitter.startsAt)];
    const isInTheWay = met !== undefined && met !== sitter && meet(met, sitter);
    // Whoever has to go from there is asked as late as possible.
    return isInTheWay ? 2 + 1 / (2 + Math.max(0, met.startsAt - sitter.startsAt) / 60_000) : idle;
  }
}

/**
 * Numbers what is still to come of those who stay, spot by spot from each of them on: spots with the same number are alike from then on.
 * A spot that somebody may take who may not take others like it is like no other.
 */
function futuresOf({ spots, kindOf, bySpot, wish }: Board, staying: readonly (readonly Sitter[])[]): number[][] {
  const numbers = new Map<string, number>();
  const numberOf = (name: string) => {
    const number = numbers.get(name) ?? numbers.size;
    numbers.set(name, number);
    return number;
  };
  const isAlone = (place: number) =>
    place === wish.only ||
    bySpot[place]?.some(({ mayGo }) => mayGo !== undefined && mayGo[kindOf[place] ?? -1] !== true);
  return spots.map((_, place) => {
    const ofSpot = staying[place] ?? [];
    let after = numberOf(isAlone(place) ? `spot ${place}` : `kind ${kindOf[place]}`);
    const futures = [after];
    for (const { startsAt, endsAt } of [...ofSpot].reverse()) {
      after = numberOf(`${startsAt}-${endsAt}, then ${after}`);
      futures.unshift(after);
    }
    return futures;
  });
}
