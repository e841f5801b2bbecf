// A tariff is read once for a zone and kept in the shape in which stays are priced fast: names resolved, times of day in ms, amounts
// in parts of the minor unit (see exact.ts).

import { MINUTE_MS } from '../period.ts';
import { BandCalendar, DayClasses } from './calendar.ts';
import type { Band, Cap, Offer, Rate, Step, TariffDocument } from './document.ts';
import { greatestCommonDivisor, leastCommonMultiple } from './exact.ts';
import type { Timeline } from './timeline.ts';
import { timelineOf } from './timeline.ts';
import { dayWindow } from './windows.ts';
import type { DayWindow } from './windows.ts';

/** One step of a band: it is read from `startsMs` to `endsMs` after the point from which the band's minutes are counted. */
export interface CompiledStep {
  readonly blockMs: number;
  /** What a block costs, in parts. */
  readonly price: bigint;
  readonly startsMs: number;
  readonly endsMs: number;
}

export interface CompiledBand {
  readonly band: Band;
  readonly steps: readonly CompiledStep[];
  readonly cap: bigint | undefined;
}

/** A band on one date. */
export interface BandWindow extends DayWindow {
  readonly band: CompiledBand;
}

export interface CompiledCap {
  readonly cap: Cap;
  readonly limit: bigint;
}

export interface CompiledRate {
  readonly rate: Rate;
  /** Parts a minor unit. */
  readonly scale: bigint;
  readonly caps: readonly CompiledCap[];
  /** The bands that hold on a date. */
  windowsOn(day: number): readonly BandWindow[];
}

export interface CompiledOffer {
  readonly offer: Offer;
  readonly entry: DayWindow | undefined;
  readonly exit: DayWindow | undefined;
  readonly untilMs: number | undefined;
}

export interface CompiledTariff {
  readonly document: TariffDocument;
  readonly timeline: Timeline;
  readonly classes: DayClasses;
  readonly rates: readonly CompiledRate[];
  readonly offers: readonly CompiledOffer[];
}

const compiledTariffs = new WeakMap<TariffDocument, Map<string, CompiledTariff>>();

/** The tariff as stays are priced by it in a zone. The document must not change afterwards; published ones never do. */
export function compileTariff(document: TariffDocument, timeZone: string): CompiledTariff {
  const byZone = compiledTariffs.get(document) ?? new Map<string, CompiledTariff>();
  const known = byZone.get(timeZone);
  if (known !== undefined) return known;
  const compiled = compile(document, timeZone);
  compiledTariffs.set(document, byZone.set(timeZone, compiled));
  return compiled;
}

function compile(document: TariffDocument, timeZone: string): CompiledTariff {
  const classes = new DayClasses(document.calendar ?? {});
  return {
    document,
    timeline: timelineOf(document.clock ?? 'ELAPSED', timeZone),
    classes,
    rates: document.rates.map((rate) => compileRate(rate, document, classes)),
    offers: (document.offers ?? []).map(compileOffer),
  };
}

function compileRate(rate: Rate, document: TariffDocument, classes: DayClasses): CompiledRate {
  const scale = scaleOf(rate, document);
  const bands = rate.bands.map((band) => ({
    band,
    ...(band.days === undefined ? {} : { days: band.days }),
    ...dayWindow(band),
    steps: compileSteps(band.steps, scale),
    cap: band.capMinor === undefined ? undefined : BigInt(band.capMinor) * scale,
  }));
  const calendar = new BandCalendar(classes, bands);
  const known = new Map<number, readonly BandWindow[]>();
  const windowsOn = (day: number): readonly BandWindow[] => {
    const kind = classes.kindOf(day);
    let windows = known.get(kind);
    if (windows === undefined) {
      windows = calendar.on(day).map((band) => ({ band, fromMs: band.fromMs, toMs: band.toMs }));
      known.set(kind, windows);
    }
    return windows;
  };
  const caps = (rate.caps ?? []).map((cap) => ({ cap, limit: BigInt(cap.minor) * scale }));
  return { rate, scale, caps, windowsOn };
}

function compileSteps(steps: readonly Step[], scale: bigint): CompiledStep[] {
  let startsMs = 0;
  return steps.map(({ blockMinutes, minor, perMinutes = blockMinutes, times = Infinity }) => {
    const blockMs = blockMinutes * MINUTE_MS;
    const price = (BigInt(minor) * BigInt(blockMinutes) * scale) / BigInt(perMinutes);
    const step = { blockMs, price, startsMs, endsMs: startsMs + times * blockMs };
    startsMs = step.endsMs;
    return step;
  });
}

/** Into how many parts a minor unit must be cut for every block, and every share of a block that can occur, to be a whole number. */
function scaleOf({ bands }: Rate, { edges, blocks }: TariffDocument): bigint {
  const hasShares = edges === 'CUT' && blocks?.over === 'STAY';
  let scale = 1n;
  for (const { minor, blockMinutes, perMinutes = blockMinutes } of bands.flatMap(({ steps }) => steps)) {
    const length = hasShares ? 1n : BigInt(blockMinutes);
    const per = BigInt(perMinutes) * (hasShares ? BigInt(MINUTE_MS) : 1n);
    scale = leastCommonMultiple(scale, per / greatestCommonDivisor(per, BigInt(minor) * length));
  }
  return scale;
}

function compileOffer(offer: Offer): CompiledOffer {
  const { entry, exit, coversUntil } = offer;
  return {
    offer,
    entry: entry === undefined ? undefined : dayWindow(entry),
    exit: exit === undefined ? undefined : dayWindow(exit),
    untilMs: coversUntil === undefined ? undefined : dayWindow({ from: '00:00', to: coversUntil }).toMs,
  };
}
