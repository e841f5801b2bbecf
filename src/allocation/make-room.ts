import { laterOf, type Period } from '../domain/period.ts';
import {
  hasRoom,
  reseat,
  type ReseatClaim,
  type ReseatProblem,
  type ReseatWish,
  type SpotRoom,
} from '../domain/reseat.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { Pool } from '../entities/pool.ts';
import type { Transaction } from '../platform/db.ts';
import type { ChosenSpot, SpotWish } from './choose-spot.ts';
import { moveClaims, type ClaimMove, type ReseatReason } from './move-claims.ts';
import { NeedsMorePools } from './pools.ts';
import { allClaims, claimsMeeting, searched, seatsOf, type ClaimRow, type SeatRow } from './reseat-rows.ts';

/** For whom room is looked for, in which locked pools. */
export interface RoomWish extends SpotWish {
  /** Those that are locked. */
  readonly pools: readonly SpotType[];
  /** LOCK_MORE: throw NeedsMorePools where drivers in the way could go to a pool that is not locked. */
  readonly beyondPools: 'LOCK_MORE' | 'LEAVE';
  /** Of the lot's policy: nobody is moved whose vehicle may be at a gate. */
  readonly earlyEntryMinutes: number;
  readonly reason: ReseatReason;
  /** The room that was promised. */
  readonly room?: SpotRoom;
  /** Reservations that are not moved. */
  readonly keep?: readonly string[];
  /** What is to be taken as claimed instead of what stands. */
  readonly insteadOf?: (claims: readonly ReseatClaim[]) => readonly ReseatClaim[];
}

export type Room =
  | { readonly outcome: 'FITS'; readonly spot: ChosenSpot; readonly movedReservationIds: readonly string[] }
  | { readonly outcome: 'NONE' | 'GAVE_UP' };

/**
 * Makes room for a wish that no free spot takes, by moving reservations that may move, and moves them. NONE: proven, there is no way;
 * GAVE_UP: none was found within the bound. The spot is the caller's to claim, in this transaction.
 * The pools must be locked (`wish.pools`); throws NeedsMorePools if told to. Locks the reservations that move.
 * Publishes what `moveClaims` does.
 */
export async function makeRoom(tx: Transaction, wish: RoomWish): Promise<Room> {
  const found = await findRoom(tx, wish);
  if (!('seat' in found)) return { outcome: found.outcome };
  await moveClaims(tx, { lotId: wish.lotId, moves: found.moves, reason: wish.reason });
  countMade(tx, wish.reason);
  return { outcome: 'FITS', ...chosen(found) };
}

type NotFound = { readonly outcome: 'NONE' | 'GAVE_UP' };
export type FoundRoom = { readonly outcome: 'FITS'; readonly seat: SeatRow; readonly moves: readonly ClaimMove[] };

/** As `makeRoom`, without moving anybody yet. */
export async function findRoom(tx: Transaction, wish: RoomWish): Promise<FoundRoom | NotFound> {
  const search = new RoomSearch(tx, wish, await seatsOf(tx, poolsOf(wish), wish));
  const found = await search.run();
  if (found.outcome !== 'FITS' && wish.beyondPools === 'LOCK_MORE') await search.refuseIfMoreCouldHelp();
  return found;
}

/** Throws NeedsMorePools where the lot has a pool of one of the types that is not locked. */
export async function refuseIfUnlocked(
  tx: Transaction,
  { lotId, pools, types }: { lotId: string; pools: readonly SpotType[]; types: readonly SpotType[] },
): Promise<void> {
  const unlocked = [...new Set(types)].filter((type) => !pools.includes(type));
  if (unlocked.length > 0 && (await tx.em.count(Pool, { lotId, spotType: { $in: unlocked } })) > 0)
    throw new NeedsMorePools();
}

/** Only what was committed counts; who is refused counts its own. */
export function countMade(tx: Transaction, reason: ReseatReason): void {
  tx.afterCommit(({ metrics }) => metrics.reseatings.inc({ reason, outcome: 'FITS' }));
}

export function chosen({ seat, moves }: FoundRoom): { spot: ChosenSpot; movedReservationIds: string[] } {
  const { id: spotId, spotType, label, directions, levelId } = seat;
  const movedReservationIds = moves.map(({ claim }) => claim.reservationId);
  return { spot: { spotId, spotType, label, directions, levelId }, movedReservationIds };
}

function poolsOf({ lotId, pools }: RoomWish) {
  return { lotId, spotTypes: pools };
}

class RoomSearch {
  private readonly tx: Transaction;
  private readonly wish: RoomWish;
  private readonly seats: readonly SeatRow[];
  private readonly period: Period;
  private readonly keep: ReadonlySet<string>;
  /** Those who meet the wished period. */
  private near: readonly ClaimRow[] = [];

  constructor(tx: Transaction, wish: RoomWish, seats: readonly SeatRow[]) {
    this.tx = tx;
    this.wish = wish;
    this.seats = seats;
    this.period = { startsAt: laterOf(wish.period.startsAt, tx.now), endsAt: wish.period.endsAt };
    this.keep = new Set(wish.keep);
  }

  /**
   * Looks at whoever meets the period first: most often at some instant there is truly no room. Then at all who meet them, of whom those
   * who go on beyond stay. Only when that is not enough, at all live claims.
   */
  async run(): Promise<FoundRoom | NotFound> {
    const pools = poolsOf(this.wish);
    this.near = await claimsMeeting(this.tx, pools, this.period);
    const none = () => false;
    if (!hasRoom(this.problem(this.near, none))) return { outcome: 'NONE' };
    const around = this.around();
    const goesBeyond = (claim: ClaimRow) =>
      laterOf(claim.startsAt, this.tx.now) < around.startsAt || claim.endsAt > around.endsAt;
    const claims = await claimsMeeting(this.tx, pools, around);
    const found = this.solve(claims, goesBeyond);
    if (found.outcome === 'FITS' || !claims.some(goesBeyond)) return found;
    const all = await allClaims(this.tx, pools);
    return all === undefined ? { outcome: 'GAVE_UP' } : this.solve(all, none);
  }

  /** A "full" is not true while somebody who is in the way could go to a pool of the lot that is not locked. */
  async refuseIfMoreCouldHelp(): Promise<void> {
    const { lotId, pools } = this.wish;
    const at = this.at();
    const types = this.near.flatMap((claim) => searched(claim, at).mayMoveTo);
    await refuseIfUnlocked(this.tx, { lotId, pools, types });
  }

  private around(): Period {
    let { startsAt, endsAt } = this.period;
    for (const claim of this.near) {
      if (claim.startsAt < startsAt) startsAt = laterOf(claim.startsAt, this.tx.now);
      endsAt = laterOf(endsAt, claim.endsAt);
    }
    return { startsAt, endsAt };
  }

  private at() {
    return { now: this.tx.now, earlyEntryMinutes: this.wish.earlyEntryMinutes, keep: this.keep };
  }

  private problem(claims: readonly ClaimRow[], stays: (claim: ClaimRow) => boolean): ReseatProblem {
    const { spotTypes, spotId, room, insteadOf = (same) => same } = this.wish;
    const at = this.at();
    const asSearched = claims.map((claim) => {
      const seen = searched(claim, at);
      return stays(claim) ? { ...seen, mayMoveTo: [] } : seen;
    });
    const { startsAt, endsAt } = this.period;
    const named = { ...(spotId === undefined ? {} : { spotId }), ...(room === undefined ? {} : { room }) };
    const wish: ReseatWish = { startsAt: startsAt.getTime(), endsAt: endsAt.getTime(), spotTypes, ...named };
    return { spots: this.seats, claims: insteadOf(asSearched), wish };
  }

  private solve(claims: readonly ClaimRow[], stays: (claim: ClaimRow) => boolean): FoundRoom | NotFound {
    const found = reseat(this.problem(claims, stays));
    if (found.outcome !== 'FITS') return { outcome: found.outcome };
    const seats = new Map(this.seats.map((seat) => [seat.id, seat]));
    const seat = seats.get(found.spotId);
    const byId = new Map(claims.map((claim) => [claim.id, claim]));
    const moves = found.moves.map(({ claimId, spotId }) => ({ claim: byId.get(claimId), to: seats.get(spotId) }));
    if (seat === undefined || !moves.every(isMove))
      throw new Error('a search moves claims and spots that it was given');
    return { outcome: 'FITS', seat, moves };
  }
}

function isMove(move: { claim: ClaimRow | undefined; to: SeatRow | undefined }): move is ClaimMove {
  return move.claim?.reservationId != null && move.to !== undefined;
}
