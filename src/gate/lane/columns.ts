/** Items with the same fields, a column a field: what is alike in many stands side by side, and packs to next to nothing. */
export interface Columns {
  readonly keys: readonly string[];
  /** The places of these items in the list. */
  readonly at: readonly number[];
  readonly columns: readonly (readonly unknown[])[];
}

/** A list by columns, a group for each set of fields. */
export function toColumns(items: readonly object[]): Columns[] {
  const groups = Map.groupBy(items.keys(), (at) => JSON.stringify(Object.keys(items[at] ?? {})));
  return [...groups].map(([shape, at]) => {
    const keys = JSON.parse(shape) as string[];
    const columns = keys.map((key) => at.map((place) => (items[place] as Record<string, unknown>)[key]));
    return { keys, at, columns };
  });
}

/** The list that `toColumns` was given. */
export function fromColumns(groups: readonly Columns[]): object[] {
  const items: object[] = [];
  for (const { keys, at, columns } of groups)
    at.forEach((place, row) => {
      items[place] = Object.fromEntries(keys.map((key, column) => [key, columns[column]?.[row]]));
    });
  return items;
}
