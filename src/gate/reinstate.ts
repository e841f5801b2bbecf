import { LockMode } from '@mikro-orm/postgresql';
import { chooseSpot, type ChosenSpot, type SpotWish } from '../allocation/choose-spot.ts';
import { claimSpot } from '../allocation/claim.ts';
import { makeRoom } from '../allocation/make-room.ts';
import { lockPoolsToBook, withPools, type PoolsToLock } from '../allocation/pools.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { Allocation } from '../entities/allocation.ts';
import { Lot } from '../entities/lot.ts';
import { Reservation } from '../entities/reservation.ts';
import { Spot } from '../entities/spot.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { LotPolicy } from '../domain/policies.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Platform } from '../platform/platform.ts';
import { partitionOf } from '../platform/redis.ts';
import { topic } from '../platform/topics.ts';

/** Where a late driver parks now. */
export type SpotAgain = Pick<ChosenSpot, 'spotId' | 'label' | 'directions'>;

/**
 * Seats a driver who came after the no-show again, for what is left of the period: on the old spot, else on any that fits, else by moving
 * others who may be moved. The row stays a
 * NO_SHOW until the entry is applied. NO_SPOT: the lot is full. NOT_YET: the no-show itself is not written down yet. Repeated, it gives
 * the same spot. Locks the pools that fit, then the reservation; publishes lotChanged.
 */
export async function seatLateDriver(
  platform: Platform,
  key: { lotId: string; reservationId: string },
): Promise<SpotAgain | 'NO_SPOT' | 'NOT_YET'> {
  return withPools((toLock) => inTransaction(platform, (tx) => seat(tx, key, toLock)));
}

async function seat(
  tx: Transaction,
  { lotId, reservationId }: { lotId: string; reservationId: string },
  toLock: PoolsToLock,
): Promise<SpotAgain | 'NO_SPOT' | 'NOT_YET'> {
  const row = { lotId, id: reservationId };
  const before = await tx.em.findOneOrFail(Reservation, row, { disableIdentityMap: true });
  const spotTypes = [...new Set([before.spotType, ...fittingSpotTypes(before.vehicleClass)])];
  const pools = toLock(spotTypes);
  await lockPoolsToBook(tx, lotId, pools);
  const reservation = await tx.em.findOneOrFail(Reservation, row, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (reservation.state !== 'NO_SHOW') return 'NOT_YET';
  const claim = await tx.em.findOne(Allocation, { lotId, reservationId });
  if (claim) return spotOf(tx, { lotId, id: claim.spotId });
  return claimAgain(tx, reservation, { spotTypes, pools });
}

async function spotOf(tx: Transaction, key: { lotId: string; id: string }): Promise<SpotAgain> {
  const spot = await tx.em.findOneOrFail(Spot, key);
  return { spotId: spot.id, label: spot.label, directions: spot.directions ?? null };
}

async function claimAgain(
  tx: Transaction,
  reservation: Reservation,
  { spotTypes, pools }: { spotTypes: readonly SpotType[]; pools: readonly SpotType[] },
): Promise<SpotAgain | 'NO_SPOT'> {
  const { lotId, id: reservationId, spotType, spotId, endsAt } = reservation;
  const lot = await tx.em.findOneOrFail(Lot, { id: lotId });
  const wish = { lotId, period: { startsAt: tx.now, endsAt }, strategy: lot.policy.allocationStrategy };
  const spot =
    (await chooseSpot(tx, { ...wish, spotTypes: [spotType], spotId })) ??
    (await chooseSpot(tx, { ...wish, spotTypes })) ??
    (await spotByMoving(tx, { ...wish, spotTypes, pools }, lot.policy));
  if (!spot) return 'NO_SPOT';
  claimSpot(tx, { lotId, spot, period: wish.period, kind: 'RESERVATION', reservationId });
  reservation.spotId = spot.spotId;
  reservation.spotType = spot.spotType;
  reservation.revision += 1;
  tx.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
  tx.publish(topic.reservation(reservationId), { lotId, reservationId });
  return spot;
}

async function spotByMoving(
  tx: Transaction,
  wish: SpotWish & { readonly pools: readonly SpotType[] },
  { earlyEntryMinutes }: LotPolicy,
): Promise<ChosenSpot | undefined> {
  const room = await makeRoom(tx, { ...wish, beyondPools: 'LOCK_MORE', earlyEntryMinutes, reason: 'ROOM' });
  return room.outcome === 'FITS' ? room.spot : undefined;
}
