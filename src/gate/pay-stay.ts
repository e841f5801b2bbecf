import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { actorKey, type Viewer } from '../domain/viewer.ts';
import { Payment } from '../entities/payment.ts';
import { Stay } from '../entities/stay.ts';
import { confirmIntent } from '../payments/intent.ts';
import { openPayment } from '../payments/open-payment.ts';
import { startPayment } from '../payments/start-payment.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { dueNow, findWalkIn, stayNotFound, type StayRef } from './find-stay.ts';
import { settleStay } from './settle-stay.ts';

export interface PayStayInput {
  readonly idempotencyKey: string;
  readonly stay: StayRef;
  /** The card, as the provider's library gave it to the client; absent when the client confirms the payment by itself. */
  readonly paymentMethodId?: string | undefined;
}

/**
 * A walk-in pays what it owes now; then it may leave until the lot's exit grace after this minute is over. With a card it is charged at
 * once; without, the payment's client secret lets the client do it, and the webhook settles it.
 * Refuses with STAY_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, NOTHING_DUE, PAYMENT_DECLINED, PAYMENT_ACTION_REQUIRED, PAYMENT_UNAVAILABLE.
 * Locks the stay. The provider is called outside of the transaction.
 */
export async function payStay(
  platform: Platform,
  input: PayStayInput,
  viewer: Viewer | undefined,
): Promise<{ stay: Stay; payment: Payment; replayed: boolean }> {
  const { lotId, id: stayId } = await findWalkIn(platform.orm.em.fork(), input.stay);
  const { paymentId, replayed } = await owe(platform, { input, lotId, stayId, viewer });
  await startPayment(platform, { lotId, paymentId });
  const { paymentMethodId } = input;
  const before = await platform.orm.em.fork().findOneOrFail(Payment, { lotId, id: paymentId });
  if (paymentMethodId !== undefined && before.capturedAt == null) {
    await confirmIntent(platform, { lotId, id: paymentId }, paymentMethodId);
    await settleStay(platform, { lotId, paymentId });
  }
  const em = platform.orm.em.fork();
  const [stay, payment] = await Promise.all([
    em.findOneOrFail(Stay, { lotId, id: stayId }),
    em.findOneOrFail(Payment, { lotId, id: paymentId }),
  ]);
  return { stay, payment, replayed };
}

async function owe(
  platform: Platform,
  { input, lotId, stayId, viewer }: { input: PayStayInput; lotId: string; stayId: string; viewer: Viewer | undefined },
): Promise<{ paymentId: string; replayed: boolean }> {
  return inTransaction(platform, async (tx) => {
    const stay = await tx.em.findOne(
      Stay,
      { lotId, id: stayId, state: 'INSIDE' },
      { lockMode: LockMode.PESSIMISTIC_WRITE },
    );
    if (!stay) throw stayNotFound();
    const keyed = {
      actor: actorKey(viewer),
      key: input.idempotencyKey,
      operation: 'payStay',
      input: { lotId, stayId, card: input.paymentMethodId },
    };
    const { replayed } = await claimKey(tx, { ...keyed, result: { stayId } });
    if (replayed) return { paymentId: await latestPayment(tx.em, { lotId, stayId }), replayed };
    const amountMinor = await dueNow(tx.em, stay, tx.now);
    if (amountMinor === 0)
      throw new Refusal('NOTHING_DUE', 'There is nothing to pay: drive to the exit.', { field: ['stay'] });
    const driver = viewer?.kind === 'DRIVER' ? { driverId: viewer.driverId } : {};
    const paymentId = openPayment(tx, {
      lotId,
      kind: 'STAY',
      stayId,
      amountMinor,
      currency: stay.currency,
      ...driver,
    });
    return { paymentId, replayed };
  });
}

async function latestPayment(
  em: Parameters<typeof dueNow>[0],
  key: { lotId: string; stayId: string },
): Promise<string> {
  const payment = await em.findOneOrFail(Payment, { ...key, kind: 'STAY' }, { orderBy: { id: 'desc' } });
  return payment.id;
}
