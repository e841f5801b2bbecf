import { Refusal } from '../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { openLiveQuery } from '../platform/live-query.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import type { GateAnswer } from './journal-entry.ts';

/** Every decision at a lot's gates from now on, for its staff, once it stands in PostgreSQL. Refuses with LOT_NOT_FOUND. */
export async function watchGates(
  platform: Platform,
  lotId: string,
  viewer: Viewer | undefined,
): Promise<AsyncIterableIterator<GateAnswer>> {
  const lot = await platform.orm.em.fork().findOne(Lot, { id: lotId });
  if (!lot || viewer?.kind !== 'STAFF' || !mayServeLot(viewer, lot))
    throw new Refusal('LOT_NOT_FOUND', 'There is no such lot.', { field: ['lotId'] });
  return openLiveQuery<GateAnswer>(platform, {
    topics: [topic.gateActivity(lotId)],
    // What happened before is a list, not a live event.
    read: () => Promise.resolve([]),
    hear: (message) => {
      // Published by the journal's applier from an answer.
      const event = message as GateAnswer;
      return { key: event.scanId, value: event };
    },
  });
}
