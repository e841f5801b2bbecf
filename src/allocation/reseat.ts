import { mayBeAtGate, mustMoveIfTaken, typesToMoveTo } from '../domain/may-move.ts';
import { laterOf, type Period } from '../domain/period.ts';
import type { LotPolicy } from '../domain/policies.ts';
import type { ReseatClaim } from '../domain/reseat.ts';
import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
import { Lot } from '../entities/lot.ts';
import { Spot } from '../entities/spot.ts';
import type { Transaction } from '../platform/db.ts';
import { findRoom } from './make-room.ts';
import { moveClaims, type ReseatReason } from './move-claims.ts';
import { claimsMeeting, type ClaimRow } from './reseat-rows.ts';

export interface TakenSpot {
  readonly lotId: string;
  /** The spot that can't be had. */
  readonly spotId: string;
  readonly period: Period;
  readonly reason: Exclude<ReseatReason, 'ROOM'>;
  /** The pools that are locked; all of the lot's unless told. */
  readonly pools?: readonly SpotType[];
  /** Those who may be at a gate are left where they are: for whoever can wait. */
  readonly leaveDue?: true;
  /** Reservations that are not moved: their vehicles are inside, or on their way in. */
  readonly keep?: readonly string[];
}

/** What became of those who had claimed the spot: `stranded` keep their claim, because nothing better was found. */
export interface Reseated {
  /** How many were moved: those of this spot (`movedReservationIds`), and others to make room for them. */
  readonly moved: number;
  readonly movedReservationIds: readonly string[];
  readonly stranded: readonly string[];
}

/**
 * Finds other spots for the drivers whose spot can't be had in the period, before they notice: the earliest first, moving others where
 * that is needed. Their own move is forced, so pinned ones move too, and those who are about to come; never one whose vehicle is inside. A driver
 * for whom nothing is found is stranded: nothing is changed for them, and the caller says so to a person.
 * Lock the pools first (`lockPoolsToBook` of all types); this locks the reservations that move. It may be called again at any time.
 * Publishes what `moveClaims` does.
 */
export async function reseatConflicts(tx: Transaction, taken: TakenSpot): Promise<Reseated> {
  const { lotId, spotId } = taken;
  const pools = { lotId, spotTypes: taken.pools ?? SPOT_TYPES };
  const period = { startsAt: laterOf(taken.period.startsAt, tx.now), endsAt: taken.period.endsAt };
  if (period.endsAt <= period.startsAt) return { moved: 0, movedReservationIds: [], stranded: [] };
  const here = (await claimsMeeting(tx, pools, period)).filter((claim) => claim.spotId === spotId);
  const keep = new Set(taken.keep);
  const { policy } = await tx.em.findOneOrFail(Lot, { id: lotId });
  const at = { now: tx.now, earlyEntryMinutes: policy.earlyEntryMinutes };
  const displaced = here.filter(({ reservation, reservationId }) => {
    if (reservation === null || keep.has(reservationId ?? '')) return false;
    return mustMoveIfTaken(reservation, tx.now) && !(taken.leaveDue && mayBeAtGate(reservation, at));
  });
  if (displaced.length === 0) return { moved: 0, movedReservationIds: [], stranded: [] };
  const spot = await tx.em.findOneOrFail(Spot, { lotId, id: spotId });
  displaced.sort((a, b) => a.startsAt.getTime() - b.startsAt.getTime());
  const outcome = { moved: 0, movedReservationIds: [] as string[], stranded: [] as string[] };
  for (const claim of displaced) {
    const moved = await reseatOne(tx, claim, { ...taken, period, pools: pools.spotTypes, spot, policy });
    outcome.moved += moved;
    (moved > 0 ? outcome.movedReservationIds : outcome.stranded).push(claim.reservationId ?? '');
  }
  return outcome;
}

/** How many had to move for it, itself included; 0: nothing was found. */
async function reseatOne(
  tx: Transaction,
  claim: ClaimRow,
  taken: TakenSpot & { pools: readonly SpotType[]; spot: Spot; policy: LotPolicy },
): Promise<number> {
  const { lotId, spotId, period, reason, pools, spot, policy } = taken;
  const { reservation, reservationId } = claim;
  if (reservation === null || reservationId === null) return 0;
  const spotTypes = typesToMoveTo(reservation).filter((type) => pools.includes(type));
  const found = await findRoom(tx, {
    ...{ lotId, pools, spotTypes, period: claim, reason, strategy: policy.allocationStrategy },
    room: { maxHeightCm: spot.maxHeightCm ?? null, maxLengthCm: spot.maxLengthCm ?? null },
    earlyEntryMinutes: policy.earlyEntryMinutes,
    beyondPools: 'LEAVE',
    keep: taken.keep ?? [],
    insteadOf: (claims) => [
      ...claims.filter(({ id }) => id !== claim.id),
      ...blocked(claims, { spotId, period, claim }),
    ],
  });
  if (found.outcome !== 'FITS') return 0;
  const moves = [...found.moves, { claim: { ...claim, reservationId }, to: found.seat }];
  await moveClaims(tx, { lotId, moves, reason });
  return moves.length;
}

/** Nobody is put on the spot while it can't be had: the time that no claim covers is taken up. */
function blocked(
  claims: readonly ReseatClaim[],
  { spotId, period, claim }: { spotId: string; period: Period; claim: ClaimRow },
): ReseatClaim[] {
  const others = claims.filter((other) => other.spotId === spotId && other.id !== claim.id);
  const free: ReseatClaim[] = [];
  let at = period.startsAt.getTime();
  const take = (endsAt: number) => {
    if (at < endsAt) free.push({ id: `taken-${at}`, spotId, startsAt: at, endsAt, mayMoveTo: [] });
  };
  for (const other of others.sort((a, b) => a.startsAt - b.startsAt)) {
    take(Math.min(other.startsAt, period.endsAt.getTime()));
    at = Math.max(at, other.endsAt);
  }
  take(period.endsAt.getTime());
  return free;
}
