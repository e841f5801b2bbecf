import fc from 'fast-check';
import { describe, expect, test } from '@jest/globals';
import {
  coveredPeriods,
  localMonth,
  monthLater,
  passHoursProblem,
  startOfLocalDay,
  type MonthlyPassTerms,
  type PassHours,
} from '../../src/domain/monthly-pass.ts';

const FOREVER = { startsAt: Date.parse('2020-01-01T00:00:00Z'), endsAt: Date.parse('2040-01-01T00:00:00Z') };
const HOUR_MS = 3_600_000;
const pass = (hours: PassHours[], more: Partial<MonthlyPassTerms> = {}): MonthlyPassTerms => ({
  id: 'p',
  name: 'Commuter',
  hours,
  ...FOREVER,
  ...more,
});
const period = (startsAt: string, endsAt: string) => ({ startsAt: new Date(startsAt), endsAt: new Date(endsAt) });
const covered = (terms: MonthlyPassTerms, [from, to]: readonly [string, string], timeZone = 'Europe/Helsinki') =>
  coveredPeriods(terms, period(from, to), timeZone).map(({ startsAt, endsAt }) =>
    [startsAt, endsAt].map((at) => at.toISOString().slice(0, 16)),
  );

describe('what a monthly pass covers', () => {
  test('is everything when it has no hours, within its own time', () => {
    const month = pass([], { startsAt: Date.parse('2026-12-01T10:00Z'), endsAt: Date.parse('2027-01-01T10:00Z') });
    expect(covered(month, ['2026-11-30T00:00Z', '2026-12-02T00:00Z'])).toEqual([
      ['2026-12-01T10:00', '2026-12-02T00:00'],
    ]);
    expect(covered(month, ['2026-11-01T00:00Z', '2026-11-02T00:00Z'])).toEqual([]);
  });

  test('is the hours of its days, on the lot’s own clock', () => {
    const weekdays = pass([{ days: ['MON', 'TUE', 'WED', 'THU', 'FRI'], from: '07:00', to: '19:00' }]);
    // Thursday evening until Monday morning; Helsinki is two hours ahead.
    expect(covered(weekdays, ['2026-12-03T12:00Z', '2026-12-07T06:00Z'])).toEqual([
      ['2026-12-03T12:00', '2026-12-03T17:00'],
      ['2026-12-04T05:00', '2026-12-04T17:00'],
      ['2026-12-07T05:00', '2026-12-07T06:00'],
    ]);
  });

  test('runs over midnight and belongs to the day on which it starts', () => {
    const fridays = pass([{ days: ['FRI'], from: '22:00', to: '06:00' }]);
    expect(covered(fridays, ['2026-12-03T00:00Z', '2026-12-06T00:00Z'])).toEqual([
      ['2026-12-04T20:00', '2026-12-05T04:00'],
    ]);
    // Whoever comes on Saturday at one is still in Friday's window.
    expect(covered(fridays, ['2026-12-04T23:00Z', '2026-12-05T12:00Z'])).toEqual([
      ['2026-12-04T23:00', '2026-12-05T04:00'],
    ]);
  });

  test('is told once where windows meet or overlap', () => {
    const shifts = pass([
      { from: '06:00', to: '14:00' },
      { from: '12:00', to: '22:00' },
      { from: '22:00', to: '24:00' },
    ]);
    expect(covered(shifts, ['2026-12-03T00:00Z', '2026-12-04T00:00Z'])).toEqual([
      ['2026-12-03T04:00', '2026-12-03T22:00'],
    ]);
  });

  test.each([
    // The clock goes from 03:00 to 04:00: what begins at 03:30 begins where it goes on.
    ['begins in the hour that is skipped', { from: '03:30', to: '05:00' }, ['2026-03-29T01:00', '2026-03-29T02:00']],
    ['ends in the hour that is skipped', { from: '02:00', to: '03:30' }, ['2026-03-29T00:00', '2026-03-29T01:00']],
  ])('that %s', (_what, window, expected) => {
    expect(covered(pass([{ days: ['SUN'], ...window }]), ['2026-03-28T20:00Z', '2026-03-29T20:00Z'])).toEqual([
      expected,
    ]);
  });

  test('that begins in the hour that comes twice begins the first time, and is an hour longer', () => {
    // The clock goes back from 04:00 to 03:00 at 01:00 UTC.
    const night = pass([{ days: ['SUN'], from: '03:30', to: '06:00' }]);
    expect(covered(night, ['2026-10-24T20:00Z', '2026-10-25T20:00Z'])).toEqual([
      ['2026-10-25T00:30', '2026-10-25T04:00'],
    ]);
  });

  test('on Lord Howe, where the clock moves by half an hour', () => {
    const night = pass([{ from: '22:00', to: '06:00' }]);
    const [[from, to] = []] = covered(night, ['2026-04-04T08:00Z', '2026-04-05T08:00Z'], 'Australia/Lord_Howe');
    expect(Date.parse(`${to}Z`) - Date.parse(`${from}Z`)).toBe(8.5 * HOUR_MS);
  });

  test('lies in the period and in the pass’s own time, in order, without touching', () => {
    const days = ['MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT', 'SUN'] as const;
    const time = fc
      .integer({ min: 0, max: 95 })
      .map((n) => `${String(Math.floor(n / 4)).padStart(2, '0')}:${String((n % 4) * 15).padStart(2, '0')}`);
    const hours = fc.record({ days: fc.subarray([...days], { minLength: 1 }), from: time, to: time });
    const zone = fc.constantFrom('Europe/Helsinki', 'America/Chicago', 'Australia/Lord_Howe', 'Asia/Kathmandu');
    const from = fc.integer({ min: Date.parse('2026-01-01T00:00Z'), max: Date.parse('2026-12-31T00:00Z') });
    fc.assert(
      fc.property(
        fc.tuple(fc.array(hours, { maxLength: 4 }), zone, from, fc.integer({ min: 1, max: 240 })),
        ([given, timeZone, at, length]) => {
          const terms = pass(given.filter(({ from: a, to: b }) => a !== b));
          const asked = { startsAt: new Date(at), endsAt: new Date(at + length * HOUR_MS) };
          const found = coveredPeriods(terms, asked, timeZone);
          found.forEach(({ startsAt, endsAt }, index) => {
            expect(startsAt < endsAt && startsAt >= asked.startsAt && endsAt <= asked.endsAt).toBe(true);
            const next = found[index + 1];
            if (next) expect(endsAt < next.startsAt).toBe(true);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('a month', () => {
  test.each([
    ['2026-12-01T06:00Z', '2027-01-01T06:00Z'],
    ['2027-01-30T22:30Z', '2027-02-27T22:30Z'],
    // Over the change of the clock it is the same time of day that counts.
    ['2027-03-10T06:00Z', '2027-04-10T05:00Z'],
  ])('from %s ends at %s', (from, to) => {
    expect(monthLater(new Date(from), 'Europe/Helsinki')).toEqual(new Date(to));
  });

  test('and a day are those of the lot’s own calendar', () => {
    expect(localMonth(new Date('2026-11-30T22:30Z'), 'Europe/Helsinki')).toBe('2026-12');
    expect(localMonth(new Date('2026-11-30T22:30Z'), 'Europe/London')).toBe('2026-11');
    expect(startOfLocalDay(new Date('2026-11-30T22:30Z'), 'Europe/Helsinki')).toEqual(new Date('2026-11-30T22:00Z'));
  });
});

test.each([
  [[{ days: [] }], 0],
  [
    [
      { from: '07:00', to: '19:00' },
      { from: '7:00', to: '19:00' },
    ],
    1,
  ],
  [[{ from: '07:00' }], 0],
  [[{ from: '24:00', to: '06:00' }], 0],
  [[{ from: '07:00', to: '07:00' }], 0],
] as [PassHours[], number][])('hours %j are not usable, and it says which', (hours, index) => {
  expect(passHoursProblem(hours)).toMatchObject({ index });
});

test('hours that are usable are none, whole days, and windows over midnight', () => {
  expect(passHoursProblem([])).toBeUndefined();
  expect(
    passHoursProblem([{ days: ['SAT'] }, { from: '22:00', to: '06:00' }, { from: '00:00', to: '24:00' }]),
  ).toBeUndefined();
});
