import { partitionOf, partitionTag } from '../platform/redis.ts';

/** The keys of commands to the barriers of one gate. */
export function relayKeys(lotId: string, gateId: string) {
  const tag = partitionTag(partitionOf(lotId));
  return {
    tag,
    /** Commands that a relay has still to fetch, by their deadline. */
    waiting: `${tag}:relay:${lotId}:${gateId}`,
    /** Stands for a day after a relay has asked: a gate without one needs nobody to look after its commands. */
    seen: `${tag}:relay-seen:${lotId}:${gateId}`,
    /** Commands of the partition whose end is not written down yet, by their deadline. */
    unwritten: unwrittenKey(tag),
  };
}

export const unwrittenKey = (tag: string): string => `${tag}:relay-unwritten`;

export function commandKey(lotId: string, id: string): string {
  return `${partitionTag(partitionOf(lotId))}:relay-command:${lotId}:${id}`;
}
