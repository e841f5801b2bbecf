import { usualSeverity, type IncidentKind, type IncidentSeverity } from '../domain/incident.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { topic } from '../platform/topics.ts';

/** What is known of an incident; nothing in it names a plate. */
export interface NewIncident {
  readonly lotId: string;
  readonly kind: IncidentKind;
  /** Left out: what is usual for the kind. */
  readonly severity?: IncidentSeverity | undefined;
  readonly gateId?: string | null | undefined;
  readonly scanId?: string | null | undefined;
  readonly stayId?: string | null | undefined;
  readonly spotId?: string | null | undefined;
  readonly reservationId?: string | null | undefined;
  readonly note?: string | null | undefined;
  /** Where a picture or clip of it lies (a URL or the key of a store). */
  readonly imageRef?: string | null | undefined;
  /** Names the cause within its lot: the same cause found again raises nothing. */
  readonly onceKey?: string | undefined;
}

/**
 * Writes down something that a person should look at, once per `onceKey`, in the caller's transaction. Gives its id, or undefined when
 * its cause had been reported before. Publishes alerts after the commit. Locks nothing.
 */
export async function raiseIncident(tx: Transaction, incident: NewIncident): Promise<string | undefined> {
  const { lotId, kind, severity = usualSeverity(kind) } = incident;
  const { gateId, scanId, stayId, spotId, reservationId, note, imageRef, onceKey } = incident;
  const written = await tx.em.execute<{ id: string }[]>(
    `INSERT INTO incident (lot_id, id, kind, severity, gate_id, scan_id, stay_id, spot_id, reservation_id, note, image_ref, once_key, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (lot_id, once_key) WHERE once_key IS NOT NULL DO NOTHING RETURNING id`,
    [
      lotId,
      newId(tx.now),
      kind,
      severity,
      gateId,
      scanId,
      stayId,
      spotId,
      reservationId,
      note,
      imageRef,
      onceKey,
      tx.now,
    ].map((value) => value ?? null),
  );
  const [row] = written;
  if (!row) return undefined;
  tx.publish(topic.alerts(lotId), { incidentId: row.id, change: 'RAISED' });
  tx.afterCommit(({ metrics }) => metrics.incidentsRaised.inc({ kind }));
  return row.id;
}
