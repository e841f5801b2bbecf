import { priceStay } from '../../src/domain/tariff/engine.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';
import type { Price, Rate, Step, TariffDocument } from '../../src/domain/tariff/document.ts';

/** A place whose clocks stay `offset` from UTC for as long as the table lasts. */
export interface Place {
  readonly timeZone: string;
  readonly offset: string;
}

export const AMSTERDAM: Place = { timeZone: 'Europe/Amsterdam', offset: '+02:00' };

/** A row of a table: from, to (on the wall), the amount, and how it comes about. */
export type Row = readonly [from: string, to: string, minor: number, working: string];

/** "2026-06-01 08:00" on the wall of the place. */
export function at(place: Place, local: string): Date {
  return new Date(`${local.replace(' ', 'T')}${place.offset}`);
}

/** Prices a car on a standard spot, from and to on the wall of the place. */
export function price(
  [tariff, place]: readonly [TariffDocument, Place],
  ...[from, to, more = {}]: readonly [from: string, to: string, more?: Partial<StayToPrice>]
): Price {
  const period = { startsAt: at(place, from), endsAt: at(place, to) };
  return priceStay({
    ...{ tariff, timeZone: place.timeZone, period, spotType: 'STANDARD', multiplierPercent: 100, ...more },
  });
}

/** One price round the clock for everybody. */
export function allDay(steps: readonly Step[], more: Partial<Rate> = {}): Rate[] {
  return [{ name: 'Everybody', bands: [{ name: 'All day', steps }], ...more }];
}

export function hourly(minor: number): Step[] {
  return [{ blockMinutes: 60, minor }];
}

/** What a driver reads of each line: rule, from, to, quantity, unit, amount. */
export function signLines({ lines }: Price): readonly (readonly [string, string, string, number, number, number])[] {
  return lines.map((line) => [
    line.rule,
    line.localFrom.slice(0, 16).replace('T', ' '),
    line.localTo.slice(0, 16).replace('T', ' '),
    line.quantity,
    line.unitMinor,
    line.amountMinor,
  ]);
}
