import type { EntityManager } from '@mikro-orm/postgresql';
import { fits, fittingSpotTypes } from '../domain/fit.ts';
import { isOpenAt } from '../domain/opening-hours.ts';
import { checkPeriod, type Period, type PeriodRefusal } from '../domain/period.ts';
import { Refusal } from '../domain/refusal.ts';
import type { SpotType } from '../domain/spot-type.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Lot } from '../entities/lot.ts';
import { Tariff } from '../entities/tariff.ts';

/** What a driver is told of a period that is refused. */
export const PERIOD_MESSAGES: Readonly<Record<PeriodRefusal, string>> = {
  PERIOD_BACKWARDS: 'The period must end after it starts.',
  PERIOD_IN_PAST: 'The period starts in the past.',
  PERIOD_TOO_SHORT: 'The period is shorter than this lot takes.',
  PERIOD_TOO_LONG: 'The period is longer than this lot takes.',
  PERIOD_TOO_FAR_AHEAD: 'The period starts later than this lot takes reservations for.',
};

/**
 * The lot, when it takes reservations, and its tariff in force: one statement, because every quote and every booking begins with it.
 * Refuses with LOT_NOT_FOUND and LOT_CLOSED.
 */
export async function findOpenLot(em: EntityManager, lotId: string): Promise<{ lot: Lot; tariff: Tariff }> {
  const [row] = await em.execute<{ lot: Record<string, unknown>; tariff: Record<string, unknown> }[]>(
    `SELECT to_jsonb(lot) AS lot, to_jsonb(tariff) AS tariff
     FROM lot JOIN tariff ON tariff.lot_id = lot.id WHERE lot.id = ? ORDER BY tariff.version_number DESC LIMIT 1`,
    [lotId],
  );
  if (!row) throw new Refusal('LOT_NOT_FOUND', 'There is no such lot.', { field: ['lotId'] });
  const lot = em.map(Lot, row.lot);
  if (lot.state === 'CLOSED')
    throw new Refusal('LOT_CLOSED', 'This lot takes no reservations now.', { field: ['lotId'] });
  return { lot, tariff: em.map(Tariff, row.tariff) };
}

/** A period, and what says whether it may be booked. */
interface WantedPeriod {
  readonly lot: Pick<Lot, 'policy' | 'openingHours' | 'timeZone'>;
  readonly tariff: Pick<Tariff, 'document'>;
  readonly period: Period;
}

/**
 * Refuses a period that the lot would not book, with the PERIOD_ reasons in their order, then LOT_CLOSED when it starts outside the
 * opening hours. The longest stay is that of the lot's policy or of its tariff, whichever is shorter.
 */
export function refusePeriod({ lot, tariff, period }: WantedPeriod, now: Date): void {
  const { minStayMinutes: minMinutes, maxStayMinutes, maxAdvanceDays } = lot.policy;
  const maxMinutes = Math.min(maxStayMinutes, tariff.document.longestStayMinutes ?? Infinity);
  const reason = checkPeriod(period, { now, minMinutes, maxMinutes, maxAdvanceDays });
  if (reason) throw new Refusal(reason, PERIOD_MESSAGES[reason], { field: ['period'] });
  if (!isOpenAt(lot.openingHours, lot.timeZone, period.startsAt)) {
    throw new Refusal('LOT_CLOSED', 'The lot lets nobody in at the time the period starts.', {
      field: ['period', 'startsAt'],
    });
  }
}

/** The spot types to look into, best fit first. Refuses with SPOT_DOES_NOT_FIT when the type asked for does not take the vehicle. */
export function wantedTypes(spotType: SpotType | undefined, vehicleClass: VehicleClass): readonly SpotType[] {
  if (spotType === undefined) return fittingSpotTypes(vehicleClass);
  if (fits(vehicleClass, spotType)) return [spotType];
  throw new Refusal('SPOT_DOES_NOT_FIT', 'Spots of this type do not take this vehicle.', { field: ['spotType'] });
}
