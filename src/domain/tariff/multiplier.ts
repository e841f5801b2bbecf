import type { MultiplierPoint, TariffDocument, TariffMultiplier } from './document.ts';

/**
 * What occupancy (percent of the lot's spots, 0–100) makes of the tariff's rates, as an integer percentage: straight lines between
 * the tariff's points, level before the first and after the last, within floor and ceiling; 100 for a tariff without a multiplier.
 * Occupancy is taken to the nearest whole per cent, so that every price is exact.
 */
export function multiplierPercent(tariff: TariffDocument, occupancyPercent: number): number {
  const { multiplier } = tariff;
  if (multiplier === undefined) return 100;
  const occupancy = Math.round(Math.min(100, Math.max(0, occupancyPercent)));
  const percent = interpolate(multiplier.points, occupancy);
  return clamp(percent, multiplier);
}

function interpolate(points: readonly MultiplierPoint[], occupancy: number): number {
  const after = points.find((point) => point.occupancyPercent >= occupancy);
  const before = points.findLast((point) => point.occupancyPercent <= occupancy);
  if (before === undefined || after === undefined) return (before ?? after)?.percent ?? 100;
  const width = after.occupancyPercent - before.occupancyPercent;
  if (width === 0) return before.percent;
  const risen = (after.percent - before.percent) * (occupancy - before.occupancyPercent);
  return Math.floor((2 * (before.percent * width + risen) + width) / (2 * width));
}

function clamp(percent: number, { floorPercent, ceilingPercent }: TariffMultiplier): number {
  return Math.min(ceilingPercent, Math.max(floorPercent, percent));
}
