import type { Rate, TariffDocument } from '../../src/domain/tariff/document.ts';

/** The plainest rates there are: every block begun costs the same, day and night, up to a maximum of the date. */
export function plainRates(price: { blockMinutes: number; minor: number; dayMinor?: number }): { rates: Rate[] } {
  const { blockMinutes, minor, dayMinor } = price;
  const bands = [{ name: 'All day', steps: [{ blockMinutes, minor }] }];
  const caps = dayMinor === undefined ? {} : { caps: [{ window: 'CALENDAR_DAY' as const, minor: dayMinor }] };
  return { rates: [{ name: 'All', bands, ...caps }] };
}

/** A tariff in euros of nothing but such rates. */
export function plainTariff(
  price: Parameters<typeof plainRates>[0],
  more: Partial<TariffDocument> = {},
): TariffDocument {
  return { version: 1, currency: 'EUR', ...plainRates(price), ...more };
}
