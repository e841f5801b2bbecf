import type { EntityManager } from '@mikro-orm/postgresql';
import { FROM_REPLICA } from '../platform/db.ts';

/** What a lot's staff look at first, of today in the lot's own zone. */
export interface DayFigures {
  readonly lotId: string;
  readonly currency: string;
  /** Confirmed reservations that start within the next three hours. */
  readonly arrivalsSoon: number;
  readonly noShows: number;
  /** The same day a week ago, until the same time of day. */
  readonly noShowsWeekBefore: number;
  readonly openIncidents: number;
  readonly urgentIncidents: number;
  /** What was paid today, less what went back of it. */
  readonly takenMinor: number;
  readonly takenWeekBeforeMinor: number;
}

/**
 * `then` is the same moment of the same weekday a week ago, by the lot's clock: a week of local time, which is an hour more or less than
 * 168 when the clocks were changed.
 */
const FIGURES = `
WITH lots AS (
  SELECT id, currency, now, day, week_before, date_trunc('day', week_before, time_zone) AS day_before FROM (
    SELECT id, currency, time_zone, ?::timestamptz AS now, date_trunc('day', ?::timestamptz, time_zone) AS day,
      (?::timestamptz AT TIME ZONE time_zone - interval '7 days') AT TIME ZONE time_zone AS week_before
    FROM lot WHERE id IN (?)
  ) zoned
)
SELECT lots.id AS "lotId", lots.currency, come."arrivalsSoon", missed."noShows", missed_before."noShowsWeekBefore",
  looks."openIncidents", looks."urgentIncidents", took."takenMinor", took_before."takenWeekBeforeMinor"
FROM lots
CROSS JOIN LATERAL (SELECT count(*)::int AS "arrivalsSoon" FROM reservation r
  WHERE r.lot_id = lots.id AND r.starts_at > lots.now AND r.starts_at <= lots.now + interval '3 hours' AND r.state = 'CONFIRMED') come
CROSS JOIN LATERAL (SELECT count(*)::int AS "noShows" FROM reservation r
  WHERE r.lot_id = lots.id AND r.starts_at >= lots.day AND r.starts_at <= lots.now AND r.state = 'NO_SHOW') missed
CROSS JOIN LATERAL (SELECT count(*)::int AS "noShowsWeekBefore" FROM reservation r
  WHERE r.lot_id = lots.id AND r.starts_at >= lots.day_before AND r.starts_at <= lots.week_before AND r.state = 'NO_SHOW') missed_before
CROSS JOIN LATERAL (SELECT count(*)::int AS "openIncidents", (count(*) FILTER (WHERE i.severity = 'URGENT'))::int AS "urgentIncidents"
  FROM incident i WHERE i.lot_id = lots.id AND i.resolved_at IS NULL) looks
CROSS JOIN LATERAL (SELECT coalesce(sum(p.captured_minor - p.refunded_minor), 0)::float8 AS "takenMinor" FROM payment p
  WHERE p.lot_id = lots.id AND p.captured_at >= lots.day AND p.captured_at <= lots.now) took
CROSS JOIN LATERAL (SELECT coalesce(sum(p.captured_minor - p.refunded_minor), 0)::float8 AS "takenWeekBeforeMinor" FROM payment p
  WHERE p.lot_id = lots.id AND p.captured_at >= lots.day_before AND p.captured_at <= lots.week_before) took_before`;

/** The figures of today of lots, in one statement that reads along indexes; lots that are not there are left out. A replica may answer. */
export async function dayFigures(em: EntityManager, lotIds: readonly string[], now: Date): Promise<DayFigures[]> {
  if (lotIds.length === 0) return [];
  return em.execute<DayFigures[]>(FIGURES, [now, now, now, [...lotIds]], FROM_REPLICA);
}

/** What was taken in one currency, and a week before. */
export interface Taken {
  readonly currency: string;
  readonly takenMinor: number;
  readonly takenWeekBeforeMinor: number;
}

/** Sums by currency: amounts of two currencies are never added. */
export function takenByCurrency(figures: readonly DayFigures[]): Taken[] {
  const byCurrency = Map.groupBy(figures, ({ currency }) => currency);
  return [...byCurrency]
    .map(([currency, lots]) => ({
      currency,
      takenMinor: lots.reduce((sum, lot) => sum + lot.takenMinor, 0),
      takenWeekBeforeMinor: lots.reduce((sum, lot) => sum + lot.takenWeekBeforeMinor, 0),
    }))
    .toSorted((a, b) => a.currency.localeCompare(b.currency));
}
