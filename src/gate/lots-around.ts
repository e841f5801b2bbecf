import { boardKey, type AvailabilitySnapshot } from '../availability/snapshot.ts';
import { fittingSpotTypes } from '../domain/fit.ts';
import { isOpenAt } from '../domain/opening-hours.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { Platform } from '../platform/platform.ts';
import { withinMs } from '../platform/within-ms.ts';
import { lotKeys } from './index-keys.ts';
import { decodeLot, decodeRecord } from './index-records.ts';
import type { NearestFree } from './journal-entry.ts';

/** Where every lot is. One key for all of them: a lot's neighbours stand in other partitions. */
const PLACES = '{lots}:places';
/** Redis keeps no place nearer to the poles. */
const LATITUDE_LIMIT = 85;

interface Place {
  readonly id: string;
  readonly latitude: number;
  readonly longitude: number;
}

/** Lets the gates know where lots are, so that a full one can name another. */
export async function placeLots(platform: Platform, lots: readonly Place[]): Promise<void> {
  const places = lots.filter(({ latitude }) => Math.abs(latitude) <= LATITUDE_LIMIT);
  if (places.length === 0) return;
  await platform.redis.geoadd(PLACES, ...places.flatMap(({ id, latitude, longitude }) => [longitude, latitude, id]));
}

const RADIUS_METERS = 5000;
const MOST_LOOKED_AT = 20;
const PATIENCE_MS = 150;

/**
 * The nearest other lot within five kilometres that is open and, as its last snapshot says, has a spot for the vehicle; null when there is none or
 * Redis does not say in time. Without PostgreSQL: nobody who is turned away waits for it.
 */
export async function nearestWithRoom(
  platform: Platform,
  full: { lotId: string; vehicleClass: VehicleClass; now: Date },
): Promise<NearestFree | null> {
  return withinMs(PATIENCE_MS, search(platform, full)).catch((error: unknown) => {
    platform.log.warn({ err: error, lotId: full.lotId }, 'no other lot could be named to a driver who was turned away');
    return null;
  });
}

async function search(
  platform: Platform,
  { lotId, vehicleClass, now }: { lotId: string; vehicleClass: VehicleClass; now: Date },
): Promise<NearestFree | null> {
  const { gateRedis } = platform;
  const [longitude, latitude] = (await gateRedis.geopos(PLACES, lotId))[0] ?? [];
  if (longitude === undefined || latitude === undefined) return null;
  const near = (await gateRedis.geosearch(
    ...([PLACES, 'FROMLONLAT', longitude, latitude, 'BYRADIUS', RADIUS_METERS, 'm', 'ASC'] as const),
    ...(['COUNT', MOST_LOOKED_AT + 1, 'WITHDIST'] as const),
  )) as [string, string][];
  const others = near.filter(([id]) => id !== lotId);
  const read = await Promise.all(
    others.map(([id]) => Promise.all([gateRedis.get(lotKeys(id).lot), gateRedis.hget(boardKey(id), 'json')])),
  );
  const fitting = new Set(fittingSpotTypes(vehicleClass));
  for (const [index, [id, meters]] of others.entries()) {
    const [record, board] = read[index] ?? [];
    if (record == null || board == null) continue;
    const { name, state, openingHours, timeZone } = decodeLot(id, record);
    if (state !== 'OPEN' || !isOpenAt(openingHours, timeZone, now)) continue;
    const free = decodeRecord<AvailabilitySnapshot>(board)
      .byType.filter(({ spotType }) => fitting.has(spotType))
      .reduce((sum, { freeForWalkIns }) => sum + freeForWalkIns, 0);
    if (free > 0) return { lotId: id, lotName: name, distanceMeters: Math.round(Number(meters)), free };
  }
  return null;
}
