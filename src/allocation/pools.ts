import { SPOT_TYPES, type SpotType } from '../domain/spot-type.ts';
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

/** Thrown where more pools would have to be locked for a true "full": a transaction locks once, so it is run again with all of them. */
export class NeedsMorePools extends Error {
  override readonly name = 'NeedsMorePools';
}

/** Gives the types of pools to lock: those that fit, or all of the lot's. */
export type PoolsToLock = (fitting: readonly SpotType[]) => readonly SpotType[];

/**
 * Runs a transaction that locks the pools that fit, and once more with all of the lot's when it finds that whoever is in its way could go
 * to another pool.
 */
export async function withPools<T>(run: (toLock: PoolsToLock) => Promise<T>): Promise<T> {
  try {
    return await run((fitting) => fitting);
  } catch (error) {
    if (!(error instanceof NeedsMorePools)) throw error;
    return run(() => SPOT_TYPES);
  }
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
