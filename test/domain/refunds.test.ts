import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMinutes } from '../../src/domain/period.ts';
import { DEFAULT_LOT_POLICY, NO_SHOW_FEES } from '../../src/domain/policies.ts';
import type { LotPolicy, NoShowPolicy } from '../../src/domain/policies.ts';
import { cancellationRefund, earlyDepartureRefund, noShowFee } from '../../src/domain/refunds.ts';
import type { PricedReservation } from '../../src/domain/refunds.ts';
import { priceStay } from '../../src/domain/tariff/engine.ts';
import { plainTariff } from '../support/tariffs.ts';
import { anyStay } from './arbitraries.ts';

/** 10:00 to 14:00 for €12.00, three euros an hour. */
const reservation: PricedReservation = {
  policy: { ...DEFAULT_LOT_POLICY, cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 } },
  tariff: plainTariff({ blockMinutes: 60, minor: 300 }),
  timeZone: 'Europe/Berlin',
  spotType: 'STANDARD',
  multiplierPercent: 100,
  period: { startsAt: new Date('2026-06-01T10:00:00Z'), endsAt: new Date('2026-06-01T14:00:00Z') },
  paidMinor: 1200,
};

function at(clock: string): Date {
  return new Date(`2026-06-01T${clock}Z`);
}

function withPolicy(more: Partial<LotPolicy>): PricedReservation {
  return { ...reservation, policy: { ...reservation.policy, ...more } };
}

const anyPercent = fc.integer({ min: 0, max: 100 });
const anyNoShow: fc.Arbitrary<NoShowPolicy> = fc.record({
  fee: fc.constantFrom(...NO_SHOW_FEES),
  fixedMinor: fc.integer({ min: 0, max: 10_000 }),
  percent: anyPercent,
  hours: fc.integer({ min: 1, max: 48 }),
});
const anyPolicy: fc.Arbitrary<LotPolicy> = fc
  .record({
    cancellation: fc.record({
      freeUntilMinutesBefore: fc.integer({ min: 0, max: 2880 }),
      refundPercentAfter: anyPercent,
    }),
    earlyDeparture: fc.record({ refundPercent: anyPercent, minimumChargeMinutes: fc.integer({ min: 0, max: 600 }) }),
    noShow: anyNoShow,
  })
  .map((policy) => ({ ...DEFAULT_LOT_POLICY, ...policy }));
/** Mostly paid as priced; sometimes less (a promotion) or more (an older price). */
const anyReservation: fc.Arbitrary<PricedReservation> = fc
  .tuple(anyStay, anyPolicy, fc.option(fc.integer({ min: 0, max: 50_000 })))
  .map(([stay, policy, paid]) => ({ ...stay, policy, paidMinor: paid ?? priceStay(stay).totalMinor }));

describe('cancelling', () => {
  test.each([
    ['a day before', '2026-05-31T10:00:00Z', 1200, 'FREE_CANCELLATION'],
    ['in the last free minute', '2026-06-01T09:00:00Z', 1200, 'FREE_CANCELLATION'],
    ['a moment later', '2026-06-01T09:00:00.001Z', 600, 'LATE_CANCELLATION'],
    ['after the start', '2026-06-01T10:20:00Z', 600, 'LATE_CANCELLATION'],
    ['after the end', '2026-06-01T14:00:00Z', 0, 'PERIOD_OVER'],
  ])('%s', (...[, now, refundMinor, rule]) => {
    const refund = cancellationRefund({ ...reservation, now: new Date(now) });
    expect(refund).toEqual({ refundMinor, feeMinor: 1200 - refundMinor, rule });
  });

  test('gives back no less the sooner it is done, and splits what was paid', () => {
    fc.assert(
      fc.property(anyReservation, fc.nat({ max: 6000 }), fc.nat({ max: 6000 }), (any, before, sooner) => {
        const late = cancellationRefund({ ...any, now: addMinutes(any.period.endsAt, 60 - before) });
        const early = cancellationRefund({ ...any, now: addMinutes(any.period.endsAt, 60 - before - sooner) });
        expect(early.refundMinor).toBeGreaterThanOrEqual(late.refundMinor);
        for (const { refundMinor, feeMinor } of [late, early]) {
          expect(refundMinor + feeMinor).toBe(any.paidMinor);
          expect(Math.min(refundMinor, feeMinor)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('leaving early', () => {
  test.each([
    ['after an hour and a half', '11:30:00', 600],
    ['within the hour that is charged in any case', '10:10:00', 900],
    ['before the start', '09:50:00', 900],
    ['in the last hour that was begun', '13:30:00', 0],
    ['at the end', '14:00:00', 0],
    ['after the end', '15:00:00', 0],
  ])('%s', (_, clock, refundMinor) => {
    expect(earlyDepartureRefund({ ...reservation, leftAt: at(clock) })).toMatchObject({
      refundMinor,
      chargedMinor: 1200 - refundMinor,
    });
  });

  test('gives back the lot’s share of the unused part, and shows what the used part costs', () => {
    const half = withPolicy({ earlyDeparture: { refundPercent: 50, minimumChargeMinutes: 0 } });
    const refund = earlyDepartureRefund({ ...half, leftAt: at('11:30:00') });
    expect(refund).toMatchObject({ refundMinor: 300, rule: 'EARLY_DEPARTURE', usedPrice: { totalMinor: 600 } });
  });

  test('charges no more than the whole period where the least charge is longer', () => {
    const dear = withPolicy({ earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 600 } });
    const refund = earlyDepartureRefund({ ...dear, leftAt: at('11:00:00') });
    expect(refund).toMatchObject({ refundMinor: 0, usedPeriod: reservation.period });
  });

  test('is not what a driver does who leaves at the end, even after paying too much', () => {
    const refund = earlyDepartureRefund({ ...reservation, paidMinor: 5000, leftAt: at('14:00:00') });
    expect(refund).toMatchObject({ refundMinor: 0, chargedMinor: 5000, rule: 'NOT_EARLY' });
  });

  test('gives nothing back of a price that a promotion has lowered below the used part', () => {
    expect(earlyDepartureRefund({ ...reservation, paidMinor: 500, leftAt: at('11:30:00') }).refundMinor).toBe(0);
  });

  test('gives back no less the sooner it is, never below nothing, never above what was paid', () => {
    fc.assert(
      fc.property(anyReservation, fc.nat({ max: 3000 }), fc.nat({ max: 3000 }), (any, before, sooner) => {
        const leave = (minutes: number) =>
          earlyDepartureRefund({ ...any, leftAt: addMinutes(any.period.endsAt, 30 - minutes) });
        const late = leave(before);
        const early = leave(before + sooner);
        expect(early.refundMinor).toBeGreaterThanOrEqual(late.refundMinor);
        for (const { refundMinor, chargedMinor } of [late, early]) {
          expect(refundMinor + chargedMinor).toBe(any.paidMinor);
          expect(Math.min(refundMinor, chargedMinor)).toBeGreaterThanOrEqual(0);
        }
      }),
      { numRuns: 1000 },
    );
  });
});

describe('not coming', () => {
  test.each<[NoShowPolicy, number]>([
    [{ fee: 'NONE' }, 0],
    [{ fee: 'FIXED', fixedMinor: 500 }, 500],
    [{ fee: 'PERCENT', percent: 25 }, 300],
    [{ fee: 'FIRST_HOURS', hours: 2 }, 600],
    [{ fee: 'FIRST_HOURS', hours: 24 }, 1200],
    [{ fee: 'FULL' }, 1200],
  ])('under %j costs %d', (noShow, feeMinor) => {
    expect(noShowFee(withPolicy({ noShow }))).toEqual({ feeMinor, refundMinor: 1200 - feeMinor, chargeMinor: 0 });
  });

  test.each([
    [1200, { feeMinor: 5000, refundMinor: 0, chargeMinor: 3800 }],
    [0, { feeMinor: 5000, refundMinor: 0, chargeMinor: 5000 }],
    [5001, { feeMinor: 5000, refundMinor: 1, chargeMinor: 0 }],
  ])(
    'under a fixed fee of 5000 costs that whatever was paid: of %d paid, the rest is charged or comes back',
    (paidMinor, fee) => {
      const noShow = { fee: 'FIXED', fixedMinor: 5000 } as const;
      expect(noShowFee({ ...withPolicy({ noShow }), paidMinor })).toEqual(fee);
    },
  );

  test('of a five-day reservation costs the first 24 hours of it', () => {
    const period = { startsAt: at('10:00:00'), endsAt: new Date('2026-06-06T10:00:00Z') };
    const tariff = plainTariff({ blockMinutes: 60, minor: 300, dayMinor: 2000 });
    const booked = { ...withPolicy({ noShow: { fee: 'FIRST_HOURS', hours: 24 } }), period, tariff };
    const paidMinor = priceStay(booked).totalMinor;
    expect(paidMinor).toBe(12_000);
    expect(noShowFee({ ...booked, paidMinor })).toEqual({ feeMinor: 4000, refundMinor: 8000, chargeMinor: 0 });
  });

  test('never costs more than was paid but under a fixed fee, nor less than nothing', () => {
    fc.assert(
      fc.property(anyReservation, (any) => {
        const { feeMinor, refundMinor, chargeMinor } = noShowFee(any);
        expect(feeMinor - chargeMinor + refundMinor).toBe(any.paidMinor);
        expect(Math.min(feeMinor, refundMinor, chargeMinor)).toBeGreaterThanOrEqual(0);
        expect(Math.min(refundMinor, chargeMinor)).toBe(0);
        if (any.policy.noShow.fee !== 'FIXED') expect(chargeMinor).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });
});
