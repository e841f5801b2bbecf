import { LockMode } from '@mikro-orm/postgresql';
import { passNotFound } from '../discounts/find-monthly-pass.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import { Lot } from '../entities/lot.ts';
import { MonthlyPass } from '../entities/monthly-pass.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';
import { tellOfPass } from './new-monthly-pass.ts';

interface PassKey {
  readonly lotId: string;
  readonly monthlyPassId: string;
}

/**
 * Whether the next months of a driver's pass are charged to the saved card; without, it ends with the month that is paid.
 * Locks the pass. Refuses with MONTHLY_PASS_NOT_FOUND.
 */
export async function setRenewal(
  platform: Platform,
  input: PassKey & { renews: boolean },
  driver: Extract<Viewer, { kind: 'DRIVER' }>,
): Promise<MonthlyPass> {
  return inTransaction(platform, async (tx) => {
    const pass = await lockPass(tx, input);
    if (pass?.driverId !== driver.driverId || pass.state === 'ENDED') throw passNotFound();
    pass.renews = input.renews && pass.priceMinor > 0;
    return pass;
  });
}

/**
 * Takes a monthly pass back at once; stays that it was noted for keep it. Nothing is paid back by this: the operator refunds what is due.
 * Ending it again changes nothing. Locks the pass. Refuses with MONTHLY_PASS_NOT_FOUND. Announces `monthly_pass.changed`.
 */
export async function endMonthlyPass(
  platform: Platform,
  input: PassKey,
  viewer: Viewer | undefined,
): Promise<MonthlyPass> {
  return inTransaction(platform, async (tx) => {
    const lot = await tx.em.findOne(Lot, { id: input.lotId });
    const pass = lot && mayServeLot(viewer, lot) ? await lockPass(tx, input) : null;
    if (!pass) throw passNotFound();
    if (pass.state === 'ENDED') return pass;
    Object.assign(pass, { state: 'ENDED', endedAt: tx.now, renews: false, revision: pass.revision + 1 });
    tellOfPass(tx, pass);
    return pass;
  });
}

/** The row of a pass, locked; null when there is none. */
export function lockPass(tx: Transaction, { lotId, monthlyPassId: id }: PassKey): Promise<MonthlyPass | null> {
  return tx.em.findOne(MonthlyPass, { lotId, id }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}
