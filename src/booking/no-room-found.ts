import type { Alternative } from '../availability/alternatives.ts';
import { contains, type Period } from '../domain/period.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import type { SpotType } from '../domain/spot-type.ts';
import { monotonicMs } from '../platform/clock.ts';
import type { Platform } from '../platform/platform.ts';

/** A search that found no way to make room by moving others: NONE, proven; GAVE_UP, not within its bound. */
export interface NoRoomFound {
  readonly outcome: NoRoom;
  /** On the monotonic clock. */
  readonly foundMs: number;
  /** What to offer instead, once somebody has asked: the same for all who are refused by it. */
  offers?: Promise<readonly Alternative[]>;
}

type NoRoom = 'NONE' | 'GAVE_UP';

interface Searched {
  readonly lotId: string;
  readonly spotTypes: readonly SpotType[];
  /** What else would take the vehicle is part of the offer. */
  readonly vehicleClass: VehicleClass;
  readonly period: Period;
}

const FRESH_MS = 1000;
/** All are forgotten when there are so many. */
const MOST_KEPT = 1000;

/** MORE_POOLS: the pools that fit do not do alone; with all of the lot's there may be a way. */
type Noted = { readonly period: Period } & (NoRoomFound | { readonly outcome: 'MORE_POOLS'; readonly foundMs: number });
const noted = new WeakMap<Platform, Map<string, Noted>>();
const nameOf = ({ lotId, spotTypes, vehicleClass }: Searched) => `${lotId}:${spotTypes.join('+')}:${vehicleClass}`;

/**
 * What a search of this process found within the last second, for the same pools and a period that lies in this one. Of those who wait
 * behind each other for the lock of a full lot only the first pays for a search (some tens of milliseconds where the lot is large and
 * busy) and for what to offer instead; the others have looked for a free spot themselves and search no more.
 */
export function noRoomFound(platform: Platform, searched: Searched): Noted | undefined {
  const last = noted.get(platform)?.get(nameOf(searched));
  const isFresh = last !== undefined && monotonicMs() - last.foundMs < FRESH_MS;
  return isFresh && contains(searched.period, last.period) ? last : undefined;
}

export function noteNoRoom(platform: Platform, searched: Searched, outcome: NoRoom): NoRoomFound {
  return note(platform, searched, { outcome, period: searched.period, foundMs: monotonicMs() });
}

export function noteMorePools(platform: Platform, searched: Searched): void {
  note(platform, searched, { outcome: 'MORE_POOLS', period: searched.period, foundMs: monotonicMs() });
}

function note<T extends Noted>(platform: Platform, searched: Searched, found: T): T {
  const known = noted.get(platform) ?? new Map<string, Noted>();
  if (known.size >= MOST_KEPT) known.clear();
  noted.set(platform, known.set(nameOf(searched), found));
  return found;
}
