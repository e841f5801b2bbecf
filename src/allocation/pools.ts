import type { SpotType } from '../domain/spot-type.ts';
import type { Transaction } from '../platform/db.ts';
import { retireLapsedHolds } from './retire-lapsed-holds.ts';

/**
 * Locks the pools of a lot for the rest of the transaction: one statement, ordered, before anything is looked at. Every writer of
 * allocations takes these locks first, so that "no spot is free" is true when it is said. Lock order everywhere: pools, then
 * reservations, then stays; what was read before the lock is read again after it.
 * Types the lot has no pool of are passed over.
 */
export async function lockPools(tx: Transaction, lotId: string, spotTypes: readonly SpotType[]): Promise<void> {
  await lock(tx, lotId, spotTypes);
}

/** Locks the pools as `lockPools` does and lets go of the holds in them whose minute has passed, so that their spots count as free. */
export async function lockPoolsToBook(tx: Transaction, lotId: string, spotTypes: readonly SpotType[]): Promise<void> {
  const { lapsed } = await lock(tx, lotId, spotTypes);
  if (lapsed) await retireLapsedHolds(tx, lotId, spotTypes);
}

/**
 * Whether holds have lapsed is told by the same statement, to save a round trip under the lock. It was true before the wait for the
 * lock and can only have been mended since: a hold made meanwhile has not lapsed at `tx.now`.
 */
async function lock(tx: Transaction, lotId: string, spotTypes: readonly SpotType[]): Promise<{ lapsed: boolean }> {
  if (spotTypes.length === 0) throw new Error('a booking locks at least one pool');
  const locked = await tx.em.execute<{ lapsed: boolean }[]>(
    `SELECT EXISTS (
       SELECT 1 FROM reservation WHERE lot_id = pool.lot_id AND state = 'HELD' AND hold_expires_at <= ? AND spot_type IN (?)
     ) AS lapsed
     FROM pool WHERE lot_id = ? AND spot_type IN (?) ORDER BY spot_type FOR UPDATE`,
    [tx.now, spotTypes, lotId, spotTypes],
  );
  return { lapsed: locked.some(({ lapsed }) => lapsed) };
}
