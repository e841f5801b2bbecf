import { LockMode } from '@mikro-orm/postgresql';
import type { IncidentAction } from '../domain/incident.ts';
import { Refusal } from '../domain/refusal.ts';
import { Incident } from '../entities/incident.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { topic } from '../platform/topics.ts';
import { recordAct } from './audit.ts';
import { readReason, servedLot, type StaffViewer } from './served-lot.ts';

export interface ResolveIncidentInput {
  readonly lotId: string;
  readonly incidentId: string;
  /** For whoever reads it later. */
  readonly reason: string;
  readonly action?: IncidentAction | undefined;
}

/**
 * A person has dealt with an incident: it is settled, with who did it, what and why. One that is settled stays as it was settled
 * (`replayed`): whoever was first counts. Locks the incident. Refuses with REASON_REQUIRED, LOT_NOT_FOUND, INCIDENT_NOT_FOUND.
 * Publishes alerts.
 */
export async function resolveIncident(
  platform: Platform,
  { lotId, incidentId, reason: words, action }: ResolveIncidentInput,
  staff: StaffViewer,
): Promise<{ incident: Incident; replayed: boolean }> {
  const reason = readReason(words);
  return inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const lockMode = LockMode.PESSIMISTIC_WRITE;
    const incident = await tx.em.findOne(Incident, { lotId, id: incidentId }, { lockMode });
    if (!incident) {
      throw new Refusal('INCIDENT_NOT_FOUND', 'There is no such incident in your lots.', { field: ['incidentId'] });
    }
    if (incident.resolvedAt != null) return { incident, replayed: true };
    const { staffId } = staff;
    settle(tx, incident, { reason, action, staffId });
    recordAct(tx, { lotId, staffId, act: 'INCIDENT_RESOLVED', subjectId: incidentId, reason });
    return { incident, replayed: false };
  });
}

/**
 * Settles what was raised under a key, because its cause went away by itself; nothing happens when a person has settled it, or nobody had raised it.
 * Locks the incident. Publishes alerts.
 */
export async function resolveByItself(
  tx: Transaction,
  { lotId, onceKey, reason }: { lotId: string; onceKey: string; reason: string },
): Promise<void> {
  const lockMode = LockMode.PESSIMISTIC_WRITE;
  const incident = await tx.em.findOne(Incident, { lotId, onceKey, resolvedAt: null }, { lockMode });
  if (incident) settle(tx, incident, { reason, action: undefined, staffId: null });
}

function settle(
  tx: Transaction,
  incident: Incident,
  { reason, action, staffId }: { reason: string; action: IncidentAction | undefined; staffId: string | null },
): void {
  const settled = { resolvedAt: tx.now, resolvedByStaffId: staffId, resolveReason: reason };
  Object.assign(incident, settled, { resolveAction: action ?? null });
  tx.publish(topic.alerts(incident.lotId), { incidentId: incident.id, change: 'RESOLVED' });
}
