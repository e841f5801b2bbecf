import { isChargedLater, type PaymentKind } from '../domain/payment.ts';
import { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { chargeCommand } from './charge-saved-card.ts';
import { commandNow } from './provider-commands.ts';

/** Money that will be asked for. */
export interface NewPayment {
  /** A new one unless given. */
  readonly id?: string;
  readonly lotId: string;
  readonly kind: PaymentKind;
  readonly reservationId?: string;
  readonly stayId?: string;
  /** The debt that it pays. */
  readonly debtId?: string;
  /** Whose saved card it may be charged to; absent for a walk-in that pays at the exit. */
  readonly driverId?: string;
  /** Above zero: for nothing, no payment is opened. */
  readonly amountMinor: number;
  readonly currency: string;
  /** What the kind alone does not say. */
  readonly detail?: Record<string, unknown>;
}

/**
 * Writes down that money is owed (state OWED) and gives the payment's id. Nothing is sent to the provider. What is
 * charged later (`isChargedLater`) gets its command (CHARGE) with it and is charged right after the commit. What its driver
 * pays is started by `startPayment`, at the latest when they ask for its client secret or give a card: nobody else does,
 * because a payment that nobody wants to make needs no intent. Locks nothing.
 */
export function openPayment(tx: Transaction, payment: NewPayment): string {
  const id = payment.id ?? newId(tx.now);
  tx.insert(Payment, {
    lotId: payment.lotId,
    id,
    kind: payment.kind,
    state: 'OWED',
    reservationId: payment.reservationId ?? null,
    stayId: payment.stayId ?? null,
    debtId: payment.debtId ?? null,
    driverId: payment.driverId ?? null,
    amountMinor: payment.amountMinor,
    capturedMinor: 0,
    refundedMinor: 0,
    currency: payment.currency,
    detail: payment.detail ?? null,
    attempts: 0,
    createdAt: tx.now,
    updatedAt: tx.now,
  });
  const charge = { kind: 'CHARGE', lotId: payment.lotId, subjectId: id } as const;
  if (isChargedLater(payment.kind)) commandNow(tx, charge, chargeCommand);
  return id;
}
