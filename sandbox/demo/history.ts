// Ninety days in the life of a lot: who reserved, who came, who did not, who just drove in, and what everybody paid.

import { Temporal } from 'temporal-polyfill';
import { fittingSpotTypes } from '../../src/domain/fit.ts';
import { addMinutes, MINUTE_MS, type Period } from '../../src/domain/period.ts';
import type { SpotType } from '../../src/domain/spot-type.ts';
import { multiplierPercent } from '../../src/domain/tariff/multiplier.ts';
import type { Spot } from '../../src/entities/spot.ts';
import type { Chance } from './chance.ts';
import type { DemoLot } from './lots.ts';
import { plateOf, vehicleClassOf, type DemoDriver, type DemoVehicle } from './people.ts';

export const HISTORY_DAYS = 90;
const RESERVATIONS_A_SPOT_AND_DAY = 0.065;
const WALK_INS_A_SPOT_AND_DAY = 0.05;
const LONG_STAY_SHARE = 0.1;
const QUARTER_MINUTES = 15;
/** Monday first. */
const WEEKDAY_PERCENT = [95, 105, 110, 105, 125, 100, 60];
/** The hours at which people come; the busy ones stand there more often. */
const ARRIVAL_HOURS = [6, 7, 7, 8, 8, 8, 9, 9, 10, 11, 12, 12, 13, 14, 15, 16, 17, 17, 18, 18, 19, 20, 22];

/** One visit that was wanted and for which there was a spot. */
export interface PastVisit {
  readonly period: Period;
  readonly spot: Spot;
  readonly vehicle: DemoVehicle;
  readonly multiplierPercent: number;
}

export interface PastVisits {
  readonly reserved: PastVisit[];
  readonly walkedIn: PastVisit[];
}

/** What nobody may use twice at a time, and when each of it is free again (ms). */
type FreeAgain = Map<string, number>;

/** The visits of a lot's last ninety days, all over by `now`. No spot and no vehicle is in two of them at once. */
export function imagineVisits(
  demo: { chance: Chance; now: Date },
  lot: DemoLot,
  drivers: readonly DemoDriver[],
): PastVisits {
  const visits: PastVisits = { reserved: [], walkedIn: [] };
  const freeAgain: FreeAgain = new Map();
  const locals = drivers.filter((driver) => driver.home === lot.city);
  for (let daysAgo = HISTORY_DAYS; daysAgo >= 1; daysAgo--) {
    for (const { period, isReserved } of arrivalsOf(demo, lot, daysAgo)) {
      const vehicle = isReserved ? demo.chance.pick(demo.chance.pick(locals).vehicles) : stranger(demo.chance, lot);
      const spot = takeSpot(lot, freeAgain, { vehicle, period, chance: demo.chance });
      if (!spot) continue;
      const percent = multiplierPercent(lot.tariff.document, demo.chance.int(10, 95));
      (isReserved ? visits.reserved : visits.walkedIn).push({ period, spot, vehicle, multiplierPercent: percent });
    }
  }
  return visits;
}

interface Arrival {
  readonly period: Period;
  readonly isReserved: boolean;
}

function arrivalsOf(demo: { chance: Chance; now: Date }, lot: DemoLot, daysAgo: number): Arrival[] {
  const { chance, now } = demo;
  const today = Temporal.Instant.fromEpochMilliseconds(now.getTime())
    .toZonedDateTimeISO(lot.city.timeZone)
    .startOfDay();
  const day = today.subtract({ days: daysAgo });
  const busy = ((WEEKDAY_PERCENT[day.dayOfWeek - 1] ?? 100) * chance.int(80, 120)) / 10_000;
  const count = (rate: number) => Math.round(lot.spots.length * rate * busy);
  const arrivals = [
    ...Array.from({ length: count(RESERVATIONS_A_SPOT_AND_DAY) }, () => true),
    ...Array.from({ length: count(WALK_INS_A_SPOT_AND_DAY) }, () => false),
  ].map((isReserved) => {
    const minute = chance.int(0, 3) * QUARTER_MINUTES;
    const startsAt = new Date(day.add({ hours: chance.pick(ARRIVAL_HOURS), minutes: minute }).epochMilliseconds);
    return { period: { startsAt, endsAt: addMinutes(startsAt, stayMinutes(chance)) }, isReserved };
  });
  const isOver = ({ period }: Arrival) => period.endsAt.getTime() < now.getTime() - 60 * MINUTE_MS;
  return arrivals.filter(isOver).sort((a, b) => a.period.startsAt.getTime() - b.period.startsAt.getTime());
}

function stayMinutes(chance: Chance): number {
  if (chance.happens(LONG_STAY_SHARE)) return chance.int(1, 5) * 24 * 60;
  return chance.pick([1, 2, 2, 3, 3, 4, 4, 4, 5, 6, 8, 9]) * 60 + chance.int(0, 3) * QUARTER_MINUTES;
}

/** Who walks in has no account here: a plate is all there is. */
function stranger(chance: Chance, lot: DemoLot): DemoVehicle {
  const { country } = lot.city;
  return { id: '', driverId: '', plate: plateOf(chance, country), country, vehicleClass: vehicleClassOf(chance) };
}

function takeSpot(
  lot: DemoLot,
  freeAgain: FreeAgain,
  wish: { vehicle: DemoVehicle; period: Period; chance: Chance },
): Spot | undefined {
  const { vehicle, period, chance } = wish;
  const startsAtMs = period.startsAt.getTime();
  const isFree = (key: string) => (freeAgain.get(key) ?? 0) <= startsAtMs;
  if (!isFree(vehicle.plate)) return undefined;
  const accessible = chance.happens(0.02);
  for (const spotType of fittingSpotTypes(vehicle.vehicleClass, { accessible })) {
    const spot = spotsOfType(lot, spotType).find(({ id }) => isFree(id));
    if (!spot) continue;
    // An hour between two visits: late leavers are no conflict here.
    const againMs = period.endsAt.getTime() + 60 * MINUTE_MS;
    freeAgain.set(spot.id, againMs).set(vehicle.plate, againMs);
    return spot;
  }
  return undefined;
}

function spotsOfType(lot: DemoLot, spotType: SpotType): Spot[] {
  return lot.spots.filter((spot) => spot.spotType === spotType && spot.inService);
}
