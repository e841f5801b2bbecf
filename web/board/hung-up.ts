// How a board hangs is said in its address by whoever hangs it up: ?ways=0:left,1:up-right&levels=0,1&lang=fi,en

import { LOCALES, preferredLocale, type Locale } from '../messages/locales.ts';

/** Where an arrow points, in degrees from straight on. */
const WAYS = { up: 0, 'up-right': 45, right: 90, down: 180, left: 270, 'up-left': 315 } as const;
export type Way = keyof typeof WAYS;

export interface HungUp {
  /** The way to each level that has one, by its place from the entrance. */
  readonly ways: ReadonlyMap<number, Way>;
  /** Which levels it tells of, by their places from the entrance; undefined: all. Their sum is the board's. */
  readonly levels: ReadonlySet<number> | undefined;
  /** In which languages it speaks, in turn. */
  readonly locales: readonly [Locale, ...Locale[]];
}

/** Reads the address of a board. What can't be read there says nothing. */
export function readAddress(query: string): HungUp {
  const asked = new URLSearchParams(query);
  const parts = (name: string) => (asked.get(name) ?? '').split(',').map((part) => part.trim());
  const ways = parts('ways').flatMap((pair) => {
    const [ordinal = '', way = ''] = pair.split(':');
    return isOrdinal(ordinal) && way in WAYS ? [[Number(ordinal), way as Way] as const] : [];
  });
  const levels = parts('levels').filter(isOrdinal).map(Number);
  const [first = preferredLocale(), ...others] = parts('lang').filter((text): text is Locale => text in LOCALES);
  return {
    ways: new Map(ways),
    levels: levels.length === 0 ? undefined : new Set(levels),
    locales: [first, ...others],
  };
}

const isOrdinal = (text: string): boolean => /^\d+$/.test(text);
