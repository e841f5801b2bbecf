// What the drivers of a city are going to do: who books, who comes, when, and who does not keep to it. Pure: one seed, one day.

import { Temporal } from 'temporal-polyfill';
import { MINUTE_MS } from '../../src/domain/period.ts';
import type { VehicleClass } from '../../src/domain/vehicle.ts';
import { createChance, type Chance } from '../demo/chance.ts';
import { plateOf, vehicleClassOf } from '../demo/people.ts';

export const HOUR_MS = 60 * MINUTE_MS;

/** What a lot is to those who plan: where it is and how much room it has. */
export interface PlannedLot {
  readonly code: string;
  readonly country: string;
  readonly timeZone: string;
  readonly spots: number;
}

/** What a driver makes of a reservation. */
export type Habit = 'KEEPS_TO_IT' | 'DOES_NOT_COME' | 'LEAVES_EARLY' | 'STAYS_ON' | 'CALLS_IT_OFF';

/** One visit; instants in ms. */
export interface PlannedVisit {
  readonly lotCode: string;
  readonly plate: string;
  readonly country: string;
  readonly vehicleClass: VehicleClass;
  /** When it is reserved; null for who just drives in. */
  readonly booksAtMs: number | null;
  readonly startsAtMs: number;
  readonly endsAtMs: number;
  readonly arrivesAtMs: number;
  readonly leavesAtMs: number;
  readonly habit: Habit;
}

export interface PlanSetting {
  readonly seed: number;
  readonly lots: readonly PlannedLot[];
  /** Arrivals an hour and spot in an average hour. */
  readonly tempo: number;
  /** How long people stay, and how long before they reserve: 1 as usual. */
  readonly stayTimes?: number;
}

/** Percent of the average, by the lot's own hour, from midnight on. */
const HOUR_PERCENT = [
  20, 15, 12, 12, 15, 30, 70, 130, 170, 150, 120, 115, 130, 120, 110, 115, 130, 160, 165, 140, 105, 80, 55, 35,
];
/** Monday first. */
const WEEKDAY_PERCENT = [95, 105, 110, 105, 125, 100, 60];
const RESERVED_SHARE = 0.45;
const STAY_MINUTES = [10, 15, 20, 25, 30, 30, 40, 45, 60, 60, 90, 120];
const MEAN_STAY_HOURS = 0.76;
/** Once an hour there is something on near one of the lots: for so long, more come to it than it has spots. */
const EVENT_MINUTES = 20;
const EVENT_SHARE = 1.2;
/** What the shortest reservation is rounded up to. */
const LEAST_MINUTES = 15;

/** The visits whose first step lies in the hour that begins at `hourMs`, by the time of that step. */
export function planHour(setting: PlanSetting, hourMs: number): PlannedVisit[] {
  const times = setting.stayTimes ?? 1;
  const visits = setting.lots.flatMap((lot, index) => {
    const chance = createChance(seedOf(setting.seed, index, hourMs));
    return minutesOf(setting, { lot, index }, hourMs).flatMap(({ atMs, expected }) => {
      const count = Math.floor(expected) + (chance.happens(expected % 1) ? 1 : 0);
      return Array.from({ length: count }, () => {
        return visitFrom(chance, { lot, times }, atMs + chance.int(0, MINUTE_MS - 1));
      });
    });
  });
  return visits.sort((a, b) => firstStepMs(a) - firstStepMs(b));
}

/** Who is to be inside already when the city is first looked at: one in each lot, then the next in each. */
export function planCrowd(setting: PlanSetting, nowMs: number): PlannedVisit[] {
  return setting.lots.flatMap((lot, index) => {
    const chance = createChance(seedOf(setting.seed + 1, index, 0));
    const times = setting.stayTimes ?? 1;
    const share = Math.min(0.6, Math.max(0.12, setting.tempo * times * MEAN_STAY_HOURS * busy(lot, nowMs)));
    return Array.from({ length: Math.round(lot.spots * share) }, (_, place) => {
      const stayMs = chance.pick(STAY_MINUTES) * times * MINUTE_MS;
      const leavesAtMs = nowMs + Math.max(MINUTE_MS / 2, Math.round((stayMs * chance.int(1, 100)) / 100));
      return { ...walkIn(chance, { lot, times }, nowMs + place), endsAtMs: leavesAtMs, leavesAtMs };
    });
  });
}

export const firstStepMs = (visit: PlannedVisit) => visit.booksAtMs ?? visit.arrivesAtMs;

function seedOf(seed: number, index: number, hourMs: number): number {
  return (Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(index + 1, 0x85ebca6b) ^ Math.floor(hourMs / HOUR_MS)) >>> 0;
}

function minutesOf(
  { seed, lots, tempo }: PlanSetting,
  { lot, index }: { lot: PlannedLot; index: number },
  hourMs: number,
): { atMs: number; expected: number }[] {
  const event = eventOf({ seed, lots }, hourMs);
  const base = (lot.spots * tempo * busy(lot, hourMs)) / 60;
  return Array.from({ length: 60 }, (_, minute) => {
    const isEvent = event.index === index && minute >= event.fromMinute && minute < event.fromMinute + EVENT_MINUTES;
    const guests = isEvent ? (lot.spots * EVENT_SHARE) / EVENT_MINUTES : 0;
    return { atMs: hourMs + minute * MINUTE_MS, expected: base + guests };
  });
}

/** Near which lot something is on in an hour, and from which minute on its guests come. */
export function eventOf(
  { seed, lots }: Pick<PlanSetting, 'seed' | 'lots'>,
  hourMs: number,
): { index: number; fromMinute: number } {
  const chance = createChance(seedOf(seed, 1000, hourMs));
  return { index: chance.int(0, lots.length - 1), fromMinute: chance.int(2, 30) };
}

/** How busy a lot is at a time, 1 on average. */
function busy({ timeZone }: PlannedLot, atMs: number): number {
  const local = Temporal.Instant.fromEpochMilliseconds(atMs).toZonedDateTimeISO(timeZone);
  return ((HOUR_PERCENT[local.hour] ?? 100) * (WEEKDAY_PERCENT[local.dayOfWeek - 1] ?? 100)) / 10_000;
}

/** Where somebody parks, and how long people stay there. */
interface Place {
  readonly lot: PlannedLot;
  readonly times: number;
}

function visitFrom(chance: Chance, place: Place, atMs: number): PlannedVisit {
  const visit = walkIn(chance, place, atMs);
  return chance.happens(RESERVED_SHARE) ? reserved(chance, visit, place.times) : visit;
}

function walkIn(chance: Chance, { lot, times }: Place, atMs: number): PlannedVisit {
  const leavesAtMs = atMs + chance.pick(STAY_MINUTES) * times * MINUTE_MS + chance.int(0, MINUTE_MS);
  return {
    ...{ lotCode: lot.code, plate: plateOf(chance, lot.country), country: lot.country },
    vehicleClass: vehicleClassOf(chance),
    booksAtMs: null,
    ...{ startsAtMs: atMs, endsAtMs: leavesAtMs, arrivesAtMs: atMs, leavesAtMs },
    habit: 'KEEPS_TO_IT',
  };
}

/** The same vehicle, but its driver has asked for a spot first, and then does as drivers do. */
function reserved(chance: Chance, visit: PlannedVisit, times: number): PlannedVisit {
  const booksAtMs = visit.arrivesAtMs;
  const wholeMinute = Math.ceil(booksAtMs / MINUTE_MS) * MINUTE_MS;
  const minutes = (usual: number) => Math.ceil(usual * times);
  const startsAtMs = wholeMinute + minutes(chance.pick([5, 10, 15, 20, 30, 45, 60, 120])) * MINUTE_MS;
  const stayMinutes = Math.max(LEAST_MINUTES, minutes(chance.pick([30, 45, 60, 60, 90, 120])));
  const endsAtMs = startsAtMs + stayMinutes * MINUTE_MS;
  const habit = chance.pick(HABITS);
  const arrivesAtMs = startsAtMs + chance.int(0, Math.min(8, minutes(8))) * MINUTE_MS;
  return {
    ...visit,
    booksAtMs,
    startsAtMs,
    endsAtMs,
    arrivesAtMs,
    habit,
    leavesAtMs: leaving(chance, { startsAtMs, endsAtMs }, habit),
  };
}

const HABITS: readonly Habit[] = [
  ...Array.from({ length: 14 }, () => 'KEEPS_TO_IT' as const),
  ...(['DOES_NOT_COME', 'LEAVES_EARLY', 'LEAVES_EARLY', 'LEAVES_EARLY', 'STAYS_ON', 'CALLS_IT_OFF'] as const),
];

function leaving(
  chance: Chance,
  { startsAtMs, endsAtMs }: { startsAtMs: number; endsAtMs: number },
  habit: Habit,
): number {
  if (habit === 'LEAVES_EARLY') return startsAtMs + Math.round(((endsAtMs - startsAtMs) * chance.int(55, 75)) / 100);
  if (habit === 'STAYS_ON') return endsAtMs + chance.int(10, 40) * MINUTE_MS;
  return endsAtMs - chance.int(0, 2) * MINUTE_MS;
}
