import { priceStay } from '../domain/tariff/engine.ts';
import type { TariffDocument } from '../domain/tariff/document.ts';
import type { SpotType } from '../domain/spot-type.ts';

/** What a walk-in owes at an instant: the price of its stay so far, less what it has paid; minor units, never negative. */
export function walkInDue(
  stay: { enteredAt: Date; spotType: SpotType; multiplierPercent: number; paidMinor: number },
  at: { now: Date; tariff: TariffDocument; timeZone: string },
): number {
  const { enteredAt, spotType, multiplierPercent, paidMinor } = stay;
  const { now, tariff, timeZone } = at;
  const { totalMinor } = priceStay({
    tariff,
    timeZone,
    period: { startsAt: enteredAt, endsAt: now },
    spotType,
    multiplierPercent,
  });
  return Math.max(0, totalMinor - paidMinor);
}
