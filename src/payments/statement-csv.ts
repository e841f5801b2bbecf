import { minorUnitDigits } from '../domain/money.ts';
import { localDateTime } from '../domain/tariff/local-time.ts';
import type { Statement } from './statement.ts';

const HEAD = 'posted_at,local_time,cause,cause_id,transaction_id,account,debit,credit,currency';

/** The lines of a statement for a spreadsheet: one a row, amounts as decimals, the lot's own time beside the instant. */
export function statementCsv({ lines, currency, timeZone }: Statement): string {
  const digits = minorUnitDigits(currency);
  const rows = lines.map(({ postedAt, cause, causeId, transactionId, account, amountMinor }) =>
    [
      postedAt.toISOString(),
      localDateTime(postedAt.getTime(), timeZone),
      ...[cause, causeId, transactionId, account],
      amountMinor > 0 ? decimal(amountMinor, digits) : '',
      amountMinor < 0 ? decimal(-amountMinor, digits) : '',
      currency,
    ].join(','),
  );
  return [HEAD, ...rows, ''].join('\r\n');
}

/** "12.05" from (1205, 2). */
function decimal(amountMinor: number, digits: number): string {
  if (digits === 0) return String(amountMinor);
  const text = String(amountMinor).padStart(digits + 1, '0');
  return `${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
