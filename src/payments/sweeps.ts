import type { PaymentKind } from '../domain/payment.ts';
import type { Platform } from '../platform/platform.ts';

/** How long a first try may take before a sweep looks after it. */
const FIRST_TRY_SECONDS = 30;
/** How long we wait for a webhook before we ask ourselves. */
const WEBHOOK_SECONDS = 60;
/**
 * Whoever has not paid within a day is not asked after any more; should they pay, the webhook says so. What is charged
 * later nobody pays by themselves: it is tried until there is an answer.
 */
const PAYER_SECONDS = 24 * 3600;
/** Whoever is at their bank's page when the hold runs out may finish: the money goes back by itself. */
const ABANDONED_SECONDS = 600;
/** Few enough that a sweep a minute stays below the provider's limits. */
const BATCH = 50;

export interface FoundPayment {
  readonly lotId: string;
  readonly paymentId: string;
  readonly kind: PaymentKind;
}

export interface FoundRefund {
  readonly lotId: string;
  readonly refundId: string;
}

/**
 * Payments whose start was cut off (`startPayment` finds the same intent again), and what is charged later and was not
 * tried yet (`chargeSavedCard`). What its driver has not asked to pay yet is not among them. The longest untouched
 * first, at most 50.
 */
export async function owedPayments(platform: Platform): Promise<FoundPayment[]> {
  const untried = `(state = 'OWED' AND kind IN ('NO_SHOW_FEE', 'OVERSTAY'))`;
  const condition = `provider_ref IS NULL AND (state = 'UNKNOWN' OR ${untried})`;
  return find(platform, { condition, values: [] }, FIRST_TRY_SECONDS);
}

/**
 * Payments whose outcome we have not heard of: settle them, which asks the provider. So the state converges when every
 * webhook is lost. The longest untouched first, at most 50.
 */
export async function unknownPayments(platform: Platform): Promise<FoundPayment[]> {
  const waiting = `state IN ('REQUIRES_PAYMENT', 'REQUIRES_ACTION') AND (created_at > ? OR kind IN ('NO_SHOW_FEE', 'OVERSTAY'))`;
  const open = `provider_ref IS NOT NULL AND (state IN ('UNKNOWN', 'PROCESSING') OR (${waiting}))`;
  return find(platform, { condition: open, values: [before(platform, PAYER_SECONDS)] }, WEBHOOK_SECONDS);
}

/**
 * Unpaid payments of reservations that ended a while ago: `cancelIntent` them, so that nobody pays for nothing and
 * nothing is asked for ever; what was paid nevertheless (CAPTURED) is to be settled. The longest untouched first, at
 * most 50.
 */
export async function abandonedPayments(platform: Platform): Promise<FoundPayment[]> {
  return platform.orm.em.fork().execute<FoundPayment[]>(
    `SELECT payment.lot_id AS "lotId", payment.id AS "paymentId", payment.kind FROM payment
     JOIN reservation ON reservation.lot_id = payment.lot_id AND reservation.id = payment.reservation_id
     WHERE payment.kind = 'RESERVATION' AND payment.state IN ('OWED', 'UNKNOWN', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION')
       AND reservation.state IN ('EXPIRED', 'CANCELLED') AND reservation.ended_at < ?
     ORDER BY payment.updated_at LIMIT ${BATCH}`,
    [before(platform, ABANDONED_SECONDS)],
  );
}

/**
 * Refunds that were promised and are not at their end: `sendRefund` them. What was not sent yet of a disputed payment
 * waits. The longest untouched first, at most 50.
 */
export async function owedRefunds(platform: Platform): Promise<FoundRefund[]> {
  return platform.orm.em.fork().execute<FoundRefund[]>(
    `SELECT refund.lot_id AS "lotId", refund.id AS "refundId" FROM refund
     JOIN payment ON payment.lot_id = refund.lot_id AND payment.id = refund.payment_id
     WHERE refund.state IN ('OWED', 'UNKNOWN', 'SENT') AND refund.updated_at < ?
       AND (payment.state <> 'DISPUTED' OR refund.provider_ref IS NOT NULL)
     ORDER BY refund.updated_at LIMIT ${BATCH}`,
    [before(platform, FIRST_TRY_SECONDS)],
  );
}

async function find(
  platform: Platform,
  { condition, values }: { condition: string; values: readonly unknown[] },
  untouchedSeconds: number,
): Promise<FoundPayment[]> {
  return platform.orm.em.fork().execute<FoundPayment[]>(
    `SELECT lot_id AS "lotId", id AS "paymentId", kind FROM payment
     WHERE ${condition} AND updated_at < ? ORDER BY updated_at LIMIT ${BATCH}`,
    [...values, before(platform, untouchedSeconds)],
  );
}

function before(platform: Platform, seconds: number): Date {
  return new Date(platform.clock.now().getTime() - seconds * 1000);
}
