// What was paid and given back, with both sides of every posting.

import type { PaymentKind, RefundReason } from '../../src/domain/payment.ts';
import { includedTax, taxOfPart } from '../../src/domain/tax.ts';
import { earnedLines, type Account, type Cause, type Line } from '../../src/payments/ledger.ts';
import type { Chance } from './chance.ts';

export interface PastPayment {
  readonly kind: PaymentKind;
  readonly reservationId: string | null;
  readonly stayId: string | null;
  readonly driverId: string | null;
  readonly amountMinor: number;
}

interface PastPosting {
  readonly causeKind: Cause;
  readonly causeId: string;
  readonly lines: readonly Line[];
  readonly at: Date;
}

/** Collects the money of one lot's past. Every posting sums to zero, its tax apart, as the payments' own verbs would write it. */
export class PastBooks {
  readonly payments = new Map<string, ReturnType<PastBooks['paymentRow']>>();
  readonly refunds: ReturnType<PastBooks['refundRow']>[] = [];
  readonly entries: ReturnType<PastBooks['entryRow']>[] = [];
  private readonly chance: Chance;
  private readonly lot: { readonly lotId: string; readonly currency: string };
  private readonly taxPercent: number;

  constructor(chance: Chance, lot: { lotId: string; currency: string; taxPercent: number }) {
    const { taxPercent, ...place } = lot;
    this.chance = chance;
    this.lot = place;
    this.taxPercent = taxPercent;
  }

  /** A payment that was captured at `at`; gives its id. */
  capture(payment: PastPayment, at: Date): string {
    const id = this.chance.id(at);
    const { amountMinor } = payment;
    const taxMinor = includedTax(amountMinor, this.taxPercent);
    this.payments.set(id, this.paymentRow(id, { ...payment, taxMinor }, at));
    const taken: Line = { account: 'provider:clearing', amountMinor };
    const lines = [taken, ...earnedLines('revenue:parking', { amountMinor, taxMinor }, -1)];
    this.post({ causeKind: 'PAYMENT_CAPTURED', causeId: id, lines, at });
    return id;
  }

  /** A refund that was promised and has arrived; none for nothing. */
  refund(paymentId: string, refund: { amountMinor: number; reason: RefundReason; at: Date }): void {
    const payment = this.payments.get(paymentId);
    const { amountMinor, at } = refund;
    if (amountMinor === 0 || !payment) return;
    const { capturedMinor: wholeMinor, refundedMinor: beforeMinor } = payment;
    const taxMinor = taxOfPart({ wholeMinor, taxMinor: payment.taxMinor }, { beforeMinor, amountMinor });
    payment.refundedMinor += amountMinor;
    payment.updatedAt = at;
    const causeId = this.chance.id(at);
    this.refunds.push(this.refundRow(causeId, { ...refund, paymentId, taxMinor }));
    const owed: Line = { account: 'refunds:owed', amountMinor };
    const sent: Line = { account: 'provider:clearing', amountMinor: -amountMinor };
    const promised = earnedLines('revenue:parking', { amountMinor, taxMinor }, 1);
    this.post({ causeKind: 'REFUND_PROMISED', causeId, lines: [...promised, turned(owed)], at });
    this.post({ causeKind: 'REFUND_SENT', causeId, lines: [owed, sent], at });
  }

  /** What was kept of a price because nobody came: a fee from then on. Nothing for nothing. */
  keepFee(reservationId: string, { keptMinor, at }: { keptMinor: number; at: Date }): void {
    if (keptMinor === 0) return;
    const amountMinor = keptMinor - includedTax(keptMinor, this.taxPercent);
    const fee: Line = { account: 'revenue:no_show', amountMinor: -amountMinor };
    const lines: Line[] = [{ account: 'revenue:parking', amountMinor }, fee];
    this.post({ causeKind: 'NO_SHOW_KEPT', causeId: reservationId, lines, at });
  }

  private post({ lines, ...cause }: PastPosting): void {
    const transactionId = this.chance.id(cause.at);
    for (const { account, amountMinor: amount } of lines)
      this.entries.push(this.entryRow(transactionId, { ...cause, account, amount }));
  }

  private paymentRow(id: string, payment: PastPayment & { taxMinor: number }, at: Date) {
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

  private refundRow(
    id: string,
    refund: { paymentId: string; amountMinor: number; taxMinor: number; reason: RefundReason; at: Date },
  ) {
    const { paymentId, amountMinor, taxMinor, reason, at } = refund;
    const times = { createdAt: at, updatedAt: at, settledAt: at };
    const providerRef = `re_demo_${id.replaceAll('-', '')}`;
    return {
      ...this.lot,
      id,
      paymentId,
      amountMinor,
      taxMinor,
      reason,
      state: 'SUCCEEDED' as const,
      providerRef,
      attempts: 1,
      ...times,
    };
  }

  private entryRow(
    transactionId: string,
    entry: Pick<PastPosting, 'causeKind' | 'causeId' | 'at'> & { account: Account; amount: number },
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

/** The other side of a line. */
function turned({ account, amountMinor }: Line): Line {
  return { account, amountMinor: -amountMinor };
}
