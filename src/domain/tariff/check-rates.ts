import type { FieldReader } from '../field-reader.ts';
import { AMOUNT, BLOCK_MINUTES, MAX_STAY_MINUTES, readDays, readList, readName, readTakes } from './check-parts.ts';
import { readTimeOfDay, readWindow } from './check-parts.ts';
import { CAP_WINDOWS, STEP_RESTARTS } from './document.ts';
import type { Band, Cap, Rate, Step } from './document.ts';

const MOST_RATES = 20;
const MOST_BANDS = 50;
const MOST_STEPS = 20;
const MOST_CAPS = 10;
const DAY_MINUTES = 24 * 60;

/** The rates: the first that takes a stay prices it, so the last must take all and none may stand behind one that does. */
export function readRates(reader: FieldReader): Rate[] {
  const rates = readList(reader, { field: 'rates', least: 1, most: MOST_RATES, read: readRate });
  rates.forEach((rate, index) => {
    const takesAll = rate.spotTypes === undefined && rate.vehicleClasses === undefined;
    const isLast = index === rates.length - 1;
    if (isLast && !takesAll) {
      reader.refuse(
        `rates[${index}]`,
        'must take every spot and vehicle: leave out spotTypes and vehicleClasses here, or add a rate',
      );
    }
    if (!isLast && takesAll) {
      reader.refuse(`rates[${index}]`, 'takes every stay, so those after it never would: move it to the end');
    }
  });
  return rates;
}

function readRate(reader: FieldReader): Rate {
  const rate = {
    name: readName(reader),
    ...readTakes(reader),
    bands: readList(reader, { field: 'bands', least: 1, most: MOST_BANDS, read: readBand }),
    ...(reader.has('caps')
      ? { caps: readList(reader, { field: 'caps', least: 0, most: MOST_CAPS, read: readCap }) }
      : {}),
    ...(reader.has('stepsRestart') ? { stepsRestart: reader.oneOf('stepsRestart', STEP_RESTARTS, 'STAY') } : {}),
  };
  refuseLowCaps(reader, rate);
  refuseFallingCaps(reader, rate.caps ?? []);
  return rate;
}

function readBand(reader: FieldReader): Band {
  const isPart = [reader.has('from'), reader.has('to')].includes(true);
  return {
    name: readName(reader),
    ...(reader.has('days') ? { days: readDays(reader) } : {}),
    ...(isPart ? readWindow(reader) : {}),
    steps: readSteps(reader),
    ...(reader.has('capMinor') ? { capMinor: reader.integer('capMinor', AMOUNT) } : {}),
  };
}

function readSteps(reader: FieldReader): Step[] {
  const steps = readList(reader, { field: 'steps', least: 1, most: MOST_STEPS, read: readStep });
  steps.forEach((step, index) => {
    const isLast = index === steps.length - 1;
    const field = `steps[${index}].times`;
    if (isLast && step.times !== undefined)
      reader.refuse(field, 'must be left out of the last step: it goes on for ever');
    if (!isLast && step.times === undefined) reader.refuse(field, 'must be told: only the last step goes on for ever');
  });
  return steps;
}

function readStep(reader: FieldReader): Step {
  return {
    blockMinutes: reader.integer('blockMinutes', BLOCK_MINUTES),
    minor: reader.integer('minor', AMOUNT),
    ...(reader.has('perMinutes') ? { perMinutes: reader.integer('perMinutes', BLOCK_MINUTES) } : {}),
    ...(reader.has('times') ? { times: reader.integer('times', { min: 1, max: 100_000 }) } : {}),
  };
}

function readCap(reader: FieldReader): Cap {
  const window = reader.oneOf('window', CAP_WINDOWS, 'ROLLING');
  if (!reader.has('window')) reader.refuse('window', `must be told: one of ${CAP_WINDOWS.join(', ')}`);
  if (window !== 'ROLLING' && reader.has('minutes'))
    reader.refuse('minutes', 'is only for ROLLING: a day has its own length');
  if (window !== 'BUSINESS_DAY' && reader.has('dayStartsAt')) reader.refuse('dayStartsAt', 'is only for BUSINESS_DAY');
  return {
    window,
    ...(reader.has('minutes') ? { minutes: reader.integer('minutes', { min: 1, max: MAX_STAY_MINUTES }) } : {}),
    ...(window === 'BUSINESS_DAY' ? { dayStartsAt: readTimeOfDay(reader, 'dayStartsAt') } : {}),
    minor: reader.integer('minor', AMOUNT),
    ...(reader.has('repeats') ? { repeats: reader.boolean('repeats', true) } : {}),
  };
}

/** A cap below one block would make that block's price a lie on the sign. */
function refuseLowCaps(reader: FieldReader, rate: Rate): void {
  const dearest = Math.max(0, ...rate.bands.map(dearestBlockMinor));
  rate.caps?.forEach(({ minor }, index) => {
    if (minor >= dearest) return;
    reader.refuse(`caps[${index}].minor`, `must be ${Math.ceil(dearest)} or higher: one block of this rate costs that`);
  });
  rate.bands.forEach((band, index) => {
    const blockMinor = dearestBlockMinor(band);
    if (band.capMinor === undefined || band.capMinor >= blockMinor) return;
    reader.refuse(`bands[${index}].capMinor`, `must be ${Math.ceil(blockMinor)} or higher: one block of it costs that`);
  });
}

function dearestBlockMinor({ steps }: Band): number {
  return Math.max(
    0,
    ...steps.map(({ minor, blockMinutes, perMinutes = blockMinutes }) => (minor * blockMinutes) / perMinutes),
  );
}

/** A week that costs at most less than a day does is a slip of the pen. */
function refuseFallingCaps(reader: FieldReader, caps: readonly Cap[]): void {
  caps.forEach((cap, index) => {
    const shorter = caps.find((other) => windowMinutes(other) < windowMinutes(cap) && other.minor > cap.minor);
    if (shorter === undefined) return;
    const least = `${shorter.minor}, what ${windowMinutes(shorter)} minutes cost at most`;
    reader.refuse(`caps[${index}].minor`, `must not be below ${least}: its window is longer`);
  });
}

function windowMinutes(cap: Cap): number {
  return cap.window === 'ROLLING' ? (cap.minutes ?? DAY_MINUTES) : DAY_MINUTES;
}
