import { Lot } from '../entities/lot.ts';
import type { Platform } from '../platform/platform.ts';
import { computeAvailabilities } from './compute-availability.ts';
import { storeSnapshot } from './snapshot.ts';

const BATCH_LOTS = 50;

/**
 * Counts every lot afresh and stores what differs, in case a change was told to nobody (its process died between commit and publish).
 * Repeatable, safe beside the projector. Gives how many boards were wrong.
 */
export async function repairProjections(platform: Platform): Promise<number> {
  const lots = await platform.orm.em.fork().find(Lot, {}, { fields: ['id'], orderBy: { id: 'asc' } });
  let repaired = 0;
  for (let start = 0; start < lots.length; start += BATCH_LOTS) {
    const lotIds = lots.slice(start, start + BATCH_LOTS).map(({ id }) => id);
    const counted = await computeAvailabilities(platform.orm.em.fork(), lotIds, platform.clock.now());
    const stored = await Promise.all(counted.map((availability) => storeSnapshot(platform, availability)));
    repaired += stored.filter(({ changed }) => changed).length;
  }
  return repaired;
}
