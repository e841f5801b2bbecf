import { LockMode } from '@mikro-orm/postgresql';
import { monthLater } from '../domain/monthly-pass.ts';
import { laterOf } from '../domain/period.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import type { Payment } from '../entities/payment.ts';
import { readIntent } from '../payments/intent.ts';
import { readPayment } from '../payments/payment-row.ts';
import { promiseRefund } from '../payments/promise-refund.ts';
import { recordCapture } from '../payments/record-capture.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { tellOfPass } from './new-monthly-pass.ts';

/** Which month a payment of kind MONTHLY_PASS buys: kept on the payment's row. Instants as text. */
export interface MonthDetail {
  readonly monthlyPassId: string;
  readonly startsAt: string;
  readonly endsAt: string;
}

/**
 * Asks the provider what became of the payment of a month and lets the pass cover it when it is paid, once, whoever asks first. A first
 * month that is paid late is a whole one from then on. Of a pass that was taken back meanwhile the money goes back (PAID_LATE).
 * Locks the pass, then the payment. Announces `monthly_pass.changed`. Refuses with NOT_FOUND and PAYMENT_UNAVAILABLE.
 */
export async function settleMonthlyPass(
  platform: Platform,
  key: { lotId: string; paymentId: string },
): Promise<'PAID' | 'NOT_PAID' | 'PAID_LATE'> {
  const { lotId, paymentId } = key;
  const payment = await readPayment(platform, { lotId, id: paymentId });
  const intent = await readIntent(platform, payment);
  if (intent.status !== 'SUCCEEDED') return 'NOT_PAID';
  const { capturedMinor, ref: providerRef } = intent;
  return inTransaction(platform, async (tx) => {
    const detail = monthOf(payment);
    const row = { lotId, id: detail.monthlyPassId };
    const pass = await tx.em.findOneOrFail(MonthlyPass, row, { lockMode: LockMode.PESSIMISTIC_WRITE });
    const first = await recordCapture(tx, { ...key, capturedMinor, providerRef });
    if (pass.state !== 'ENDED') {
      await coverMonth(tx, pass, detail);
      return 'PAID';
    }
    if (first === 'FIRST') await promiseRefund(tx, { ...key, amountMinor: capturedMinor, reason: 'PAID_LATE' });
    return 'PAID_LATE';
  });
}

async function coverMonth(tx: Transaction, pass: MonthlyPass, detail: MonthDetail): Promise<void> {
  if (pass.state === 'PENDING') {
    const { timeZone } = await tx.em.findOneOrFail(Lot, { id: pass.lotId });
    pass.startsAt = laterOf(pass.startsAt, tx.now);
    pass.endsAt = monthLater(pass.startsAt, timeZone);
    pass.state = 'ACTIVE';
  } else if (new Date(detail.endsAt) > pass.endsAt) pass.endsAt = new Date(detail.endsAt);
  else return;
  pass.revision += 1;
  tellOfPass(tx, pass);
}

function monthOf({ detail }: Payment): MonthDetail {
  return detail as unknown as MonthDetail;
}
