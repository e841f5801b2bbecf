import type { EntityManager } from '@mikro-orm/postgresql';
import { GateEvent } from '../entities/gate-event.ts';
import type { GateAnswer } from './journal-entry.ts';

/** The latest decisions at a lot's gates that stand in PostgreSQL, the newest first, at most `limit`. */
export async function latestScans(em: EntityManager, lotId: string, limit: number): Promise<GateAnswer[]> {
  const rows = await em.find(GateEvent, { lotId }, { orderBy: { decidedAt: 'desc', scanId: 'desc' }, limit });
  // Written by the applier as it was given.
  return rows.map(({ answer }) => answer as unknown as GateAnswer);
}
