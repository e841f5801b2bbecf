import type { EntityManager } from '@mikro-orm/postgresql';
import type { Period } from '../domain/period.ts';
import type { Lot } from '../entities/lot.ts';
import { FROM_REPLICA } from '../platform/db.ts';

/** A local date of a lot in figures. */
export interface DayReport {
  /** "2026-11-20", by the lot's clock. */
  readonly day: string;
  /** Of the spots in service, over the hours of the day that have passed: 0 to 100, more when vehicles stand elsewhere. Null before them. */
  readonly occupancyPercent: number | null;
  readonly entries: number;
  /** Reservations that start on the day and were paid, whatever became of them but a cancellation. */
  readonly reservations: number;
  readonly noShows: number;
  /** Paid on the day, less what has gone back of it since. */
  readonly takenMinor: number;
}

/** An hour of the week, over all its occurrences. */
export interface HourReport {
  /** 1 is Monday, 7 Sunday. */
  readonly weekday: number;
  readonly hour: number;
  readonly occupancyPercent: number | null;
  readonly entries: number;
  /** On how many dates it has begun. */
  readonly days: number;
}

/** How many visits lasted from `fromMinutes` to before `untilMinutes`; null: any longer. */
export interface DurationReport {
  readonly fromMinutes: number;
  readonly untilMinutes: number | null;
  readonly stays: number;
}

export interface LotReport {
  readonly spots: number;
  readonly currency: string;
  readonly days: readonly DayReport[];
  readonly hours: readonly HourReport[];
  readonly durations: readonly DurationReport[];
}

interface HourRow {
  readonly day: string;
  readonly weekday: number;
  readonly hour: number;
  readonly passedSeconds: number;
  readonly occupiedSeconds: number;
  readonly entries: number;
}

interface BucketRow {
  readonly bucket: number;
  readonly stays: number;
}

/**
 * Hours are counted from the first midnight, so that they are the hours of the lot's clock; a visit is spread over those that it lasts.
 * Those who left and those inside are read along an index each.
 */
const HOURS = `
WITH asked AS (SELECT ?::uuid AS lot_id, ?::text AS zone, ?::timestamptz AS begins, ?::timestamptz AS ends, ?::timestamptz AS now),
hours AS (
  SELECT at, LEAST(at + interval '1 hour', GREATEST(asked.now, at)) AS till
  FROM asked, generate_series(asked.begins, asked.ends - interval '1 millisecond', interval '1 hour') at
),
stays AS (
  SELECT s.entered_at, s.left_at FROM asked JOIN stay s ON s.lot_id = asked.lot_id AND s.state = 'LEFT' AND s.left_at > asked.begins
  UNION ALL
  SELECT s.entered_at, asked.now FROM asked JOIN stay s ON s.lot_id = asked.lot_id AND s.state = 'INSIDE'
),
visits AS (
  SELECT s.entered_at, GREATEST(s.entered_at, asked.begins) AS since, LEAST(s.left_at, asked.ends, asked.now) AS till
  FROM asked, stays s WHERE s.entered_at < LEAST(asked.ends, asked.now)
),
spread AS (
  SELECT at, sum(extract(epoch FROM LEAST(v.till, at + interval '1 hour') - GREATEST(v.since, at))) AS occupied,
    count(*) FILTER (WHERE v.entered_at >= at) AS entries
  FROM asked, visits v,
    generate_series(date_bin(interval '1 hour', v.since, asked.begins), v.till - interval '1 millisecond', interval '1 hour') at
  GROUP BY at
)
SELECT to_char(hours.at AT TIME ZONE asked.zone, 'YYYY-MM-DD') AS day,
  extract(isodow FROM hours.at AT TIME ZONE asked.zone)::int AS weekday,
  extract(hour FROM hours.at AT TIME ZONE asked.zone)::int AS hour,
  extract(epoch FROM hours.till - hours.at)::float8 AS "passedSeconds",
  COALESCE(spread.occupied, 0)::float8 AS "occupiedSeconds", COALESCE(spread.entries, 0)::int AS entries
FROM asked, hours LEFT JOIN spread ON spread.at = hours.at ORDER BY hours.at`;

const RESERVED = `
SELECT to_char(starts_at AT TIME ZONE ?, 'YYYY-MM-DD') AS day, count(*)::int AS reservations,
  (count(*) FILTER (WHERE state = 'NO_SHOW'))::int AS "noShows"
FROM reservation WHERE lot_id = ? AND starts_at >= ? AND starts_at < ? AND state IN ('CONFIRMED', 'CHECKED_IN', 'COMPLETED', 'NO_SHOW')
GROUP BY 1`;

const TAKEN = `
SELECT to_char(captured_at AT TIME ZONE ?, 'YYYY-MM-DD') AS day, sum(captured_minor - refunded_minor)::float8 AS "takenMinor"
FROM payment WHERE lot_id = ? AND captured_at >= ? AND captured_at < ? GROUP BY 1`;

/** Where one length of visit ends and the next begins. */
const DURATION_EDGES = [0, 30, 60, 120, 240, 480, 1440];

const DURATIONS = `
SELECT width_bucket(extract(epoch FROM left_at - entered_at)::float8 / 60, ?::float8[]) AS bucket, count(*)::int AS stays
FROM stay WHERE lot_id = ? AND state = 'LEFT' AND left_at >= ? AND left_at < ? GROUP BY 1`;

const SPOTS = `SELECT count(*)::int AS spots FROM spot WHERE lot_id = ? AND in_service`;

/**
 * How a lot did in a period of whole local days: by day, by hour of the week, and how long visits were. Shares are of the spots that are in
 * service now. A replica may answer; the caller has seen to it that the period is not too long and whose lot it is.
 */
export async function lotReport(
  em: EntityManager,
  lot: Lot,
  { startsAt, endsAt, now }: Period & { readonly now: Date },
): Promise<LotReport> {
  const { id, timeZone, currency } = lot;
  const zoned = [timeZone, id, startsAt, endsAt];
  const [hours, reserved, taken, durations, counted] = await Promise.all([
    em.execute<HourRow[]>(HOURS, [id, timeZone, startsAt, endsAt, now], FROM_REPLICA),
    em.execute<{ day: string; reservations: number; noShows: number }[]>(RESERVED, zoned, FROM_REPLICA),
    em.execute<{ day: string; takenMinor: number }[]>(TAKEN, zoned, FROM_REPLICA),
    em.execute<BucketRow[]>(DURATIONS, [`{${DURATION_EDGES.join()}}`, id, startsAt, endsAt], FROM_REPLICA),
    em.execute<{ spots: number }[]>(SPOTS, [id], FROM_REPLICA),
  ]);
  const spots = counted[0]?.spots ?? 0;
  const reservedOn = new Map(reserved.map((row) => [row.day, row]));
  const takenOn = new Map(taken.map((row) => [row.day, row.takenMinor]));
  const staysIn = new Map(durations.map((row) => [row.bucket, row.stays]));
  return {
    ...{ spots, currency },
    days: [...Map.groupBy(hours, ({ day }) => day)].map(([day, of]) => ({
      ...{ day, occupancyPercent: occupancyOf(of, spots), entries: sumOf(of, 'entries') },
      reservations: reservedOn.get(day)?.reservations ?? 0,
      noShows: reservedOn.get(day)?.noShows ?? 0,
      takenMinor: takenOn.get(day) ?? 0,
    })),
    hours: hoursOfWeek(hours, spots),
    durations: DURATION_EDGES.map((fromMinutes, at) => ({
      ...{ fromMinutes, untilMinutes: DURATION_EDGES[at + 1] ?? null, stays: staysIn.get(at + 1) ?? 0 },
    })),
  };
}

function hoursOfWeek(hours: readonly HourRow[], spots: number): HourReport[] {
  const passed = hours.filter(({ passedSeconds }) => passedSeconds > 0);
  return [...Map.groupBy(passed, ({ weekday, hour }) => weekday * 24 + hour)]
    .toSorted(([a], [b]) => a - b)
    .flatMap(([, of]) => {
      const [first] = of;
      if (first === undefined) return [];
      const { weekday, hour } = first;
      const days = new Set(of.map(({ day }) => day)).size;
      return { weekday, hour, occupancyPercent: occupancyOf(of, spots), entries: sumOf(of, 'entries'), days };
    });
}

function occupancyOf(hours: readonly HourRow[], spots: number): number | null {
  const seconds = sumOf(hours, 'passedSeconds') * spots;
  return seconds === 0 ? null : (sumOf(hours, 'occupiedSeconds') * 100) / seconds;
}

function sumOf(hours: readonly HourRow[], of: 'entries' | 'passedSeconds' | 'occupiedSeconds'): number {
  return hours.reduce((sum, hour) => sum + hour[of], 0);
}
