import type { EntityManager } from '@mikro-orm/postgresql';
import { Tariff } from '../entities/tariff.ts';

/** A page of versions: `from` is the number of the version before it. */
export interface TariffPage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly from: number | undefined;
}

/** The versions of a lot's tariff, the latest first (BACKWARD: the first first), at most `limit`. */
export async function listTariffs(
  em: EntityManager,
  lotId: string,
  { limit, direction, from }: TariffPage,
): Promise<Tariff[]> {
  const order = direction === 'FORWARD' ? 'desc' : 'asc';
  const further = direction === 'FORWARD' ? ('$lt' as const) : ('$gt' as const);
  const beyond = from === undefined ? {} : { versionNumber: { [further]: from } };
  return em.find(Tariff, { lotId, ...beyond }, { orderBy: { versionNumber: order }, limit });
}
