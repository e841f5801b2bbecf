import {
  reseat,
  type ReseatClaim,
  type Reseating,
  type ReseatProblem,
  type ReseatSpot,
} from '../../src/domain/reseat.ts';

/** A claim of a simulated lot; instants in minutes. */
export interface SimulatedClaim {
  readonly id: string;
  readonly startsAt: number;
  readonly endsAt: number;
  readonly pinned: boolean;
  spot: number;
}

const MINUTE_MS = 60_000;
/** Of the lot's policy, and the margin for clocks: nobody is moved whose vehicle may be at a gate. */
const NOT_MOVED_BEFORE_START_MINUTES = 25;

/** One pool of equal spots, with the claims that stand. */
export class SimulatedLot {
  readonly bySpot: SimulatedClaim[][];
  private readonly spots: readonly ReseatSpot[];

  constructor(spots: number) {
    this.bySpot = Array.from({ length: spots }, () => []);
    const alike = { spotType: 'STANDARD', maxHeightCm: null, maxLengthCm: null } as const;
    this.spots = this.bySpot.map((_, spot) => ({ id: String(spot), ...alike }));
  }

  /** The first spot that is free for the whole time. */
  freeSpot(wish: { startsAt: number; endsAt: number }): number | undefined {
    const spot = this.bySpot.findIndex((claims) => !claims.some((claim) => meet(claim, wish)));
    return spot < 0 ? undefined : spot;
  }

  put(claim: SimulatedClaim): void {
    this.bySpot[claim.spot]?.push(claim);
  }

  move(claim: SimulatedClaim, spot: number): void {
    this.remove(claim);
    claim.spot = spot;
    this.put(claim);
  }

  remove(claim: SimulatedClaim): void {
    const claims = this.bySpot[claim.spot] ?? [];
    claims.splice(claims.indexOf(claim), 1);
  }

  /** What is over is in nobody's way. */
  forgetBefore(now: number): void {
    for (const claims of this.bySpot) {
      for (let index = claims.length - 1; index >= 0; index--)
        if ((claims[index]?.endsAt ?? 0) <= now) claims.splice(index, 1);
    }
  }

  problem(wish: { startsAt: number; endsAt: number }, now: number, more: readonly ReseatClaim[] = []): ReseatProblem {
    const claims = this.bySpot.flat().map((claim): ReseatClaim => {
      const stays = claim.pinned || claim.startsAt - NOT_MOVED_BEFORE_START_MINUTES <= now;
      return {
        id: claim.id,
        spotId: String(claim.spot),
        startsAt: Math.max(claim.startsAt, now) * MINUTE_MS,
        endsAt: claim.endsAt * MINUTE_MS,
        mayMoveTo: stays ? [] : ['STANDARD'],
      };
    });
    const startsAt = Math.max(wish.startsAt, now) * MINUTE_MS;
    return {
      spots: this.spots,
      claims: [...claims, ...more],
      wish: { startsAt, endsAt: wish.endsAt * MINUTE_MS, spotTypes: ['STANDARD'] },
    };
  }

  /** Solves the problem and makes the moves that were found. */
  makeRoom(problem: ReseatProblem): Reseating {
    const found = reseat(problem);
    if (found.outcome !== 'FITS' || found.moves.length === 0) return found;
    const byId = new Map(this.bySpot.flat().map((claim) => [claim.id, claim]));
    const moving = found.moves.map(({ claimId, spotId }) => ({ claim: byId.get(claimId), spot: Number(spotId) }));
    for (const { claim } of moving) if (claim) this.remove(claim);
    for (const { claim, spot } of moving) {
      if (!claim) continue;
      claim.spot = spot;
      this.put(claim);
    }
    return found;
  }
}

export function meet(a: { startsAt: number; endsAt: number }, b: { startsAt: number; endsAt: number }): boolean {
  return a.startsAt < b.endsAt && b.startsAt < a.endsAt;
}

/** A time in which nobody may be put on a spot, as the search sees it. */
export function blockedTime(spot: number, { startsAt, endsAt }: { startsAt: number; endsAt: number }): ReseatClaim {
  const period = { startsAt: startsAt * MINUTE_MS, endsAt: endsAt * MINUTE_MS };
  return { id: `blocked-${startsAt}`, spotId: String(spot), ...period, mayMoveTo: [] };
}
