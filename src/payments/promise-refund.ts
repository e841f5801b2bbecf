import type { RefundMethod, RefundReason } from '../domain/payment.ts';
import { Refund } from '../entities/refund.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { taxOfPart } from '../domain/tax.ts';
import type { Payment } from '../entities/payment.ts';
import { earnedAs } from './earned-as.ts';
import { earnedLines, post } from './ledger.ts';
import { lockPayment } from './payment-row.ts';
import { commandNow } from './provider-commands.ts';
import { refundCommand } from './send-refund.ts';

/**
 * Promises money back: a refund row (OWED) and its posting, at most what is left of the captured amount; gives its id,
 * or undefined when nothing is left. Refunds never exceed captures, because the amount is taken from the locked row
 * (and the database checks it again). Its command (REFUND) stands with it, and is tried right after the commit.
 * What was not paid with a card has none: it waits for a person with a drawer (`refundInCash`).
 * Locks the payment's row. Announces `payment.refund_promised`.
 */
export async function promiseRefund(
  tx: Transaction,
  wish: { lotId: string; paymentId: string; amountMinor: number; reason: RefundReason },
): Promise<string | undefined> {
  const { lotId } = wish;
  const payment = await lockPayment(tx, { lotId, id: wish.paymentId });
  const amountMinor = Math.min(wish.amountMinor, payment.capturedMinor - payment.refundedMinor);
  if (amountMinor <= 0) return undefined;
  const { id: paymentId, currency, capturedMinor: wholeMinor } = payment;
  const part = { beforeMinor: payment.refundedMinor, amountMinor };
  const taxMinor = taxOfPart({ wholeMinor, taxMinor: payment.taxMinor }, part);
  payment.refundedMinor += amountMinor;
  payment.updatedAt = tx.now;
  await tx.em.flush();
  const id = newId(tx.now);
  const method = refundMethodOf(payment);
  const stamps = { attempts: 0, createdAt: tx.now, updatedAt: tx.now };
  const refund = { lotId, id, paymentId, amountMinor, taxMinor, currency, reason: wish.reason, method };
  await tx.em.insert(Refund, { ...refund, state: 'OWED', ...stamps });
  await post(tx, {
    ...{ lotId, causeKind: 'REFUND_PROMISED', causeId: id, currency },
    lines: [
      ...earnedLines(await earnedAs(tx, payment), { amountMinor, taxMinor }, 1),
      { account: 'refunds:owed', amountMinor: -amountMinor },
    ],
  });
  const { reservationId, stayId } = payment;
  const payload = { refundId: id, paymentId, reservationId, stayId, reason: wish.reason };
  tx.announce({ lotId, type: 'payment.refund_promised', aggregateId: paymentId, payload });
  if (method === 'CARD') commandNow(tx, { kind: 'REFUND', lotId, subjectId: id }, refundCommand);
  return id;
}

/** What did not come through the provider does not go back through it: a person hands it over. */
function refundMethodOf({ method }: Payment): RefundMethod {
  return method === 'CARD' ? 'CARD' : 'CASH';
}
