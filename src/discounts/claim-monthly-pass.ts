import { LockMode } from '@mikro-orm/postgresql';
import { localMonth } from '../domain/monthly-pass.ts';
import type { Period } from '../domain/period.ts';
import { MonthlyPassUse } from '../entities/monthly-pass-use.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import type { Transaction } from '../platform/db.ts';
import { passNotFound } from './find-monthly-pass.ts';
import { refuseTaken, refuseUsedUp } from './monthly-pass-uses.ts';

/**
 * Counts a reservation that the caller's transaction makes as a use of its driver's monthly pass, in the local month in which it starts.
 * The pass's row is locked before its uses are counted and before the time is found free of its other reservations; one that expires or is
 * cancelled gives its use back by itself. A pass that was taken back since it was quoted is none.
 *
 * Lock order: after the pools, the reservation and promo codes. Refuses with MONTHLY_PASS_NOT_FOUND and MONTHLY_PASS_USED_UP.
 */
export async function claimMonthlyPass(
  tx: Transaction,
  claim: {
    lotId: string;
    monthlyPassId: string;
    reservationId: string;
    driverId: string;
    period: Period;
    timeZone: string;
  },
): Promise<void> {
  const { lotId, monthlyPassId, reservationId: causeId, driverId, period, timeZone } = claim;
  const pass = await tx.em.findOne(
    MonthlyPass,
    { lotId, id: monthlyPassId, driverId, state: 'ACTIVE' },
    { lockMode: LockMode.PESSIMISTIC_WRITE },
  );
  if (!pass) throw passNotFound();
  await refuseUsedUp(tx.em, pass, { at: period.startsAt, now: tx.now, timeZone });
  await refuseTaken(tx.em, pass, { period, now: tx.now });
  const month = localMonth(period.startsAt, timeZone);
  tx.insert(MonthlyPassUse, { lotId, monthlyPassId, causeId, cause: 'RESERVATION', month, usedAt: tx.now });
}
