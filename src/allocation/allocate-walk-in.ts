import { fittingSpotTypes } from '../domain/fit.ts';
import { addMinutes } from '../domain/period.ts';
import type { LotPolicy } from '../domain/policies.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Allocation } from '../entities/allocation.ts';
import { Spot } from '../entities/spot.ts';
import type { Transaction } from '../platform/db.ts';
import { topic } from '../platform/topics.ts';
import { chooseSpot, type ChosenSpot } from './choose-spot.ts';
import { claimSpot } from './claim.ts';
import { makeRoom } from './make-room.ts';
import { lockPoolsToBook, type PoolsToLock } from './pools.ts';

/** Below this a walk-in would be in the next driver's way almost at once. */
const SHORTEST_WALK_IN_MINUTES = 30;

/**
 * Gives a vehicle that came without a reservation a spot for the lot's usual stay from now, or for half an hour at least where
 * there is none for so long; where none is free, others are moved to make room. Undefined: the lot is full for this vehicle.
 * Repeated with the same `stayId` it gives the same spot. Locks the pools that fit, or those that `toLock` says (from `withPools`);
 * publishes that the lot changed.
 */
export async function allocateWalkIn(
  tx: Transaction,
  walkIn: { lot: { id: string; partition: number; policy: LotPolicy }; vehicleClass: VehicleClass; stayId: string },
  toLock?: PoolsToLock,
): Promise<ChosenSpot | undefined> {
  const { lot, stayId } = walkIn;
  const spotTypes = fittingSpotTypes(walkIn.vehicleClass);
  const pools = toLock?.(spotTypes) ?? spotTypes;
  const beyondPools = toLock === undefined ? 'LEAVE' : 'LOCK_MORE';
  await lockPoolsToBook(tx, lot.id, pools);
  const earlier = await spotOfStay(tx, lot.id, stayId);
  if (earlier) return earlier;
  for (const minutes of [lot.policy.usualStayMinutes, SHORTEST_WALK_IN_MINUTES]) {
    const period = { startsAt: tx.now, endsAt: addMinutes(tx.now, minutes) };
    const wish = { lotId: lot.id, spotTypes, period, strategy: lot.policy.allocationStrategy };
    const spot = (await chooseSpot(tx, wish)) ?? (await spotByMoving(tx, { ...wish, pools, beyondPools }, lot.policy));
    if (!spot) continue;
    claimSpot(tx, { lotId: lot.id, spot, period, kind: 'WALK_IN', stayId });
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    return spot;
  }
  return undefined;
}

async function spotByMoving(
  tx: Transaction,
  wish: Omit<Parameters<typeof makeRoom>[1], 'earlyEntryMinutes' | 'reason'>,
  { earlyEntryMinutes }: LotPolicy,
): Promise<ChosenSpot | undefined> {
  const room = await makeRoom(tx, { ...wish, earlyEntryMinutes, reason: 'ROOM' });
  return room.outcome === 'FITS' ? room.spot : undefined;
}

async function spotOfStay(tx: Transaction, lotId: string, stayId: string): Promise<ChosenSpot | undefined> {
  const claim = await tx.em.findOne(Allocation, { lotId, stayId });
  if (!claim) return undefined;
  const spot = await tx.em.findOneOrFail(Spot, { lotId, id: claim.spotId });
  return {
    spotId: spot.id,
    spotType: spot.spotType,
    label: spot.label,
    directions: spot.directions ?? null,
    levelId: spot.levelId,
  };
}
