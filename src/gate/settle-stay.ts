import { LockMode } from '@mikro-orm/postgresql';
import { Payment } from '../entities/payment.ts';
import { Stay } from '../entities/stay.ts';
import { collectDebts } from '../payments/collect-debts.ts';
import { readIntent } from '../payments/intent.ts';
import { recordCapture } from '../payments/record-capture.ts';
import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { projectStay } from './project-stay.ts';

/**
 * Asks the provider what became of a walk-in's payment and, once it is captured, writes it to the books and the stay: paid until the
 * minute in which the price was worked out. For whoever comes first, the client, the webhook or a sweep. A stay that was let out
 * meanwhile is freed of its debt, and what its driver owes from before is collected if they have agreed. Locks the stay, then the payment. Refuses with NOT_FOUND, PAYMENT_UNAVAILABLE.
 */
export async function settleStay(
  platform: Platform,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<void> {
  const intent = await readIntent(platform, { lotId, id: paymentId });
  if (intent.status !== 'SUCCEEDED') return;
  const { ref: providerRef, capturedMinor } = intent;
  const stayId = await inTransaction(platform, async (tx) => {
    const opened = await tx.em.findOneOrFail(Payment, { lotId, id: paymentId }, { disableIdentityMap: true });
    const { stayId: id } = opened;
    if (id == null) return undefined;
    const pricedAt = pricedAtOf(opened);
    const stay = await tx.em.findOneOrFail(Stay, { lotId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const capture = await recordCapture(tx, { lotId, paymentId, capturedMinor, providerRef });
    if (capture === 'AGAIN') return id;
    const { refundedMinor } = await tx.em.findOneOrFail(Payment, { lotId, id: paymentId });
    stay.paidMinor += capturedMinor - refundedMinor;
    stay.payPoint = 'APP';
    if (stay.paidUntil == null || stay.paidUntil < pricedAt) stay.paidUntil = pricedAt;
    await collectDebts(tx, opened);
    return id;
  });
  if (stayId !== undefined) await projectPaid(platform, { lotId, stayId });
}

/**
 * Tells the gates that a stay was paid. Beside the rows: an exit that is about to ask for money looks at PostgreSQL first, so a lost copy
 * costs only time, and is logged.
 */
export async function projectPaid(platform: Platform, stay: { lotId: string; stayId: string }): Promise<void> {
  await projectStay(platform, stay).catch((error: unknown) =>
    platform.log.warn({ err: error, stayId: stay.stayId }, 'a paid stay could not be copied to the gates'),
  );
}

/** When the price was worked out last: a payment that is asked for again while it is open counts from then on. */
function pricedAtOf({ createdAt, detail }: Payment): Date {
  const pricedAt = detail?.['pricedAt'];
  return typeof pricedAt === 'string' ? new Date(pricedAt) : createdAt;
}
