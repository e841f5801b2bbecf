import { DEFAULT_NO_SPOT_REFUND_PERCENT, DEFAULT_PLATE_MATCHING, type LotPolicy } from '../domain/policies.ts';
import type { OpeningHours } from '../domain/opening-hours.ts';
import { encodeId } from '../domain/public-id.ts';
import type { AvailabilitySnapshot } from '../availability/snapshot.ts';
import type { Tariff } from '../entities/tariff.ts';
import { WEEKDAYS, type AvailabilityType, type OpeningHoursType } from '../schema/lot.ts';
import type { LotPolicyType } from '../schema/lot-policy.ts';
import { money } from '../schema/money.ts';
import type { TariffType } from '../schema/tariff.ts';

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
  const { maxConfusions, exactFromMinor } = policy.plateMatching ?? DEFAULT_PLATE_MATCHING;
  return {
    ...policy,
    noShow: { fee, fixed, percent: percent ?? null, hours: hours ?? null },
    plateMatching: { maxConfusions, exactFrom: money(exactFromMinor, currency) },
    noSpotRefundPercent: policy.noSpotRefundPercent ?? DEFAULT_NO_SPOT_REFUND_PERCENT,
    livePass: policy.livePass ?? false,
    lateNoticeMinutes: policy.lateNoticeMinutes ?? 0,
  };
}

export function shownTariff(tariff: Tariff): TariffType & { readonly __typename: 'Tariff' } {
  const { lotId, id, versionNumber, publishedAt, document } = tariff;
  const { currency, grace, multiplier, tax } = document;
  return {
    __typename: 'Tariff',
    id: encodeId('tar', lotId, id),
    versionNumber,
    publishedAt,
    currency,
    document,
    graceMinutes: grace?.minutes ?? 0,
    multiplier: multiplier ? { ...multiplier, points: [...multiplier.points] } : null,
    taxPercent: tax?.percent ?? null,
    taxIncluded: tax?.mode !== 'ADDED',
  };
}
