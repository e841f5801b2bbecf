import type { EntityManager } from '@mikro-orm/postgresql';
import type { AlternativeKind } from '../domain/alternative.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { addMinutes, type Period } from '../domain/period.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { countSpots, NOT_LAPSED } from './count-spots.ts';
import { lotsNear } from './lots-near.ts';

/** Something like what was asked for that is free right now: another type, a later time, or a lot nearby. Nothing is held for it. */
export interface Alternative {
  readonly kind: AlternativeKind;
  readonly lotId: string;
  readonly spotType: SpotType;
  readonly period: Period;
  readonly spotsFree: number;
  /** From the lot that was asked for, as the crow flies; 0 for that lot itself. */
  readonly distanceMeters: number;
}

/** What was asked for and is not free. */
export interface FullRequest {
  readonly lot: { readonly id: string; readonly latitude: number; readonly longitude: number };
  readonly vehicleClass: VehicleClass;
  readonly spotTypes: readonly SpotType[];
  readonly period: Period;
  readonly now: Date;
}

/** A later start is looked for within this time; after that another day is another question. */
const LATER_WITHIN_MINUTES = 24 * 60;
const NEARBY_METERS = 5000;
const NEARBY_LOTS = 20;

/**
 * What is near a request that can't be had: another type that takes the vehicle in the same lot, the nearest later start of the same
 * length, the nearest other lot. At most one of each, in this order. Four statements at most, no lock: an offer, not a promise.
 */
export async function alternatives(em: EntityManager, request: FullRequest): Promise<Alternative[]> {
  const found = [await otherType(em, request), await later(em, request), await otherLot(em, request)];
  return found.filter((alternative) => alternative !== undefined);
}

async function otherType(em: EntityManager, request: FullRequest): Promise<Alternative | undefined> {
  const { lot, vehicleClass, period, now } = request;
  const spotTypes = fittingSpotTypes(vehicleClass).filter((type) => !request.spotTypes.includes(type));
  const counts = await countSpots(em, { lotIds: [lot.id], period, now, spotTypes });
  return bestFit(counts, spotTypes, { kind: 'OTHER_TYPE', period, distanceMeters: 0 });
}

async function otherLot(em: EntityManager, request: FullRequest): Promise<Alternative | undefined> {
  const { lot, period, now, spotTypes } = request;
  const near = { latitude: lot.latitude, longitude: lot.longitude };
  const found = await lotsNear(em, { near, radiusMeters: NEARBY_METERS, spotTypes, limit: NEARBY_LOTS });
  const others = found.filter(({ lotId }) => lotId !== lot.id);
  const counts = await countSpots(em, { lotIds: others.map(({ lotId }) => lotId), period, now, spotTypes });
  for (const { lotId, distanceMeters } of others) {
    const ofLot = counts.filter((count) => count.lotId === lotId);
    const alternative = bestFit(ofLot, spotTypes, { kind: 'OTHER_LOT', period, distanceMeters });
    if (alternative) return alternative;
  }
  return undefined;
}

/**
 * The nearest later start: the end of a claim after which its spot stays free for the whole length. Claims of one spot never
 * overlap, so the next claim of the spot decides. Starts are rounded up to the minute.
 */
async function later(em: EntityManager, request: FullRequest): Promise<Alternative | undefined> {
  const { lot, period, now, spotTypes } = request;
  if (spotTypes.length === 0) return undefined;
  const lengthMs = period.endsAt.getTime() - period.startsAt.getTime();
  const lookUntil = addMinutes(period.startsAt, LATER_WITHIN_MINUTES);
  const [first] = await em.execute<{ spotType: SpotType; startsAtMs: number; spotsFree: number }[]>(
    `WITH claim AS (
       SELECT s.spot_type, date_trunc('minute', a.ends_at + interval '59.999 seconds') AS free_from,
         lead(a.starts_at) OVER (PARTITION BY a.spot_id ORDER BY a.starts_at) AS next_starts_at
       FROM allocation a JOIN spot s ON s.lot_id = a.lot_id AND s.id = a.spot_id
       WHERE a.lot_id = ? AND s.in_service AND s.spot_type IN (?)
         AND tstzrange(a.starts_at, a.ends_at) && tstzrange(?, ?) AND ${NOT_LAPSED}
     )
     SELECT spot_type AS "spotType", (extract(epoch FROM free_from) * 1000)::float8 AS "startsAtMs", count(*)::int AS "spotsFree"
     FROM claim
     WHERE free_from > ? AND free_from <= ? AND (next_starts_at IS NULL OR next_starts_at >= free_from + ? * interval '1 millisecond')
     GROUP BY spot_type, free_from ORDER BY free_from LIMIT 1`,
    [
      lot.id,
      spotTypes,
      period.startsAt,
      new Date(lookUntil.getTime() + lengthMs),
      now,
      period.startsAt,
      lookUntil,
      lengthMs,
    ],
  );
  if (!first) return undefined;
  const startsAt = new Date(first.startsAtMs);
  return {
    kind: 'LATER',
    lotId: lot.id,
    spotType: first.spotType,
    period: { startsAt, endsAt: new Date(first.startsAtMs + lengthMs) },
    spotsFree: first.spotsFree,
    distanceMeters: 0,
  };
}

function bestFit(
  counts: readonly { readonly lotId: string; readonly spotType: SpotType; readonly free: number }[],
  bestFirst: readonly SpotType[],
  rest: Pick<Alternative, 'kind' | 'period' | 'distanceMeters'>,
): Alternative | undefined {
  for (const spotType of bestFirst) {
    const count = counts.find((candidate) => candidate.spotType === spotType && candidate.free > 0);
    if (count) return { ...rest, lotId: count.lotId, spotType, spotsFree: count.free };
  }
  return undefined;
}
