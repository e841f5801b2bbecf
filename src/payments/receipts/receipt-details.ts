import { LockMode } from '@mikro-orm/postgresql';
import type { ReceiptDetails } from '../../domain/receipt.ts';
import { Refusal } from '../../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../../domain/viewer.ts';
import { Lot } from '../../entities/lot.ts';
import { inTransaction } from '../../platform/db.ts';
import type { Platform } from '../../platform/platform.ts';

const LONGEST = { legalName: 200, legalAddress: 500, taxId: 50, footer: 1000 } as const;

/**
 * Sets what stands on a lot's receipts from now on; what is left out is the operator's own again. Receipts that were issued keep theirs.
 * Refuses with LOT_NOT_FOUND, INVALID_INPUT (an empty or too long text). Locks the lot's row. Announces `lot.changed`.
 */
export async function setReceiptDetails(
  platform: Platform,
  input: { lotId: string; details: ReceiptDetails },
  viewer: Viewer | undefined,
): Promise<Lot> {
  const { lotId } = input;
  return inTransaction(platform, async (tx) => {
    const lot = await tx.em.findOne(Lot, { id: lotId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    if (!lot || !mayServeLot(viewer, lot))
      throw new Refusal('LOT_NOT_FOUND', 'You serve no lot with this id.', { field: ['lotId'] });
    lot.receiptDetails = checked(input.details);
    tx.announce({ lotId, type: 'lot.changed', aggregateId: lotId, payload: { lotId } });
    return lot;
  });
}

function checked(details: ReceiptDetails): ReceiptDetails {
  const fields = Object.keys(LONGEST) as (keyof typeof LONGEST)[];
  const kept = fields.flatMap((field) => {
    const text = details[field]?.trim();
    if (text === undefined) return [];
    if (text === '' || text.length > LONGEST[field])
      throw new Refusal('INVALID_INPUT', `Send 1 to ${LONGEST[field]} characters, or leave it out.`, {
        field: [field],
      });
    return [[field, text] as const];
  });
  return Object.fromEntries(kept);
}
