import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import { Payment } from '../entities/payment.ts';
import { Stay } from '../entities/stay.ts';
import { cancelIntent, confirmIntent } from '../payments/intent.ts';
import { openPayment } from '../payments/open-payment.ts';
import { lockPayment } from '../payments/payment-row.ts';
import { impossible, unavailable } from '../payments/refusals.ts';
import { startPayment } from '../payments/start-payment.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import { claimKey, findKeyed, type KeyedCall } from '../platform/idempotency.ts';
import { newId } from '../platform/ids.ts';
import type { Platform } from '../platform/platform.ts';
import { dueNow, findWalkIn, stayNotFound, type StayRef } from './find-stay.ts';
import { settleStay } from './settle-stay.ts';

export interface PayStayInput {
  readonly idempotencyKey: string;
  readonly stay: StayRef;
  /** The card, as the provider's library gave it to the client; absent when the client confirms the payment by itself. */
  readonly paymentMethodId?: string | undefined;
  /** The minute for which it is paid: when an exit saw it; now unless told. */
  readonly pricedAt?: Date;
}

/**
 * A walk-in pays what it owes now; then it may leave until the lot's exit grace after this minute is over. With a card it is charged at
 * once; without, the payment's client secret lets the client do it, and the webhook settles it. At most one payment of a stay can be
 * paid: one that is open for the same amount is used again, another is called off first. The same key goes on where the first call
 * stopped; once the vehicle has left it only tells what became of it.
 * Refuses with STAY_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, NOTHING_DUE, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_UNAVAILABLE and
 * PAYMENT_IMPOSSIBLE (the amount is one that no card is charged; the exit opens all the same, and a debt says so).
 * Locks the stay. The provider is called outside of the transaction.
 */
export async function payStay(
  platform: Platform,
  input: PayStayInput,
  viewer: Viewer | undefined,
): Promise<{ stay: Stay; payment: Payment; replayed: boolean }> {
  const { lotId } = input.stay;
  const { stayId, paymentId, replayed } = await owedPayment(platform, input, viewer);
  const before = await rowsOf(platform, { lotId, stayId, paymentId });
  if (before.payment.capturedAt != null || before.stay.state === 'LEFT') return { ...before, replayed };
  await startPayment(platform, { lotId, paymentId });
  if (input.paymentMethodId !== undefined) {
    await confirmIntent(platform, { lotId, id: paymentId }, input.paymentMethodId);
    await settleStay(platform, { lotId, paymentId });
  }
  const after = await rowsOf(platform, { lotId, stayId, paymentId });
  if (after.payment.state === 'FAILED') throw impossible('STAY', after.payment.failureCode ?? 'unknown');
  return { ...after, replayed };
}

/** The rows that a key stands for, as they are now. */
export async function rowsOf(
  platform: Platform,
  { lotId, stayId, paymentId }: { lotId: string; stayId: string; paymentId: string },
): Promise<{ stay: Stay; payment: Payment }> {
  const em = platform.orm.em.fork();
  const [stay, payment] = await Promise.all([
    em.findOneOrFail(Stay, { lotId, id: stayId }),
    em.findOneOrFail(Payment, { lotId, id: paymentId }),
  ]);
  return { stay, payment };
}

/** What a key stands for. */
export type Owed = Readonly<{ stayId: string; paymentId: string }>;

/** Each time round one payment that must not be paid any more is called off. */
const MAX_ATTEMPTS = 4;

/**
 * The payment of what a walk-in owes at `pricedAt`, opened with the request's key or found by it; what was begun for another amount or by another is
 * called off first. Refuses as `payStay` does. Locks the stay.
 */
export async function owedPayment(
  platform: Platform,
  input: PayStayInput,
  viewer: Viewer | undefined,
): Promise<Owed & { replayed: boolean }> {
  const { lotId } = input.stay;
  const keyed = {
    actor: actorKey(viewer),
    key: input.idempotencyKey,
    operation: 'payStay',
    input: { stay: input.stay, card: input.paymentMethodId },
  };
  const em = platform.orm.em.fork();
  const first = await findKeyed<Owed>(em, keyed);
  if (first) return { ...first, replayed: true };
  const { id: stayId } = await findWalkIn(em, input.stay);
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
    const step = await inTransaction(platform, (tx) => owe(tx, { keyed, input, stayId, viewer }));
    if (!('stale' in step)) return step;
    await callOff(platform, { lotId, paymentId: step.stale });
  }
  throw notCalledOff();
}

/** What was begun with a card keeps coming back: it is found out in a moment. */
export function notCalledOff(): Refusal {
  return unavailable('STAY');
}

/** Makes sure that a payment will not be paid, or is in the books. */
export async function callOff(
  platform: Platform,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<void> {
  const outcome = await cancelIntent(platform, { lotId, id: paymentId });
  if (outcome === 'UNAVAILABLE') throw unavailable('STAY');
  if (outcome === 'CAPTURED') await settleStay(platform, { lotId, paymentId });
}

async function owe(
  tx: Transaction,
  asked: { keyed: Omit<KeyedCall<Owed>, 'result'>; input: PayStayInput; stayId: string; viewer: Viewer | undefined },
): Promise<(Owed & { replayed: boolean }) | { stale: string }> {
  const { keyed, input, stayId, viewer } = asked;
  const { lotId } = input.stay;
  const { pricedAt = tx.now } = input;
  const stay = await tx.em.findOne(Stay, { lotId, id: stayId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  const first = await findKeyed<Owed>(tx.em, keyed);
  if (first) return { ...first, replayed: true };
  if (stay?.state !== 'INSIDE') throw stayNotFound();
  const amountMinor = await dueNow(tx.em, stay, pricedAt);
  const driverId = viewer?.kind === 'DRIVER' ? viewer.driverId : null;
  const open = await openPaymentOf(tx, { lotId, stayId });
  const isSame = open?.amountMinor === amountMinor && (open.driverId ?? null) === driverId;
  if (open && !isSame) return { stale: open.id };
  if (amountMinor === 0)
    throw new Refusal('NOTHING_DUE', 'There is nothing to pay: drive to the exit.', { field: ['stay'] });
  const result = { stayId, paymentId: open?.id ?? newId(tx.now) };
  const { replayed, result: owed } = await claimKey(tx, { ...keyed, result });
  if (replayed) return { ...owed, replayed };
  // Paid in that minute, whenever the payment was opened.
  const detail = { ...open?.detail, pricedAt: pricedAt.toISOString() };
  if (open) open.detail = detail;
  else
    openPayment(tx, {
      ...{ id: result.paymentId, lotId, kind: 'STAY', stayId, amountMinor, currency: stay.currency, detail },
      ...(driverId === null ? {} : { driverId }),
    });
  return { ...result, replayed: false };
}

const OVER = { $in: ['CAPTURED', 'DISPUTED', 'FAILED', 'CANCELED'] as const };

/** The payment of a stay that somebody may still pay. */
export function openPaymentOf(tx: Transaction, key: { lotId: string; stayId: string }): Promise<Payment | null> {
  return tx.em.findOne(Payment, { ...key, kind: 'STAY', capturedAt: null, $not: { state: OVER } });
}

/**
 * Calls off the payment of a stay that was begun and of which the provider knows nothing yet: a call under way cancels what it made when it
 * finds this. STARTED: the provider may have it. Locks the payment.
 */
export async function dropUnstarted(
  tx: Transaction,
  key: { lotId: string; stayId: string },
): Promise<'NONE' | 'STARTED'> {
  const open = await openPaymentOf(tx, key);
  if (!open) return 'NONE';
  const payment = await lockPayment(tx, open);
  if (payment.providerRef != null || payment.capturedAt != null) return 'STARTED';
  Object.assign(payment, { state: 'CANCELED', updatedAt: tx.now });
  return 'NONE';
}
