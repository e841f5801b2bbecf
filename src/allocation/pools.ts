import type { SpotType } from '../domain/spot-type.ts';
import type { Transaction } from '../platform/db.ts';

/**
 * Locks the pools of a lot for the rest of the transaction: one statement, ordered, before anything is looked at. Every writer of
 * allocations takes these locks first, so that "no spot is free" is true when it is said. Lock order everywhere: pools, then
 * reservations, then stays; what was read before the lock is read again after it.
 * Types the lot has no pool of are passed over.
 */
export async function lockPools(tx: Transaction, lotId: string, spotTypes: readonly SpotType[]): Promise<void> {
  if (spotTypes.length === 0) throw new Error('a booking locks at least one pool');
  await tx.em.execute(`SELECT 1 FROM pool WHERE lot_id = ? AND spot_type IN (?) ORDER BY spot_type FOR UPDATE`, [
    lotId,
    spotTypes,
  ]);
}
