import { addMinutes, type Period } from '../domain/period.ts';
import type { AllocationStrategy } from '../domain/policies.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { Transaction } from '../platform/db.ts';

/** A spot that is free for the period asked for. */
export interface ChosenSpot {
  readonly spotId: string;
  readonly spotType: SpotType;
  readonly label: string;
  readonly directions: string | null;
  readonly levelId: string;
}

export interface SpotWish {
  readonly lotId: string;
  /** Best fit first. */
  readonly spotTypes: readonly SpotType[];
  readonly period: Period;
  readonly strategy: AllocationStrategy;
  /** Only this spot will do. */
  readonly spotId?: string;
}

/** NEAREST: the shortest way, whatever the type. BEST_FIT: the best type, then the shortest way. TIGHTEST_GAP: the best type, then the spot whose free time the period fills best. */
const ORDER: Readonly<Record<AllocationStrategy, string>> = {
  NEAREST: 's.distance_rank, fit.rank',
  BEST_FIT: 'fit.rank, s.distance_rank',
  TIGHTEST_GAP: 'fit.rank, gap.idle, s.distance_rank',
};

/** The idle time left around the period on a spot; an open end counts as a day. */
const GAP = `CROSS JOIN LATERAL (
    SELECT least(?::timestamptz - max(a.ends_at) FILTER (WHERE a.ends_at <= ?), interval '1 day')
         + least(min(a.starts_at) FILTER (WHERE a.starts_at >= ?) - ?::timestamptz, interval '1 day') AS idle
    FROM allocation a WHERE a.lot_id = s.lot_id AND a.spot_id = s.id
  ) gap`;

/**
 * Somebody may stand on a spot that nobody has claimed: whoever is about to come is sent there last. Never refused for it: a sensor can be
 * wrong, and what is taken is said by claims.
 */
export const SENSED_LAST = 's.sensed_occupied IS TRUE';
const SOON_MINUTES = 30;

function beginsSoon({ startsAt }: Period, now: Date): boolean {
  return startsAt <= addMinutes(now, SOON_MINUTES);
}

/**
 * Finds the best free spot, or undefined when every one that fits is out of service or taken at some instant of the period.
 * Call it after `lockPools` with the same types: only then is the answer still true when the spot is claimed.
 */
export async function chooseSpot(tx: Transaction, wish: SpotWish): Promise<ChosenSpot | undefined> {
  const { startsAt, endsAt } = wish.period;
  const tightest = wish.strategy === 'TIGHTEST_GAP';
  const rows = await tx.em.execute<
    { id: string; spot_type: SpotType; label: string; directions: string | null; level_id: string }[]
  >(
    `SELECT s.id, s.spot_type, s.label, s.directions, s.level_id
     FROM spot s
     JOIN unnest(ARRAY[?]::text[]) WITH ORDINALITY AS fit (spot_type, rank) ON fit.spot_type = s.spot_type
     ${tightest ? GAP : ''}
     WHERE s.lot_id = ? AND s.in_service ${wish.spotId === undefined ? '' : 'AND s.id = ?'}
       AND s.id NOT IN (
         SELECT a.spot_id FROM allocation a
         WHERE a.lot_id = ? AND tstzrange(a.starts_at, a.ends_at) && tstzrange(?, ?)
       )
     ORDER BY ${beginsSoon(wish.period, tx.now) ? `${SENSED_LAST}, ` : ''}${ORDER[wish.strategy]} LIMIT 1`,
    [
      wish.spotTypes,
      ...(tightest ? [startsAt, startsAt, endsAt, endsAt] : []),
      wish.lotId,
      ...(wish.spotId === undefined ? [] : [wish.spotId]),
      wish.lotId,
      startsAt,
      endsAt,
    ],
  );
  const [row] = rows;
  return (
    row && {
      spotId: row.id,
      spotType: row.spot_type,
      label: row.label,
      directions: row.directions,
      levelId: row.level_id,
    }
  );
}
