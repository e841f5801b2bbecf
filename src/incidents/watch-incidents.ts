import { raw } from '@mikro-orm/postgresql';
import type { AlertChange } from '../domain/incident.ts';
import type { Viewer } from '../domain/viewer.ts';
import { Incident } from '../entities/incident.ts';
import { openLiveQuery, type LiveEvent } from '../platform/live-query.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { servedLot } from './served-lot.ts';

/** Says "look at this incident"; whoever hears it reads the row. */
export interface AlertEvent {
  readonly lotId: string;
  readonly incidentId: string;
  readonly change: AlertChange;
}

/** More incidents than a person reads at once: of a flood, the list tells the rest. */
const CAPACITY = 500;

/**
 * Every incident of a lot that is raised or settled from now on, for its staff, once; what was missed meanwhile is read. What was before
 * is a list. Refuses with LOT_NOT_FOUND.
 */
export async function watchIncidents(
  platform: Platform,
  lotId: string,
  viewer: Viewer | undefined,
): Promise<AsyncIterableIterator<AlertEvent>> {
  await servedLot(platform.orm.em.fork(), lotId, viewer);
  const since = platform.clock.now();
  return openLiveQuery<AlertEvent>(platform, {
    topics: [topic.alerts(lotId)],
    capacity: CAPACITY,
    read: async () => (await changedSince(platform, lotId, since)).map(shownOnce),
    hear: (message) => {
      // Published by raiseIncident and resolveIncident.
      const { incidentId, change } = message as Omit<AlertEvent, 'lotId'>;
      return shownOnce({ lotId, incidentId, change });
    },
  });
}

function shownOnce(event: AlertEvent): LiveEvent<AlertEvent> {
  return { key: `${event.incidentId} ${event.change}`, version: 1, value: event };
}

async function changedSince(platform: Platform, lotId: string, since: Date): Promise<AlertEvent[]> {
  const changed = { lotId, $or: [{ createdAt: { $gt: since } }, { resolvedAt: { $gt: since } }] };
  // Whoever watches for hours has been shown the oldest long ago.
  const orderBy = { [raw('greatest(created_at, resolved_at)')]: 'desc' } as const;
  const latest = await platform.orm.em.fork().find(Incident, changed, { orderBy, limit: CAPACITY });
  return latest.toReversed().flatMap(({ id: incidentId, createdAt, resolvedAt }) => {
    const raised = createdAt > since ? [{ lotId, incidentId, change: 'RAISED' as const }] : [];
    return resolvedAt == null ? raised : [...raised, { lotId, incidentId, change: 'RESOLVED' as const }];
  });
}
