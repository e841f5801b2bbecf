import { mayMove, typesToMoveTo, type SeatedReservation } from '../domain/may-move.ts';
import type { Period } from '../domain/period.ts';
import type { ReseatClaim, ReseatSpot } from '../domain/reseat.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { AllocationStrategy } from '../domain/policies.ts';
import type { ReservationState } from '../domain/reservation.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Transaction } from '../platform/db.ts';
import { SENSED_LAST, type ChosenSpot } from './choose-spot.ts';

/** A spot in service, as a search and an answer need it. */
export type SeatRow = ReseatSpot & Omit<ChosenSpot, 'spotId'>;

/** A live claim; of a reservation with what says whether it may move. */
export interface ClaimRow {
  readonly id: string;
  readonly spotId: string;
  readonly spotType: SpotType;
  readonly startsAt: Date;
  readonly endsAt: Date;
  readonly reservationId: string | null;
  readonly reservation: SeatedReservation | null;
}

/** Which part of a lot is looked at: the pools that are locked. */
export interface LockedPools {
  readonly lotId: string;
  readonly spotTypes: readonly SpotType[];
}

/** More live claims than these are not looked through under a lock. */
const MOST_CLAIMS = 5000;

/** The spots in service of the locked pools, those first that one would rather take: as `chooseSpot` orders them. */
export async function seatsOf(
  tx: Transaction,
  pools: LockedPools,
  wish: { spotTypes: readonly SpotType[]; strategy: AllocationStrategy },
): Promise<SeatRow[]> {
  const order = wish.strategy === 'NEAREST' ? 's.distance_rank, fit.rank' : 'fit.rank, s.distance_rank';
  return tx.em.execute<SeatRow[]>(
    `SELECT s.id, s.spot_type AS "spotType", s.label, s.directions, s.level_id AS "levelId",
       s.max_height_cm AS "maxHeightCm", s.max_length_cm AS "maxLengthCm"
     FROM spot s LEFT JOIN unnest(ARRAY[?]::text[]) WITH ORDINALITY AS fit (spot_type, rank) ON fit.spot_type = s.spot_type
     WHERE s.lot_id = ? AND s.in_service AND s.spot_type IN (?) ORDER BY fit.rank IS NULL, ${SENSED_LAST}, ${order}`,
    [wish.spotTypes, pools.lotId, pools.spotTypes],
  );
}

const CLAIMS = `SELECT a.id, a.spot_id AS "spotId", a.spot_type AS "spotType", 
    (extract(epoch FROM a.starts_at) * 1000)::float8 AS "claimStartsAtMs", (extract(epoch FROM a.ends_at) * 1000)::float8 AS "claimEndsAtMs",
    a.reservation_id AS "reservationId", r.state, r.pinned, r.priced_spot_type AS "pricedSpotType", r.vehicle_class AS "vehicleClass",
    (extract(epoch FROM r.starts_at) * 1000)::float8 AS "startsAtMs", (extract(epoch FROM r.hold_expires_at) * 1000)::float8 AS "holdExpiresAtMs"
  FROM allocation a LEFT JOIN reservation r ON r.lot_id = a.lot_id AND r.id = a.reservation_id
  WHERE a.lot_id = ? AND a.spot_type IN (?) AND a.ends_at > ?`;

interface RawClaim {
  readonly id: string;
  readonly spotId: string;
  readonly spotType: SpotType;
  readonly claimStartsAtMs: number;
  readonly claimEndsAtMs: number;
  readonly reservationId: string | null;
  /** Null, as all that follows, for a walk-in's and a closure's. */
  readonly state: ReservationState | null;
  readonly pinned: boolean;
  readonly pricedSpotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly startsAtMs: number;
  readonly holdExpiresAtMs: number;
}

/** The live claims that meet the period. */
export async function claimsMeeting(tx: Transaction, pools: LockedPools, period: Period): Promise<ClaimRow[]> {
  const rows = await tx.em.execute<RawClaim[]>(`${CLAIMS} AND tstzrange(a.starts_at, a.ends_at) && tstzrange(?, ?)`, [
    pools.lotId,
    pools.spotTypes,
    tx.now,
    period.startsAt,
    period.endsAt,
  ]);
  return rows.map(claimOf);
}

/** All live claims, or undefined when they are too many to be looked through. */
export async function allClaims(tx: Transaction, pools: LockedPools): Promise<ClaimRow[] | undefined> {
  const rows = await tx.em.execute<RawClaim[]>(`${CLAIMS} LIMIT ${MOST_CLAIMS + 1}`, [
    pools.lotId,
    pools.spotTypes,
    tx.now,
  ]);
  return rows.length > MOST_CLAIMS ? undefined : rows.map(claimOf);
}

function claimOf(row: RawClaim): ClaimRow {
  const { id, spotId, spotType, reservationId, state, pinned, pricedSpotType, vehicleClass } = row;
  const period = { startsAt: new Date(row.claimStartsAtMs), endsAt: new Date(row.claimEndsAtMs) };
  const claim = { id, spotId, spotType, reservationId, ...period };
  if (state === null) return { ...claim, reservation: null };
  const [startsAt, holdExpiresAt] = [new Date(row.startsAtMs), new Date(row.holdExpiresAtMs)];
  return {
    ...claim,
    reservation: { state, pinned, spotType, pricedSpotType, vehicleClass, startsAt, holdExpiresAt },
  };
}

/** A claim as the search sees it: only from now on, and only moving if somebody else's wish may move it. */
export function searched(
  claim: ClaimRow,
  at: { now: Date; earlyEntryMinutes: number; keep: ReadonlySet<string> },
): ReseatClaim {
  const { id, spotId, reservation, reservationId } = claim;
  const isKept = reservationId !== null && at.keep.has(reservationId);
  const moves = reservation !== null && !isKept && mayMove(reservation, at);
  return {
    id,
    spotId,
    startsAt: Math.max(claim.startsAt.getTime(), at.now.getTime()),
    endsAt: claim.endsAt.getTime(),
    mayMoveTo: moves ? typesToMoveTo(reservation) : [],
  };
}
