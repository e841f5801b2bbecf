import type { EntityManager } from '@mikro-orm/postgresql';
import { FROM_REPLICA } from '../platform/db.ts';
import { lotConditions, type LotFilter } from './lot-filter.ts';

export interface GeoPoint {
  readonly latitude: number;
  readonly longitude: number;
}

export interface LotDistance {
  readonly lotId: string;
  readonly distanceMeters: number;
}

export interface AreaToSearch extends LotFilter {
  readonly near: GeoPoint;
  readonly radiusMeters: number;
  /** Only lots farther away than this one, by distance and then id: where the last page ended. */
  readonly after?: LotDistance;
  readonly limit: number;
}

const EARTH_RADIUS_METERS = 6_371_008.8;
const METERS_PER_DEGREE = (EARTH_RADIUS_METERS * Math.PI) / 180;

/** Great-circle distance in whole metres; takes latitude, latitude, longitude. Rounded, so that a cursor compares exactly. */
const DISTANCE = `round(2 * ${EARTH_RADIUS_METERS} * asin(least(1, sqrt(
  power(sin(radians(l.latitude - ?) / 2), 2)
  + cos(radians(?)) * cos(radians(l.latitude)) * power(sin(radians(l.longitude - ?) / 2), 2)))))::int`;

/** The open lots within a radius, nearest first (same distance: by id), in one statement. */
export async function lotsNear(em: EntityManager, area: AreaToSearch): Promise<LotDistance[]> {
  const { near, radiusMeters, after, limit } = area;
  const conditions = lotConditions(area);
  const latitudes = radiusMeters / METERS_PER_DEGREE;
  // A box keeps the arithmetic to lots that can be near. Close to the date line or a pole there is no such box of longitudes.
  const longitudes = longitudeReach(near.latitude, latitudes);
  const boxed = near.longitude - longitudes >= -180 && near.longitude + longitudes <= 180;
  return em.execute<LotDistance[]>(
    `SELECT * FROM (
       SELECT l.id AS "lotId", ${DISTANCE} AS "distanceMeters" FROM lot l
       WHERE l.state = 'OPEN' AND l.latitude BETWEEN ? AND ? ${boxed ? 'AND l.longitude BETWEEN ? AND ?' : ''}
       ${conditions.sql}
     ) found
     WHERE "distanceMeters" <= ? ${after ? 'AND ("distanceMeters", "lotId") > (?, ?)' : ''}
     ORDER BY "distanceMeters", "lotId" LIMIT ?`,
    [
      near.latitude,
      near.latitude,
      near.longitude,
      near.latitude - latitudes,
      near.latitude + latitudes,
      ...(boxed ? [near.longitude - longitudes, near.longitude + longitudes] : []),
      ...conditions.values,
      radiusMeters,
      ...(after ? [after.distanceMeters, after.lotId] : []),
      limit,
    ],
    FROM_REPLICA,
  );
}

/** Degrees of longitude that a distance of `latitudes` degrees can span at this latitude; 360 where that is all of them. */
function longitudeReach(latitude: number, latitudes: number): number {
  const nearestToPole = Math.min(90, Math.abs(latitude) + latitudes);
  const shrink = Math.cos((nearestToPole * Math.PI) / 180);
  return shrink < 0.01 ? 360 : latitudes / shrink;
}
