import { mayMove, typesToMoveTo } from '../domain/may-move.ts';
import { laterOf } from '../domain/period.ts';
import type { LotPolicy } from '../domain/policies.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Allocation } from '../entities/allocation.ts';
import type { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import type { Transaction } from '../platform/db.ts';
import { extendAllocation } from './claim.ts';
import { countMade, findRoom, makeRoom, refuseIfUnlocked, type RoomWish } from './make-room.ts';
import { moveClaims } from './move-claims.ts';

export interface Lengthened {
  readonly reservation: Reservation;
  /** Its claim as it stands; somebody else has the spot before `endsAt`. */
  readonly claim: Allocation;
  readonly endsAt: Date;
  readonly policy: LotPolicy;
  /** The pools that are locked. */
  readonly pools: readonly SpotType[];
}

/**
 * Lengthens a claim into the time that others have claimed, by moving them; or, where that can't be and nothing holds the reservation to its
 * spot, by moving itself. False: there is no way, and nothing is changed. The pools and the reservation must be locked; after it the
 * reservation is read afresh. Throws NeedsMorePools; publishes what `moveClaims` does.
 */
export async function extendByMoving(tx: Transaction, change: Lengthened): Promise<boolean> {
  const { reservation, claim, endsAt, policy, pools } = change;
  const { lotId, id: reservationId } = reservation;
  const wish: RoomWish = {
    ...{ lotId, pools, strategy: policy.allocationStrategy, reason: 'ROOM', beyondPools: 'LOCK_MORE' },
    period: { startsAt: laterOf(claim.startsAt, tx.now), endsAt },
    earlyEntryMinutes: policy.earlyEntryMinutes,
    keep: [reservationId],
    insteadOf: (claims) => claims.filter(({ id }) => id !== claim.id),
    ...{ spotTypes: [claim.spotType], spotId: claim.spotId },
  };
  const stays = await makeRoom(tx, wish);
  if (stays.outcome !== 'FITS' && !(await moveItself(tx, change, wish))) return false;
  return extendAllocation(tx, { lotId, reservationId, endsAt });
}

async function moveItself(tx: Transaction, change: Lengthened, { spotId: _own, ...wish }: RoomWish): Promise<boolean> {
  const { reservation, claim, pools, policy } = change;
  const { lotId, id: reservationId } = reservation;
  if (!mayMove(reservation, { now: tx.now, earlyEntryMinutes: policy.earlyEntryMinutes })) return false;
  const { maxHeightCm = null, maxLengthCm = null } = await tx.em.findOneOrFail(Spot, { lotId, id: claim.spotId });
  const types = typesToMoveTo(reservation);
  const spotTypes = types.filter((type) => pools.includes(type));
  const found = await findRoom(tx, { ...wish, spotTypes, room: { maxHeightCm, maxLengthCm } });
  if (found.outcome !== 'FITS') {
    await refuseIfUnlocked(tx, { lotId, pools, types });
    return false;
  }
  const { id, spotId, spotType, startsAt, endsAt } = claim;
  const own = { id, spotId, spotType, startsAt, endsAt, reservationId, reservation };
  await moveClaims(tx, { lotId, moves: [...found.moves, { claim: own, to: found.seat }], reason: 'ROOM' });
  countMade(tx, 'ROOM');
  await tx.em.refresh(reservation);
  return true;
}
