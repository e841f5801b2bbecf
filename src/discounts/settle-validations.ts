import { Validation } from '../entities/validation.ts';
import type { Transaction } from '../platform/db.ts';

/** A validation whose stay is over: what it took off, and what of that its merchant pays. */
export interface SettledValidation {
  readonly validationId: string;
  readonly costMinor: number;
}

/**
 * Burns the validations of a stay that is over, once: what they took off is known (`worthMinor`, by id), and what was held of the budget
 * beyond it is free again. The merchant pays at most what was held; what is dearer is the operator's. One that took nothing off is VOID.
 * Gives what merchants pay, for the books. The caller has locked the stay or the reservation.
 */
export async function settleValidations(
  tx: Transaction,
  settled: { lotId: string; worthMinor: ReadonlyMap<string, number> },
): Promise<SettledValidation[]> {
  const { lotId, worthMinor } = settled;
  if (worthMinor.size === 0) return [];
  const rows = await tx.em.find(Validation, { lotId, id: { $in: [...worthMinor.keys()] }, state: 'GIVEN' });
  return rows.flatMap((validation) => {
    const minor = worthMinor.get(validation.id) ?? 0;
    validation.worthMinor = minor;
    validation.costMinor = Math.min(minor, validation.heldMinor);
    validation.state = minor > 0 ? 'USED' : 'VOID';
    validation.settledAt = tx.now;
    return validation.costMinor > 0 ? [{ validationId: validation.id, costMinor: validation.costMinor }] : [];
  });
}
