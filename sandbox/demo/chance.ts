// Chance that is the same every time: the demo data of two machines differ in their dates only.

import { formatUuid } from '../../src/platform/ids.ts';

export interface Chance {
  /** At least `min`, at most `max`, whole. */
  int(min: number, max: number): number;
  /** True in this share of the cases. */
  happens(share: number): boolean;
  pick<T>(list: readonly T[]): T;
  bytes(count: number): Uint8Array;
  /** A UUIDv7 that sorts by `at`. */
  id(at: Date): string;
}

/** mulberry32: small, fast, good enough for a city of pretend drivers. */
export function createChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1));
  const bytes = (count: number) => Uint8Array.from({ length: count }, () => int(0, 255));
  return {
    int,
    bytes,
    happens: (share) => next() < share,
    pick: (list) => {
      const picked = list[int(0, list.length - 1)];
      if (picked === undefined) throw new RangeError('nothing to pick from');
      return picked;
    },
    id: (at) => {
      const id = Buffer.from(bytes(16));
      id.writeUIntBE(at.getTime(), 0, 6);
      id[6] = 0x70 | ((id[6] ?? 0) & 0x0f);
      id[8] = 0x80 | ((id[8] ?? 0) & 0x3f);
      return formatUuid(id);
    },
  };
}
