import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';

/** A member of staff, in whose name something is settled, corrected or looked at. */
export type StaffViewer = Extract<Viewer, { kind: 'STAFF' }>;

/** The lot, for staff who serve it. Refuses with LOT_NOT_FOUND for everybody else, devices among them. Reads only. */
export async function servedLot(em: EntityManager, lotId: string, viewer: Viewer | undefined): Promise<Lot> {
  const lot = viewer?.kind === 'STAFF' ? await em.findOne(Lot, { id: lotId }) : null;
  if (lot && mayServeLot(viewer, lot)) return lot;
  throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
}

/** The words of whoever acts. Refuses with REASON_REQUIRED when there are none. */
export function readReason(text: string): string {
  const reason = text.trim();
  if (reason === '') throw new Refusal('REASON_REQUIRED', 'Say why: it is recorded.', { field: ['reason'] });
  return reason;
}
