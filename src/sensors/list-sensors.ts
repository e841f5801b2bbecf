import type { EntityManager } from '@mikro-orm/postgresql';
import { Sensor } from '../entities/sensor.ts';
import { SpotOverride } from '../entities/spot-override.ts';

/** The sensors on some spots of one lot or several, by serial. */
export async function sensorsOfSpots(em: EntityManager, spotIds: readonly string[]): Promise<Sensor[]> {
  return em.find(Sensor, { spotId: { $in: [...spotIds] }, removedAt: null }, { orderBy: { serial: 'asc' } });
}

/** What persons say of some spots and still counts. */
export async function overridesOfSpots(
  em: EntityManager,
  spotIds: readonly string[],
  now: Date,
): Promise<SpotOverride[]> {
  return em.find(SpotOverride, { spotId: { $in: [...spotIds] }, expiresAt: { $gt: now } });
}
