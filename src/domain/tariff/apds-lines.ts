import { minorUnitDigits } from '../money.ts';
import type { ApdsRateLine } from './apds-model.ts';
import type { Step } from './document.ts';

export interface LinesAsked {
  readonly steps: readonly Step[];
  readonly currency: string;
  /** Never charged, at the beginning of every stay. */
  readonly freeMinutes: number;
}

/**
 * Steps as rate lines with their place in the stay: a step of one block is a tier, one of several or without an end an incrementing rate. The
 * lines add up: each is charged for its own part of the stay.
 */
export function linesOf({ steps, currency, freeMinutes }: LinesAsked): ApdsRateLine[] {
  const lines: Omit<ApdsRateLine, 'sequence'>[] = [];
  if (freeMinutes > 0)
    lines.push({
      ...{ rateLineType: 'flatRateTier', description: 'Free', durationStart: 'PT0M', value: 0 },
      ...{ durationEnd: durationOf(freeMinutes), incrementPeriod: durationOf(freeMinutes), usageCondition: 'once' },
    });
  let startMinutes = freeMinutes;
  for (const { blockMinutes, minor, perMinutes = blockMinutes, times } of steps) {
    const endMinutes = startMinutes + blockMinutes * (times ?? 0);
    lines.push({
      rateLineType: times === 1 ? 'flatRateTier' : 'incrementingRate',
      durationStart: durationOf(startMinutes),
      ...(times === undefined ? {} : { durationEnd: durationOf(endMinutes) }),
      incrementPeriod: durationOf(blockMinutes),
      value: majorOf((minor * blockMinutes) / perMinutes, currency),
      usageCondition: times === 1 ? 'once' : 'unlimited',
    });
    startMinutes = endMinutes;
  }
  return lines.map((line, index) => ({ sequence: index + 1, ...line }));
}

/** 1250 is 12.5 EUR and 1250 JPY. */
export function majorOf(minor: number, currency: string): number {
  return minor / 10 ** minorUnitDigits(currency);
}

/** 90 minutes are "PT1H30M", three days "P3D". */
export function durationOf(minutes: number): string {
  const [days, hours, rest] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  const time = `${hours > 0 ? `${hours}H` : ''}${rest > 0 ? `${rest}M` : ''}`;
  if (days === 0 && time === '') return 'PT0M';
  return `P${days > 0 ? `${days}D` : ''}${time === '' ? '' : `T${time}`}`;
}
