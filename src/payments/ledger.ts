/**
 * The books: simple double entry, one balanced transaction for each cause. Positive amounts are debits, negative ones
 * credits; amounts are minor units of the lot's currency. Accounts name what money is, never whose it is.
 *
 * | account              | what stands there                                            | grows by |
 * |----------------------|--------------------------------------------------------------|----------|
 * | `provider:clearing`  | captured by the provider and not given back: it owes us this | debit    |
 * | `provider:disputed`  | withdrawn by a bank while a dispute is open or lost          | debit    |
 * | `refunds:owed`       | promised to drivers and not sent yet                         | credit   |
 * | `revenue:parking`    | reservations, stays, overstays, changes                      | credit   |
 * | `revenue:no_show`    | fees of those who did not come, kept or charged afterwards   | credit   |
 *
 * | cause              | cause id    | debit               | credit              |
 * |--------------------|-------------|---------------------|---------------------|
 * | `PAYMENT_CAPTURED` | payment     | `provider:clearing` | revenue             |
 * | `NO_SHOW_KEPT`     | reservation | `revenue:parking`   | `revenue:no_show`   |
 * | `NO_SHOW_VOIDED`   | reservation | `revenue:no_show`   | `revenue:parking`   |
 * | `REFUND_PROMISED`  | refund      | revenue             | `refunds:owed`      |
 * | `REFUND_SENT`      | refund      | `refunds:owed`      | `provider:clearing` |
 * | `REFUND_FAILED`    | refund      | `provider:clearing` | `refunds:owed`      |
 * | `DISPUTE_OPENED`   | payment     | `provider:disputed` | `provider:clearing` |
 * | `DISPUTE_WON`      | payment     | `provider:clearing` | `provider:disputed` |
 *
 * The provider's fees are settled with its payouts and do not stand here. Rows are never changed: the database refuses.
 */
import { isCurrency } from '../domain/money.ts';
import type { PaymentKind } from '../domain/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

export type Account =
  'provider:clearing' | 'provider:disputed' | 'refunds:owed' | 'revenue:parking' | 'revenue:no_show';

export type Cause =
  | 'PAYMENT_CAPTURED'
  | 'NO_SHOW_KEPT'
  | 'NO_SHOW_VOIDED'
  | 'REFUND_PROMISED'
  | 'REFUND_SENT'
  | 'REFUND_FAILED'
  | 'DISPUTE_OPENED'
  | 'DISPUTE_WON';

/** One side of a posting: positive debits, negative credits. */
export interface Line {
  readonly account: Account;
  readonly amountMinor: number;
}

export interface Posting {
  readonly lotId: string;
  readonly causeKind: Cause;
  readonly causeId: string;
  readonly currency: string;
  /** Two or more, each of another account, none zero, together zero. */
  readonly lines: readonly Line[];
}

/**
 * Posts one balanced transaction, once for its cause: a second call changes nothing and says AGAIN. Throws RangeError
 * on lines that do not balance, because that is a mistake of ours and must roll back what caused it.
 */
export async function post(tx: Transaction, posting: Posting): Promise<'FIRST' | 'AGAIN'> {
  checkBalanced(posting);
  const transactionId = newId(tx.now);
  // In one order, so that two postings of one cause wait for each other instead of deadlocking.
  const lines = posting.lines.toSorted((a, b) => (a.account < b.account ? -1 : 1));
  const rows = lines.map(({ account, amountMinor }) => [
    posting.lotId,
    newId(tx.now),
    transactionId,
    account,
    amountMinor,
    posting.currency,
    posting.causeKind,
    posting.causeId,
    tx.now,
  ]);
  const posted = await tx.em.execute<{ id: string }[]>(
    `INSERT INTO ledger_entry (lot_id, id, transaction_id, account, amount_minor, currency, cause_kind, cause_id, posted_at)
     VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}
     ON CONFLICT ON CONSTRAINT ledger_entry_cause DO NOTHING RETURNING id`,
    rows.flat(),
  );
  if (posted.length === rows.length) return 'FIRST';
  if (posted.length === 0) return 'AGAIN';
  throw new Error(`${posting.causeKind} of ${posting.causeId} was posted before with other accounts`);
}

/** A posting of two lines: what `debit` gains, `credit` gives. */
export async function transfer(
  tx: Transaction,
  move: Omit<Posting, 'lines'> & { debit: Account; credit: Account; amountMinor: number },
): Promise<'FIRST' | 'AGAIN'> {
  const { debit, credit, amountMinor, ...cause } = move;
  const lines = [
    { account: debit, amountMinor },
    { account: credit, amountMinor: -amountMinor },
  ];
  return post(tx, { ...cause, lines });
}

/** Where the money of a payment is earned. */
export function revenueAccount(kind: PaymentKind): Account {
  return kind === 'NO_SHOW_FEE' ? 'revenue:no_show' : 'revenue:parking';
}

function checkBalanced({ causeKind, currency, lines }: Posting): void {
  const sum = lines.reduce((total, line) => total + line.amountMinor, 0);
  const sound = lines.every(({ amountMinor }) => Number.isSafeInteger(amountMinor) && amountMinor !== 0);
  const accounts = new Set(lines.map((line) => line.account));
  if (lines.length < 2 || accounts.size !== lines.length || !sound || sum !== 0) {
    throw new RangeError(`the lines of ${causeKind} do not balance`);
  }
  if (!isCurrency(currency)) throw new RangeError(`the currency of ${causeKind} is none`);
}
