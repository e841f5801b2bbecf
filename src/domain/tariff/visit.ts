import { MINUTE_MS } from '../period.ts';
import type { CompiledRate, CompiledTariff } from './compile.ts';

/** A stretch of a tariff's line. */
export interface Stretch {
  readonly fromMs: number;
  readonly toMs: number;
}

/** One stay on the line of its tariff, as the rules look at it. All points are in ms on that line. */
export interface Visit {
  readonly tariff: CompiledTariff;
  readonly rate: CompiledRate;
  /** Where the vehicle came in, or where the rates begin again after an offer. */
  readonly entryMs: number;
  /** Where blocks and steps begin: later than the entry by a grace that is deducted (question 6). */
  readonly chargedFromMs: number;
  readonly endsMs: number;
  readonly multiplierPercent: number;
  /** What a monthly pass covers, in order and without overlap. */
  readonly covered: readonly Stretch[];
}

/** How long it is, in minutes of the tariff's line; 0 for one that ends before it begins. */
export function visitMinutes({ entryMs, endsMs }: Visit): number {
  return Math.max(0, endsMs - entryMs) / MINUTE_MS;
}

/** Question 6: whether so short a stay costs nothing. An empty one never does. */
export function isWithinGrace(visit: Visit): boolean {
  return visitMinutes(visit) <= (visit.tariff.document.grace?.minutes ?? 0);
}

/** The same stay from another entry or to another end. */
export function movedVisit(visit: Visit, { entryMs, endsMs }: { entryMs: number; endsMs: number }): Visit {
  return { ...visit, entryMs, endsMs, chargedFromMs: entryMs + deductedMs(visit.tariff) };
}

/** What the rates charge from a point on, as a stay that begins there: no grace, steps and caps from their start. */
export function restOfVisit(visit: Visit, fromMs: number): Visit {
  return { ...visit, entryMs: fromMs, chargedFromMs: fromMs };
}

/** For how long nothing is charged at the beginning of every stay. */
export function deductedMs({ document: { grace } }: CompiledTariff): number {
  return grace?.kind === 'DEDUCTED' ? grace.minutes * MINUTE_MS : 0;
}

/** Whether a monthly pass covers a stay from its entry to its end. */
export function isCovered({ covered, entryMs, endsMs }: Visit): boolean {
  return covered.some(({ fromMs, toMs }) => fromMs <= entryMs && endsMs <= toMs);
}

/** Stretches in order, those that touch joined; empty and backwards ones left out. */
export function joined(stretches: readonly Stretch[]): Stretch[] {
  const result: Stretch[] = [];
  for (const stretch of [...stretches].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = result.at(-1);
    if (stretch.fromMs >= stretch.toMs) continue;
    if (last === undefined || stretch.fromMs > last.toMs) result.push(stretch);
    else result[result.length - 1] = { fromMs: last.fromMs, toMs: Math.max(last.toMs, stretch.toMs) };
  }
  return result;
}
