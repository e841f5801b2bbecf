import { Refusal } from '../../domain/refusal.ts';
import type { ReceiptContent } from '../../domain/receipt.ts';
import { Receipt } from '../../entities/receipt.ts';
import { Refund } from '../../entities/refund.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lockPayment, type PaymentKey } from '../payment-row.ts';
import { paymentReceipt, receiptSubject, refundReceipt } from './receipt-content.ts';

/**
 * Gives the receipts of a payment, its own first, then one for each refund that was promised of it: what has none yet is issued now, with
 * the next numbers of its lot. Numbers have no gaps, because they are counted up in the transaction that issues; what was issued never
 * changes. Refuses with NOT_FOUND, PAYMENT_REQUIRED (nothing was paid yet). Locks the payment, then the lot's counter.
 */
export async function issueReceipts(platform: Platform, key: PaymentKey): Promise<Receipt[]> {
  return inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    if (payment.capturedAt == null)
      throw new Refusal('PAYMENT_REQUIRED', 'There is no receipt for what was not paid.', { field: ['paymentId'] });
    const { lotId, id: paymentId } = payment;
    const issued = await tx.em.find(Receipt, { lotId, paymentId }, { orderBy: { number: 'asc' } });
    const promised = await tx.em.find(Refund, { lotId, paymentId }, { orderBy: { id: 'asc' } });
    // Coins that wait for somebody to hand them over are no proof of anything yet.
    const refunds = promised.filter(({ method, state }) => method !== 'CASH' || state !== 'OWED');
    const subject = await receiptSubject(tx.em, platform.plates, payment);
    const own =
      issued.find(({ refundId }) => refundId == null) ??
      (await issue(tx, key, { content: paymentReceipt(subject), refundId: null }));
    const receipts = [own];
    for (const refund of refunds) {
      const known = issued.find(({ refundId }) => refundId === refund.id);
      receipts.push(
        known ?? (await issue(tx, key, { content: refundReceipt(subject, refund, own.number), refundId: refund.id })),
      );
    }
    return receipts;
  });
}

async function issue(
  tx: Transaction,
  { lotId, id: paymentId }: PaymentKey,
  { content, refundId }: { content: ReceiptContent; refundId: string | null },
): Promise<Receipt> {
  const [counted] = await tx.em.execute<{ number: number }[]>(
    `INSERT INTO receipt_counter (lot_id, last_number) VALUES (?, 1)
     ON CONFLICT (lot_id) DO UPDATE SET last_number = receipt_counter.last_number + 1 RETURNING last_number AS number`,
    [lotId],
  );
  if (!counted) throw new Error('a receipt without a number');
  const id = newId(tx.now);
  const receipt = { lotId, id, number: counted.number, paymentId, refundId, content, issuedAt: tx.now };
  await tx.em.insert(Receipt, receipt);
  tx.announce({ lotId, type: 'receipt.issued', aggregateId: id, payload: { receiptId: id, paymentId, refundId } });
  return tx.em.findOneOrFail(Receipt, { lotId, id });
}
