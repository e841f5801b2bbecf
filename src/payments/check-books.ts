import { LockMode } from '@mikro-orm/postgresql';
import type { BooksFault } from '../domain/books.ts';
import { AccountBalance } from '../entities/account-balance.ts';
import { BooksCheck } from '../entities/books-check.ts';
import { inTransaction, type Transaction } from '../platform/db.ts';
import type { Platform } from '../platform/platform.ts';

const THE_ROW = 1;
/** Longer than any transaction takes from its instant to its commit: what is older than this is all there. */
const LAG_MS = 60_000;
const BEFORE_ALL = new Date(0);

/** What a check looks at: what is new since the last one, or what was wrong then. */
type Scope = { readonly after: Date; readonly until: Date } | { readonly lotId: string; readonly about: string };

/**
 * Looks whether the books are sound, as far as anything is new since the last look, and whether what was wrong still is: postings balance,
 * captures and refunds stand in the books with their amounts, no payment gave back more than it took, and open debts are what the
 * books say is owed. What is wrong is kept, counted in a metric and told in the log. Gives how much was found that was not known.
 * One process at a time: the others wait. Locks its own row alone.
 */
export async function checkBooks(platform: Platform): Promise<number> {
  const { found, faults } = await inTransaction(platform, async (tx) => {
    const check = await lockCheck(tx);
    const until = new Date(Math.max(tx.now.getTime() - LAG_MS, check.checkedThrough.getTime()));
    const known = new Set(check.faults.map(nameOf));
    const window = { after: check.checkedThrough, until };
    const wrong = [...(await stillWrong(tx, check.faults)), ...(await newlyWrong(tx, window))];
    const debts = await debtsDiffer(tx, check.checkedThrough);
    await carryBalances(tx, window);
    const all = new Map([...wrong, ...debts].map((fault) => [nameOf(fault), fault]));
    Object.assign(check, { faults: [...all.values()], checkedThrough: until, checkedAt: tx.now });
    return { faults: check.faults, found: check.faults.filter((fault) => !known.has(nameOf(fault))) };
  });
  for (const fault of found) platform.log.error(fault, 'the books do not balance');
  tell(platform, faults);
  return found.length;
}

function tell({ metrics }: Platform, faults: readonly BooksFault[]): void {
  metrics.booksFaults.reset();
  for (const { kind } of faults) metrics.booksFaults.inc({ kind });
}

function nameOf({ kind, lotId, about, currency }: BooksFault): string {
  return `${kind} ${lotId} ${about} ${currency}`;
}

async function lockCheck(tx: Transaction): Promise<BooksCheck> {
  await tx.em.execute(
    `INSERT INTO books_check (id, checked_through, checked_at, faults) VALUES (${THE_ROW}, ?, ?, '[]') ON CONFLICT DO NOTHING`,
    [BEFORE_ALL, tx.now],
  );
  return tx.em.findOneOrFail(BooksCheck, { id: THE_ROW }, { lockMode: LockMode.PESSIMISTIC_WRITE });
}

async function newlyWrong(tx: Transaction, window: { after: Date; until: Date }): Promise<BooksFault[]> {
  const found: BooksFault[] = [];
  for (const kind of ['UNBALANCED', 'NOT_POSTED', 'REFUNDS_ABOVE_CAPTURE'] as const)
    found.push(...(await wrongIn(tx, kind, window)));
  return found;
}

/** Of debts the whole is looked at each time. */
async function stillWrong(tx: Transaction, faults: readonly BooksFault[]): Promise<BooksFault[]> {
  const found: BooksFault[] = [];
  for (const { kind, lotId, about } of faults)
    if (kind !== 'DEBTS_DIFFER') found.push(...(await wrongIn(tx, kind, { lotId, about })));
  return found;
}

async function wrongIn(tx: Transaction, kind: keyof typeof CHECKS, scope: Scope): Promise<BooksFault[]> {
  const { sql, at, id } = CHECKS[kind];
  const [condition, values] =
    'after' in scope
      ? [`${at} > ? AND ${at} <= ?`, [scope.after, scope.until]]
      : [`${id} = ? AND entry.lot_id = ?`, [scope.about, scope.lotId]];
  const rows = await tx.em.execute<(Omit<BooksFault, 'kind' | 'offByMinor'> & { offByMinor: string })[]>(
    sql.replace('$SCOPE', condition),
    values,
  );
  return rows.map((row) => ({ kind, ...row, offByMinor: Number(row.offByMinor) }));
}

/**
 * Each gives what is wrong about the rows of its scope. Lots come first, because the tables' indexes by time begin with the lot: what is new
 * is found without reading what is old.
 */
const CHECKS = {
  UNBALANCED: {
    at: 'entry.posted_at',
    id: 'entry.transaction_id',
    sql: `SELECT entry.lot_id AS "lotId", entry.transaction_id AS about, entry.currency, sum(entry.amount_minor) AS "offByMinor"
      FROM lot JOIN ledger_entry entry ON entry.lot_id = lot.id WHERE $SCOPE
      GROUP BY entry.lot_id, entry.transaction_id, entry.currency HAVING sum(entry.amount_minor) <> 0 OR count(*) < 2`,
  },
  NOT_POSTED: {
    at: 'entry.captured_at',
    id: 'entry.id',
    sql: `SELECT entry.lot_id AS "lotId", entry.id AS about, entry.currency,
        coalesce(entry.cash_minor, entry.captured_minor) - coalesce(posted.minor, 0) AS "offByMinor"
      FROM lot JOIN payment entry ON entry.lot_id = lot.id LEFT JOIN LATERAL (
        SELECT sum(amount_minor) AS minor FROM ledger_entry WHERE lot_id = entry.lot_id AND cause_kind = 'PAYMENT_CAPTURED'
          AND cause_id = entry.id AND account IN ('provider:clearing', 'cash:drawer', 'terminal:clearing')) posted ON true
      WHERE $SCOPE AND coalesce(entry.cash_minor, entry.captured_minor) <> coalesce(posted.minor, 0)`,
  },
  REFUNDS_ABOVE_CAPTURE: {
    at: 'changed.created_at',
    id: 'entry.id',
    sql: `SELECT DISTINCT entry.lot_id AS "lotId", entry.id AS about, entry.currency, promised.minor - least(posted.minor, entry.captured_minor) AS "offByMinor"
      FROM lot JOIN refund changed ON changed.lot_id = lot.id JOIN payment entry ON entry.lot_id = changed.lot_id AND entry.id = changed.payment_id
      CROSS JOIN LATERAL (SELECT sum(amount_minor) AS minor FROM refund WHERE lot_id = entry.lot_id AND payment_id = entry.id) promised
      CROSS JOIN LATERAL (SELECT coalesce(-sum(ledger_entry.amount_minor), 0) AS minor FROM ledger_entry JOIN refund ON refund.lot_id = ledger_entry.lot_id AND refund.id = cause_id
        WHERE refund.lot_id = entry.lot_id AND refund.payment_id = entry.id AND cause_kind = 'REFUND_PROMISED' AND account = 'refunds:owed') posted
      WHERE $SCOPE AND (promised.minor > entry.captured_minor OR promised.minor <> entry.refunded_minor OR promised.minor <> posted.minor)`,
  },
} as const;

/**
 * Lots whose open debts are not what the books say: the balance carried so far and what came since, in one statement. Before it is
 * told, the whole account is counted, and a balance that was carried wrongly is mended.
 */
async function debtsDiffer(tx: Transaction, checkedThrough: Date): Promise<BooksFault[]> {
  const suspects = await tx.em.execute<{ lotId: string }[]>(
    `SELECT lot.id AS "lotId" FROM lot
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor - paid_minor), 0) AS minor FROM debt WHERE lot_id = lot.id AND state = 'OPEN') open
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor), 0) AS minor FROM account_balance WHERE lot_id = lot.id AND account = 'debts:receivable') carried
     CROSS JOIN LATERAL (SELECT coalesce(sum(amount_minor), 0) AS minor FROM ledger_entry
       WHERE lot_id = lot.id AND posted_at > ? AND account = 'debts:receivable') since
     WHERE open.minor <> carried.minor + since.minor`,
    [checkedThrough],
  );
  const found: BooksFault[] = [];
  for (const { lotId } of suspects) found.push(...(await countDebts(tx, lotId, checkedThrough)));
  return found;
}

async function countDebts(tx: Transaction, lotId: string, checkedThrough: Date): Promise<BooksFault[]> {
  await tx.em.nativeDelete(AccountBalance, { lotId, account: 'debts:receivable' });
  await tx.em.execute(
    `INSERT INTO account_balance (lot_id, account, currency, amount_minor)
       SELECT lot_id, account, currency, sum(amount_minor) FROM ledger_entry
       WHERE lot_id = ? AND account = 'debts:receivable' AND posted_at <= ? GROUP BY 1, 2, 3`,
    [lotId, checkedThrough],
  );
  const rows = await tx.em.execute<{ currency: string; offByMinor: string }[]>(
    `SELECT currency, sum(minor) AS "offByMinor" FROM (
       SELECT currency, amount_minor - paid_minor AS minor FROM debt WHERE lot_id = ? AND state = 'OPEN'
       UNION ALL SELECT currency, -amount_minor FROM ledger_entry WHERE lot_id = ? AND account = 'debts:receivable') sides
     GROUP BY currency HAVING sum(minor) <> 0`,
    [lotId, lotId],
  );
  return rows.map(({ currency, offByMinor }) => ({
    ...{ kind: 'DEBTS_DIFFER' as const, lotId, about: lotId, currency },
    offByMinor: Number(offByMinor),
  }));
}

async function carryBalances(tx: Transaction, { after, until }: { after: Date; until: Date }): Promise<void> {
  await tx.em.execute(
    `INSERT INTO account_balance (lot_id, account, currency, amount_minor)
       SELECT lot.id, account, entry.currency, sum(amount_minor) FROM lot JOIN ledger_entry entry ON entry.lot_id = lot.id
       WHERE posted_at > ? AND posted_at <= ? AND account = 'debts:receivable' GROUP BY 1, 2, 3
     ON CONFLICT (lot_id, account, currency) DO UPDATE SET amount_minor = account_balance.amount_minor + excluded.amount_minor`,
    [after, until],
  );
}
