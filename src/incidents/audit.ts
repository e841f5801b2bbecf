import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { StaffAct } from '../domain/staff-act.ts';
import { AuditEntry } from '../entities/audit-entry.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { beyond, type TimePage } from './time-page.ts';

/** One act of a member of staff; nothing in it names a plate. */
export interface Act {
  readonly lotId: string;
  readonly staffId: string;
  readonly act: StaffAct;
  /** The row it was about: an incident, a stay, a spot, an entry of the watch list. */
  readonly subjectId?: string | null;
  readonly reason: string;
}

/** Keeps who did what and why, in the transaction in which it is done. Gives the row's id. */
export function recordAct(tx: Transaction, { lotId, staffId, act, subjectId = null, reason }: Act): string {
  const id = newId(tx.now);
  tx.insert(AuditEntry, { lotId, id, staffId, act, subjectId, reason, createdAt: tx.now });
  return id;
}

/** What the staff of a lot did, the newest first (BACKWARD: the oldest first), at most `limit`. */
export async function listActs(
  em: EntityManager,
  filter: { readonly lotId: string; readonly acts?: readonly StaffAct[] },
  page: TimePage,
): Promise<AuditEntry[]> {
  const { lotId, acts } = filter;
  const which: FilterQuery<AuditEntry> = { lotId, ...(acts === undefined ? {} : { act: { $in: [...acts] } }) };
  const order = page.direction === 'FORWARD' ? 'desc' : 'asc';
  const orderBy = { createdAt: order, id: order } as const;
  return em.find(AuditEntry, { $and: [which, beyond(page)] }, { orderBy, limit: page.limit });
}
