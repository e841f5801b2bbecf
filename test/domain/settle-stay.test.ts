import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { RESERVATION_STATES } from '../../src/domain/reservation.ts';
import { settleReservedStay, standingOf } from '../../src/domain/settle-stay.ts';
import { plainTariff } from '../support/tariffs.ts';

const MINUTE_MS = 60_000;
const START_MS = Date.UTC(2026, 5, 1, 8);
const minutes = (count: number) => new Date(START_MS + count * MINUTE_MS);
/** Four hours at 2.00 an hour begun. */
const PROMISED_MINOR = 800;
const tariff = plainTariff({ blockMinutes: 60, minor: 200 });

const anyEnd = fc.record({
  state: fc.constantFrom(...RESERVATION_STATES),
  isReinstated: fc.boolean(),
  paidMinor: fc.integer({ min: 0, max: PROMISED_MINOR }),
  enteredAfter: fc.integer({ min: -15, max: 200 }),
  stayed: fc.integer({ min: 0, max: 600 }),
  refundPercent: fc.integer({ min: 0, max: 100 }),
});
type End = typeof anyEnd extends fc.Arbitrary<infer T> ? T : never;

function settled({ state, isReinstated, paidMinor, enteredAfter, stayed, refundPercent }: End) {
  const earlyDeparture = { refundPercent, minimumChargeMinutes: 60 };
  const reinstatement = isReinstated ? { promisedMinor: PROMISED_MINOR, earlyDeparture } : undefined;
  const stay = {
    ...{ state, paidMinor, tariff, earlyDeparture, reinstatement },
    ...{ timeZone: 'Europe/Helsinki', spotType: 'STANDARD' as const, multiplierPercent: 100 },
    policy: { exitGraceMinutes: 15 },
    period: { startsAt: minutes(0), endsAt: minutes(240) },
    enteredAt: minutes(enteredAfter),
    leftAt: minutes(enteredAfter + stayed),
  };
  return { ...settleReservedStay(stay), standing: standingOf(stay) };
}

test('a reserved stay never gives back more than is paid, and never both asks and gives', () => {
  fc.assert(
    fc.property(anyEnd, (end) => {
      const { dueMinor, refundMinor, totalMinor } = settled(end);
      expect(Math.min(dueMinor, refundMinor)).toBe(0);
      expect(Math.min(dueMinor, refundMinor, totalMinor)).toBeGreaterThanOrEqual(0);
      expect(refundMinor).toBeLessThanOrEqual(end.paidMinor);
    }),
    { numRuns: 3000 },
  );
});

test('a reinstated driver ends up having paid what one pays who came in time', () => {
  fc.assert(
    fc.property(anyEnd, (end) => {
      const late = settled({ ...end, state: 'CHECKED_IN', isReinstated: true });
      const punctual = settled({ ...end, state: 'CHECKED_IN', isReinstated: false, paidMinor: PROMISED_MINOR });
      expect(end.paidMinor + late.dueMinor - late.refundMinor).toBe(
        PROMISED_MINOR + punctual.dueMinor - punctual.refundMinor,
      );
    }),
    { numRuns: 3000 },
  );
});

test('on a right that had ended a stay costs what a walk-in pays from the entry on, less what is still paid', () => {
  const end = { isReinstated: false, enteredAfter: -10, stayed: 100, refundPercent: 100 };
  expect(settled({ ...end, state: 'CANCELLED', paidMinor: 100 })).toMatchObject({
    ...{ standing: 'ENDED', totalMinor: 400, dueMinor: 300, refundMinor: 0 },
  });
  expect(settled({ ...end, state: 'EXPIRED', paidMinor: 800 })).toMatchObject({ dueMinor: 0, refundMinor: 0 });
  expect(settled({ ...end, state: 'COMPLETED', paidMinor: 800 })).toMatchObject({ dueMinor: 400 });
});

test('coming early and leaving early are settled against each other', () => {
  const reserved = { earlyArrival: 'TARIFF' } as const;
  const stay = {
    ...{ state: 'CHECKED_IN' as const, paidMinor: PROMISED_MINOR, tariff: { ...tariff, reserved } },
    ...{ timeZone: 'Europe/Helsinki', spotType: 'STANDARD' as const, multiplierPercent: 100 },
    ...{ policy: { exitGraceMinutes: 15 }, earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 } },
    ...{ period: { startsAt: minutes(0), endsAt: minutes(240) }, enteredAt: minutes(-10) },
  };
  // Three of the four hours were used, and one more for the ten minutes before them.
  expect(settleReservedStay({ ...stay, leftAt: minutes(170) })).toEqual({
    totalMinor: 800,
    dueMinor: 0,
    refundMinor: 0,
  });
  expect(settleReservedStay({ ...stay, leftAt: minutes(110) })).toEqual({
    totalMinor: 600,
    dueMinor: 0,
    refundMinor: 200,
  });
  expect(settleReservedStay({ ...stay, leftAt: minutes(240) })).toEqual({
    totalMinor: 1000,
    dueMinor: 200,
    refundMinor: 0,
  });
});
