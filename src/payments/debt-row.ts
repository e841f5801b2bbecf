import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { Debt } from '../entities/debt.ts';
import type { Transaction } from '../platform/db.ts';

/**
 * Locks a debt that is open, after what is under way to pay it: whoever books a payment locks that first, too. Refuses with DEBT_NOT_FOUND.
 */
export async function lockOpenDebt(tx: Transaction, key: { lotId: string; id: string }): Promise<Debt> {
  await tx.em.execute(
    `SELECT id FROM payment WHERE lot_id = ? AND captured_at IS NULL AND state NOT IN ('FAILED', 'CANCELED')
       AND (debt_id = ? OR id = (SELECT payment_id FROM debt WHERE lot_id = ? AND id = ?)) ORDER BY id FOR UPDATE`,
    [key.lotId, key.id, key.lotId, key.id],
  );
  const open = { lotId: key.lotId, id: key.id, state: 'OPEN' as const };
  const debt = await tx.em.findOne(Debt, open, { lockMode: LockMode.PESSIMISTIC_WRITE, refresh: true });
  if (debt) return debt;
  throw new Refusal('DEBT_NOT_FOUND', 'There is no such debt, or it is not open any more.', { field: ['debtId'] });
}
