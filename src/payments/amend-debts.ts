import { LockMode } from '@mikro-orm/postgresql';
import { Debt } from '../entities/debt.ts';
import type { Transaction } from '../platform/db.ts';
import { openDebt, reverseLocked, type NewDebt } from './debts.ts';

/** What a stay owes in all beyond what was paid for it otherwise. */
export interface AmendedStay extends Omit<NewDebt, 'amountMinor' | 'reason' | 'paymentId' | 'stayId'> {
  readonly stayId: string;
  readonly owedMinor: number;
}

/**
 * Makes the debts of a stay that was priced anew add up to what it owes now: what is missing is a further debt, what is too much is taken
 * back as far as it has not been paid. Gives what was billed too much and is paid already. Doing it again does nothing. Locks the debts.
 */
export async function amendDebts(tx: Transaction, amended: AmendedStay): Promise<{ overpaidMinor: number }> {
  const { lotId, stayId, owedMinor, ...whose } = amended;
  const debts = await tx.em.find(
    Debt,
    { lotId, stayId },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' }, refresh: true },
  );
  // What a person has let go of stays let go of.
  const counted = debts.filter(({ state, waivedByStaffId }) => state !== 'WAIVED' || waivedByStaffId != null);
  let missingMinor = owedMinor - counted.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
  for (const debt of counted.toReversed()) {
    if (missingMinor >= 0 || debt.state !== 'OPEN' || debt.paidMinor > 0) continue;
    await reverseLocked(tx, debt);
    missingMinor += debt.amountMinor;
  }
  await tx.em.flush();
  if (missingMinor > 0) {
    await openDebt(tx, { lotId, stayId, ...whose, paymentId: null, amountMinor: missingMinor, reason: 'AMENDED_STAY' });
  }
  return { overpaidMinor: Math.max(0, -missingMinor) };
}
