// `npm run evaluate -- reseating [--seed 1] [--only large]`: what moving drivers who may be moved is worth: requests refused although there was room, and arrivals whose spot was taken, each with it
// and without it, on the same demand. The rule is that of the server (`domain/reseat`); the lots are simulated, so it takes a minute.

import { hasRoom, reseat, RESEAT_STEPS } from '../../src/domain/reseat.ts';
import { existsSeating } from '../../test/domain/reseat-problems.ts';
import { quantile } from '../result.ts';
import { arrivalsWithoutSpot } from '../lots/arrivals.ts';
import { Chances } from '../lots/chances.ts';
import { SimulatedLot, type SimulatedClaim } from '../lots/simulated-lot.ts';

type Mode = 'as they come' | 're-seating';
const MODES: readonly Mode[] = ['as they come', 're-seating'];

export function evaluate(options: ReadonlyMap<string, string>): void {
  const seed = Number(options.get('seed') ?? 1);
  console.log(`seed ${seed}`);
  if (options.get('only') !== 'large') smallLots(seed);
  largeLot(seed);
  if (options.get('only') !== 'large') arrivals(seed);
}

const SMALL_LOTS = 1000;
const REQUESTS = 14;

/** So small that every seating can be tried by a checker that shares nothing with the search. */
function smallLots(seed: number): void {
  console.log(
    `\nRefused although a re-seating existed: ${SMALL_LOTS} lots of 2 to 4 spots, ${REQUESTS} requests each, every tenth pinned`,
  );
  for (const mode of MODES) {
    const chances = new Chances(seed);
    const seen = { requests: 0, refused: 0, wrongly: 0, gaveUp: 0 };
    for (let lot = 0; lot < SMALL_LOTS; lot++) {
      const small = new SimulatedLot(chances.between(2, 4));
      for (let request = 0; request < REQUESTS; request++) requestSmall(small, mode, { chances, seen });
    }
    print(mode, {
      requests: seen.requests,
      refused: seen.refused,
      'of them although a re-seating existed': seen.wrongly,
      'search gave up': seen.gaveUp,
    });
  }
}

/** All far ahead: only those who pinned their spot stay. */
const LONG_AGO = -1_000_000;

function requestSmall(
  lot: SimulatedLot,
  mode: Mode,
  { chances, seen }: { chances: Chances; seen: Record<'requests' | 'refused' | 'wrongly' | 'gaveUp', number> },
): void {
  const startsAt = chances.between(0, 11);
  const wish = { startsAt, endsAt: startsAt + chances.between(1, 6) };
  const pinned = chances.happens(0.1);
  seen.requests += 1;
  const id = String(seen.requests);
  const free = lot.freeSpot(wish);
  if (free !== undefined) return lot.put({ id, ...wish, pinned, spot: free });
  const problem = lot.problem(wish, LONG_AGO);
  const found = mode === 're-seating' ? lot.makeRoom(problem) : undefined;
  if (found?.outcome === 'FITS') return lot.put({ id, ...wish, pinned, spot: Number(found.spotId) });
  seen.refused += 1;
  if (existsSeating(problem)) seen.wrongly += 1;
  if (found?.outcome === 'GAVE_UP') seen.gaveUp += 1;
}

const SPOTS = 200;
const DAY = 1440;
const DAYS = 21;
const PATIENT_STEPS = 20 * RESEAT_STEPS;
/** More is asked for than there is. */
const DEMAND = 1.2;

/** Stays of four hours (80 %) and of five days (20 %), as much as the lot can take, one in twenty on a spot they chose. */
function largeLot(seed: number): void {
  console.log(
    `\nA lot of ${SPOTS} spots for ${DAYS} days, ${DEMAND} times the hours asked for that there are, up to a week ahead, 1 in 20 pinned`,
  );
  for (const mode of MODES) {
    const run = new LargeLot(new Chances(seed), mode);
    run.run();
    const { requests, refused, couldFit, moved, gaveUp, foundLater, searches } = run;
    print(mode, {
      requests,
      refused,
      'of them though no instant was full': couldFit,
      'drivers moved': moved,
      'search gave up': gaveUp,
      'of them it finds a way with 20 times the steps': foundLater,
      ...(searches.length === 0 ? {} : { 'searches p50/p99/most ms': times(searches) }),
    });
  }
}

class LargeLot {
  requests = 0;
  refused = 0;
  /** Room at each instant by itself: an upper bound of those that a re-seating could have met. */
  couldFit = 0;
  moved = 0;
  gaveUp = 0;
  /** Of those that were given up, how many fit after all. */
  foundLater = 0;
  readonly searches: number[] = [];
  private readonly lot = new SimulatedLot(SPOTS);
  private readonly chances: Chances;
  private readonly mode: Mode;

  constructor(chances: Chances, mode: Mode) {
    this.chances = chances;
    this.mode = mode;
  }

  run(): void {
    const meanMinutes = 0.8 * 240 + 0.2 * 5 * DAY;
    const everyMinutes = meanMinutes / SPOTS / DEMAND;
    for (let now = 0; now < DAYS * DAY; now += everyMinutes) {
      this.lot.forgetBefore(now);
      this.request(Math.floor(now));
    }
  }

  private request(now: number): void {
    const { chances } = this;
    const startsAt = now + chances.between(0, 28 * 24) * 15;
    const minutes = chances.happens(0.8) ? chances.between(4, 28) * 15 : chances.between(2 * 96, 8 * 96) * 15;
    const claim: SimulatedClaim = {
      id: String(++this.requests),
      startsAt,
      endsAt: startsAt + minutes,
      pinned: chances.happens(0.05),
      spot: 0,
    };
    const spot = this.lot.freeSpot(claim) ?? this.byMoving(claim, now);
    if (spot === undefined) this.refused += 1;
    else this.lot.put({ ...claim, spot });
  }

  private byMoving(claim: SimulatedClaim, now: number): number | undefined {
    const problem = this.lot.problem(claim, now);
    const startedMs = performance.now();
    const found = this.mode === 're-seating' ? this.lot.makeRoom(problem) : undefined;
    if (found) this.searches.push(performance.now() - startedMs);
    if (found?.outcome === 'FITS') {
      this.moved += found.moves.length;
      return Number(found.spotId);
    }
    if (found?.outcome === 'GAVE_UP') {
      this.gaveUp += 1;
      if (reseat(problem, { maxSteps: PATIENT_STEPS }).outcome === 'FITS') this.foundLater += 1;
    }
    if (hasRoom(problem)) this.couldFit += 1;
    return undefined;
  }
}

function arrivals(seed: number): void {
  const load = { spots: 100, days: 14, staysOn: 0.1, parksWrong: 0.03 };
  console.log(
    `\nArrivals: ${load.spots} spots for ${load.days} days at the same bookings, 1 in 10 stays on up to two hours, 3 in 100 take another's spot`,
  );
  for (const mode of MODES) {
    const { arrived, withoutSpot, turnedAway, moved } = arrivalsWithoutSpot(new Chances(seed), {
      ...load,
      reseats: mode === 're-seating',
    });
    print(mode, {
      arrived,
      'found their spot taken': withoutSpot,
      'of them found no other either': turnedAway,
      'drivers moved': moved,
    });
  }
}

function times(searches: readonly number[]): string {
  const sorted = [...searches].sort((a, b) => a - b);
  const ms = (at: number) => quantile(sorted, at).toFixed(2);
  return `${ms(0.5)} / ${ms(0.99)} / ${(sorted.at(-1) ?? 0).toFixed(1)} (${sorted.length})`;
}

function print(mode: Mode, figures: Readonly<Record<string, number | string>>): void {
  const text = Object.entries(figures).map(([name, figure]) => `${name} ${figure}`);
  console.log(`  ${mode.padEnd(13)} ${text.join(', ')}`);
}
