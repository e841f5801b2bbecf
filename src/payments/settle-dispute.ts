import { Refund } from '../entities/refund.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { moveDispute } from './dispute-state.ts';
import { transfer } from './ledger.ts';
import { lockPayment, type PaymentKey } from './payment-row.ts';
import type { DisputeView } from './provider-answers.ts';
import { commandAgain, type CommandHandler } from './provider-commands.ts';
import { refundCommand } from './send-refund.ts';
import { gatewayOf } from './stripe.ts';

/**
 * Brings a payment to where the provider says its dispute stands: DISPUTED while it is open and when it is lost, which
 * holds back its refunds; CAPTURED again when it is won, and what was held back is sent. What the bank withdrew and gave back stands in the books once
 * each.
 * Talks to the provider, then locks the payment's row; an open one is read again afterwards, so that an answer which was overtaken on its way
 * does not stand. Announces `payment.disputed` and `payment.dispute_won`. Throws ProviderTrouble when it can't be asked.
 */
export async function settleDispute(platform: Platform, key: PaymentKey, disputeRef: string): Promise<void> {
  const gateway = gatewayOf(platform);
  let dispute = await gateway.readDispute(disputeRef);
  for (;;) {
    const read = dispute;
    await inTransaction(platform, (tx) => take(tx, key, read));
    if (read.status !== 'OPEN') return;
    dispute = await gateway.readDispute(disputeRef);
    if (dispute.status === 'OPEN' && dispute.fundsWithdrawn === read.fundsWithdrawn) return;
  }
}

async function take(tx: Transaction, key: PaymentKey, dispute: DisputeView): Promise<void> {
  const payment = await lockPayment(tx, key);
  const { lotId, id: paymentId, currency } = payment;
  moveDispute(tx, payment, dispute.status === 'WON' ? 'WON' : 'DISPUTED');
  if (dispute.status === 'WON') await letRefundsGo(tx, key);
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
}

/** Refunds that waited for the dispute leave when it is won. */
async function letRefundsGo(tx: Transaction, { lotId, id: paymentId }: PaymentKey): Promise<void> {
  const waiting = await tx.em.find(Refund, { lotId, paymentId, state: { $in: ['OWED', 'UNKNOWN'] } });
  for (const { id: subjectId } of waiting)
    await commandAgain(tx, { kind: 'REFUND', lotId, subjectId }, { handle: refundCommand });
}

/** The command DISPUTE: `settleDispute`. */
export const disputeCommand: CommandHandler = async (platform, { lotId, subjectId, ref }) => {
  if (ref === null) throw new Error('a command about a dispute does not name it');
  await settleDispute(platform, { lotId, id: subjectId }, ref);
  return 'DONE';
};
