import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '../../domain/refusal.ts';
import { checkTariffDocument } from '../../domain/tariff/check.ts';
import type { TariffDocument } from '../../domain/tariff/document.ts';
import type { Viewer } from '../../domain/viewer.ts';
import type { Lot } from '../../entities/lot.ts';
import { Tariff } from '../../entities/tariff.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lotToChange } from './lot-access.ts';

/**
 * Puts a new version of a lot's prices in force, for what is quoted from now on; promises that were made keep theirs. The document
 * that is in force already is not published twice: its version is given back. Locks the lot's row.
 * Refuses with LOT_NOT_FOUND and TARIFF_INVALID (details: `errors`, each with rule, field and message). Publishes lotChanged, announces
 * `lot.tariff_published`.
 */
export async function publishTariff(
  platform: Platform,
  input: { lotId: string; document: unknown },
  viewer: Viewer | undefined,
): Promise<Tariff> {
  return inTransaction(platform, async (tx) => {
    const lot = await lotToChange(tx, input.lotId, viewer);
    const document = readDocument(lot, input.document);
    const inForce = await tx.em.findOne(Tariff, { lotId: lot.id }, { orderBy: { versionNumber: 'desc' } });
    if (inForce && isDeepStrictEqual(inForce.document, document)) return inForce;
    tx.publish(topic.lotChanged(lot.partition), { lotId: lot.id });
    tx.announce({ lotId: lot.id, type: 'lot.tariff_published', aggregateId: lot.id, payload: { lotId: lot.id } });
    return tx.em.create(Tariff, {
      lotId: lot.id,
      id: newId(tx.now),
      versionNumber: (inForce?.versionNumber ?? 0) + 1,
      document,
      publishedAt: tx.now,
      publishedByStaffId: viewer?.kind === 'STAFF' ? viewer.staffId : null,
    });
  });
}

/** The currency is the lot's unless the document names one, which must be the same. */
function readDocument(lot: Lot, document: unknown): TariffDocument {
  const { currency } = lot;
  const complete = typeof document === 'object' ? { version: 1, currency, ...document } : document;
  const checked = checkTariffDocument(complete, { currency });
  if ('tariff' in checked) return checked.tariff;
  throw new Refusal('TARIFF_INVALID', 'The tariff is not usable.', {
    field: ['tariff'],
    details: { errors: checked.errors },
  });
}
