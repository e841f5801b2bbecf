import type { EntityManager } from '@mikro-orm/postgresql';
import type { SpotState } from '../domain/spot-state.ts';
import type { Spot } from '../entities/spot.ts';

/** A spot as it stands at an instant: a view of the claims and of what is sensed, never a truth of its own. */
export interface SpotNow {
  readonly state: SpotState;
  /** Whose reservation claims it at that instant; undefined: nobody's. */
  readonly reservationId: string | undefined;
}

interface Claim {
  readonly lotId: string;
  readonly spotId: string;
  readonly kind: 'RESERVATION' | 'WALK_IN' | 'CLOSURE';
  readonly reservationId: string | null;
  readonly isInside: boolean;
}

const CLAIMS = `
SELECT a.lot_id AS "lotId", a.spot_id AS "spotId", a.kind, a.reservation_id AS "reservationId",
  a.kind = 'WALK_IN' OR r.state = 'CHECKED_IN' AS "isInside"
FROM allocation a
LEFT JOIN reservation r ON r.lot_id = a.lot_id AND r.id = a.reservation_id
WHERE a.lot_id IN (?) AND a.spot_id IN (?) AND tstzrange(a.starts_at, a.ends_at) @> ?::timestamptz
  AND (r.id IS NULL OR r.state <> 'HELD' OR r.hold_expires_at > ?)`;

/** How spots stand at `now`, in their order. One statement for all of them. */
export async function spotsNow(em: EntityManager, spots: readonly Spot[], now: Date): Promise<SpotNow[]> {
  if (spots.length === 0) return [];
  const lotIds = [...new Set(spots.map(({ lotId }) => lotId))];
  const claims = await em.execute<Claim[]>(CLAIMS, [lotIds, spots.map(({ id }) => id), now, now]);
  const bySpot = new Map(claims.map((claim) => [claim.spotId, claim]));
  return spots.map((spot) => {
    const claim = bySpot.get(spot.id);
    return { state: stateOf(spot, claim), reservationId: claim?.reservationId ?? undefined };
  });
}

/** A vehicle that is seen counts more than a claim; a spot that is closed is shown closed whatever stands on it. */
function stateOf({ inService, sensedOccupied }: Spot, claim: Claim | undefined): SpotState {
  if (!inService || claim?.kind === 'CLOSURE') return 'OUT_OF_SERVICE';
  if (sensedOccupied === true || claim?.isInside === true) return 'OCCUPIED';
  return claim ? 'RESERVED' : 'FREE';
}
