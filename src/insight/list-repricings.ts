import type { EntityManager } from '@mikro-orm/postgresql';
import { RepricedStay } from '../entities/repriced-stay.ts';
import { Repricing } from '../entities/repricing.ts';
import type { Platform } from '../platform/platform.ts';
import type { RepricingKey } from './reprice-chunk.ts';

/** A page of stays whose price would change: `from` is the sort key (difference, id) of the row before it. */
export interface RepricedPage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly from: readonly [differenceMinor: number, stayId: string] | undefined;
}

/** The stays whose price would change, those that were charged most too much first (BACKWARD: last), at most `limit`. */
export async function listRepriced(
  em: EntityManager,
  { lotId, repricingId }: RepricingKey,
  { limit, direction, from }: RepricedPage,
): Promise<RepricedStay[]> {
  const order = direction === 'FORWARD' ? 'asc' : 'desc';
  const further = direction === 'FORWARD' ? ('$gt' as const) : ('$lt' as const);
  const beyond = from
    ? {
        $or: [
          { differenceMinor: { [further]: from[0] } },
          { differenceMinor: from[0], stayId: { [further]: from[1] } },
        ],
      }
    : {};
  return em.find(
    RepricedStay,
    { $and: [{ lotId, repricingId }, beyond] },
    { orderBy: { differenceMinor: order, stayId: order }, limit },
  );
}

/** The repricings of a lot, the latest first, at most 50. */
export async function listRepricings(em: EntityManager, lotId: string): Promise<Repricing[]> {
  return em.find(Repricing, { lotId }, { orderBy: { createdAt: 'desc', id: 'desc' }, limit: 50 });
}

const ROWS_AT_ONCE = 1000;

/** All stays of a repricing whose price would change, in the order of {@link listRepriced}, some at a time. */
export async function* eachRepriced(platform: Platform, key: RepricingKey): AsyncGenerator<RepricedStay[]> {
  let from: RepricedPage['from'];
  for (;;) {
    const em = platform.orm.em.fork();
    const rows = await listRepriced(em, key, { limit: ROWS_AT_ONCE, direction: 'FORWARD', from });
    if (rows.length > 0) yield rows;
    const last = rows.at(-1);
    if (!last || rows.length < ROWS_AT_ONCE) return;
    from = [last.differenceMinor, last.stayId];
  }
}
