import type { Transaction } from '../platform/db.ts';

/** What a price was worked out for. */
export interface Priced {
  readonly lotId: string;
  readonly reservationId?: string | null | undefined;
  readonly stayId?: string | null | undefined;
}

/**
 * The tax percentage of the tariff that priced a reservation or a stay; for what neither is (a monthly pass) that of the tariff in force.
 * 0 where it names none. Reads only.
 */
export async function taxPercentOf(tx: Transaction, { lotId, reservationId, stayId }: Priced): Promise<number> {
  const [row] = await tx.em.execute<{ percent: string | null }[]>(
    `SELECT coalesce(document->'tax'->>'percent', document->>'taxPercent') AS percent FROM tariff
     WHERE lot_id = ? AND id = coalesce(
       (SELECT tariff_id FROM reservation WHERE lot_id = ? AND id = ?), (SELECT tariff_id FROM stay WHERE lot_id = ? AND id = ?),
       (SELECT id FROM tariff WHERE lot_id = ? ORDER BY version_number DESC LIMIT 1))`,
    [lotId, lotId, reservationId ?? null, lotId, stayId ?? null, lotId],
  );
  return Number(row?.percent ?? 0);
}
