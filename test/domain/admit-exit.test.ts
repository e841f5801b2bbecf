import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { admitExit } from '../../src/domain/admission.ts';
import type { Right, StayAtExit } from '../../src/domain/admission.ts';
import { MINUTE_MS } from './arbitraries.ts';

/** The reservation of these tests: 10:00 to 14:00, exit grace until 14:15. */
const TEN = Date.parse('2026-06-01T10:00:00Z');
const policy = { exitGraceMinutes: 15 };

function at(clock: string): Date {
  return new Date(`2026-06-01T${clock.length === 5 ? `${clock}:00` : clock}Z`);
}

function rightOf(more: Partial<Right> = {}): Right {
  return {
    ...{ lotId: 'lot', reservationId: 'reservation', revision: 1, state: 'CHECKED_IN' },
    ...{ startsAt: TEN, endsAt: TEN + 240 * MINUTE_MS, paidMinor: 1000, currency: 'EUR' },
    ...{ spotId: 'spot', spotLabel: '2-117', directions: null, code: 'PK-7Q3M-2F' },
    ...more,
  };
}

describe('an exit', () => {
  const earlyDeparture = { refundPercent: 100, minimumChargeMinutes: 60 };
  const reinstatement = { promisedMinor: 800, earlyDeparture };
  const reserved: StayAtExit = { stayId: 'stay', kind: 'RESERVED', enteredAt: TEN, right: rightOf(), dueMinor: 0 };
  const walkIn: StayAtExit = { stayId: 'stay', kind: 'WALK_IN', enteredAt: TEN, dueMinor: 600 };
  const paidAtEleven = { ...walkIn, paidUntil: at('11:00').getTime() };

  test.each<[string, StayAtExit | undefined, string, string, number]>([
    ['early', reserved, '11:00', 'OPEN STAY_PREPAID', 0],
    ['in the last minute of the exit grace', { ...reserved, dueMinor: 250 }, '14:15', 'OPEN STAY_PREPAID', 0],
    ['over its time', { ...reserved, dueMinor: 250 }, '14:15:00.001', 'OPEN BILLED_LATER', 250],
    ['over its time where that costs nothing', reserved, '15:00', 'OPEN NOTHING_DUE', 0],
    [
      'on a reservation that was cancelled before the gate heard of it',
      { ...reserved, right: rightOf({ state: 'CANCELLED' }), dueMinor: 250 },
      '11:00',
      'OPEN BILLED_LATER',
      250,
    ],
    [
      'of a driver who was reinstated after a no-show had paid back',
      { ...reserved, right: rightOf({ state: 'CHECKED_IN', reinstatement }), dueMinor: 250 },
      '11:00',
      'OPEN BILLED_LATER',
      250,
    ],
    [
      'of a reinstated driver who owes nothing',
      { ...reserved, right: rightOf({ state: 'CHECKED_IN', reinstatement }) },
      '11:00',
      'OPEN NOTHING_DUE',
      0,
    ],
    [
      'over its time, and paid for it at a till',
      { ...reserved, dueMinor: 250, paidUntil: at('15:00').getTime() },
      '15:10',
      'OPEN STAY_PAID',
      0,
    ],
    ['of a walk-in who owes nothing', { ...walkIn, dueMinor: 0 }, '10:05', 'OPEN NOTHING_DUE', 0],
    ['of a walk-in who has paid', paidAtEleven, '11:15', 'OPEN STAY_PAID', 0],
    ['of a walk-in who paid and then lingered', paidAtEleven, '11:15:00.001', 'ASK PAYMENT_DUE', 600],
    ['of a walk-in who owes', walkIn, '12:00', 'ASK PAYMENT_DUE', 600],
    [
      'of a reserved stay whose right is gone',
      { stayId: 'stay', kind: 'RESERVED', enteredAt: TEN, dueMinor: 9 },
      '12:00',
      'OPEN BILLED_LATER',
      9,
    ],
    ['of a vehicle that nobody knows', undefined, '12:00', 'OPEN BILLED_LATER', 0],
  ])('%s', (...[, stay, clock, expected, dueMinor]) => {
    const decision = admitExit({ stay, policy, observedAt: at(clock) });
    expect(`${decision.action} ${decision.reason}`).toBe(expected);
    expect(decision.dueMinor).toBe(dueMinor);
    expect(decision.stayId).toBe(stay?.stayId);
  });

  test('of a vehicle that nobody knows leaves an incident', () => {
    const decision = admitExit({ stay: undefined, policy, observedAt: at('12:00') });
    expect(decision).toMatchObject({ action: 'OPEN', incident: 'UNKNOWN_STAY' });
  });

  test('is never denied, and asks only a walk-in who owes', () => {
    const anyStay = fc.record(
      {
        stayId: fc.constant('stay'),
        kind: fc.constantFrom('RESERVED' as const, 'WALK_IN' as const),
        enteredAt: fc.constant(TEN),
        right: fc.constant(rightOf()),
        paidUntil: fc.integer({ min: TEN, max: TEN + 600 * MINUTE_MS }),
        dueMinor: fc.integer({ min: 0, max: 5000 }),
      },
      { requiredKeys: ['stayId', 'kind', 'enteredAt', 'dueMinor'] },
    );
    fc.assert(
      fc.property(anyStay, fc.integer({ min: 0, max: 900 }), (stay, minutes) => {
        const decision = admitExit({ stay, policy, observedAt: new Date(TEN + minutes * MINUTE_MS) });
        if (decision.action === 'OPEN') return;
        expect(decision.reason).toBe('PAYMENT_DUE');
        expect([stay.kind, stay.dueMinor > 0]).toEqual(['WALK_IN', true]);
      }),
      { numRuns: 2000 },
    );
  });
});
