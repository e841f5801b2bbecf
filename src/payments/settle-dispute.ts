import { inTransaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { moveDispute } from './dispute-state.ts';
import { transfer } from './ledger.ts';
import { lockPayment, type PaymentKey } from './payment-row.ts';
import { gatewayOf } from './stripe.ts';

/**
 * Brings a payment to where the provider says its dispute stands: DISPUTED while it is open and when it is lost, which
 * holds back its refunds; CAPTURED again when it is won. What the bank withdrew and gave back stands in the books once
 * each.
 * Talks to the provider, then locks the payment's row. Announces `payment.disputed` and `payment.dispute_won`.
 * Throws ProviderTrouble when it can't be asked.
 */
export async function settleDispute(platform: Platform, key: PaymentKey, disputeRef: string): Promise<void> {
  const dispute = await gatewayOf(platform).readDispute(disputeRef);
  await inTransaction(platform, async (tx) => {
    const payment = await lockPayment(tx, key);
    const { lotId, id: paymentId, currency } = payment;
    moveDispute(tx, payment, dispute.status === 'WON' ? 'WON' : 'DISPUTED');
    if (!dispute.fundsWithdrawn) return;
    const { amountMinor } = dispute;
    const cause = { lotId, causeId: paymentId, currency, amountMinor };
    await transfer(tx, {
      ...cause,
      causeKind: 'DISPUTE_OPENED',
      debit: 'provider:disputed',
      credit: 'provider:clearing',
    });
    if (dispute.status !== 'WON') return;
    await transfer(tx, { ...cause, causeKind: 'DISPUTE_WON', debit: 'provider:clearing', credit: 'provider:disputed' });
  });
}
