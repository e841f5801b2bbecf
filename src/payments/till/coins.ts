import type { TariffDocument } from '../../domain/tariff/document.ts';
import { Tariff } from '../../entities/tariff.ts';
import type { Transaction } from '../../platform/db.ts';

/** The tariff by which coins are rounded today where no visit says which: the lot's newest. Reads only. */
export async function tariffOfCoins(tx: Transaction, lotId: string): Promise<TariffDocument> {
  const [newest] = await tx.em.find(Tariff, { lotId }, { orderBy: { versionNumber: 'desc' }, limit: 1 });
  if (!newest) throw new Error(`lot ${lotId} has no tariff`);
  return newest.document;
}
