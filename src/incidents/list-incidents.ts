import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { IncidentKind, IncidentSeverity, IncidentState } from '../domain/incident.ts';
import { Incident } from '../entities/incident.ts';
import { beyond, type TimePage } from './time-page.ts';

/** Which incidents of a lot; every condition given must hold. */
export interface IncidentFilter {
  readonly lotId: string;
  readonly state?: IncidentState;
  readonly kinds?: readonly IncidentKind[];
  readonly severities?: readonly IncidentSeverity[];
}

/** Incidents, the newest first (BACKWARD: the oldest first), at most `limit`. */
export async function listIncidents(em: EntityManager, filter: IncidentFilter, page: TimePage): Promise<Incident[]> {
  const { lotId, state, kinds, severities } = filter;
  const which: FilterQuery<Incident> = {
    lotId,
    ...(state === undefined ? {} : { resolvedAt: state === 'OPEN' ? null : { $ne: null } }),
    ...(kinds === undefined ? {} : { kind: { $in: [...kinds] } }),
    ...(severities === undefined ? {} : { severity: { $in: [...severities] } }),
  };
  const order = page.direction === 'FORWARD' ? 'desc' : 'asc';
  const orderBy = { createdAt: order, id: order } as const;
  return em.find(Incident, { $and: [which, beyond(page)] }, { orderBy, limit: page.limit });
}
