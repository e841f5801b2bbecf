import type { Viewer } from '../../domain/viewer.ts';
import type { Spot } from '../../entities/spot.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lockSpots } from './spots-in-service.ts';

/**
 * Puts spots back into service: they are sold and counted again. Opening an open spot changes nothing. Locks the spots' pools.
 * Refuses with INVALID_INPUT, LOT_NOT_FOUND, SPOT_OF_ANOTHER_LOT and SPOT_NOT_FOUND. Publishes lotChanged.
 */
export async function openSpots(
  platform: Platform,
  input: { lotId: string; spots: readonly { lotId: string; id: string }[] },
  viewer: Viewer | undefined,
): Promise<Spot[]> {
  return inTransaction(platform, async (tx) => {
    const { lot, spots } = await lockSpots(tx, input, viewer);
    for (const spot of spots) spot.inService = true;
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    return spots;
  });
}
