// What must be true of a database after a city has parked in it, asked in SQL and of nobody who took part.

import type pg from 'pg';

export interface CityProof {
  /** Postings whose transaction does not sum to nothing. */
  readonly unbalanced: number;
  /** Pairs of claims of one spot at one time. */
  readonly overlappingClaims: number;
  /** Pairs of vehicles that the gates have sent to one spot at one time. */
  readonly sharedSpots: number;
  /** Payments that gave back more than they took. */
  readonly overRefunded: number;
}

const PROOF = `
  SELECT
    (SELECT count(*)::int FROM (SELECT 1 FROM ledger_entry GROUP BY lot_id, transaction_id, currency
      HAVING sum(amount_minor) <> 0 OR count(*) < 2) AS unbalanced) AS "unbalanced",
    (SELECT count(*)::int FROM allocation one JOIN allocation other ON other.lot_id = one.lot_id AND other.spot_id = one.spot_id
      AND other.id > one.id AND other.starts_at < one.ends_at AND one.starts_at < other.ends_at) AS "overlappingClaims",
    (SELECT count(*)::int FROM stay one JOIN stay other ON other.lot_id = one.lot_id AND other.spot_id = one.spot_id
      AND other.id > one.id AND other.state = 'INSIDE' AND one.state = 'INSIDE') AS "sharedSpots",
    (SELECT count(*)::int FROM payment WHERE refunded_minor > captured_minor) AS "overRefunded"`;

/** Looks at the whole database at once. Changes nothing. */
export async function proveCity(client: pg.ClientBase): Promise<CityProof> {
  const { rows } = await client.query<CityProof>(PROOF);
  const [proof] = rows;
  if (!proof) throw new Error('the proof has no answer');
  return proof;
}
