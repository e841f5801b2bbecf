import { Debt } from '../entities/debt.ts';
import type { Payment } from '../entities/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { revenueAccount, type RevenueAccount } from './ledger.ts';

/** Where a payment's money is earned: that of a debt's payment where the debt was. Reads only. */
export async function earnedAs(
  tx: Transaction,
  { lotId, kind, debtId }: Pick<Payment, 'lotId' | 'kind' | 'debtId'>,
): Promise<RevenueAccount> {
  const debt = debtId == null ? null : await tx.em.findOne(Debt, { lotId, id: debtId });
  return revenueAccount(debt?.reason ?? kind);
}
