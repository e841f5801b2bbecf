import { includedTax, taxOfPart } from '../domain/tax.ts';
import { Debt } from '../entities/debt.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';
import { dropChargesOf } from './drop-charges.ts';
import { postDebtOpened, postDebtReversed, postDebtWaived } from './ledger.ts';
import { taxPercentOf } from './tax-percent.ts';

/** Money that was left owing. */
export interface NewDebt {
  readonly lotId: string;
  readonly stayId: string | null;
  readonly reservationId?: string | null | undefined;
  /** The charge that is tried, or was refused, for it. */
  readonly paymentId: string | null;
  readonly driverId: string | null;
  /** Above zero. */
  readonly amountMinor: number;
  readonly currency: string;
  readonly reason: string;
}

/**
 * Writes a debt down, with its posting: once for a payment, and once for a reason at a stay, whoever comes first. Its tax is
 * that of the tariff which priced it. Gives its id; undefined when it stood already. Locks nothing.
 * Announces `debt.opened`.
 */
export async function openDebt(tx: Transaction, debt: NewDebt): Promise<string | undefined> {
  const { lotId, stayId, paymentId, driverId, amountMinor, currency, reason } = debt;
  const taxMinor = includedTax(amountMinor, await taxPercentOf(tx, debt));
  const id = newId(tx.now);
  const opened = await tx.em.execute<{ id: string }[]>(
    `INSERT INTO debt (lot_id, id, payment_id, stay_id, driver_id, amount_minor, tax_minor, currency, reason, state, created_at, plate_index)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'OPEN', ?, (SELECT plate_index FROM stay WHERE lot_id = ? AND id = ?))
     ON CONFLICT DO NOTHING RETURNING id`,
    [lotId, id, paymentId, stayId, driverId, amountMinor, taxMinor, currency, reason, tx.now, lotId, stayId],
  );
  if (opened.length === 0) return undefined;
  await postDebtOpened(tx, { lotId, id, currency, reason, amountMinor, taxMinor });
  tx.announce({ lotId, type: 'debt.opened', aggregateId: id, payload: { debtId: id, reason } });
  count(tx, 'opened', reason);
  return id;
}

/** Which debts a payment pays. */
export interface Payer {
  readonly lotId: string;
  readonly id: string;
  readonly kind: string;
  readonly stayId?: string | null | undefined;
  readonly debtId?: string | null | undefined;
}

/**
 * Pays the open debts that a payment is for, as far as it reaches: the debt it names, the one whose charge it is, and for a
 * visit's own payment what the visit left owing. Gives how much of it went there, the tax in that, and whether it is for debts alone
 * (`covers` ALL: what is left over was paid twice). Locks those debts. Announces `debt.settled` for each that is paid in full.
 * The posting is the caller's: the capture credits `debts:receivable`.
 */
export async function payDebts(
  tx: Transaction,
  payer: Payer,
  capturedMinor: number,
): Promise<{ debtMinor: number; taxMinor: number; isForDebt: boolean }> {
  const debts = await lockDebtsOf(tx, payer);
  let [left, taxMinor] = [capturedMinor, 0];
  for (const debt of debts) {
    const paysMinor = debt.state === 'OPEN' ? Math.min(left, debt.amountMinor - debt.paidMinor) : 0;
    if (paysMinor === 0) continue;
    taxMinor += taxOfDebt(debt, paysMinor);
    left -= paysMinor;
    debt.paidMinor += paysMinor;
    if (debt.paidMinor < debt.amountMinor) continue;
    Object.assign(debt, { state: 'SETTLED', settledAt: tx.now, settledByPaymentId: payer.id });
    await dropChargesOf(tx, debt, payer.id);
    tx.announce({ lotId: debt.lotId, type: 'debt.settled', aggregateId: debt.id, payload: { debtId: debt.id } });
    count(tx, 'settled', debt.reason);
  }
  await tx.em.flush();
  return { debtMinor: capturedMinor - left, taxMinor, isForDebt: debts.length > 0 };
}

async function lockDebtsOf(tx: Transaction, { lotId, id, kind, stayId, debtId }: Payer): Promise<Debt[]> {
  const found = await tx.em.execute<{ id: string }[]>(
    `SELECT id FROM debt WHERE lot_id = ? AND (id = ? OR payment_id = ? OR (stay_id = ? AND reason = 'UNPAID_STAY')) ORDER BY id FOR UPDATE`,
    [lotId, debtId ?? null, id, kind === 'STAY' ? (stayId ?? null) : null],
  );
  if (found.length === 0) return [];
  return tx.em.find(
    Debt,
    { lotId, id: { $in: found.map((debt) => debt.id) } },
    { orderBy: { id: 'asc' }, refresh: true },
  );
}

/** The tax in the next `amountMinor` of what is still open of a debt. */
function taxOfDebt({ amountMinor: wholeMinor, taxMinor, paidMinor }: Debt, amountMinor: number): number {
  return taxOfPart({ wholeMinor, taxMinor }, { beforeMinor: paidMinor, amountMinor });
}

/** Lets go of what is left of a locked, open debt; its words are the caller's. */
export async function waiveLocked(tx: Transaction, debt: Debt): Promise<void> {
  await postDebtWaived(tx, restOf(debt));
  await dropChargesOf(tx, debt, undefined);
  Object.assign(debt, { state: 'WAIVED', settledAt: tx.now });
  count(tx, 'waived', debt.reason);
}

/** Takes back the open debts of a charge that was called off. Locks them. */
export async function reverseDebtsOf(
  tx: Transaction,
  { lotId, paymentId }: { lotId: string; paymentId: string },
): Promise<void> {
  for (const debt of await lockDebtsOf(tx, { lotId, id: paymentId, kind: 'NONE' })) {
    if (debt.state === 'OPEN') await reverse(tx, debt);
  }
}

/** Takes back what is left of a locked, open debt that should not have been, with what would still pay it. */
export async function reverseLocked(tx: Transaction, debt: Debt): Promise<void> {
  await dropChargesOf(tx, debt, undefined);
  await reverse(tx, debt);
}

async function reverse(tx: Transaction, debt: Debt): Promise<void> {
  await postDebtReversed(tx, restOf(debt));
  Object.assign(debt, { state: 'WAIVED', settledAt: tx.now });
  count(tx, 'reversed', debt.reason);
}

function restOf(debt: Debt) {
  const { lotId, id, currency, reason } = debt;
  const amountMinor = debt.amountMinor - debt.paidMinor;
  return { lotId, id, currency, reason, amountMinor, taxMinor: taxOfDebt(debt, amountMinor) };
}

function count(tx: Transaction, event: 'opened' | 'settled' | 'waived' | 'reversed', reason: string): void {
  tx.afterCommit(({ metrics }) => metrics.debts.inc({ event, reason }));
}
