import { Refusal } from '../domain/refusal.ts';
import { openLiveQuery, type LiveEvent } from '../platform/live-query.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { noteShown, readSnapshot, type AvailabilitySnapshot } from './snapshot.ts';

/** How many lots one subscription can watch. */
export const MAX_LOTS_WATCHED = 50;

/**
 * The snapshot of each lot first, then every change. Versions of one lot only grow; a slow reader skips to the newest of each lot.
 * Refuses with LOT_NOT_FOUND when one of the lots is not there.
 */
export async function watchAvailability(
  platform: Platform,
  lotIds: readonly string[],
): Promise<AsyncIterableIterator<AvailabilitySnapshot>> {
  const watched = [...new Set(lotIds)];
  return openLiveQuery<AvailabilitySnapshot>(platform, {
    topics: watched.map((lotId) => topic.availability(lotId)),
    read: () => Promise.all(watched.map((lotId) => readEvent(platform, lotId))),
    // Published by `storeSnapshot` alone.
    hear: (message) => {
      const snapshot = message as AvailabilitySnapshot;
      noteShown(platform, snapshot);
      return toEvent(snapshot);
    },
    capacity: MAX_LOTS_WATCHED,
  });
}

async function readEvent(platform: Platform, lotId: string): Promise<LiveEvent<AvailabilitySnapshot>> {
  const snapshot = await readSnapshot(platform, lotId);
  if (!snapshot) throw new Refusal('LOT_NOT_FOUND', 'There is no such lot.', { field: ['lotIds'] });
  return toEvent(snapshot);
}

function toEvent(snapshot: AvailabilitySnapshot): LiveEvent<AvailabilitySnapshot> {
  const { lotId: key, version, unstored = false } = snapshot;
  return { key, version, value: snapshot, isProvisional: unstored };
}
