import type { EntityManager } from '@mikro-orm/postgresql';
import { Tariff } from '../entities/tariff.ts';

/** The tariff in force in a lot: its highest version. Throws when the lot has none, because no lot is made without one. */
export async function currentTariff(em: EntityManager, lotId: string): Promise<Tariff> {
  return em.findOneOrFail(Tariff, { lotId }, { orderBy: { versionNumber: 'desc' } });
}

/** The tariff that was in force at an instant; the lot's first one for an instant before it. */
export async function tariffAt(em: EntityManager, lotId: string, at: Date): Promise<Tariff> {
  const inForce = { lotId, publishedAt: { $lte: at } };
  const found = await em.findOne(Tariff, inForce, { orderBy: { versionNumber: 'desc' } });
  return found ?? em.findOneOrFail(Tariff, { lotId }, { orderBy: { versionNumber: 'asc' } });
}

/** The tariffs in force in several lots, by lot id, in one statement. A lot without a tariff is left out. */
export async function currentTariffs(em: EntityManager, lotIds: readonly string[]): Promise<Map<string, Tariff>> {
  if (lotIds.length === 0) return new Map();
  const inOrder = await em.find(
    Tariff,
    { lotId: { $in: [...lotIds] } },
    { orderBy: { lotId: 'asc', versionNumber: 'asc' } },
  );
  // Versions come in rising order, so the last one put in a lot's place is the one in force.
  return new Map(inOrder.map((tariff) => [tariff.lotId, tariff]));
}
