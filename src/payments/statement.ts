import type { EntityManager } from '@mikro-orm/postgresql';
import { Refusal } from '../domain/refusal.ts';
import { localDaysPeriod } from '../domain/local-days.ts';
import { ACCOUNTS, type Account, type Cause } from './ledger.ts';

/** Whose movements: those of one visit, of one reservation, or of a lot's local days, the last one included. */
export type StatementOf =
  | { readonly lotId: string; readonly stayId: string }
  | { readonly lotId: string; readonly reservationId: string }
  | { readonly lotId: string; readonly from: string; readonly through: string };

/** One side of a posting. Positive amounts are debits, negative ones credits. */
export interface StatementLine {
  readonly lotId: string;
  readonly postedAt: Date;
  readonly transactionId: string;
  readonly cause: Cause;
  readonly causeId: string;
  readonly account: Account;
  readonly amountMinor: number;
}

export interface AccountTotal {
  readonly account: Account;
  readonly debitMinor: number;
  readonly creditMinor: number;
}

export interface Statement {
  readonly currency: string;
  readonly timeZone: string;
  /** In the order of posting; the first 5,000. */
  readonly lines: readonly StatementLine[];
  /** Of all lines, also those beyond the 5,000; in the order of the ledger's table. */
  readonly totals: readonly AccountTotal[];
  readonly isComplete: boolean;
}

const MOST_LINES = 5000;
const MOST_DAYS = 366;
const DAY_MS = 24 * 3600_000;

/**
 * Every posting that belongs to a stay, a reservation or some days of a lot, with the sums by account: each amount can be followed to its
 * cause. Days are the lot's own. Reads only. Refuses with INVALID_INPUT (dates that are none, or more than 366).
 */
export async function readStatement(
  em: EntityManager,
  of: StatementOf,
  lot: { currency: string; timeZone: string },
): Promise<Statement> {
  const { currency, timeZone } = lot;
  const [condition, values] = 'from' in of ? ofDays(of, timeZone) : [OF_VISIT, visitValues(of)];
  const where = `FROM ledger_entry WHERE lot_id = ? AND ${condition}`;
  const [rows, sums] = await Promise.all([
    em.execute<(Omit<StatementLine, 'amountMinor'> & { amountMinor: string })[]>(
      `SELECT lot_id AS "lotId", posted_at AS "postedAt", transaction_id AS "transactionId", cause_kind AS cause, cause_id AS "causeId",
         account, amount_minor AS "amountMinor" ${where} ORDER BY posted_at, transaction_id, amount_minor DESC LIMIT ${MOST_LINES + 1}`,
      [of.lotId, ...values],
    ),
    em.execute<{ account: Account; debit: string; credit: string }[]>(
      `SELECT account, coalesce(sum(amount_minor) FILTER (WHERE amount_minor > 0), 0) AS debit,
         coalesce(-sum(amount_minor) FILTER (WHERE amount_minor < 0), 0) AS credit ${where} GROUP BY account`,
      [of.lotId, ...values],
    ),
  ]);
  return {
    ...{ currency, timeZone },
    lines: rows.slice(0, MOST_LINES).map((row) => ({
      ...row,
      postedAt: new Date(row.postedAt),
      amountMinor: Number(row.amountMinor),
    })),
    totals: sums
      .map(({ account, debit, credit }) => ({ account, debitMinor: Number(debit), creditMinor: Number(credit) }))
      .toSorted((a, b) => ACCOUNTS.indexOf(a.account) - ACCOUNTS.indexOf(b.account)),
    isComplete: rows.length <= MOST_LINES,
  };
}

function ofDays({ from, through }: { from: string; through: string }, timeZone: string): [string, unknown[]] {
  const period = localDaysPeriod({ from, through }, timeZone);
  const days = period ? (period.endsAt.getTime() - period.startsAt.getTime()) / DAY_MS : 0;
  if (!period || days > MOST_DAYS + 1)
    throw new Refusal(
      'INVALID_INPUT',
      `Send two dates like 2026-11-20, the later one second, at most ${MOST_DAYS} days.`,
      {
        field: ['of', 'days'],
      },
    );
  return ['posted_at >= ? AND posted_at < ?', [period.startsAt, period.endsAt]];
}

/** What a visit or a reservation has to do with: its payments, what they left as debts, the payments of those, refunds, validations. */
const OF_VISIT = `cause_id IN (
  WITH visit AS (
    SELECT ?::uuid AS lot_id, ?::uuid AS stay_id, ?::uuid AS reservation_id
  ), stays AS (
    SELECT stay.id FROM stay JOIN visit ON visit.lot_id = stay.lot_id AND (stay.id = visit.stay_id OR stay.reservation_id = visit.reservation_id)
  ), charged AS (
    SELECT payment.id FROM payment JOIN visit ON visit.lot_id = payment.lot_id
    WHERE payment.reservation_id = visit.reservation_id OR payment.stay_id IN (SELECT id FROM stays)
  ), owed AS (
    SELECT debt.id FROM debt JOIN visit ON visit.lot_id = debt.lot_id
    WHERE debt.payment_id IN (SELECT id FROM charged) OR debt.stay_id IN (SELECT id FROM stays)
  ), paid AS (
    SELECT id FROM charged UNION
    SELECT payment.id FROM payment JOIN visit ON visit.lot_id = payment.lot_id WHERE payment.debt_id IN (SELECT id FROM owed)
  )
  SELECT id FROM paid UNION ALL SELECT id FROM owed
  UNION ALL SELECT refund.id FROM refund JOIN visit ON visit.lot_id = refund.lot_id WHERE refund.payment_id IN (SELECT id FROM paid)
  UNION ALL SELECT validation.id FROM validation JOIN visit ON visit.lot_id = validation.lot_id
    WHERE validation.stay_id IN (SELECT id FROM stays) OR validation.reservation_id = visit.reservation_id
  UNION ALL SELECT reservation_id FROM visit WHERE reservation_id IS NOT NULL)`;

function visitValues(of: { lotId: string; stayId: string } | { lotId: string; reservationId: string }): unknown[] {
  return [of.lotId, 'stayId' in of ? of.stayId : null, 'reservationId' in of ? of.reservationId : null];
}
