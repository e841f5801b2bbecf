import { useEffect, useState } from 'preact/hooks';
import { useLive } from '../../data/ask.ts';
import { ConsoleCountsDocument, type LotCountsFragment } from '../../generated/graphql.ts';

export type Counts = LotCountsFragment;

/** What is subscribed to at once: a list of a thousand lots shows the rest as they were read. */
const MOST_LIVE = 50;

/** The live counts of the first lots of a list, by lot id; a lot is there once it was heard of. */
export function useCounts(lotIds: readonly string[]): ReadonlyMap<string, Counts> {
  const asked = lotIds.slice(0, MOST_LIVE);
  const heard = useLive(ConsoleCountsDocument, { lotIds: asked }, asked.length === 0)?.availability;
  const [counts, setCounts] = useState<ReadonlyMap<string, Counts>>(new Map());
  useEffect(() => {
    if (heard) setCounts((known) => new Map(known).set(heard.lotId, heard));
  }, [heard]);
  return counts;
}
