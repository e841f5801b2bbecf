import { setImmediate as nextTurn } from 'node:timers/promises';
import { LockMode } from '@mikro-orm/postgresql';
import { repriceStay, type LeftOutReason, type RepricedStay } from '../domain/repricing.ts';
import { Lot } from '../entities/lot.ts';
import { Repricing } from '../entities/repricing.ts';
import { monotonicMs } from '../platform/clock.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { recordedStays, type FoundStay } from './recorded-stays.ts';

export interface RepricingKey {
  readonly lotId: string;
  readonly repricingId: string;
}

/** Some 50 ms of work: a lock that is held no longer than a booking's, and a crash that loses no more. */
const CHUNK = 1000;
/** By a tariff that takes long, a chunk ends with what was priced by then. */
const CHUNK_MS = 500;
/** In a process that also serves gates, a scan must not wait for prices. */
const TURN_MS = 5;

/** What became of a chunk. */
interface Outcome {
  /** How many of its stays were priced, the first ones. */
  done: number;
  changed: { stay: FoundStay; repriced: RepricedStay }[];
  leftOut: Partial<Record<LeftOutReason, number>>;
  oldTotalMinor: number;
  newTotalMinor: number;
}

/**
 * Prices the next stays of a repricing again and moves its cursor behind them, in one transaction: whoever dies in it has done nothing, and nobody
 * does a chunk twice: who comes second waits for the row and takes the next one. MORE: there may be others. ENDED: all are done, or it was
 * cancelled. Locks the repricing's row.
 */
export async function repriceChunk(platform: Platform, key: RepricingKey): Promise<'MORE' | 'ENDED'> {
  const { lotId, repricingId: id } = key;
  return inTransaction(platform, async (tx) => {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
    const repricing = await tx.em.findOneOrFail(Repricing, { lotId, id }, lock);
    if (repricing.state !== 'RUNNING') return 'ENDED';
    const { timeZone } = await tx.em.findOneOrFail(Lot, { id: lotId });
    const { fromAt, untilAt, cursorLeftAt, cursorStayId } = repricing;
    const after = cursorLeftAt && cursorStayId ? { leftAt: cursorLeftAt, stayId: cursorStayId } : undefined;
    const stays = await recordedStays(tx.em, { lotId, fromAt, untilAt, after, limit: CHUNK });
    const outcome = await priceAll(platform, stays, { tariff: repricing.document, timeZone });
    await writeChanged(tx, key, outcome);
    add(repricing, outcome);
    const last = stays[outcome.done - 1];
    repricing.staysDone += outcome.done;
    repricing.updatedAt = tx.now;
    if (last) Object.assign(repricing, { cursorLeftAt: last.leftAt, cursorStayId: last.id });
    if (stays.length === CHUNK || outcome.done < stays.length) return 'MORE';
    Object.assign(repricing, { state: 'DONE', finishedAt: tx.now });
    return 'ENDED';
  });
}

async function priceAll(
  platform: Platform,
  stays: readonly FoundStay[],
  by: Parameters<typeof repriceStay>[1],
): Promise<Outcome> {
  const outcome: Outcome = { done: 0, changed: [], leftOut: {}, oldTotalMinor: 0, newTotalMinor: 0 };
  const startedMs = monotonicMs();
  let turnMs = startedMs;
  for (const stay of stays) {
    const nowMs = monotonicMs();
    if (nowMs - startedMs > CHUNK_MS) break;
    if (nowMs - turnMs > TURN_MS) {
      await nextTurn();
      turnMs = monotonicMs();
    }
    outcome.done += 1;
    const repriced = priced(platform, stay, by);
    if ('leftOut' in repriced) {
      outcome.leftOut[repriced.leftOut] = (outcome.leftOut[repriced.leftOut] ?? 0) + 1;
      continue;
    }
    outcome.oldTotalMinor += repriced.oldMinor;
    outcome.newTotalMinor += repriced.newMinor;
    if (repriced.oldMinor !== repriced.newMinor) outcome.changed.push({ stay, repriced });
  }
  return outcome;
}

/** One stay that can't be priced must not end the walk: it is counted and a person looks at it. */
function priced(
  platform: Platform,
  stay: FoundStay,
  by: Parameters<typeof repriceStay>[1],
): ReturnType<typeof repriceStay> {
  try {
    return repriceStay(stay, by);
  } catch (error) {
    platform.log.error({ err: error, stayId: stay.id }, 'a past stay could not be priced again');
    return { leftOut: 'NOT_PRICED' };
  }
}

async function writeChanged(tx: Transaction, { lotId, repricingId }: RepricingKey, outcome: Outcome): Promise<void> {
  if (outcome.changed.length === 0) return;
  const rows = outcome.changed.map(({ stay, repriced: { oldMinor, newMinor, refundDueMinor } }) => ({
    ...{ s: stay.id, l: stay.leftAt, o: oldMinor, n: newMinor, r: refundDueMinor },
  }));
  await tx.em.execute(
    `INSERT INTO repriced_stay (lot_id, repricing_id, stay_id, left_at, old_minor, new_minor, difference_minor, refund_due_minor)
     SELECT ?, ?, s, l, o, n, n - o, r FROM jsonb_to_recordset(?::jsonb) AS t (s uuid, l timestamptz, o bigint, n bigint, r bigint)`,
    [lotId, repricingId, JSON.stringify(rows)],
  );
}

function add(repricing: Repricing, { changed, leftOut, oldTotalMinor, newTotalMinor }: Outcome): void {
  repricing.staysChanged += changed.length;
  repricing.oldTotalMinor += oldTotalMinor;
  repricing.newTotalMinor += newTotalMinor;
  for (const { repriced } of changed) {
    repricing.refundDueMinor += repriced.refundDueMinor;
    repricing.additionalMinor += Math.max(0, repriced.newMinor - repriced.oldMinor);
  }
  const counts = { ...repricing.leftOut };
  for (const [reason, count] of Object.entries(leftOut) as [LeftOutReason, number][])
    counts[reason] = (counts[reason] ?? 0) + count;
  repricing.leftOut = counts;
}
