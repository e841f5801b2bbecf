import { LockMode } from '@mikro-orm/postgresql';
import { addMinutes } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import { actorKey, mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { Payment } from '../entities/payment.ts';
import { RepricedStay } from '../entities/repriced-stay.ts';
import { Repricing } from '../entities/repricing.ts';
import { Reservation } from '../entities/reservation.ts';
import { Stay } from '../entities/stay.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { promiseRefund } from './promise-refund.ts';
import { refundReservation } from './refund-reservation.ts';

interface RepricingKey {
  readonly lotId: string;
  readonly repricingId: string;
}

/** What gives back what a repricing has found to be paid too much. */
export const REFUND_REPRICING_JOB = 'refund-repricing';
/** Below a job's lease: each is a transaction with a handful of statements. */
const TURN_STAYS = 200;
const LEFT_ALONE_MINUTES = 1;
const BATCH = 20;

/**
 * Asks for everything to be given back that a repricing has found to be paid too much; a job then promises the refunds, a stay at a time.
 * Asked again it changes nothing. Locks the repricing's row. Refuses with IDEMPOTENCY_KEY_REUSED, NOT_FOUND and REPRICING_RUNNING.
 */
export async function refundRepricing(
  platform: Platform,
  wish: RepricingKey & { readonly idempotencyKey: string },
  viewer: Viewer | undefined,
): Promise<{ repricing: Repricing; replayed: boolean }> {
  const { lotId, repricingId: id, idempotencyKey: key } = wish;
  return inTransaction(platform, async (tx) => {
    const lot = viewer?.kind === 'STAFF' ? await tx.em.findOne(Lot, { id: lotId }) : null;
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
    const repricing = lot && mayServeLot(viewer, lot) ? await tx.em.findOne(Repricing, { lotId, id }, lock) : null;
    if (!repricing)
      throw new Refusal('NOT_FOUND', 'There is no such repricing in your lots.', { field: ['repricingId'] });
    const call = { actor: actorKey(viewer), key, operation: 'refundRepricing', input: { lotId, id }, result: { id } };
    const { replayed } = await claimKey(tx, call);
    if (repricing.state === 'RUNNING')
      throw new Refusal('REPRICING_RUNNING', 'The repricing still runs: wait for its end, or call it off.', {});
    if (repricing.refundsAskedAt == null) {
      Object.assign(repricing, { refundsAskedAt: tx.now, updatedAt: tx.now });
      tx.afterCommit(({ scheduler }) => scheduler.runIn(REFUND_REPRICING_JOB, 0, { lotId, repricingId: id }));
    }
    return { repricing, replayed };
  });
}

/** Gives back what the next stays of a repricing have coming. MORE: it wants another turn. */
export async function runRefunds(platform: Platform, key: RepricingKey): Promise<'MORE' | 'ENDED'> {
  for (let stay = 0; stay < TURN_STAYS; stay++) if ((await refundNext(platform, key)) === 'ENDED') return 'ENDED';
  return 'MORE';
}

/**
 * Promises what one more stay of a repricing has coming, at most what is left of what was paid for it, and writes down that it was done, in
 * one transaction: no stay gets its money twice, whoever dies or comes second. The stay then cost so much less, so that another
 * repricing does not find it again. ENDED: none is left. Locks the repricing, then the reservation, the stay and its payments.
 */
export async function refundNext(platform: Platform, { lotId, repricingId }: RepricingKey): Promise<'MORE' | 'ENDED'> {
  return inTransaction(platform, async (tx) => {
    const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
    const repricing = await tx.em.findOneOrFail(Repricing, { lotId, id: repricingId }, lock);
    if (repricing.refundsAskedAt == null || repricing.refundsDoneAt != null) return 'ENDED';
    const due = { lotId, repricingId, refundDueMinor: { $gt: 0 }, refundedMinor: null };
    const next = await tx.em.findOne(RepricedStay, due, { orderBy: { stayId: 'asc' } });
    repricing.updatedAt = tx.now;
    if (!next) {
      repricing.refundsDoneAt = tx.now;
      return 'ENDED';
    }
    next.refundedMinor = await giveBack(tx, next);
    repricing.refundedMinor += next.refundedMinor;
    return 'MORE';
  });
}

/** What was found counted what the stay had cost then: what another repricing has given back since is no longer due. */
async function giveBack(tx: Transaction, repriced: RepricedStay): Promise<number> {
  const { lotId, stayId } = repriced;
  const lock = { lockMode: LockMode.PESSIMISTIC_WRITE };
  const { reservationId } = await tx.em.findOneOrFail(
    Stay,
    { lotId, id: stayId },
    { fields: ['lotId', 'id', 'reservationId'], disableIdentityMap: true },
  );
  const reservation =
    reservationId == null ? undefined : await tx.em.findOneOrFail(Reservation, { lotId, id: reservationId }, lock);
  const stay = await tx.em.findOneOrFail(Stay, { lotId, id: stayId }, lock);
  const totalMinor = stay.totalMinor ?? 0;
  const dueMinor = Math.max(0, Math.min(repriced.refundDueMinor, totalMinor - repriced.newMinor));
  const ofStayMinor = await giveBackOfStay(tx, { lotId, stayId, amountMinor: dueMinor });
  if (!reservation) stay.paidMinor -= Math.min(stay.paidMinor, ofStayMinor);
  const left = dueMinor - ofStayMinor;
  const wish = { lotId, reservationId: reservation?.id ?? '', amountMinor: left, reason: 'STAFF' } as const;
  const ofReservationMinor = reservation ? await refundReservation(tx, wish) : 0;
  if (reservation) reservation.refundedMinor += ofReservationMinor;
  const refundedMinor = ofStayMinor + ofReservationMinor;
  stay.totalMinor = Math.max(0, totalMinor - refundedMinor);
  return refundedMinor;
}

/** From what was paid at the gate or afterwards, the latest first. */
async function giveBackOfStay(
  tx: Transaction,
  { lotId, stayId, amountMinor }: { lotId: string; stayId: string; amountMinor: number },
): Promise<number> {
  const payments = await tx.em.find(
    Payment,
    { lotId, stayId, capturedMinor: { $gt: 0 } },
    { orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  let left = amountMinor;
  for (const payment of payments.toReversed()) {
    const part = Math.min(left, payment.capturedMinor - payment.refundedMinor);
    if (part <= 0) continue;
    await promiseRefund(tx, { lotId, paymentId: payment.id, amountMinor: part, reason: 'STAFF' });
    left -= part;
  }
  return amountMinor - left;
}

/** Repricings whose refunds were asked for and that nobody has moved for a minute, the longest first, at most 20. */
export async function forgottenRefunds(platform: Platform): Promise<RepricingKey[]> {
  return platform.orm.em.fork().execute<RepricingKey[]>(
    `SELECT lot_id AS "lotId", id AS "repricingId" FROM repricing
     WHERE refunds_asked_at IS NOT NULL AND refunds_done_at IS NULL AND updated_at < ? ORDER BY updated_at LIMIT ${BATCH}`,
    [addMinutes(platform.clock.now(), -LEFT_ALONE_MINUTES)],
  );
}
