import { releaseAllocation } from '../allocation/claim.ts';
import { lockPools } from '../allocation/pools.ts';
import { addMinutes } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction } from '../platform/db.ts';
import { eachFound } from '../platform/each-found.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { partitionOf } from '../platform/redis.ts';
import { lotKeys } from './index-keys.ts';
import { decodeRecord, type IndexedPresence } from './index-records.ts';
import { EXTEND_BY_MINUTES, stayOn, type EndingClaim } from './stay-on.ts';

/** Longer than any scan is decided and applied. */
const ORPHAN_MINUTES = 10;
const BATCH = 100;

/** A claim that a sweep found, and its place among the others. */
interface FoundClaim {
  readonly lotId: string;
  readonly id: string;
  readonly spotType: SpotType;
  /** What the pages are ordered by, as PostgreSQL writes it. */
  readonly place: string;
}

const BEFORE_ALL = { place: '-infinity', id: '00000000-0000-0000-0000-000000000000' };

/**
 * Does `work` for every claim that `find` gives, page by page, each after the last one of the page before: those for which there is
 * nothing to do, and those that fail, keep nobody from their turn. Gives for how many there was something to do.
 */
async function eachClaim<T extends FoundClaim>(
  platform: Platform,
  find: (after: { place: string; id: string }) => Promise<T[]>,
  work: (claim: T) => Promise<boolean>,
): Promise<number> {
  let done = 0;
  let after = BEFORE_ALL;
  for (;;) {
    const claims = await find(after);
    done += await eachFound(platform, claims, work);
    const last = claims.at(-1);
    if (last === undefined || claims.length < BATCH) return done;
    after = last;
  }
}

/**
 * Gives back the spots of walk-ins that were never let in: claimed for a scan whose commit did not come through. A stay that the index
 * knows is on its way to PostgreSQL. Gives how many. Locks the pool of each; publishes lotChanged. While Redis is away none is given back.
 */
export async function sweepOrphanWalkIns(platform: Platform): Promise<number> {
  const before = addMinutes(platform.clock.now(), -ORPHAN_MINUTES);
  const orphans = await eachClaim<FoundClaim & { stayId: string }>(
    platform,
    ({ place, id }) =>
      platform.orm.em.fork().execute(
        `SELECT claim.lot_id AS "lotId", claim.id, claim.stay_id AS "stayId", claim.spot_type AS "spotType", claim.created_at::text AS place
         FROM allocation claim
         WHERE claim.kind = 'WALK_IN' AND claim.created_at < ? AND (claim.created_at, claim.id) > (?, ?)
           AND NOT EXISTS (SELECT 1 FROM stay WHERE stay.lot_id = claim.lot_id AND stay.id = claim.stay_id)
         ORDER BY claim.created_at, claim.id LIMIT ${BATCH}`,
        [before, place, id],
      ),
    async (claim) => {
      if ((await platform.redis.exists(lotKeys(claim.lotId).stay(claim.stayId))) === 1) return false;
      return releaseOrphan(platform, claim);
    },
  );
  return orphans + (await sweepLateDrivers(platform, before));
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

/** The same for late drivers who were seated again and then did not come in. A claim whose period is over is in nobody's way. */
async function sweepLateDrivers(platform: Platform, before: Date): Promise<number> {
  const now = platform.clock.now();
  return eachClaim<FoundClaim & { reservationId: string }>(
    platform,
    ({ place, id }) =>
      platform.orm.em.fork().execute(
        `SELECT claim.lot_id AS "lotId", claim.id, claim.reservation_id AS "reservationId", claim.spot_type AS "spotType",
           reservation.ends_at::text AS place
         FROM reservation
         JOIN allocation claim ON claim.lot_id = reservation.lot_id AND claim.reservation_id = reservation.id
         WHERE reservation.state = 'NO_SHOW' AND reservation.ends_at > ? AND claim.created_at < ?
           AND (reservation.ends_at, claim.id) > (?, ?)
         ORDER BY reservation.ends_at, claim.id LIMIT ${BATCH}`,
        [now, before, place, id],
      ),
    async (claim) => {
      const presence = await platform.redis.get(lotKeys(claim.lotId).presence(claim.reservationId));
      if (presence !== null && decodeRecord<IndexedPresence>(presence).at === 'INSIDE') return false;
      return releaseLateDriver(platform, claim);
    },
  );
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

/**
 * Lengthens the claims of vehicles that are inside and whose claim is about to end, half an hour at a time, so that nobody is sent to a
 * taken spot. Where somebody has the spot next and the claim is over, they are moved first (`stayOn`). Gives how many were lengthened.
 */
export async function sweepOverstays(platform: Platform): Promise<number> {
  const now = platform.clock.now();
  const [endsBefore, extendedTo] = [addMinutes(now, EXTEND_AHEAD_MINUTES), addMinutes(now, EXTEND_BY_MINUTES)];
  return eachClaim<FoundClaim & EndingClaim>(
    platform,
    async ({ place, id }) => {
      const found = await platform.orm.em.fork().execute<(FoundClaim & EndingClaim & { endsAtMs: number })[]>(
        `SELECT claim.lot_id AS "lotId", claim.id, claim.spot_id AS "spotId", claim.spot_type AS "spotType", claim.ends_at::text AS place,
           (extract(epoch FROM claim.ends_at) * 1000)::float8 AS "endsAtMs", next.is_there AS "isBlocked"
         FROM allocation claim CROSS JOIN LATERAL (${NEXT_CLAIMS}) next
         WHERE claim.ends_at < ? AND (claim.ends_at, claim.id) > (?, ?) AND ${HAS_SOMEBODY_INSIDE}
           AND (NOT next.is_there OR (next.may_move AND claim.ends_at <= ?))
         ORDER BY claim.ends_at, claim.id LIMIT ${BATCH}`,
        [extendedTo, endsBefore, place, id, now],
      );
      return found.map((claim) => ({ ...claim, endsAt: new Date(claim.endsAtMs) }));
    },
    (claim) => stayOn(platform, claim),
  );
}

/** Of a claim's row named `claim`: whether others have its spot after it, and whether one of them is a reservation. Takes until when. */
const NEXT_CLAIMS = `SELECT count(*) > 0 AS is_there, count(*) FILTER (WHERE after.kind = 'RESERVATION') > 0 AS may_move
  FROM allocation after WHERE after.lot_id = claim.lot_id AND after.spot_id = claim.spot_id AND after.id <> claim.id
    AND tstzrange(after.starts_at, after.ends_at) && tstzrange(claim.ends_at, ?)`;

/** Written for a claim's row named `claim`. */
const HAS_SOMEBODY_INSIDE = `(
  EXISTS (SELECT 1 FROM stay WHERE stay.lot_id = claim.lot_id AND stay.id = claim.stay_id AND stay.state = 'INSIDE')
  OR EXISTS (SELECT 1 FROM stay WHERE stay.lot_id = claim.lot_id AND stay.reservation_id = claim.reservation_id AND stay.state = 'INSIDE')
)`;
