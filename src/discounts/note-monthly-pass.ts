import { LockMode } from '@mikro-orm/postgresql';
import { coveredPeriods, localMonth, type MonthlyPassTerms } from '../domain/monthly-pass.ts';
import { addMinutes, DAY_MS } from '../domain/period.ts';
import { MonthlyPassUse } from '../entities/monthly-pass-use.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import type { Transaction } from '../platform/db.ts';
import { COMING_IN_MINUTES, passTerms, usesInMonth } from './monthly-pass-uses.ts';

/** A stay that is about to begin, and the passes of its plate that the gate knows. */
export interface ArrivingHolder {
  readonly lotId: string;
  readonly stayId: string;
  readonly monthlyPassIds: readonly string[];
  readonly at: Date;
  readonly timeZone: string;
}

/**
 * Notes a monthly pass for a walk-in, in the transaction that gives it its spot, and counts the use, once a stay: the same stay asked
 * again gets the same. A pass covers one vehicle at a time. One with a number of uses is kept for a day on which it covers something.
 * Undefined when none may be used: then the stay is priced as any other.
 *
 * Locks the passes' rows, after the pools.
 */
export async function noteMonthlyPass(
  tx: Transaction,
  arriving: ArrivingHolder,
): Promise<MonthlyPassTerms | undefined> {
  const { lotId, monthlyPassIds } = arriving;
  if (monthlyPassIds.length === 0) return undefined;
  const passes = await tx.em.find(
    MonthlyPass,
    {
      lotId,
      id: { $in: [...monthlyPassIds] },
      state: 'ACTIVE',
      startsAt: { $lte: arriving.at },
      endsAt: { $gt: arriving.at },
    },
    { lockMode: LockMode.PESSIMISTIC_WRITE, orderBy: { id: 'asc' } },
  );
  for (const pass of passes) if (await mayUse(tx, pass, arriving)) return passTerms(pass);
  return undefined;
}

async function mayUse(tx: Transaction, pass: MonthlyPass, arriving: ArrivingHolder): Promise<boolean> {
  const { lotId, stayId: causeId, at, timeZone } = arriving;
  const use = { lotId, monthlyPassId: pass.id, causeId };
  if ((await tx.em.count(MonthlyPassUse, use)) > 0) return true;
  if (await hasVehicleInside(tx, pass)) return false;
  const month = localMonth(at, timeZone);
  if (pass.usesPerMonth != null) {
    const day = { startsAt: at, endsAt: new Date(at.getTime() + DAY_MS) };
    if (coveredPeriods(passTerms(pass), day, timeZone).length === 0) return false;
    if ((await usesInMonth(tx.em, pass, { month, now: tx.now })) >= pass.usesPerMonth) return false;
  }
  tx.insert(MonthlyPassUse, { ...use, cause: 'STAY', month, usedAt: tx.now });
  return true;
}

/** Whether another vehicle stands in the lot on this pass, as a walk-in or on a reservation, or is on its way in. */
async function hasVehicleInside(tx: Transaction, { lotId, id }: MonthlyPass): Promise<boolean> {
  const [row] = await tx.em.execute<{ inside: boolean }[]>(
    `SELECT EXISTS (
       SELECT 1 FROM monthly_pass_use AS used LEFT JOIN stay ON stay.lot_id = used.lot_id AND stay.id = used.cause_id
       LEFT JOIN reservation ON reservation.lot_id = used.lot_id AND reservation.id = used.cause_id
       WHERE used.lot_id = ? AND used.monthly_pass_id = ?
         AND (stay.state = 'INSIDE' OR reservation.state = 'CHECKED_IN'
           OR (used.cause = 'STAY' AND stay.id IS NULL AND used.used_at > ?))
     ) AS inside`,
    [lotId, id, addMinutes(tx.now, -COMING_IN_MINUTES)],
  );
  return row?.inside ?? false;
}
