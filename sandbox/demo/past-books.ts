// What was paid and given back, with both sides of every posting.

import type { Account, Cause } from '../../src/payments/ledger.ts';
import type { PaymentKind, RefundReason } from '../../src/domain/payment.ts';
import type { Chance } from './chance.ts';

export interface PastPayment {
  readonly kind: PaymentKind;
  readonly reservationId: string | null;
  readonly stayId: string | null;
  readonly driverId: string | null;
  readonly amountMinor: number;
}

interface PastTransfer {
  readonly causeKind: Cause;
  readonly causeId: string;
  readonly debit: Account;
  readonly credit: Account;
  readonly amountMinor: number;
  readonly at: Date;
}

/** Collects the money of one lot's past. Every posting is a pair that sums to zero. */
export class PastBooks {
  readonly payments = new Map<string, ReturnType<PastBooks['paymentRow']>>();
  readonly refunds: ReturnType<PastBooks['refundRow']>[] = [];
  readonly entries: ReturnType<PastBooks['entryRow']>[] = [];
  private readonly chance: Chance;
  private readonly lot: { readonly lotId: string; readonly currency: string };

  constructor(chance: Chance, lot: { lotId: string; currency: string }) {
    this.chance = chance;
    this.lot = lot;
  }

  /** A payment that was captured at `at`; gives its id. */
  capture(payment: PastPayment, at: Date): string {
    const id = this.chance.id(at);
    this.payments.set(id, this.paymentRow(id, payment, at));
    const { amountMinor } = payment;
    this.transfer({
      causeKind: 'PAYMENT_CAPTURED',
      causeId: id,
      debit: 'provider:clearing',
      credit: 'revenue:parking',
      amountMinor,
      at,
    });
    return id;
  }

  /** A refund that was promised and has arrived; none for nothing. */
  refund(paymentId: string, refund: { amountMinor: number; reason: RefundReason; at: Date }): void {
    const payment = this.payments.get(paymentId);
    const { amountMinor, at } = refund;
    if (amountMinor === 0 || !payment) return;
    payment.refundedMinor += amountMinor;
    payment.updatedAt = at;
    const causeId = this.chance.id(at);
    this.refunds.push(this.refundRow(causeId, { ...refund, paymentId }));
    this.transfer({
      causeKind: 'REFUND_PROMISED',
      causeId,
      debit: 'revenue:parking',
      credit: 'refunds:owed',
      amountMinor,
      at,
    });
    this.transfer({
      causeKind: 'REFUND_SENT',
      causeId,
      debit: 'refunds:owed',
      credit: 'provider:clearing',
      amountMinor,
      at,
    });
  }

  private transfer({ debit, credit, amountMinor, ...cause }: PastTransfer): void {
    const transactionId = this.chance.id(cause.at);
    const post = (account: Account, amount: number) =>
      this.entries.push(this.entryRow(transactionId, { ...cause, account, amount }));
    post(debit, amountMinor);
    post(credit, -amountMinor);
  }

  private paymentRow(id: string, payment: PastPayment, at: Date) {
    return {
      ...this.lot,
      ...payment,
      id,
      state: 'CAPTURED' as const,
      capturedMinor: payment.amountMinor,
      refundedMinor: 0,
      providerRef: `pi_demo_${id.replaceAll('-', '')}`,
      attempts: 1,
      createdAt: at,
      updatedAt: at,
      capturedAt: at,
    };
  }

  private refundRow(id: string, refund: { paymentId: string; amountMinor: number; reason: RefundReason; at: Date }) {
    const { paymentId, amountMinor, reason, at } = refund;
    const times = { createdAt: at, updatedAt: at, settledAt: at };
    const providerRef = `re_demo_${id.replaceAll('-', '')}`;
    return {
      ...this.lot,
      id,
      paymentId,
      amountMinor,
      reason,
      state: 'SUCCEEDED' as const,
      providerRef,
      attempts: 1,
      ...times,
    };
  }

  private entryRow(
    transactionId: string,
    entry: Pick<PastTransfer, 'causeKind' | 'causeId' | 'at'> & { account: Account; amount: number },
  ) {
    const { causeKind, causeId, account, amount, at } = entry;
    return {
      ...this.lot,
      id: this.chance.id(at),
      transactionId,
      account,
      amountMinor: amount,
      causeKind,
      causeId,
      postedAt: at,
    };
  }
}
