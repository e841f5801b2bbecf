import { Refusal } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import { Debt } from '../entities/debt.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { lockOpenDebt } from './debt-row.ts';
import { waiveLocked } from './debts.ts';
import { servedLot, type StaffViewer } from './till/served-lot.ts';

export interface WaiveDebtInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly debtId: string;
  /** For whoever reads the books. */
  readonly reason: string;
}

/**
 * Lets go of what is left of a debt: a loss in the books, with who did it and why. Its payments that were begun are called off.
 * Refuses with LOT_NOT_FOUND, REASON_REQUIRED, IDEMPOTENCY_KEY_REUSED, DEBT_NOT_FOUND. Locks those payments, then the debt. Announces `debt.waived`.
 */
export async function waiveDebt(
  platform: Platform,
  input: WaiveDebtInput,
  staff: StaffViewer,
): Promise<{ debt: Debt; replayed: boolean }> {
  const { lotId, debtId, idempotencyKey: key } = input;
  const reason = input.reason.trim();
  if (reason === '') throw new Refusal('REASON_REQUIRED', 'Say why the debt is let go of.', { field: ['reason'] });
  const replayed = await inTransaction(platform, async (tx) => {
    await servedLot(tx.em, lotId, staff);
    const keyed = { actor: actorKey(staff), key, operation: 'waiveDebt', input: { lotId, debtId, reason } };
    const claimed = await claimKey(tx, { ...keyed, result: { debtId } });
    if (claimed.replayed) return true;
    const debt = await lockOpenDebt(tx, { lotId, id: debtId });
    await waiveLocked(tx, debt);
    Object.assign(debt, { waivedByStaffId: staff.staffId, waiveReason: reason });
    tx.announce({ lotId, type: 'debt.waived', aggregateId: debtId, payload: { debtId, staffId: staff.staffId } });
    return false;
  });
  return { debt: await platform.orm.em.fork().findOneOrFail(Debt, { lotId, id: debtId }), replayed };
}
