import type { FieldReader } from '../field-reader.ts';
import {
  AMOUNT,
  MAX_STAY_MINUTES,
  readDays,
  readList,
  readName,
  readTakes,
  readTimeOfDay,
  readWindow,
} from './check-parts.ts';
import { AFTER_OFFER } from './document.ts';
import type { Offer, TimeWindow } from './document.ts';
import { minuteOfDay } from './windows.ts';

const MOST_OFFERS = 50;
const DAY_MINUTES = 24 * 60;
const MINUTES = { min: 1, max: MAX_STAY_MINUTES };

/** The flat prices; one that no stay can ever fit is refused. */
export function readOffers(reader: FieldReader): Offer[] {
  return readList(reader, { field: 'offers', least: 0, most: MOST_OFFERS, read: readOffer });
}

function readOffer(reader: FieldReader): Offer {
  const offer = {
    name: readName(reader),
    minor: reader.integer('minor', AMOUNT),
    ...readFit(reader),
    ...readCoverage(reader),
    ...(reader.has('holdersOnly') ? { holdersOnly: reader.boolean('holdersOnly', false) } : {}),
    ...readTakes(reader),
    ...(reader.has('priority') ? { priority: reader.integer('priority', { min: 0, max: 1000 }) } : {}),
  };
  refuseNeverFitting(reader, offer);
  return offer;
}

function readFit(reader: FieldReader): Omit<Offer, 'name' | 'minor'> {
  return {
    ...(reader.has('days') ? { days: readDays(reader) } : {}),
    ...(reader.has('entry') ? { entry: readOfferWindow(reader.section('entry')) } : {}),
    ...(reader.has('exit') ? { exit: readOfferWindow(reader.section('exit')) } : {}),
    ...(reader.has('minStayMinutes') ? { minStayMinutes: reader.integer('minStayMinutes', MINUTES) } : {}),
    ...(reader.has('maxStayMinutes') ? { maxStayMinutes: reader.integer('maxStayMinutes', MINUTES) } : {}),
  };
}

function readCoverage(reader: FieldReader): Omit<Offer, 'name' | 'minor'> {
  return {
    ...(reader.has('coversMinutes') ? { coversMinutes: reader.integer('coversMinutes', MINUTES) } : {}),
    ...(reader.has('coversUntil') ? { coversUntil: readTimeOfDay(reader, 'coversUntil', true) } : {}),
    ...(reader.has('then') ? { then: reader.oneOf('then', AFTER_OFFER, 'RATES') } : {}),
  };
}

function readOfferWindow(reader: FieldReader): TimeWindow {
  const window = readWindow(reader);
  reader.refuseUnknown();
  return window;
}

function refuseNeverFitting(reader: FieldReader, offer: Offer): void {
  const { minStayMinutes = 0, maxStayMinutes = Infinity, coversMinutes = Infinity, entry, exit } = offer;
  if (minStayMinutes > maxStayMinutes) {
    reader.refuse('minStayMinutes', 'must not be above maxStayMinutes: no stay would fit');
  }
  if (offer.then === 'NOTHING' && minStayMinutes > coversMinutes) {
    reader.refuse('minStayMinutes', 'must not be above coversMinutes where nothing comes after: no stay would fit');
  }
  if (entry !== undefined && exit !== undefined && maxStayMinutes <= minutesBetween(entry, exit)) {
    const least = minutesBetween(entry, exit) + 1;
    reader.refuse('maxStayMinutes', `must be ${least} or higher: the exit window is farther from the entry window`);
  }
}

/** How long it is at least from an entry in one window to an exit in the other; −1 where they share a minute. */
function minutesBetween(entry: TimeWindow, exit: TimeWindow): number {
  const after = (from: string, to: string): number => (minuteOfDay(to) - minuteOfDay(from) + DAY_MINUTES) % DAY_MINUTES;
  const isShared =
    after(entry.from, exit.from) < after(entry.from, entry.to) ||
    after(exit.from, entry.from) <= after(exit.from, exit.to);
  return isShared ? -1 : after(entry.to, exit.from);
}
