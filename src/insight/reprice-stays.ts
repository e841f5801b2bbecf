import { Refusal } from '../domain/refusal.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import { Repricing } from '../entities/repricing.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { lotOfStaff } from './lot-of-staff.ts';
import { countStays } from './recorded-stays.ts';
import { tariffAsked, type TariffAsked } from './tariff-asked.ts';

export interface RepricingWish extends TariffAsked {
  readonly idempotencyKey: string;
  readonly lotId: string;
  /** Stays whose vehicles left from then on … */
  readonly fromAt: Date;
  /** … and before then; what leaves after the wish was made is not among them. */
  readonly untilAt: Date;
}

/** What goes through the stays of a repricing. */
export const REPRICE_JOB = 'reprice-stays';
const LONGEST_MS = 3 * 366 * 24 * 3_600_000;

/**
 * Has the past stays of a lot priced again under another version of its tariff or a draft, to see what would change; nobody is charged
 * or refunded. Gives the repricing, which a job then works through; ask again for its progress. The same key gives the same one.
 * Refuses with IDEMPOTENCY_KEY_REUSED, LOT_NOT_FOUND, NOT_FOUND (no such version), PERIOD_BACKWARDS, PERIOD_TOO_LONG (three years),
 * PERIOD_TOO_FAR_AHEAD (nothing of it is past) and TARIFF_INVALID (as publishing does). Locks nothing.
 */
export async function repriceStays(
  platform: Platform,
  wish: RepricingWish,
  viewer: Viewer | undefined,
): Promise<{ repricing: Repricing; replayed: boolean }> {
  return inTransaction(platform, async (tx) => {
    const lot = await lotOfStaff(tx.em, wish.lotId, viewer);
    const { idempotencyKey, lotId, fromAt, untilAt: wantedUntil, tariffId, document } = wish;
    const input = { lotId, fromAt, untilAt: wantedUntil, tariffId, document };
    const { replayed, result } = await claimKey(tx, {
      ...{ actor: actorKey(viewer), key: idempotencyKey, operation: 'repriceStays', input },
      result: { repricingId: newId(tx.now) },
    });
    const id = result.repricingId;
    if (replayed) return { repricing: await tx.em.findOneOrFail(Repricing, { lotId, id }), replayed };
    const untilAt = pastPartOf(wish, tx.now);
    const asked = await tariffAsked(tx.em, lot, { tariffId, document, field: fieldOf(wish) });
    const repricing = tx.em.create(Repricing, {
      ...{ lotId, id, fromAt, untilAt, state: 'RUNNING' as const, currency: lot.currency },
      tariffId: asked.version?.id ?? null,
      document: asked.document,
      requestedByStaffId: viewer?.kind === 'STAFF' ? viewer.staffId : null,
      ...{ cursorLeftAt: null, cursorStayId: null, staysDone: 0, staysChanged: 0, leftOut: {} },
      staysTotal: await countStays(tx.em, { lotId, fromAt, untilAt }),
      ...{ oldTotalMinor: 0, newTotalMinor: 0, refundDueMinor: 0, additionalMinor: 0, refundedMinor: 0 },
      ...{ refundsAskedAt: null, refundsDoneAt: null, createdAt: tx.now, updatedAt: tx.now, finishedAt: null },
    });
    tx.afterCommit(({ scheduler }) => scheduler.runIn(REPRICE_JOB, 0, { lotId, repricingId: id }));
    return { repricing, replayed };
  });
}

function fieldOf({ document }: RepricingWish): readonly string[] {
  return [document === undefined ? 'tariffId' : 'document'];
}

/** Where the wanted time ends, or now: a stay that is still to end has no price. */
function pastPartOf({ fromAt, untilAt }: RepricingWish, now: Date): Date {
  const field = ['period'];
  if (fromAt >= untilAt) throw new Refusal('PERIOD_BACKWARDS', 'The period ends before it begins.', { field });
  if (untilAt.getTime() - fromAt.getTime() > LONGEST_MS)
    throw new Refusal('PERIOD_TOO_LONG', 'Price three years at most at a time.', { field });
  if (fromAt >= now) throw new Refusal('PERIOD_TOO_FAR_AHEAD', 'Only stays that are over are priced again.', { field });
  return untilAt < now ? untilAt : now;
}
