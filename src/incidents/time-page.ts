/** A page of rows in the order of their making: `from` is the sort key (creation in ms, id) of the row before it. */
export interface TimePage {
  readonly limit: number;
  readonly direction: 'FORWARD' | 'BACKWARD';
  readonly from: readonly [createdAtMs: number, id: string] | undefined;
}

type Beyond = { createdAt: Date; id: { $lt?: string; $gt?: string } } | { createdAt: { $lt?: Date; $gt?: Date } };

/** The condition for rows after (BACKWARD: before) `from`, the newest first. */
export function beyond({ from, direction }: TimePage): { $or?: Beyond[] } {
  if (!from) return {};
  const createdAt = new Date(from[0]);
  const further = direction === 'FORWARD' ? ('$lt' as const) : ('$gt' as const);
  return { $or: [{ createdAt: { [further]: createdAt } }, { createdAt, id: { [further]: from[1] } }] };
}
