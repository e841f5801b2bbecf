/** What stands in a cell: what is read on the page, and what a computer reads of it. */
export interface Cell {
  readonly shown: string;
  readonly plain: string | number;
}

export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** As wide signs, too, which some spreadsheets read as the usual ones. */
const FORMULA = /^\s*[=+\-@|%＝＋－＠]|^[\t\r\n]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/**
 * A table as CSV, each column and row that is shown and no other. A text that a spreadsheet would take for a formula has an apostrophe put
 * before it; the first character marks it as UTF-8.
 */
export function csvOf({ columns, rows }: Table): string {
  const lines = [columns, ...rows.map((row) => row.map(({ plain }) => String(plain)))];
  return `\uFEFF${lines.map((line) => line.map(field).join(',')).join('\r\n')}\r\n`;
}

function field(text: string): string {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n;\t]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** Saves a table on this device. */
export function saveCsv(name: string, table: Table): void {
  const address = URL.createObjectURL(new Blob([csvOf(table)], { type: 'text/csv;charset=utf-8' }));
  const link = document.createElement('a');
  link.href = address;
  link.download = `${name}.csv`;
  link.click();
  URL.revokeObjectURL(address);
}
