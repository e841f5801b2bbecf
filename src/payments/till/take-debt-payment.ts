import { actorKey } from '../../domain/viewer.ts';
import { Debt } from '../../entities/debt.ts';
import { Payment } from '../../entities/payment.ts';
import { inTransaction, type Transaction } from '../../platform/db.ts';
import { claimKey } from '../../platform/idempotency.ts';
import { newId } from '../../platform/ids.ts';
import type { Platform } from '../../platform/platform.ts';
import { lockOpenDebt } from '../debt-row.ts';
import { tariffOfCoins } from './coins.ts';
import { recordManualPayment, type TakenBy } from './record-manual-payment.ts';
import { servedLot, type StaffViewer } from './served-lot.ts';

export interface TakeDebtPaymentInput {
  readonly idempotencyKey: string;
  readonly shiftId: string;
  readonly lotId: string;
  readonly debtId: string;
  readonly takenBy: TakenBy;
}

/**
 * An attendant takes what is left of a debt, in coins or on the lot's own terminal: it is settled. What its driver began to pay with a
 * card is called off; should that money come, it goes back. The server says how much; the same key gets the same answer.
 * Refuses with LOT_NOT_FOUND, IDEMPOTENCY_KEY_REUSED, DEBT_NOT_FOUND, SHIFT_NOT_FOUND, INVALID_INPUT. Locks those payments, then
 * the debt, then the shift.
 */
export async function takeDebtPayment(
  platform: Platform,
  input: TakeDebtPaymentInput,
  staff: StaffViewer,
): Promise<{ debt: Debt; payment: Payment; replayed: boolean }> {
  const { lotId, debtId } = input;
  const { idempotencyKey: key, ...asked } = input;
  const keyed = { actor: actorKey(staff), key, operation: 'takeDebtPayment', input: asked };
  const { paymentId, replayed } = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const claimed = await claimKey(tx, { ...keyed, result: { paymentId: newId(tx.now) } });
    if (!claimed.replayed) await take(tx, { input, staff, id: claimed.result.paymentId });
    return { ...claimed.result, replayed: claimed.replayed };
  });
  const em = platform.orm.em.fork();
  const [debt, payment] = await Promise.all([
    em.findOneOrFail(Debt, { lotId, id: debtId }),
    em.findOneOrFail(Payment, { lotId, id: paymentId }),
  ]);
  return { debt, payment, replayed };
}

async function take(
  tx: Transaction,
  { input, staff, id }: { input: TakeDebtPaymentInput; staff: StaffViewer; id: string },
): Promise<void> {
  const { lotId, debtId, shiftId, takenBy } = input;
  const debt = await lockOpenDebt(tx, { lotId, id: debtId });
  const { currency, driverId } = debt;
  const amountMinor = debt.amountMinor - debt.paidMinor;
  const tariff = await tariffOfCoins(tx, lotId);
  const taken = { id, lotId, shiftId, kind: 'DEBT', debtId, driverId, amountMinor, currency, takenBy } as const;
  await recordManualPayment(tx, { ...taken, tariff }, staff);
}
