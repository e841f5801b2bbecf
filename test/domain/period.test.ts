import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addMinutes, checkPeriod, contains, covers, durationMinutes, overlaps } from '../../src/domain/period.ts';
import type { PeriodLimits } from '../../src/domain/period.ts';
import { anyPeriod, period } from './arbitraries.ts';

const now = new Date('2026-06-01T12:00:00Z');
const limits: PeriodLimits = { now, minMinutes: 15, maxMinutes: 1440, pastToleranceMinutes: 5, maxAdvanceDays: 30 };

function inMinutes(startsIn: number, minutes: number) {
  return period(addMinutes(now, startsIn).getTime(), minutes);
}

describe('half-open periods', () => {
  test('that only touch do not overlap', () => {
    expect(overlaps(inMinutes(0, 60), inMinutes(60, 60))).toBe(false);
    expect(overlaps(inMinutes(0, 61), inMinutes(60, 60))).toBe(true);
  });

  test('cover their start and not their end', () => {
    const hour = inMinutes(0, 60);
    expect(covers(hour, hour.startsAt)).toBe(true);
    expect(covers(hour, hour.endsAt)).toBe(false);
    expect(covers(hour, addMinutes(hour.startsAt, -1))).toBe(false);
  });

  test('overlap exactly when they share a minute, whichever is asked first', () => {
    const near = fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(near, near, ([startA, minutesA], [startB, minutesB]) => {
        const a = inMinutes(startA, minutesA);
        const b = inMinutes(startB, minutesB);
        const minutes = Array.from({ length: 60 }, (_, minute) => addMinutes(now, minute));
        const shared = minutes.some((minute) => covers(a, minute) && covers(b, minute));
        expect(overlaps(a, b)).toBe(shared);
        expect(overlaps(b, a)).toBe(shared);
        expect(contains(a, b)).toBe(minutes.every((minute) => !covers(b, minute) || covers(a, minute)));
      }),
      { numRuns: 1000 },
    );
  });

  test('last the minutes that pass', () => {
    fc.assert(fc.property(anyPeriod, (any) => addMinutes(any.startsAt, durationMinutes(any)) >= any.endsAt));
    expect(durationMinutes(inMinutes(0, 90))).toBe(90);
    expect(durationMinutes(inMinutes(0, -90))).toBe(-90);
  });
});

describe('what a lot would book', () => {
  test.each([
    ['an hour from now', inMinutes(60, 60), undefined],
    ['the shortest stay', inMinutes(60, 15), undefined],
    ['the longest stay', inMinutes(60, 1440), undefined],
    ['a start that the network delayed', inMinutes(-5, 60), undefined],
    ['the last start that may be booked ahead', inMinutes(30 * 1440, 60), undefined],
    ['an empty period', inMinutes(60, 0), 'PERIOD_BACKWARDS'],
    ['a backwards period', inMinutes(60, -60), 'PERIOD_BACKWARDS'],
    ['a backwards period in the past', inMinutes(-600, -60), 'PERIOD_BACKWARDS'],
    ['a start that is no date', { startsAt: new Date(NaN), endsAt: now }, 'PERIOD_BACKWARDS'],
    ['an end that is no date', { startsAt: now, endsAt: new Date(NaN) }, 'PERIOD_BACKWARDS'],
    ['a start that has passed', inMinutes(-6, 60), 'PERIOD_IN_PAST'],
    ['less than the shortest stay', inMinutes(60, 14), 'PERIOD_TOO_SHORT'],
    ['more than the longest stay', inMinutes(60, 1441), 'PERIOD_TOO_LONG'],
    ['a start too far ahead', inMinutes(30 * 1440 + 1, 60), 'PERIOD_TOO_FAR_AHEAD'],
  ])('%s', (_, asked, refusal) => {
    expect(checkPeriod(asked, limits)).toBe(refusal);
  });

  test('five minutes of delay are tolerated unless the lot says otherwise', () => {
    expect(checkPeriod(inMinutes(-5, 60), { now, maxMinutes: 60 })).toBeUndefined();
    expect(checkPeriod(inMinutes(-6, 60), { now, maxMinutes: 60 })).toBe('PERIOD_IN_PAST');
    expect(checkPeriod(inMinutes(-1, 60), { now, maxMinutes: 60, pastToleranceMinutes: 0 })).toBe('PERIOD_IN_PAST');
  });
});
