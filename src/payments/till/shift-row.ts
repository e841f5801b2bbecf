import { LockMode } from '@mikro-orm/postgresql';
import { Refusal } from '../../domain/refusal.ts';
import { Shift } from '../../entities/shift.ts';
import type { Transaction } from '../../platform/db.ts';
import type { StaffViewer } from './served-lot.ts';

/** Far beyond any till, and far below what sums of many can be told exactly. */
const MOST_COUNTED_MINOR = 100_000_000_000;

/** Whether somebody can have counted an amount of coins and notes: nothing or more, in whole minor units, and not beyond any till. */
export function isCountable(amountMinor: number): boolean {
  return Number.isSafeInteger(amountMinor) && amountMinor >= 0 && amountMinor <= MOST_COUNTED_MINOR;
}

/** Locks an open shift of this very person. Refuses with SHIFT_NOT_FOUND. */
export async function lockOwnShift(
  tx: Transaction,
  { lotId, shiftId }: { lotId: string; shiftId: string },
  { staffId }: StaffViewer,
): Promise<Shift> {
  const own = { lotId, id: shiftId, staffId, closedAt: null };
  const shift = await tx.em.findOne(Shift, own, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (shift) return shift;
  throw new Refusal('SHIFT_NOT_FOUND', 'You have no such shift open. Open one first.', { field: ['shiftId'] });
}

/** What lies in the drawer of a shift by what was taken and given, in minor units. Reads only. */
export async function drawerMinor(tx: Transaction, { lotId, id, openingMinor }: Shift): Promise<number> {
  const [sum] = await tx.em.execute<{ moved: string }[]>(
    `SELECT (SELECT coalesce(sum(cash_minor), 0) FROM payment WHERE lot_id = ? AND shift_id = ? AND method = 'CASH')
          - (SELECT coalesce(sum(cash_minor), 0) FROM refund WHERE lot_id = ? AND shift_id = ? AND method = 'CASH') AS moved`,
    [lotId, id, lotId, id],
  );
  return openingMinor + Number(sum?.moved ?? 0);
}
