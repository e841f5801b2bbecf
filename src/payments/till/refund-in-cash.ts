import { Refusal } from '../../domain/refusal.ts';
import { actorKey } from '../../domain/viewer.ts';
import { Payment } from '../../entities/payment.ts';
import { Refund } from '../../entities/refund.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { claimKey } from '../../platform/idempotency.ts';
import type { Platform } from '../../platform/platform.ts';
import { transfer } from '../ledger.ts';
import { lockPayment } from '../payment-row.ts';
import { promiseRefund } from '../promise-refund.ts';
import { servedLot, type StaffViewer } from './served-lot.ts';
import { drawerMinor, lockOwnShift } from './shift-row.ts';

export interface RefundInCashInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly shiftId: string;
  readonly paymentId: string;
  readonly amountMinor: number;
  /** For whoever reads the books. */
  readonly reason: string;
}

/**
 * An attendant gives money back out of their drawer, for what was paid in coins or on a terminal: promised and done at once, at most
 * what is left of the payment and what lies in the drawer. What came by card goes back to the card, not here.
 * Refuses with LOT_NOT_FOUND, REASON_REQUIRED, IDEMPOTENCY_KEY_REUSED, NOT_FOUND, INVALID_INPUT, SHIFT_NOT_FOUND. Locks the payment, then
 * the shift. Announces `payment.refund_promised` and `payment.refunded`.
 */
export async function refundInCash(
  platform: Platform,
  input: RefundInCashInput,
  staff: StaffViewer,
): Promise<{ payment: Payment; replayed: boolean }> {
  const { lotId, paymentId } = input;
  const { idempotencyKey: key, ...asked } = input;
  if (input.reason.trim() === '')
    throw new Refusal('REASON_REQUIRED', 'Say why money is given back.', { field: ['reason'] });
  const keyed = { actor: actorKey(staff), key, operation: 'refundInCash', input: asked };
  const replayed = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const claimed = await claimKey(tx, { ...keyed, result: { paymentId } });
    if (!claimed.replayed) await giveBack(tx, input, staff);
    return claimed.replayed;
  });
  return { payment: await platform.orm.em.fork().findOneOrFail(Payment, { lotId, id: paymentId }), replayed };
}

async function giveBack(tx: Transaction, input: RefundInCashInput, staff: StaffViewer): Promise<void> {
  const { lotId, paymentId, shiftId, amountMinor, reason } = input;
  const payment = await lockPayment(tx, { lotId, id: paymentId });
  if (payment.method === 'CARD')
    throw new Refusal('INVALID_INPUT', 'It was paid with a card: it goes back there.', { field: ['paymentId'] });
  const leftMinor = payment.capturedMinor - payment.refundedMinor;
  if (!Number.isSafeInteger(amountMinor) || amountMinor <= 0 || amountMinor > leftMinor)
    throw new Refusal('INVALID_INPUT', 'Give back more than nothing, and not more than is left of what was paid.', {
      field: ['amountMinor'],
      details: { leftMinor },
    });
  const shift = await lockOwnShift(tx, { lotId, shiftId }, staff);
  if ((await drawerMinor(tx, shift)) < amountMinor)
    throw new Refusal('INVALID_INPUT', 'There is not as much in your drawer.', { field: ['amountMinor'] });
  const refundId = await promiseRefund(tx, { lotId, paymentId, amountMinor, reason: 'STAFF' });
  if (refundId === undefined) throw new Error('what is left of a locked payment was given back by somebody else');
  const done = { state: 'SUCCEEDED' as const, cashMinor: amountMinor, settledAt: tx.now };
  const by = { shiftId, staffId: staff.staffId, note: reason.trim() };
  await tx.em.nativeUpdate(Refund, { lotId, id: refundId }, { ...done, ...by });
  await transfer(tx, {
    ...{ lotId, causeKind: 'REFUND_SENT', causeId: refundId, currency: payment.currency, amountMinor },
    debit: 'refunds:owed',
    credit: 'cash:drawer',
  });
  tx.announce({ lotId, type: 'payment.refunded', aggregateId: paymentId, payload: { refundId, paymentId } });
}
