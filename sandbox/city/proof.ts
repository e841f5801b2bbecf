// What must be true of a database after a city has parked in it, asked in SQL and of nobody who took part.

import type pg from 'pg';

export interface CityProof {
  /** Postings whose transaction does not sum to nothing. */
  readonly unbalanced: number;
  /** Payments that were captured and stand otherwise, or not at all, in the books; and the other way round. */
  readonly notInTheBooks: number;
  /** Pairs of claims of one spot at one time. */
  readonly overlappingClaims: number;
  /** Pairs of vehicles that the gates have sent to one spot, while the time of the first was not over. */
  readonly sharedSpots: number;
  /** Pairs of visits of one vehicle that is inside. */
  readonly doubleEntries: number;
  /** Vehicles that came to an end of their visit twice, or to one without having come in. */
  readonly doubleExits: number;
  /** Payments that gave back more than they took. */
  readonly overRefunded: number;
}

/** What the database counts since a moment: to be held against what the city has counted itself. */
export interface CityCounts {
  readonly entries: number;
  readonly exits: number;
  readonly reservations: number;
  /** Vehicles that an exit let go without knowing their visit, an incident each: they count as inside until a person says otherwise. */
  readonly letOutUnknown: number;
}

const PROOF = `
  SELECT
    (SELECT count(*)::int FROM (SELECT 1 FROM ledger_entry GROUP BY lot_id, transaction_id, currency
      HAVING sum(amount_minor) <> 0 OR count(*) < 2) AS unbalanced) AS "unbalanced",
    (SELECT count(*)::int FROM (
      (SELECT lot_id, id, captured_minor FROM payment WHERE captured_at IS NOT NULL AND method = 'CARD') AS taken
      FULL JOIN (SELECT lot_id, cause_id AS id, sum(amount_minor) AS booked_minor FROM ledger_entry
        WHERE cause_kind = 'PAYMENT_CAPTURED' AND account = 'provider:clearing' GROUP BY lot_id, cause_id) AS booked USING (lot_id, id))
      WHERE captured_minor IS DISTINCT FROM booked_minor) AS "notInTheBooks",
    (SELECT count(*)::int FROM allocation one JOIN allocation other ON other.lot_id = one.lot_id AND other.spot_id = one.spot_id
      AND other.id > one.id AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at) AS "overlappingClaims",
    (SELECT count(*)::int FROM stay one JOIN stay other ON other.lot_id = one.lot_id AND other.spot_id = one.spot_id
      AND other.id <> one.id AND other.state = 'INSIDE' AND one.state = 'INSIDE' AND other.entered_at >= one.entered_at
      JOIN allocation claim ON claim.lot_id = one.lot_id AND claim.spot_id = one.spot_id AND claim.ends_at > other.entered_at
        AND (claim.stay_id = one.id OR claim.reservation_id = one.reservation_id)) AS "sharedSpots",
    (SELECT count(*)::int FROM stay one JOIN stay other ON other.lot_id = one.lot_id AND other.plate_index = one.plate_index
      AND other.id > one.id AND other.state = 'INSIDE' AND one.state = 'INSIDE') AS "doubleEntries",
    (SELECT count(*)::int FROM (SELECT 1 FROM stay WHERE exit_scan_id IS NOT NULL GROUP BY lot_id, exit_scan_id HAVING count(*) > 1
      UNION ALL SELECT 1 FROM stay WHERE (state = 'LEFT') <> (left_at IS NOT NULL) OR left_at < entered_at) AS twice) AS "doubleExits",
    (SELECT count(*)::int FROM payment WHERE refunded_minor > captured_minor) AS "overRefunded"`;

const COUNTS = `
  SELECT (SELECT count(*)::int FROM stay WHERE entered_at >= $1) AS "entries",
    (SELECT count(*)::int FROM stay WHERE left_at >= $1) AS "exits",
    (SELECT count(*)::int FROM reservation WHERE created_at >= $1 AND state NOT IN ('HELD', 'EXPIRED')) AS "reservations",
    (SELECT count(*)::int FROM incident WHERE created_at >= $1 AND kind IN ('UNKNOWN_STAY', 'UNSURE_STAY', 'EXIT_NOT_LOOKED_UP'))
      AS "letOutUnknown"`;

/** Looks at the whole database at once. Changes nothing. */
export const proveCity = (client: pg.ClientBase): Promise<CityProof> => one<CityProof>(client, PROOF);

export const countCity = (client: pg.ClientBase, since: Date): Promise<CityCounts> =>
  one<CityCounts>(client, COUNTS, [since]);

async function one<Row extends object>(client: pg.ClientBase, sql: string, values: unknown[] = []): Promise<Row> {
  const { rows } = await client.query<Row>(sql, values);
  const [row] = rows;
  if (!row) throw new Error('the proof has no answer');
  return row;
}
