import type { EntityManager } from '@mikro-orm/postgresql';
import { covers, type Period } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { refuseTaken, refuseUsedUp } from './monthly-pass-uses.ts';

/** A driver's own monthly pass of a lot, and when it is wanted. */
export interface WantedPass {
  readonly lotId: string;
  readonly monthlyPassId: string;
  readonly driverId: string | undefined;
  readonly period: Period;
  readonly now: Date;
  readonly timeZone: string;
}

/**
 * The monthly pass that a driver wants to use for a stay in its lot. Two statements, and one more for a pass with a number of uses.
 * Refuses with MONTHLY_PASS_NOT_FOUND (not theirs, not paid, over or not begun when the stay begins, of another lot) and
 * MONTHLY_PASS_USED_UP (as often as it may, or for another vehicle then).
 */
export async function findMonthlyPass(em: EntityManager, wanted: WantedPass): Promise<MonthlyPass> {
  const { lotId, monthlyPassId: id, driverId, period } = wanted;
  const pass = driverId === undefined ? null : await em.findOne(MonthlyPass, { lotId, id, driverId, state: 'ACTIVE' });
  if (!pass || !covers({ startsAt: pass.startsAt, endsAt: pass.endsAt }, period.startsAt)) throw passNotFound();
  await refuseUsedUp(em, pass, { ...wanted, at: period.startsAt });
  await refuseTaken(em, pass, wanted);
  return pass;
}

export function passNotFound(): Refusal {
  return new Refusal('MONTHLY_PASS_NOT_FOUND', 'You have no such monthly pass in this lot, or it is over by then.', {
    field: ['monthlyPassId'],
  });
}
