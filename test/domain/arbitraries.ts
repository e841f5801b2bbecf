import fc from 'fast-check';
import type { Period } from '../../src/domain/period.ts';
import { SPOT_TYPES } from '../../src/domain/spot-type.ts';
import type { TariffDocument, TariffRate } from '../../src/domain/tariff/document.ts';
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

const anyRate: fc.Arbitrary<TariffRate> = fc
  .record({
    stepMinutes: fc.constantFrom(1, 7, 15, 20, 30, 45, 60, 90, 1440, 2880),
    stepMinor: fc.integer({ min: 0, max: 2000 }),
    dailyCapMinor: fc.option(fc.integer({ min: 0, max: 10_000 }), { nil: undefined }),
  })
  .map(({ dailyCapMinor, ...rate }) => (dailyCapMinor === undefined ? rate : { ...rate, dailyCapMinor }));

export const anyTariff: fc.Arbitrary<TariffDocument> = fc.record({
  version: fc.constant(1 as const),
  currency: fc.constantFrom('EUR', 'JPY', 'USD'),
  rates: fc.dictionary(fc.constantFrom(...SPOT_TYPES), anyRate, { maxKeys: 3 }),
  defaultRate: anyRate,
  graceMinutes: fc.constantFrom(0, 5, 15, 60),
});

export const anyStay: fc.Arbitrary<StayToPrice> = fc.record({
  tariff: anyTariff,
  timeZone: fc.constantFrom(...ZONES),
  period: anyPeriod,
  spotType: fc.constantFrom(...SPOT_TYPES),
  multiplierPercent: fc.integer({ min: 0, max: 300 }),
});
