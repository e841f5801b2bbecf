import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';

/** The lot, for staff who serve it. Refuses with LOT_NOT_FOUND for everybody else, devices among them. */
export async function lotOfStaff(em: EntityManager, lotId: string, viewer: Viewer | undefined): Promise<Lot> {
  const lot = viewer?.kind === 'STAFF' ? await em.findOne(Lot, { id: lotId }) : null;
  if (lot && mayServeLot(viewer, lot)) return lot;
  throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
}
