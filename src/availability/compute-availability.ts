import type { EntityManager } from '@mikro-orm/postgresql';
import type { SpotType } from '../domain/spot-type.ts';

/** Spots in service, and how many of them a vehicle could take right now. */
export interface FreeNow {
  readonly total: number;
  /** Nobody has claimed it at this instant and no vehicle is sensed on it. */
  readonly free: number;
  /** Free, and nobody claims it within the lot's usual stay: what a vehicle without a reservation can be given. */
  readonly freeForWalkIns: number;
}

/** What is free in a lot right now, counted from the allocations. */
export interface LotAvailability extends FreeNow {
  readonly lotId: string;
  /** The instant that "now" was. */
  readonly asOf: Date;
  readonly byType: readonly (FreeNow & { readonly spotType: SpotType })[];
  readonly byLevel: readonly (FreeNow & { readonly levelId: string })[];
  /** The database's own microsecond at which it was counted: of two counts the one with the higher basis saw more. */
  readonly basis: number;
  /** When time alone may change the counts next; at the latest an hour from now. */
  readonly looksAgainAt: Date;
}

interface CountedRow {
  readonly lotId: string;
  readonly spotType: SpotType | null;
  readonly levelId: string | null;
  readonly total: number;
  readonly free: number;
  readonly freeForWalkIns: number;
  readonly basis: string;
  readonly nextChangeMs: number | null;
}

const LOOK_AHEAD_MS = 3_600_000;

/**
 * One grouped statement for all the lots. Claims are looked at as far ahead as a walk-in would stay, and an hour more, so that the
 * next instant at which a claim begins, ends, lapses or comes into a walk-in's way is known. A closed lot has nothing free.
 */
const COUNT = `
WITH lots AS (
  SELECT id, state, (policy->>'usualStayMinutes')::int * interval '1 minute' AS usual_stay FROM lot WHERE id IN (?)
), claim AS (
  SELECT a.lot_id, a.spot_id,
    bool_or(a.starts_at <= ?) AS taken,
    bool_or(a.starts_at < ?::timestamptz + lots.usual_stay) AS taken_soon,
    least(
      min(a.ends_at), min(r.hold_expires_at), min(a.starts_at) FILTER (WHERE a.starts_at > ?),
      min(a.starts_at - lots.usual_stay) FILTER (WHERE a.starts_at - lots.usual_stay > ?)
    ) AS next_change
  FROM allocation a
  JOIN lots ON lots.id = a.lot_id
  LEFT JOIN reservation r ON r.lot_id = a.lot_id AND r.id = a.reservation_id AND r.state = 'HELD'
  WHERE a.lot_id IN (?)
    AND tstzrange(a.starts_at, a.ends_at) && tstzrange(?, ?::timestamptz + (SELECT max(usual_stay) FROM lots))
    AND (r.id IS NULL OR r.hold_expires_at > ?)
  GROUP BY a.lot_id, a.spot_id
)
SELECT lots.id AS "lotId", s.spot_type AS "spotType", s.level_id AS "levelId", count(s.id)::int AS total,
  (count(s.id) FILTER (WHERE lots.state = 'OPEN' AND s.sensed_occupied IS NOT TRUE AND claim.taken IS NOT TRUE))::int AS free,
  (count(s.id) FILTER (WHERE lots.state = 'OPEN' AND s.sensed_occupied IS NOT TRUE AND claim.taken_soon IS NOT TRUE))::int AS "freeForWalkIns",
  (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS basis,
  (extract(epoch FROM min(claim.next_change)) * 1000)::float8 AS "nextChangeMs"
FROM lots
LEFT JOIN spot s ON s.lot_id = lots.id AND s.in_service
LEFT JOIN claim ON claim.lot_id = s.lot_id AND claim.spot_id = s.id
GROUP BY lots.id, lots.state, s.spot_type, s.level_id
ORDER BY s.spot_type, s.level_id`;

/** What is free in a lot at `now`; undefined for a lot that is not there. Computed, never counted up or down, so it cannot drift. */
export async function computeAvailability(
  em: EntityManager,
  lotId: string,
  now: Date,
): Promise<LotAvailability | undefined> {
  return (await computeAvailabilities(em, [lotId], now))[0];
}

/** As `computeAvailability` for several lots in one statement. Lots that are not there are left out. */
export async function computeAvailabilities(
  em: EntityManager,
  lotIds: readonly string[],
  now: Date,
): Promise<LotAvailability[]> {
  if (lotIds.length === 0) return [];
  const lookUntil = new Date(now.getTime() + LOOK_AHEAD_MS);
  const rows = await em.execute<CountedRow[]>(COUNT, [lotIds, now, now, now, now, lotIds, now, lookUntil, now]);
  return [...Map.groupBy(rows, (row) => row.lotId)].flatMap(([lotId, ofLot]) => {
    const [first] = ofLot;
    return first ? [gather(lotId, ofLot, { now, basis: Number(first.basis), lookUntil })] : [];
  });
}

function gather(
  lotId: string,
  rows: readonly CountedRow[],
  counted: { now: Date; basis: number; lookUntil: Date },
): LotAvailability {
  const changes = rows.flatMap((row) => (row.nextChangeMs === null ? [] : [row.nextChangeMs]));
  return {
    lotId,
    asOf: counted.now,
    ...sum(rows),
    byType: sumBy(rows, (row) => row.spotType).map(([spotType, counts]) => ({ spotType, ...counts })),
    byLevel: sumBy(rows, (row) => row.levelId).map(([levelId, counts]) => ({ levelId, ...counts })),
    basis: counted.basis,
    looksAgainAt: new Date(Math.min(counted.lookUntil.getTime(), ...changes)),
  };
}

function sumBy<K extends string>(rows: readonly CountedRow[], keyOf: (row: CountedRow) => K | null): [K, FreeNow][] {
  const groups = Map.groupBy(rows, keyOf);
  return [...groups].flatMap(([key, group]): [K, FreeNow][] => (key === null ? [] : [[key, sum(group)]]));
}

function sum(rows: readonly FreeNow[]): FreeNow {
  return rows.reduce<FreeNow>(
    (so, row) => ({
      total: so.total + row.total,
      free: so.free + row.free,
      freeForWalkIns: so.freeForWalkIns + row.freeForWalkIns,
    }),
    { total: 0, free: 0, freeForWalkIns: 0 },
  );
}
