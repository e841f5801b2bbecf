import { useClient } from '@urql/preact';
import type { RefObject } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import {
  ConsoleCountsDocument,
  type ConsoleCountsSubscription,
  type LotCountsFragment,
} from '../../generated/graphql.ts';

export type Counts = LotCountsFragment;

/** What is subscribed to at once. */
const MOST_LIVE = 50;
/** A list that is scrolled through is not subscribed to on the way. */
const SETTLE_MS = 300;

/**
 * The live counts of lots by their id, over one subscription; a lot is there once it was heard of. However many are heard of at once, the
 * page is drawn once a frame.
 */
export function useCounts(lotIds: readonly string[]): ReadonlyMap<string, Counts> {
  const client = useClient();
  const [counts, setCounts] = useState<ReadonlyMap<string, Counts>>(new Map());
  const asked = lotIds.slice(0, MOST_LIVE).join();
  useEffect(() => {
    if (asked === '') return undefined;
    let heard: [string, Counts][] = [];
    let frame = 0;
    const tell = () => {
      const news = heard;
      heard = [];
      frame = 0;
      setCounts((known) => new Map([...known, ...news]));
    };
    const live = client.subscription<ConsoleCountsSubscription>(ConsoleCountsDocument.toString(), {
      lotIds: asked.split(','),
    });
    const subscription = live.subscribe(({ data }) => {
      if (!data) return;
      heard.push([data.availability.lotId, data.availability]);
      frame ||= requestAnimationFrame(tell);
    });
    return () => {
      subscription.unsubscribe();
      cancelAnimationFrame(frame);
    };
  }, [client, asked]);
  return counts;
}

/** The same for a list of any length: live are the lots that are in sight, each an element with `data-lot`. */
export function useCountsInSight(lotIds: readonly string[]): {
  readonly list: RefObject<HTMLUListElement | null>;
  readonly counts: ReadonlyMap<string, Counts>;
} {
  const list = useRef<HTMLUListElement>(null);
  const [inSight, setInSight] = useState<readonly string[]>([]);
  useEffect(() => {
    const seen = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const observer = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const id = target.getAttribute('data-lot') ?? '';
        if (isIntersecting) seen.add(id);
        else seen.delete(id);
      }
      clearTimeout(timer);
      timer = setTimeout(() => setInSight([...seen].toSorted()), SETTLE_MS);
    });
    for (const lot of list.current?.children ?? []) observer.observe(lot);
    return () => {
      clearTimeout(timer);
      observer.disconnect();
    };
  }, [lotIds.length, lotIds[0]]);
  return { list, counts: useCounts(inSight) };
}
