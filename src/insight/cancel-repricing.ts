import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import type { Viewer } from '../domain/viewer.ts';
import { Repricing } from '../entities/repricing.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { lotOfStaff } from './lot-of-staff.ts';
import type { RepricingKey } from './reprice-chunk.ts';

/**
 * Ends a repricing that still runs, after the chunk that is under way; what it has found stays. One that has ended is left as it is.
 * Locks its row. Refuses with NOT_FOUND.
 */
export async function cancelRepricing(
  platform: Platform,
  { lotId, repricingId: id }: RepricingKey,
  viewer: Viewer | undefined,
): Promise<Repricing> {
  return inTransaction(platform, async (tx) => {
    await lotOfStaff(tx.em, lotId, viewer).catch(missing);
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
    const repricing = (await tx.em.findOne(Repricing, { lotId, id }, lock)) ?? missing();
    if (repricing.state === 'RUNNING')
      Object.assign(repricing, { state: 'CANCELLED', finishedAt: tx.now, updatedAt: tx.now });
    return repricing;
  });
}

function missing(): never {
  throw new Refusal('NOT_FOUND', 'There is no such repricing in your lots.', { field: ['repricingId'] });
}
