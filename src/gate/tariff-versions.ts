// Which version of a lot's tariff prices what was not promised (question 16). The oldest of the versions in question says it: the one
// that the stay began with.

import type { EntityManager } from '@mikro-orm/postgresql';
import { tariffAt } from '../availability/current-tariff.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import { Tariff } from '../entities/tariff.ts';

/** The version that prices a walk-in which leaves at an instant: that of its entry, or, where that one says so, the one in force then. */
export async function walkInTariff(
  em: EntityManager,
  stay: { readonly lotId: string; readonly tariffId: string },
  leavesAt: Date,
): Promise<Tariff> {
  const { lotId, tariffId } = stay;
  const ofEntry = await em.findOneOrFail(Tariff, { lotId, id: tariffId });
  return ofEntry.document.versionAt === 'EXIT' ? tariffAt(em, lotId, leavesAt) : ofEntry;
}

/** The version that prices what a reserved stay was not promised; undefined where that is the promised one. */
export async function unpromisedTariff(
  em: EntityManager,
  promised: TariffDocument,
  visit: { readonly lotId: string; readonly enteredAt: Date; readonly leftAt: Date },
): Promise<TariffDocument | undefined> {
  const { versionAt = 'BOOKING' } = promised;
  if (versionAt === 'BOOKING') return undefined;
  const { document } = await tariffAt(em, visit.lotId, versionAt === 'ENTRY' ? visit.enteredAt : visit.leftAt);
  return document;
}
