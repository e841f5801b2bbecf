import type { EntityManager, FilterQuery } from '@mikro-orm/postgresql';
import type { Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';

type StaffViewer = Extract<Viewer, { kind: 'STAFF' }>;

/** Which lots a member of staff serves, as a condition. */
export function servedBy({ role, operatorId, lotIds }: StaffViewer): FilterQuery<Lot> {
  if (role === 'ADMIN') return {};
  return { operatorId: operatorId ?? '', ...(lotIds === 'ALL' ? {} : { id: { $in: [...lotIds] } }) };
}

export interface ServedPage {
  /** A part of the code, the name or the address; undefined: all of them. */
  readonly text: string | undefined;
  readonly limit: number;
  /** The code of the lot before the page. */
  readonly after: string | undefined;
}

/** The lots that a member of staff serves, whatever their state, by code; at most `limit`. */
export async function listServedLots(
  em: EntityManager,
  viewer: StaffViewer,
  { text, limit, after }: ServedPage,
): Promise<Lot[]> {
  const like = text === undefined ? undefined : `%${text.trim().replace(/[\\%_]/g, String.raw`\$&`)}%`;
  const found: FilterQuery<Lot> =
    like === undefined
      ? {}
      : { $or: [{ code: { $ilike: like } }, { name: { $ilike: like } }, { address: { $ilike: like } }] };
  const beyond: FilterQuery<Lot> = after === undefined ? {} : { code: { $gt: after } };
  return em.find(Lot, { $and: [servedBy(viewer), found, beyond] }, { orderBy: { code: 'asc' }, limit });
}

/** The ids of all lots that a member of staff serves. */
export async function servedLotIds(em: EntityManager, viewer: StaffViewer): Promise<string[]> {
  const lots = await em.find(Lot, servedBy(viewer), { fields: ['id'], orderBy: { id: 'asc' } });
  return lots.map(({ id }) => id);
}
