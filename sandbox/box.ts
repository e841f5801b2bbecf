/** One row of the box: a name and a value, or a heading alone. */
export type BoxRow = readonly [string, string] | readonly [string];

/** Draws rows as a box of text, as wide as its longest row. */
export function box(title: string, rows: readonly BoxRow[]): string {
  const nameWidth = Math.max(...rows.map((row) => (row.length === 2 ? row[0].length : 0)));
  const lines = rows.map((row) => (row.length === 2 ? `${row[0].padEnd(nameWidth)}  ${row[1]}` : row[0]));
  const width = Math.max(title.length + 2, ...lines.map((line) => line.length));
  return [
    `╭─ ${title} ${'─'.repeat(width - title.length - 1)}╮`,
    ...lines.map((line) => `│ ${line.padEnd(width)} │`),
    `╰${'─'.repeat(width + 2)}╯`,
  ].join('\n');
}
