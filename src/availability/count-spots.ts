import type { EntityManager } from '@mikro-orm/postgresql';
import type { Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { FROM_REPLICA } from '../platform/db.ts';

/** How many spots of a type a lot has in service, and how many of them nobody has claimed for any part of the period. */
export interface SpotCount {
  readonly spotType: SpotType;
  readonly total: number;
  readonly free: number;
}

export interface SpotsToCount {
  readonly lotIds: readonly string[];
  readonly period: Period;
  /** Holds that have lapsed by then count as free, whether or not a sweep has seen them. */
  readonly now: Date;
  /** All types unless told. */
  readonly spotTypes?: readonly SpotType[];
  /** A search shows what was free a moment ago; a price or a booking may not. */
  readonly mayBeOld?: true;
}

/**
 * A claim that counts: an allocation whose hold has not lapsed. Takes one parameter, the instant.
 * Lapsed holds are few and stand in a partial index, so history does not slow this down.
 */
export const NOT_LAPSED = `NOT EXISTS (
  SELECT 1 FROM reservation r
  WHERE r.state = 'HELD' AND r.lot_id = a.lot_id AND r.id = a.reservation_id AND r.hold_expires_at <= ?)`;

/**
 * Counts the spots of several lots for a period by type, in one grouped statement. Takes no lock: the answer is what stood when
 * it was asked. A type that a lot does not have is left out.
 */
export async function countSpots(
  em: EntityManager,
  asked: SpotsToCount,
): Promise<(SpotCount & { readonly lotId: string })[]> {
  const { lotIds, period, now, spotTypes } = asked;
  if (lotIds.length === 0 || spotTypes?.length === 0) return [];
  return em.execute<(SpotCount & { lotId: string })[]>(
    `SELECT s.lot_id AS "lotId", s.spot_type AS "spotType", count(*)::int AS total, (count(*) - count(taken.spot_id))::int AS free
     FROM spot s
     LEFT JOIN (
       SELECT DISTINCT a.lot_id, a.spot_id FROM allocation a
       WHERE a.lot_id IN (?) AND tstzrange(a.starts_at, a.ends_at) && tstzrange(?, ?) AND ${NOT_LAPSED}
     ) taken ON taken.lot_id = s.lot_id AND taken.spot_id = s.id
     WHERE s.lot_id IN (?) AND s.in_service ${spotTypes ? 'AND s.spot_type IN (?)' : ''}
     GROUP BY s.lot_id, s.spot_type`,
    [lotIds, period.startsAt, period.endsAt, now, lotIds, ...(spotTypes ? [spotTypes] : [])],
    asked.mayBeOld ? FROM_REPLICA : {},
  );
}
