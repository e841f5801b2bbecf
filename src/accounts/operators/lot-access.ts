import { LockMode, type EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';
import type { Transaction } from '../../platform/db.ts';

/**
 * The lot, for staff who serve it. Refuses with LOT_NOT_FOUND for everybody else: whether another operator's lot exists is not told.
 */
export async function lotToServe(em: EntityManager, lotId: string, viewer: Viewer | undefined): Promise<Lot> {
  return orNotFound(await em.findOne(Lot, { id: lotId }), viewer);
}

/** As {@link lotToServe}, with the lot's row locked: changes of one lot's layout and prices come one after the other. */
export async function lotToChange(tx: Transaction, lotId: string, viewer: Viewer | undefined): Promise<Lot> {
  return orNotFound(await tx.em.findOne(Lot, { id: lotId }, { lockMode: LockMode.PESSIMISTIC_WRITE }), viewer);
}

function orNotFound(lot: Lot | null, viewer: Viewer | undefined): Lot {
  if (lot && mayServeLot(viewer, lot)) return lot;
  throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
}

/**
 * The operator for whom a member of staff sets something up: their own, which only an admin names. Refuses with NOT_ALLOWED (no such
 * staff, another's operator) and INVALID_INPUT (an admin who names none).
 */
export function operatorToServe(viewer: Viewer | undefined, named: string | undefined): string {
  if (viewer?.kind !== 'STAFF' || viewer.role === 'ATTENDANT')
    throw new Refusal('NOT_ALLOWED', 'Only who runs lots may do this.');
  const operatorId = viewer.role === 'ADMIN' ? (named ?? viewer.operatorId) : viewer.operatorId;
  if (named !== undefined && named !== operatorId)
    throw new Refusal('NOT_ALLOWED', 'You serve another operator.', { field: ['operatorId'] });
  if (operatorId === null) throw new Refusal('INVALID_INPUT', 'Name the operator.', { field: ['operatorId'] });
  return operatorId;
}
