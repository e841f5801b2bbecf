import { DAY_MS, MINUTE_MS } from '../period.ts';
import type { SpotType } from '../spot-type.ts';
import type { VehicleClass } from '../vehicle.ts';
import { dayOf } from './band-windows.ts';
import type { CompiledOffer } from './compile.ts';
import type { Timeline } from './timeline.ts';
import { visitMinutes } from './visit.ts';
import type { Stretch, Visit } from './visit.ts';
import type { DayWindow } from './windows.ts';

/** Who asks for a price. */
export interface Customer {
  readonly spotType: SpotType;
  readonly vehicleClass: VehicleClass;
  readonly isPassHolder: boolean;
}

/** An offer that a stay fits, and until where on the line it covers the stay. */
export interface FittingOffer {
  readonly offer: CompiledOffer;
  readonly coversUntilMs: number;
}

/** Question 9: the offers that a stay fits, in the order in which the tariff lists them. */
export function fittingOffers(visit: Visit, customer: Customer): FittingOffer[] {
  const fitting: FittingOffer[] = [];
  for (const offer of visit.tariff.offers) {
    if (!takes(offer, customer) || !fitsTimes(offer, visit)) continue;
    const coversUntilMs = coverageEnd(offer, visit);
    if (offer.offer.then === 'NOTHING' && visit.endsMs > coversUntilMs) continue;
    fitting.push({ offer, coversUntilMs });
  }
  return fitting;
}

function takes({ offer }: CompiledOffer, { spotType, vehicleClass, isPassHolder }: Customer): boolean {
  const { spotTypes, vehicleClasses, holdersOnly = false } = offer;
  if (holdersOnly && !isPassHolder) return false;
  return (spotTypes?.includes(spotType) ?? true) && (vehicleClasses?.includes(vehicleClass) ?? true);
}

function fitsTimes({ offer, entry, exit }: CompiledOffer, visit: Visit): boolean {
  const { days, minStayMinutes = 0, maxStayMinutes = Infinity } = offer;
  const { tariff, entryMs, endsMs } = visit;
  const { timeline, classes } = tariff;
  const minutes = visitMinutes(visit);
  if (minutes < minStayMinutes || minutes > maxStayMinutes) return false;
  if (days !== undefined) {
    const entryDay = dayOf(timeline, entryMs);
    if (!days.some((name) => classes.has(entryDay, name))) return false;
  }
  if (entry !== undefined && !openings(timeline, entry, entryMs).some((one) => isEntry(one, entryMs))) return false;
  return exit === undefined || openings(timeline, exit, endsMs).some((one) => isExit(one, endsMs));
}

/** When a window is open around a point: on its date, and on the date before, from which it may have run over midnight. */
function openings(timeline: Timeline, { fromMs, toMs }: DayWindow, atMs: number): Stretch[] {
  const day = dayOf(timeline, atMs);
  return [day, day - 1].map((date) => ({
    fromMs: timeline.when(date * DAY_MS + fromMs),
    toMs: timeline.when(date * DAY_MS + toMs),
  }));
}

function isEntry({ fromMs, toMs }: Stretch, entryMs: number): boolean {
  return fromMs <= entryMs && entryMs < toMs;
}

/** Who leaves at the very end of an exit window has left within it: the end of a stay is not a part of the stay. */
function isExit({ fromMs, toMs }: Stretch, endsMs: number): boolean {
  return fromMs <= endsMs && endsMs <= toMs;
}

/** The earliest end of what the offer names; the first end of its exit window where it names nothing else; else never. */
function coverageEnd({ offer, exit, untilMs }: CompiledOffer, { tariff, entryMs }: Visit): number {
  const { coversMinutes } = offer;
  const ends: number[] = [];
  if (coversMinutes !== undefined) ends.push(entryMs + coversMinutes * MINUTE_MS);
  if (untilMs !== undefined) ends.push(firstAfter(tariff.timeline, entryMs, untilMs));
  if (ends.length === 0 && exit !== undefined) ends.push(firstAfter(tariff.timeline, entryMs, exit.toMs));
  return Math.min(Infinity, ...ends);
}

/** The first time after a point at which the wall shows so many ms after the midnight of some date. */
function firstAfter(timeline: Timeline, afterMs: number, dayMs: number): number {
  for (let day = dayOf(timeline, afterMs) - 1; ; day += 1) {
    const atMs = timeline.when(day * DAY_MS + dayMs);
    if (atMs > afterMs) return atMs;
  }
}
