import type { Transaction } from '../platform/db.ts';
import { raiseIncident } from './raise-incident.ts';

/** A plate as a gate read it. */
export interface ReadPlate {
  readonly lotId: string;
  readonly gateId: string;
  readonly scanId: string;
  readonly stayId: string | null;
  /** The exact index of what was read, under the key of the lot. */
  readonly plateIndex: string;
  readonly readAt: Date;
}

/**
 * Tells the staff of each plate among those read that is watched for: the purpose and what to do, never the plate. What the barrier did is
 * not touched. Once for each vehicle, gate and five minutes, however often a camera reads it.
 */
export async function reportWatched(tx: Transaction, reads: readonly ReadPlate[]): Promise<void> {
  if (reads.length === 0) return;
  const hits = await watchedAmong(tx, reads);
  for (const { lotId, gateId, scanId, stayId, plateIndex, readAt } of reads) {
    for (const { id, purpose, note } of hits.get(`${lotId} ${plateIndex}`) ?? []) {
      await raiseIncident(tx, {
        ...{ lotId, kind: 'WATCHED_VEHICLE', gateId, scanId, stayId },
        note: `${purpose}: ${note}`,
        onceKey: `watched:${id}:${gateId}:${Math.floor(readAt.getTime() / REPEAT_MS)}`,
      });
    }
  }
}

const REPEAT_MS = 5 * 60_000;

interface Hit {
  readonly lotId: string;
  readonly plateIndex: string;
  readonly id: string;
  readonly purpose: string;
  readonly note: string;
}

async function watchedAmong(tx: Transaction, reads: readonly ReadPlate[]): Promise<Map<string, Hit[]>> {
  const keys = [...new Map(reads.map((read) => [`${read.lotId} ${read.plateIndex}`, read])).values()];
  const hits = await tx.em.execute<Hit[]>(
    `SELECT lot_id AS "lotId", plate_index AS "plateIndex", id, purpose, note FROM watch_entry
     WHERE (lot_id, plate_index) IN (${keys.map(() => '(?, ?)').join(', ')}) AND ended_at IS NULL AND expires_at > ?`,
    [...keys.flatMap(({ lotId, plateIndex }) => [lotId, plateIndex]), tx.now],
  );
  return Map.groupBy(hits, (hit) => `${hit.lotId} ${hit.plateIndex}`);
}
