import fc from 'fast-check';
import type { Period } from '../../src/domain/period.ts';
import { SPOT_TYPES } from '../../src/domain/spot-type.ts';
import type { Rate, TariffDocument } from '../../src/domain/tariff/document.ts';
import type { StayToPrice } from '../../src/domain/tariff/engine.ts';

export const MINUTE_MS = 60_000;

/** Zones with clock changes of an hour and of half an hour, north and south, and one whose clock changes at midnight. */
export const ZONES = [
  'Europe/Amsterdam',
  'America/Chicago',
  'Australia/Lord_Howe',
  'Asia/Kolkata',
  'America/Santiago',
  'Africa/Cairo',
] as const;

/** Instants around which one of the zones changes its clock. */
const CLOCK_CHANGES = [
  '2026-03-29T01:00:00Z',
  '2026-10-25T01:00:00Z',
  '2026-03-08T08:00:00Z',
  '2026-11-01T07:00:00Z',
  '2026-04-04T15:00:00Z',
  '2026-10-03T15:30:00Z',
  '2026-04-05T03:00:00Z',
  '2026-09-06T04:00:00Z',
  '2026-04-23T22:00:00Z',
  '2026-10-29T21:00:00Z',
].map((text) => Date.parse(text));

const anyStart = fc.oneof(
  fc
    .tuple(fc.constantFrom(...CLOCK_CHANGES), fc.integer({ min: -2 * 1440, max: 600 }))
    .map(([change, minutes]) => change + minutes * MINUTE_MS),
  fc.integer({ min: 0, max: 1440 * 365 }).map((minutes) => Date.parse('2026-01-01T00:00:00Z') + minutes * MINUTE_MS),
);

/** Whole minutes, mostly hours long, sometimes days. */
export const anyPeriod: fc.Arbitrary<Period> = fc
  .tuple(anyStart, fc.oneof(fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 6 * 1440 })))
  .map(([startsAtMs, minutes]) => period(startsAtMs, minutes));

export function period(startsAtMs: number, minutes: number): Period {
  return { startsAt: new Date(startsAtMs), endsAt: new Date(startsAtMs + minutes * MINUTE_MS) };
}

/** A price a block begun, and mostly a maximum of the date that no block is dearer than. */
const anyRate: fc.Arbitrary<Omit<Rate, 'name' | 'spotTypes'>> = fc
  .record({
    blockMinutes: fc.constantFrom(1, 7, 15, 20, 30, 45, 60, 90, 1440, 2880),
    minor: fc.integer({ min: 0, max: 2000 }),
    overMinor: fc.option(fc.integer({ min: 0, max: 8000 })),
  })
  .map(({ blockMinutes, minor, overMinor }) => ({
    bands: [{ name: 'All day', steps: [{ blockMinutes, minor }] }],
    ...(overMinor === null ? {} : { caps: [{ window: 'CALENDAR_DAY' as const, minor: minor + overMinor }] }),
  }));

/** Tariffs of one price a block, by type of spot. */
export const anyTariff: fc.Arbitrary<TariffDocument> = fc
  .record({
    currency: fc.constantFrom('EUR', 'JPY', 'USD'),
    ofTypes: fc.dictionary(fc.constantFrom(...SPOT_TYPES), anyRate, { maxKeys: 3 }),
    ofAll: anyRate,
    graceMinutes: fc.constantFrom(0, 5, 15, 60),
  })
  .map(({ currency, ofTypes, ofAll, graceMinutes }) => ({
    version: 1,
    currency,
    rates: [
      ...SPOT_TYPES.flatMap((spotType) => {
        const rate = ofTypes[spotType];
        return rate === undefined ? [] : [{ name: spotType, spotTypes: [spotType], ...rate }];
      }),
      { name: 'All others', ...ofAll },
    ],
    grace: { minutes: graceMinutes, kind: 'ABSORBED' },
  }));

export const anyStay: fc.Arbitrary<StayToPrice> = fc.record({
  tariff: anyTariff,
  timeZone: fc.constantFrom(...ZONES),
  period: anyPeriod,
  spotType: fc.constantFrom(...SPOT_TYPES),
  multiplierPercent: fc.integer({ min: 0, max: 300 }),
});
