import { LockMode } from '@mikro-orm/postgresql';
import { JournalCursor } from '../entities/journal-cursor.ts';
import type { Transaction } from '../platform/db.ts';

/** Locks a partition's place in its journal: whoever holds it is the one reader. It is read after the lock. */
export async function lockCursor(tx: Transaction, partition: number): Promise<JournalCursor> {
  return tx.em.findOneOrFail(JournalCursor, { partition }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
