import type { EntityManager } from '@mikro-orm/postgresql';
import { Sensor } from '../entities/sensor.ts';
import { SpotOverride } from '../entities/spot-override.ts';
import type { Spot } from '../entities/spot.ts';

type SpotKey = Pick<Spot, 'lotId' | 'id'>;

/** By the lots first: every index of these tables begins with the lot. */
function onSpots(spots: readonly SpotKey[]): { lotId: { $in: string[] }; spotId: { $in: string[] } } {
  const lotIds = new Set(spots.map(({ lotId }) => lotId));
  return { lotId: { $in: [...lotIds] }, spotId: { $in: spots.map(({ id }) => id) } };
}

/** The sensors on some spots of one lot or several, by serial. */
export async function sensorsOfSpots(em: EntityManager, spots: readonly SpotKey[]): Promise<Sensor[]> {
  return em.find(Sensor, { ...onSpots(spots), removedAt: null }, { orderBy: { serial: 'asc' } });
}

/** What persons say of some spots and still counts. */
export async function overridesOfSpots(
  em: EntityManager,
  spots: readonly SpotKey[],
  now: Date,
): Promise<SpotOverride[]> {
  return em.find(SpotOverride, { ...onSpots(spots), expiresAt: { $gt: now } });
}
