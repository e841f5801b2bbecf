import type { EntityManager } from '@mikro-orm/postgresql';
import type { Lot } from '../entities/lot.ts';
import { Staff } from '../entities/staff.ts';

/** The staff of a lot's operator who serve this lot, by name; admins, who serve all, are not among them. */
export async function listStaff(em: EntityManager, lot: Lot): Promise<Staff[]> {
  const staff = await em.find(
    Staff,
    { operatorId: lot.operatorId, disabledAt: null },
    { orderBy: { name: 'asc', id: 'asc' } },
  );
  return staff.filter(({ lotIds }) => lotIds == null || lotIds.includes(lot.id));
}
