import { Arg, Ctx, Query, Resolver } from 'type-graphql';
import type { Context } from '../context.ts';
import { encodeId, type IdKind } from '../domain/public-id.ts';
import { Refusal } from '../domain/refusal.ts';
import { mayServeLot } from '../domain/viewer.ts';
import type { Cause } from '../payments/ledger.ts';
import { readStatement, type Statement, type StatementOf } from '../payments/statement.ts';
import { statementCsv } from '../payments/statement-csv.ts';
import { Allow } from '../schema/access.ts';
import { money } from '../schema/money.ts';
import { StatementOfInput, StatementType, type StatementLineType } from '../schema/statement.ts';
import { badInput, notFound, requireId, requireLotId } from './payload.ts';

@Resolver(() => StatementType)
export class StatementResolver {
  @Allow('OPERATOR')
  @Query(() => StatementType, {
    description:
      'The postings of a visit, a reservation or some days of a lot, with their sums. NOT_FOUND for lots of others, BAD_USER_INPUT for dates that are none.',
  })
  async statement(
    @Ctx() { em, viewer, loaders }: Context,
    @Arg('of', () => StatementOfInput, { description: 'What it is about.' }) input: StatementOfInput,
  ): Promise<StatementType> {
    try {
      const of = statementOf(input);
      const lot = await loaders.lot(of.lotId);
      if (!lot || !mayServeLot(viewer, lot)) throw notFound('You serve no such lot.');
      return shown(await readStatement(em, of, lot));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw error.code === 'INVALID_INPUT' ? badInput(error.message) : notFound(error.message);
    }
  }
}

function statementOf({ stayId, reservationId, days }: StatementOfInput): StatementOf {
  if (stayId != null) {
    const { lotId, id } = requireLotId('sty', stayId, ['of', 'stayId']);
    return { lotId, stayId: id };
  }
  if (reservationId != null) {
    const { lotId, id } = requireLotId('res', reservationId, ['of', 'reservationId']);
    return { lotId, reservationId: id };
  }
  if (days == null) throw badInput('say what the statement is about');
  const { from, through } = days;
  return { lotId: requireId('lot', days.lotId, ['of', 'days', 'lotId']).id, from, through: through ?? from };
}

function shown(statement: Statement): StatementType {
  const { currency, timeZone, lines, totals, isComplete } = statement;
  const amount = (minor: number) => money(minor, currency);
  const earned = (prefix: string) =>
    totals
      .filter(({ account }) => account.startsWith(prefix))
      .reduce((sum, { debitMinor, creditMinor }) => sum + creditMinor - debitMinor, 0);
  const [netMinor, taxMinor] = [earned('revenue:'), earned('tax:')];
  return {
    ...{ timeZone, isComplete },
    lines: lines.map((line) => shownLine(line, amount)),
    totals: totals.map(({ account, debitMinor, creditMinor }) => ({
      account,
      debit: amount(debitMinor),
      credit: amount(creditMinor),
      balance: amount(debitMinor - creditMinor),
    })),
    tax: { gross: amount(netMinor + taxMinor), net: amount(netMinor), tax: amount(taxMinor) },
    csv: statementCsv(statement),
  };
}

function shownLine(
  line: Statement['lines'][number],
  amount: (minor: number) => ReturnType<typeof money>,
): StatementLineType {
  const { lotId, cause, causeId, amountMinor, postedAt, transactionId, account } = line;
  const kind = KINDS[cause];
  return {
    ...{ postedAt, transactionId, cause, causeId, account },
    about: kind === undefined ? null : encodeId(kind, lotId, causeId),
    debit: amountMinor > 0 ? amount(amountMinor) : null,
    credit: amountMinor < 0 ? amount(-amountMinor) : null,
  };
}

/** What kind of thing each cause happens to; those that the schema does not show by id are left out. */
const KINDS: Readonly<Partial<Record<Cause, IdKind>>> = {
  PAYMENT_CAPTURED: 'pay',
  DISPUTE_OPENED: 'pay',
  DISPUTE_WON: 'pay',
  NO_SHOW_KEPT: 'res',
  NO_SHOW_VOIDED: 'res',
  DEBT_OPENED: 'dbt',
  DEBT_WAIVED: 'dbt',
  DEBT_REVERSED: 'dbt',
  MERCHANT_VALIDATED: 'val',
  SHIFT_OPENED: 'shf',
  SHIFT_CLOSED: 'shf',
};
