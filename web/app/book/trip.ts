import type { SpotType, VehicleClass } from '../../generated/graphql.ts';
import { useKept } from '../frame/kept.ts';
import { nowMs } from '../../data/now.ts';

const QUARTER_MS = 15 * 60_000;
const HOUR_MS = 3_600_000;
const USUAL_HOURS = 2;

/** What somebody looks for; the search and the booking speak of the same one. */
export interface Trip {
  readonly startsAt: string;
  readonly endsAt: string;
  readonly vehicleClass: VehicleClass;
  /** Null: whatever fits. */
  readonly spotType: SpotType | null;
  /** How high the vehicle is, with what stands on it; null: not told. */
  readonly heightCm: number | null;
}

export const VEHICLE_CLASSES = ['CAR', 'SMALL_CAR', 'ELECTRIC_CAR', 'VAN', 'MOTORCYCLE', 'BUS', 'TRUCK'] as const;

/** Kept while the tab is open; one that has begun long ago begins again now. */
export function useTrip(): [Trip, (change: Partial<Trip>) => void] {
  const [kept, keep] = useKept<Trip>('trip', () => tripFrom(nowMs()));
  const trip = Date.parse(kept.endsAt) <= nowMs() ? { ...kept, ...periodFrom(nowMs()) } : kept;
  return [trip, (change) => keep(inOrder(trip, change))];
}

/** Two hours from the next quarter of an hour on. */
function periodFrom(atMs: number): Pick<Trip, 'startsAt' | 'endsAt'> {
  const startMs = Math.ceil(atMs / QUARTER_MS) * QUARTER_MS;
  return {
    startsAt: new Date(startMs).toISOString(),
    endsAt: new Date(startMs + USUAL_HOURS * HOUR_MS).toISOString(),
  };
}

function tripFrom(atMs: number): Trip {
  return { ...periodFrom(atMs), vehicleClass: 'CAR', spotType: null, heightCm: null };
}

/** A start that is moved past the end takes the end along. */
function inOrder(before: Trip, change: Partial<Trip>): Trip {
  const next = { ...before, ...change };
  if (change.startsAt === undefined || change.startsAt < next.endsAt) return next;
  const lengthMs = Date.parse(before.endsAt) - Date.parse(before.startsAt);
  return { ...next, endsAt: new Date(Date.parse(change.startsAt) + lengthMs).toISOString() };
}

/** A start that went by while somebody was typing: it moves, and takes an end that would be gone along. */
export function startedNow(trip: Trip): Partial<Trip> {
  const { startsAt, endsAt } = periodFrom(nowMs());
  return { startsAt, endsAt: trip.endsAt > startsAt ? trip.endsAt : endsAt };
}
