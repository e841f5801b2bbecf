import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { Debt } from '../entities/debt.ts';
import type { Transaction } from '../platform/db.ts';

/** Locks a debt that is open. Refuses with DEBT_NOT_FOUND. */
export async function lockOpenDebt(tx: Transaction, key: { lotId: string; id: string }): Promise<Debt> {
  const open = { lotId: key.lotId, id: key.id, state: 'OPEN' as const };
  const debt = await tx.em.findOne(Debt, open, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (debt) return debt;
  throw new Refusal('DEBT_NOT_FOUND', 'There is no such debt, or it is not open any more.', { field: ['debtId'] });
}
