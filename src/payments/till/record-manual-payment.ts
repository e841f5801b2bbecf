import { LockMode } from '@mikro-orm/postgresql';
import type { PaymentKind } from '../../domain/payment.ts';
import { Refusal } from '../../domain/refusal.ts';
import { cashAmountMinor } from '../../domain/tariff/engine.ts';
import type { TariffDocument } from '../../domain/tariff/document.ts';
import { Payment } from '../../entities/payment.ts';
import type { Transaction } from '../../platform/db.ts';
import { bookCapture } from '../record-capture.ts';
import type { StaffViewer } from './served-lot.ts';
import { isCountable, lockOwnShift } from './shift-row.ts';

/** How a person took the money. Coins: what was handed over. A terminal: the number on its slip. */
export type TakenBy =
  | { readonly method: 'CASH'; readonly tenderedMinor: number }
  | { readonly method: 'TERMINAL'; readonly terminalReceipt: string };

/** Money that lies in the drawer, or on the terminal, already. */
export interface ManualPayment {
  readonly id: string;
  readonly lotId: string;
  readonly shiftId: string;
  readonly kind: PaymentKind;
  readonly stayId?: string | null | undefined;
  readonly debtId?: string | undefined;
  readonly reservationId?: string | null | undefined;
  readonly driverId?: string | null | undefined;
  /** What it is worth to the payer, before it is rounded to coins. Above zero. */
  readonly amountMinor: number;
  readonly currency: string;
  /** By which coins are rounded. */
  readonly tariff: TariffDocument;
  readonly takenBy: TakenBy;
}

const LONGEST_SLIP = 64;

/**
 * Writes down what an attendant took: a payment that is captured from the first, with shift and person, its posting, and the debts it
 * pays. Coins are rounded by the tariff, and the rest of what was handed over is the change. Refuses with SHIFT_NOT_FOUND and
 * INVALID_INPUT (too little was handed over; the slip of another payment). Locks the shift, then the debts. Announces
 * `payment.captured`.
 */
export async function recordManualPayment(tx: Transaction, taken: ManualPayment, staff: StaffViewer): Promise<Payment> {
  const { lotId, shiftId, amountMinor, takenBy } = taken;
  await lockOwnShift(tx, { lotId, shiftId }, staff);
  const hands =
    takenBy.method === 'CASH' ? inCoins(taken, takenBy.tenderedMinor) : await onTerminal(tx, taken, takenBy);
  const { id, kind, stayId = null, debtId = null, reservationId = null, driverId = null, currency } = taken;
  const payment = tx.em.create(Payment, {
    ...{ lotId, id, kind, stayId, debtId, reservationId, driverId, amountMinor, currency, shiftId, ...hands },
    ...{ method: takenBy.method, staffId: staff.staffId, state: 'CAPTURED', taxMinor: 0 },
    ...{ capturedMinor: amountMinor, refundedMinor: 0, attempts: 0, createdAt: tx.now, updatedAt: tx.now },
  });
  tx.em.persist(payment);
  await bookCapture(tx, payment, payment.cashMinor ?? amountMinor);
  return payment;
}

function inCoins({ tariff, amountMinor }: ManualPayment, tenderedMinor: number) {
  const cashMinor = cashAmountMinor(tariff, amountMinor);
  if (!isCountable(tenderedMinor) || tenderedMinor < cashMinor)
    throw new Refusal('INVALID_INPUT', 'Less was handed over than is to be paid, or more than a till can hold.', {
      field: ['cash', 'tenderedMinor'],
      details: { cashMinor },
    });
  return { cashMinor, tenderedMinor };
}

async function onTerminal(
  tx: Transaction,
  { lotId }: ManualPayment,
  { terminalReceipt: slip }: { terminalReceipt: string },
) {
  const terminalReceipt = slip.trim();
  const field = ['terminal', 'receiptNumber'];
  if (terminalReceipt === '' || terminalReceipt.length > LONGEST_SLIP)
    throw new Refusal('INVALID_INPUT', 'Give the number on the terminal’s slip.', { field });
  if (await tx.em.findOne(Payment, { lotId, terminalReceipt }, { lockMode: LockMode.NONE }))
    throw new Refusal('INVALID_INPUT', 'This slip stands for another payment already.', { field });
  return { terminalReceipt };
}
