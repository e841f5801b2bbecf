/**
 * The books: simple double entry, one balanced transaction for each cause. Positive amounts are debits, negative ones
 * credits; amounts are minor units of the lot's currency. Accounts name what money is, never whose it is.
 *
 * | account                 | what stands there                                                     | grows by |
 * |-------------------------|-----------------------------------------------------------------------|----------|
 * | `provider:clearing`     | captured by the provider and not given back: it owes us this          | debit    |
 * | `provider:disputed`     | withdrawn by a bank while a dispute is open or lost                   | debit    |
 * | `terminal:clearing`     | taken by card terminals: whoever runs them owes us this               | debit    |
 * | `cash:drawer`           | what should lie in the drawers of open shifts                         | debit    |
 * | `cash:safe`             | counted at the end of shifts, less what drawers began with            | debit    |
 * | `cash:difference`       | counted less than expected (more: credit)                             | debit    |
 * | `cash:rounding`         | what rounding to the smallest coin added (took: debit)                | credit   |
 * | `debts:receivable`      | left owing by drivers: the sum of the open debts                      | debit    |
 * | `debts:waived`          | debts that were let go of                                             | debit    |
 * | `validations:merchants` | owed by merchants for what they gave their customers                  | debit    |
 * | `refunds:owed`          | promised to drivers and not sent yet                                  | credit   |
 * | `tax:payable`           | the tax in what was earned, by the tariff that priced it              | credit   |
 * | `revenue:parking`       | reservations, stays, overstays, changes; without tax, as all revenue  | credit   |
 * | `revenue:no_show`       | fees of those who did not come, kept or charged afterwards            | credit   |
 * | `revenue:passes`        | monthly passes                                                        | credit   |
 *
 * "Revenue" below is the account of what the money is for, with its tax beside it in `tax:payable`; "the taker" is the
 * provider, a drawer or a terminal.
 *
 * | cause                | cause id    | debit                                   | credit                                     | by                        |
 * |----------------------|-------------|-----------------------------------------|--------------------------------------------|---------------------------|
 * | `PAYMENT_CAPTURED`   | payment     | the taker                               | `debts:receivable` as far as it pays debts, revenue for the rest; `cash:rounding` | `postPaymentCaptured` |
 * | `NO_SHOW_KEPT`       | reservation | `revenue:parking`                       | `revenue:no_show`                          | `takeNoShowFee`           |
 * | `NO_SHOW_VOIDED`     | reservation | `revenue:no_show`                       | `revenue:parking`                          | `voidNoShowFee`           |
 * | `REFUND_PROMISED`    | refund      | revenue                                 | `refunds:owed`                             | `promiseRefund`           |
 * | `REFUND_SENT`        | refund      | `refunds:owed`                          | the provider or a drawer; `cash:rounding` | `sendRefund`, `refundInCash` |
 * | `REFUND_FAILED`      | refund      | `provider:clearing`                     | `refunds:owed`                             | `sendRefund`              |
 * | `DISPUTE_OPENED`     | payment     | `provider:disputed`                     | `provider:clearing`                        | `settleDispute`           |
 * | `DISPUTE_WON`        | payment     | `provider:clearing`                     | `provider:disputed`                        | `settleDispute`           |
 * | `DEBT_OPENED`        | debt        | `debts:receivable`                      | revenue                                    | `postDebtOpened`          |
 * | `DEBT_WAIVED`        | debt        | `debts:waived`, `tax:payable`           | `debts:receivable`                         | `postDebtWaived`          |
 * | `DEBT_REVERSED`      | debt        | revenue                                 | `debts:receivable`                         | `postDebtReversed`        |
 * | `MERCHANT_VALIDATED` | validation  | `validations:merchants`                 | revenue                                    | `postMerchantValidation`  |
 * | `SHIFT_OPENED`       | shift       | `cash:drawer`                           | `cash:safe`                                | `openShift`               |
 * | `SHIFT_CLOSED`       | shift       | `cash:safe`, `cash:difference`          | `cash:drawer`                              | `closeShift`              |
 *
 * A debt is settled by the payment that pays it: its capture credits what stands open. The provider's fees are settled
 * with its payouts and do not stand here. Rows are never changed: the database refuses.
 */
import { isCurrency } from '../domain/money.ts';
import type { PaymentMethod } from '../domain/payment.ts';
import type { Transaction } from '../platform/db.ts';
import { newId } from '../platform/ids.ts';

/** Every account, in the order of the table above. */
export const ACCOUNTS = [
  'provider:clearing',
  'provider:disputed',
  'terminal:clearing',
  'cash:drawer',
  'cash:safe',
  'cash:difference',
  'cash:rounding',
  'debts:receivable',
  'debts:waived',
  'validations:merchants',
  'refunds:owed',
  'tax:payable',
  'revenue:parking',
  'revenue:no_show',
  'revenue:passes',
] as const;
export type Account = (typeof ACCOUNTS)[number];
export type RevenueAccount = Extract<Account, `revenue:${string}`>;

export type Cause =
  | 'PAYMENT_CAPTURED'
  | 'NO_SHOW_KEPT'
  | 'NO_SHOW_VOIDED'
  | 'REFUND_PROMISED'
  | 'REFUND_SENT'
  | 'REFUND_FAILED'
  | 'DISPUTE_OPENED'
  | 'DISPUTE_WON'
  | 'DEBT_OPENED'
  | 'DEBT_WAIVED'
  | 'DEBT_REVERSED'
  | 'MERCHANT_VALIDATED'
  | 'SHIFT_OPENED'
  | 'SHIFT_CLOSED';

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

/** Where the money of a payment, or of the debt that a refused one left, is earned. */
export function revenueAccount(kind: string): RevenueAccount {
  return EARNED_ELSEWHERE.get(kind) ?? 'revenue:parking';
}

const EARNED_ELSEWHERE: ReadonlyMap<string, RevenueAccount> = new Map([
  ['NO_SHOW_FEE', 'revenue:no_show'],
  ['MONTHLY_PASS', 'revenue:passes'],
]);

/** Which account holds what was paid in that way. */
export function takerAccount(method: PaymentMethod): Account {
  return TAKERS[method];
}

const TAKERS = {
  CARD: 'provider:clearing',
  CASH: 'cash:drawer',
  TERMINAL: 'terminal:clearing',
} as const satisfies Record<PaymentMethod, Account>;

/** Money that was earned: `taxMinor` of `amountMinor` is tax. */
interface Earned {
  readonly lotId: string;
  readonly causeId: string;
  readonly currency: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
}

/** Credits of an amount that was earned, its tax apart; turned round with `sign` 1. Without lines that would be zero. */
export function earnedLines(account: Account, earned: Pick<Earned, 'amountMinor' | 'taxMinor'>, sign: 1 | -1): Line[] {
  const { amountMinor, taxMinor } = earned;
  return withoutZero([
    { account, amountMinor: sign * (amountMinor - taxMinor) },
    { account: 'tax:payable', amountMinor: sign * taxMinor },
  ]);
}

/**
 * Posts that money came in. `amountMinor` is what the payment is worth to whoever paid: `debtMinor` of it pays what stood
 * open as debt, the rest is earned now, `taxMinor` of that rest being tax. `takenMinor` is what the taker holds of it, which
 * rounding to coins may have made another amount.
 */
export async function postPaymentCaptured(
  tx: Transaction,
  captured: Earned & {
    method: PaymentMethod;
    revenue: RevenueAccount;
    debtMinor: number;
    takenMinor: number;
  },
): Promise<'FIRST' | 'AGAIN'> {
  const { lotId, causeId, currency, amountMinor, taxMinor, debtMinor, takenMinor } = captured;
  const lines: Line[] = [
    { account: takerAccount(captured.method), amountMinor: takenMinor },
    { account: 'debts:receivable', amountMinor: -debtMinor },
    ...earnedLines(captured.revenue, { amountMinor: amountMinor - debtMinor, taxMinor }, -1),
    { account: 'cash:rounding', amountMinor: amountMinor - takenMinor },
  ];
  return post(tx, { lotId, causeKind: 'PAYMENT_CAPTURED', causeId, currency, lines: withoutZero(lines) });
}

/** Posts that something was left owing: earned, and not paid. */
export async function postDebtOpened(tx: Transaction, debt: DebtToPost): Promise<'FIRST' | 'AGAIN'> {
  const { lotId, id: causeId, currency, amountMinor, taxMinor } = debt;
  const lines: Line[] = [
    { account: 'debts:receivable', amountMinor },
    ...earnedLines(revenueAccount(debt.reason), { amountMinor, taxMinor }, -1),
  ];
  return post(tx, { lotId, causeKind: 'DEBT_OPENED', causeId, currency, lines });
}

/** Posts that what was left of a debt is let go of: a loss, whose tax is not owed. `amountMinor` and `taxMinor` are what is left. */
export async function postDebtWaived(tx: Transaction, debt: DebtToPost): Promise<'FIRST' | 'AGAIN'> {
  return postDebtEnd(tx, debt, { causeKind: 'DEBT_WAIVED', account: 'debts:waived' });
}

/** Posts that a debt should not have been: what was earned with it was not. `amountMinor` and `taxMinor` are what is left. */
export async function postDebtReversed(tx: Transaction, debt: DebtToPost): Promise<'FIRST' | 'AGAIN'> {
  return postDebtEnd(tx, debt, { causeKind: 'DEBT_REVERSED', account: revenueAccount(debt.reason) });
}

/** A debt as the books see it. */
export interface DebtToPost {
  readonly lotId: string;
  readonly id: string;
  readonly currency: string;
  readonly reason: string;
  readonly amountMinor: number;
  readonly taxMinor: number;
}

async function postDebtEnd(
  tx: Transaction,
  debt: DebtToPost,
  end: { causeKind: 'DEBT_WAIVED' | 'DEBT_REVERSED'; account: Account },
): Promise<'FIRST' | 'AGAIN'> {
  const { lotId, id: causeId, currency, amountMinor, taxMinor } = debt;
  const lines: Line[] = [
    ...earnedLines(end.account, { amountMinor, taxMinor }, 1),
    { account: 'debts:receivable', amountMinor: -amountMinor },
  ];
  return post(tx, { lotId, causeKind: end.causeKind, causeId, currency, lines });
}

/**
 * Posts that a merchant took over a part of the price of a stay: they owe it, and it is earned, `taxMinor` of it being
 * tax. `causeId` is the validation's id. Nothing for an amount of zero.
 */
export async function postMerchantValidation(tx: Transaction, validated: Earned): Promise<'FIRST' | 'AGAIN'> {
  const { lotId, causeId, currency, amountMinor, taxMinor } = validated;
  if (amountMinor === 0) return 'AGAIN';
  const lines: Line[] = [
    { account: 'validations:merchants', amountMinor },
    ...earnedLines('revenue:parking', { amountMinor, taxMinor }, -1),
  ];
  return post(tx, { lotId, causeKind: 'MERCHANT_VALIDATED', causeId, currency, lines });
}

/** Lines of nothing are no lines. */
export function withoutZero(lines: readonly Line[]): Line[] {
  return lines.filter((line) => line.amountMinor !== 0);
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
