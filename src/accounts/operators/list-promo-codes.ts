import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { Viewer } from '../../domain/viewer.ts';
import { PromoCode } from '../../entities/promo-code.ts';

/** A page of rows by id, the newest first: ids grow with time. */
export interface RowPage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  /** The id of the row before the page. */
  readonly from: string | undefined;
}

/** Whether a member of staff runs a promo code: of their operator, and only for lots that they serve. */
export function servesPromoCode(viewer: Viewer | undefined, { operatorId, lotIds }: PromoCode): boolean {
  if (viewer?.kind !== 'STAFF' || viewer.role === 'ATTENDANT') return false;
  if (viewer.role === 'ADMIN') return true;
  const { lotIds: served } = viewer;
  if (viewer.operatorId !== operatorId) return false;
  return served === 'ALL' || (lotIds?.every((id) => served.includes(id)) ?? false);
}

/** The promo codes of an operator, the newest first, at most `limit`; with `lotId` those that hold in that lot. */
export async function listPromoCodes(
  em: EntityManager,
  { operatorId, lotId }: { operatorId: string; lotId?: string | undefined },
  page: RowPage,
): Promise<PromoCode[]> {
  const holds: FilterQuery<PromoCode> =
    lotId === undefined ? {} : { $or: [{ lotIds: null }, { lotIds: { $contains: [lotId] } }] };
  return em.find(
    PromoCode,
    { $and: [{ operatorId }, holds, beyond(page)] },
    { orderBy: byId(page), limit: page.limit },
  );
}

/** What of a list lies beyond the row before its page. */
export function beyond({ from, direction }: RowPage): { id?: { $lt: string } | { $gt: string } } {
  if (from === undefined) return {};
  return { id: direction === 'FORWARD' ? { $lt: from } : { $gt: from } };
}

/** The newest first; a page that goes back is read from its near end. */
export function byId({ direction }: RowPage): { id: 'asc' | 'desc' } {
  return { id: direction === 'FORWARD' ? 'desc' : 'asc' };
}

/** How often codes were used: by reservations that stand. One statement for all. */
export async function promoUses(em: EntityManager, ids: readonly string[], now: Date): Promise<Map<string, number>> {
  const rows = await em.execute<{ id: string; uses: number }[]>(
    `SELECT promo_use.promo_code_id AS id, count(*)::int AS uses FROM promo_use
     JOIN reservation ON reservation.lot_id = promo_use.lot_id AND reservation.id = promo_use.reservation_id
     WHERE promo_use.promo_code_id IN (?) AND state NOT IN ('EXPIRED', 'CANCELLED') AND NOT (state = 'HELD' AND hold_expires_at <= ?)
     GROUP BY 1`,
    [ids, now],
  );
  return new Map(rows.map(({ id, uses }) => [id, uses]));
}
