import { isDeepStrictEqual } from 'node:util';
import type { Viewer } from '../../domain/viewer.ts';
import { Tariff } from '../../entities/tariff.ts';
import { inTransaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { topic } from '../../platform/topics.ts';
import { lotToChange } from './lot-access.ts';
import { readTariffDocument } from './tariff-document.ts';

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
    const document = readTariffDocument(input.document, lot.currency);
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
