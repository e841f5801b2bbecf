import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';

/** A member of staff, in whose name money is taken or given. */
export type StaffViewer = Extract<Viewer, { kind: 'STAFF' }>;

/** The lot, for staff who serve it. Refuses with LOT_NOT_FOUND for everybody else. Reads only. */
export async function servedLot(em: EntityManager, lotId: string, staff: StaffViewer): Promise<Lot> {
  const lot = await em.findOne(Lot, { id: lotId });
  if (lot && mayServeLot(staff, lot)) return lot;
  throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
}
