import { Debt } from '../entities/debt.ts';
import { Driver } from '../entities/driver.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { chargeCommand } from './charge-saved-card.ts';
import { openPaymentFor, openPaymentOf } from './pay-debt.ts';
import { commandAgain } from './provider-commands.ts';

/** Few enough to be charged one by one within a visit. */
const MOST = 20;
/** Whoever has begun to pay and has not finished within a day does not: the card is charged for what was begun. */
const PAYER_MS = 24 * 3_600_000;

/**
 * Charges a driver's open debts at lots of one operator to their saved card, each as a payment of its own, at a visit that was paid just
 * now: only with the driver's standing consent, and never what somebody is paying already (has begun within a day). What the card
 * refuses stays open. Gives how many. Locks those debts, and leaves out those that somebody else has locked.
 */
export async function collectDebts(
  tx: Transaction,
  visit: { lotId: string; driverId: string | null | undefined },
): Promise<number> {
  const { lotId, driverId } = visit;
  if (driverId == null) return 0;
  const driver = await tx.em.findOne(Driver, { id: driverId });
  if (driver?.debtsCollectedSince == null || driver.savedPaymentMethodId == null) return 0;
  const found = await tx.em.execute<{ lotId: string; id: string }[]>(
    `SELECT debt.lot_id AS "lotId", debt.id FROM debt JOIN lot ON lot.id = debt.lot_id
     WHERE debt.driver_id = ? AND debt.state = 'OPEN' AND lot.operator_id = (SELECT operator_id FROM lot WHERE id = ?)
     ORDER BY debt.created_at, debt.id LIMIT ${MOST} FOR UPDATE OF debt SKIP LOCKED`,
    [driverId, lotId],
  );
  let collected = 0;
  for (const key of found) if (await chargeDebt(tx, key)) collected += 1;
  return collected;
}

/**
 * Charges what is left of a debt that is locked, or new, to its driver's saved card right after the commit, by their consent. False: somebody
 * is paying it already.
 */
export async function chargeDebt(tx: Transaction, key: { lotId: string; id: string }): Promise<boolean> {
  const debt = await tx.em.findOneOrFail(Debt, key);
  const open = await openPaymentOf(tx, debt);
  if (open && (open.debtId == null || tx.now.getTime() - open.createdAt.getTime() < PAYER_MS)) return false;
  const paymentId = open?.id ?? newId(tx.now);
  if (!open) openPaymentFor(tx, debt, paymentId);
  await commandAgain(tx, { kind: 'CHARGE', lotId: key.lotId, subjectId: paymentId }, { handle: chargeCommand });
  return true;
}
