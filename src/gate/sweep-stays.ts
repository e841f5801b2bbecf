import { extendAllocation, releaseAllocation } from '../allocation/claim.ts';
import { lockPools } from '../allocation/pools.ts';
import { addMinutes } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { Allocation } from '../entities/allocation.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { partitionOf } from '../platform/redis.ts';
import { lotKeys } from './index-keys.ts';
import { decodeRecord, type IndexedPresence } from './index-records.ts';

/** Longer than any scan is decided and applied. */
const ORPHAN_MINUTES = 10;
const BATCH = 100;

/**
 * Gives back the spots of walk-ins that were never let in: claimed for a scan whose commit did not come through. A stay that the index
 * knows is on its way to PostgreSQL. Gives how many. Locks the pool of each; publishes lotChanged. Throws when Redis is away.
 */
export async function sweepOrphanWalkIns(platform: Platform): Promise<number> {
  const before = addMinutes(platform.clock.now(), -ORPHAN_MINUTES);
  const claims = await platform.orm.em.fork().execute<{ lotId: string; stayId: string; spotType: SpotType }[]>(
    `SELECT claim.lot_id AS "lotId", claim.stay_id AS "stayId", claim.spot_type AS "spotType" FROM allocation claim
     WHERE claim.kind = 'WALK_IN' AND claim.created_at < ?
       AND NOT EXISTS (SELECT 1 FROM stay WHERE stay.lot_id = claim.lot_id AND stay.id = claim.stay_id)
     ORDER BY claim.created_at LIMIT ${BATCH}`,
    [before],
  );
  let released = 0;
  for (const claim of claims) {
    if ((await platform.redis.exists(lotKeys(claim.lotId).stay(claim.stayId))) === 1) continue;
    if (await releaseOrphan(platform, claim)) released += 1;
  }
  return released + (await sweepLateDrivers(platform, before));
}

async function releaseOrphan(
  platform: Platform,
  claim: { lotId: string; stayId: string; spotType: SpotType },
): Promise<boolean> {
  const { lotId, stayId, spotType } = claim;
  return inTransaction(platform, async (tx) => {
    await lockPools(tx, lotId, [spotType]);
    if (await tx.em.findOne(Stay, { lotId, id: stayId })) return false;
    await releaseAllocation(tx, { lotId, stayId });
    tx.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
    return true;
  });
}

/** The same for late drivers who were seated again and then did not come in. */
async function sweepLateDrivers(platform: Platform, before: Date): Promise<number> {
  const claims = await platform.orm.em.fork().execute<{ lotId: string; reservationId: string; spotType: SpotType }[]>(
    `SELECT claim.lot_id AS "lotId", claim.reservation_id AS "reservationId", claim.spot_type AS "spotType"
       FROM allocation claim
       JOIN reservation ON reservation.lot_id = claim.lot_id AND reservation.id = claim.reservation_id
       WHERE claim.kind = 'RESERVATION' AND claim.created_at < ? AND reservation.state = 'NO_SHOW' LIMIT ${BATCH}`,
    [before],
  );
  let released = 0;
  for (const claim of claims) {
    const presence = await platform.redis.get(lotKeys(claim.lotId).presence(claim.reservationId));
    if (presence !== null && decodeRecord<IndexedPresence>(presence).at === 'INSIDE') continue;
    if (await releaseLateDriver(platform, claim)) released += 1;
  }
  return released;
}

async function releaseLateDriver(
  platform: Platform,
  claim: { lotId: string; reservationId: string; spotType: SpotType },
): Promise<boolean> {
  const { lotId, reservationId, spotType } = claim;
  return inTransaction(platform, async (tx) => {
    await lockPools(tx, lotId, [spotType]);
    if (!(await tx.em.findOne(Reservation, { lotId, id: reservationId, state: 'NO_SHOW' }))) return false;
    await releaseAllocation(tx, { lotId, reservationId });
    tx.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
    return true;
  });
}

const EXTEND_AHEAD_MINUTES = 10;
const EXTEND_BY_MINUTES = 30;

/**
 * Lengthens the claims of vehicles that are inside and whose claim is about to end, half an hour at a time, so that nobody is sent to a
 * taken spot. Where the next driver's claim begins already the claim ends and the overstay stands on the stay alone. Gives how many
 * were lengthened. Locks the pool of each; publishes lotChanged.
 */
export async function sweepOverstays(platform: Platform): Promise<number> {
  const now = platform.clock.now();
  const ending = await platform.orm.em.fork().execute<{ lotId: string; id: string; spotType: SpotType }[]>(
    `SELECT claim.lot_id AS "lotId", claim.id, claim.spot_type AS "spotType" FROM allocation claim
     JOIN stay ON stay.lot_id = claim.lot_id AND stay.state = 'INSIDE'
       AND (stay.id = claim.stay_id OR stay.reservation_id = claim.reservation_id)
     WHERE claim.ends_at < ? ORDER BY claim.ends_at LIMIT ${BATCH}`,
    [addMinutes(now, EXTEND_AHEAD_MINUTES)],
  );
  let extended = 0;
  for (const claim of ending) if (await extend(platform, claim)) extended += 1;
  return extended;
}

async function extend(platform: Platform, ending: { lotId: string; id: string; spotType: SpotType }): Promise<boolean> {
  const { lotId, id, spotType } = ending;
  return inTransaction(platform, async (tx) => {
    await lockPools(tx, lotId, [spotType]);
    const claim = await tx.em.findOne(Allocation, { lotId, id });
    if (!claim) return false;
    const { reservationId, stayId } = claim;
    const holder = reservationId != null ? { lotId, reservationId } : stayId != null ? { lotId, stayId } : undefined;
    if (!holder) return false;
    const isExtended = await extendAllocation(tx, { ...holder, endsAt: addMinutes(tx.now, EXTEND_BY_MINUTES) });
    if (isExtended) tx.publish(topic.lotChanged(partitionOf(lotId)), { lotId });
    return isExtended;
  });
}
