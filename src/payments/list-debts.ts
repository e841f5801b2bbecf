import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import { Debt } from '../entities/debt.ts';
import { Stay } from '../entities/stay.ts';

/** Which debts: a driver's own over all lots, or those of one lot. */
export interface DebtFilter {
  readonly driverId?: string;
  readonly lotId?: string;
  readonly states?: readonly Debt['state'][];
}

/** A page of them: `from` is the sort key (creation in ms, id) of the row before it. */
export interface DebtPage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly from: readonly [createdAtMs: number, id: string] | undefined;
}

/** Debts, the newest first (BACKWARD: the oldest first), at most `limit`. */
export async function listDebts(em: EntityManager, filter: DebtFilter, page: DebtPage): Promise<Debt[]> {
  const { driverId, lotId, states } = filter;
  const which: FilterQuery<Debt> = {
    ...(driverId === undefined ? {} : { driverId }),
    ...(lotId === undefined ? {} : { lotId }),
    ...(states === undefined ? {} : { state: { $in: [...states] } }),
  };
  const order = page.direction === 'FORWARD' ? 'desc' : 'asc';
  const orderBy = { createdAt: order, id: order } as const;
  return em.find(Debt, { $and: [which, beyond(page)] }, { orderBy, limit: page.limit });
}

/** Open debts that the plate of a visit left at its lot before, oldest first: for staff to ask about, never to charge unasked. */
export async function debtsOfPlate(em: EntityManager, stay: { lotId: string; stayId: string }): Promise<Debt[]> {
  const { lotId, stayId } = stay;
  const visit = await em.findOne(Stay, { lotId, id: stayId });
  if (visit?.plateIndex == null) return [];
  // What was charged on an incident belongs to no visit.
  const ofOthers = { $or: [{ stayId: null }, { stayId: { $ne: stayId } }] };
  const which = { lotId, plateIndex: visit.plateIndex, state: 'OPEN' as const, ...ofOthers };
  return em.find(Debt, which, { orderBy: { createdAt: 'asc', id: 'asc' } });
}

function beyond({ from, direction }: DebtPage): FilterQuery<Debt> {
  if (!from) return {};
  const createdAt = new Date(from[0]);
  const further = direction === 'FORWARD' ? ('$lt' as const) : ('$gt' as const);
  return { $or: [{ createdAt: { [further]: createdAt } }, { createdAt, id: { [further]: from[1] } }] };
}
