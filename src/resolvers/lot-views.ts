import type { LotPolicy } from '../domain/policies.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import { encodeId } from '../domain/public-id.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import type { TariffRate } from '../domain/tariff/document.ts';
import type { AvailabilitySnapshot } from '../availability/snapshot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { WEEKDAYS, type AvailabilityType, type OpeningHoursType } from '../schema/lot.ts';
import type { LotPolicyType } from '../schema/lot-policy.ts';
import { money } from '../schema/money.ts';
import type { TariffRateType, TariffType } from '../schema/tariff.ts';

/** A snapshot as the schema shows it: public ids instead of ours. */
export function shownAvailability(snapshot: AvailabilitySnapshot): AvailabilityType {
  const { lotId, version, asOf, total, free, freeForWalkIns, byType, byLevel } = snapshot;
  return {
    lotId: encodeId('lot', null, lotId),
    version,
    asOf: new Date(asOf),
    total,
    free,
    freeForWalkIns,
    byType: byType.map((count) => ({ spotType: count.spotType, total: count.total, free: count.free })),
    byLevel: byLevel.map((count) => ({
      levelId: encodeId('lvl', lotId, count.levelId),
      total: count.total,
      free: count.free,
    })),
  };
}

export function shownOpeningHours(hours: OpeningHours): OpeningHoursType {
  if (hours.kind === 'ALWAYS') return { alwaysOpen: true, windows: [] };
  const windows = hours.days.flatMap(({ day, opens, closes }) => {
    const weekday = WEEKDAYS[day];
    return weekday === undefined ? [] : [{ day: weekday, opens, closes }];
  });
  return { alwaysOpen: false, windows };
}

export function shownPolicy(policy: LotPolicy, currency: string): LotPolicyType {
  const { fee, fixedMinor, percent, hours } = policy.noShow;
  const fixed = fixedMinor === undefined ? null : money(fixedMinor, currency);
  return { ...policy, noShow: { fee, fixed, percent: percent ?? null, hours: hours ?? null } };
}

export function shownTariff({ versionNumber, publishedAt, document }: Tariff): TariffType {
  const { currency, rates, defaultRate, graceMinutes, multiplier, taxPercent } = document;
  const shown = (spotType: TariffRateType['spotType'], rate: TariffRate): TariffRateType => ({
    spotType,
    stepMinutes: rate.stepMinutes,
    step: money(rate.stepMinor, currency),
    dailyCap: rate.dailyCapMinor === undefined ? null : money(rate.dailyCapMinor, currency),
  });
  const own = SPOT_TYPES.flatMap((spotType) => {
    const rate = rates[spotType];
    return rate ? [shown(spotType, rate)] : [];
  });
  return {
    versionNumber,
    publishedAt,
    currency,
    rates: [...own, shown(null, defaultRate)],
    graceMinutes,
    multiplier: multiplier ? { ...multiplier, points: [...multiplier.points] } : null,
    taxPercent: taxPercent ?? null,
  };
}
