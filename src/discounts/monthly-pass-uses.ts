import type { EntityManager } from '@mikro-orm/postgresql';
import { localMonth, type MonthlyPassTerms } from '../domain/monthly-pass.ts';
import { addMinutes, type Period } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { MonthlyPass } from '../entities/monthly-pass.ts';
import { STANDS } from './promo-limits.ts';

/** A monthly pass as prices take it. */
export function passTerms({ id, name, hours, startsAt, endsAt }: MonthlyPass): MonthlyPassTerms {
  return { id, name, hours, startsAt: startsAt.getTime(), endsAt: endsAt.getTime() };
}

/**
 * Refuses with MONTHLY_PASS_USED_UP when a pass has covered as many stays of the local month of `at` as it may. True while the pass's row
 * is locked. One statement for a pass with a number of uses, none for another.
 */
export async function refuseUsedUp(
  em: EntityManager,
  pass: MonthlyPass,
  { at, now, timeZone }: { at: Date; now: Date; timeZone: string },
): Promise<void> {
  if (pass.usesPerMonth == null) return;
  const used = await usesInMonth(em, pass, { month: localMonth(at, timeZone), now });
  if (used < pass.usesPerMonth) return;
  throw new Refusal('MONTHLY_PASS_USED_UP', 'This monthly pass has covered all the stays of the month that it may.', {
    field: ['monthlyPassId'],
  });
}

/**
 * Refuses with MONTHLY_PASS_USED_UP when another reservation that stands has the pass within the period: it covers one vehicle at a time.
 * True while the pass's row is locked. One statement.
 */
export async function refuseTaken(
  em: EntityManager,
  { lotId, id }: Pick<MonthlyPass, 'lotId' | 'id'>,
  { period, now }: { period: Period; now: Date },
): Promise<void> {
  const [row] = await em.execute<{ taken: boolean }[]>(
    `SELECT EXISTS (
       SELECT 1 FROM monthly_pass_use AS used
       JOIN reservation ON reservation.lot_id = used.lot_id AND reservation.id = used.cause_id
       WHERE used.lot_id = ? AND used.monthly_pass_id = ? AND used.cause = 'RESERVATION'
         AND state IN ('HELD', 'CONFIRMED', 'CHECKED_IN') AND ${STANDS} AND starts_at < ? AND ends_at > ?
     ) AS taken`,
    [lotId, id, now, period.endsAt, period.startsAt],
  );
  if (!row?.taken) return;
  const message = 'This monthly pass covers one vehicle at a time: you have reserved with it for that time.';
  throw new Refusal('MONTHLY_PASS_USED_UP', message, { field: ['monthlyPassId'] });
}

/** A vehicle that was let in stands in PostgreSQL within moments; a use for one that never came in does not count after this. */
export const COMING_IN_MINUTES = 15;

/** How many stays of a month a pass has covered: visits, and reservations that stand. */
export async function usesInMonth(
  em: EntityManager,
  { lotId, id }: Pick<MonthlyPass, 'lotId' | 'id'>,
  { month, now }: { month: string; now: Date },
): Promise<number> {
  const [row] = await em.execute<{ uses: number }[]>(
    `SELECT count(*)::int AS uses FROM monthly_pass_use AS used
     WHERE used.lot_id = ? AND used.monthly_pass_id = ? AND used.month = ? AND ((used.cause = 'STAY' AND (used.used_at > ? OR EXISTS (
       SELECT 1 FROM stay WHERE stay.lot_id = used.lot_id AND stay.id = used.cause_id))) OR EXISTS (
       SELECT 1 FROM reservation WHERE reservation.lot_id = used.lot_id AND reservation.id = used.cause_id AND ${STANDS}))`,
    [lotId, id, month, addMinutes(now, -COMING_IN_MINUTES), now],
  );
  return row?.uses ?? 0;
}
