// What is refused on publishing because of what rules do together: a minute without a band or with two, a price that no card is charged.

import { describe, expect, test } from '@jest/globals';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';

const hour = [{ blockMinutes: 60, minor: 200 }];
const band = (more: object): object => ({ name: 'Band', steps: hour, ...more });

function refusals(document: unknown): { rule: string; field: string; message: string }[] {
  const result = checkTariffDocument(document, { currency: 'EUR' });
  return 'errors' in result ? result.errors : [];
}

/** A tariff of one rate, with these bands. */
function withBands(bands: readonly object[], more: object = {}): object {
  return { version: 1, currency: 'EUR', rates: [{ name: 'All', bands }], ...more };
}

describe('the bands of a rate', () => {
  test.each<[string, object[], object, RegExp]>([
    ['leave a gap', [band({ from: '08:00', to: '20:00' })], {}, /gap in "All": \w+ .*; no band holds/],
    ['leave half an hour before midnight', [band({ from: '00:00', to: '23:30' })], {}, /gap in "All": MON 23:30–24:00/],
    [
      'overlap',
      [band({ name: 'Day' }), band({ name: 'Rush', from: '07:00', to: '09:00' })],
      {},
      /overlap .*MON 07:00–09:00; "Day" and "Rush" both hold/,
    ],
    [
      'leave the mornings of a weekend',
      [band({ days: ['WEEKEND'], from: '06:00', to: '24:00' }), band({ days: ['WEEKDAY'] })],
      {},
      /gap in "All": SAT 00:00–06:00; no band holds/,
    ],
    [
      'overlap where a night of the weekend runs into a day of the week',
      [
        band({ name: 'Week', days: ['WEEKDAY'] }),
        band({ name: 'Weekend', days: ['WEEKEND'], from: '08:00', to: '20:00' }),
        band({ name: 'Weekend night', days: ['WEEKEND'], from: '20:00', to: '08:00' }),
      ],
      {},
      /overlap in "All": MON 00:00–08:00; "Weekend night" and "Week" both hold.*\n.*gap in "All": SAT 00:00–08:00/,
    ],
    [
      'leave a holiday',
      [band({}), band({ days: ['HOLIDAY'], from: '00:00', to: '12:00' })],
      { calendar: { holidays: ['2026-12-25'] } },
      /gap in "All": 2026-12-25 12:00–24:00/,
    ],
    [
      'overlap on the morning after an event',
      [
        band({}),
        band({ name: 'Late', days: ['EVENT:Fair'], from: '12:00', to: '03:00' }),
        band({ days: ['EVENT:Fair'], from: '00:00', to: '12:00' }),
      ],
      { calendar: { events: [{ name: 'Fair', dates: ['2026-10-01'] }] } },
      /overlap in "All": 2026-10-02 00:00–03:00; "Late"/,
    ],
  ])('are refused where they %s', (...[, bands, more, message]) => {
    const found = refusals(withBands(bands, more));
    expect(found.map(({ rule }) => rule)).toContain('BAND');
    expect(found.map((one) => one.message).join('\n')).toMatch(message);
  });

  test('that change at 05:00 between weekday and weekend cover the week', () => {
    const days = (name: string, of: string[]): object[] => [
      band({ name, days: of, from: '05:00', to: '22:00' }),
      band({ name: `${name} night`, days: of, from: '22:00', to: '05:00' }),
    ];
    expect(refusals(withBands([...days('Week', ['WEEKDAY']), ...days('End', ['WEEKEND'])]))).toEqual([]);
  });

  test('are looked at for the entry’s date alone where its class holds for the whole stay', () => {
    const bands = [
      band({ days: ['WEEKDAY'] }),
      band({ days: ['WEEKEND'], from: '08:00', to: '20:00' }),
      band({ days: ['WEEKEND'], from: '20:00', to: '08:00' }),
    ];
    expect(refusals(withBands(bands, { dayClass: 'ENTRY' }))).toEqual([]);
    expect(refusals(withBands(bands))).not.toEqual([]);
  });
});

describe('a price that no card is charged is refused', () => {
  const step = (minor: number, blockMinutes = 60): object[] => [band({ steps: [{ blockMinutes, minor }] })];
  const minorField = 'rates[0].bands[0].steps[0].minor';

  test.each<[string, object, string, string, RegExp]>([
    ['in a block', withBands(step(49)), 'STEP', minorField, /as little as 49/],
    [
      'under a cap',
      withBands([band({ steps: [{ blockMinutes: 1, minor: 1 }], capMinor: 40 })], {
        grace: { minutes: 60, kind: 'ABSORBED' },
      }),
      'CAP',
      'rates[0].bands[0].capMinor',
      /as little as 40/,
    ],
    [
      'at low demand',
      withBands(step(60), {
        multiplier: { floorPercent: 50, ceilingPercent: 100, points: [{ occupancyPercent: 0, percent: 50 }] },
      }),
      'STEP',
      minorField,
      /as little as 30/,
    ],
    [
      'in the first minute after the grace',
      withBands(step(2, 1), { grace: { minutes: 23, kind: 'ABSORBED' } }),
      'STEP',
      minorField,
      /as little as 48/,
    ],
    [
      'after a grace that is deducted',
      withBands(step(2, 1), { grace: { minutes: 60, kind: 'DEDUCTED' } }),
      'STEP',
      minorField,
      /as little as 2/,
    ],
    [
      'in the first block after free ones',
      withBands([
        band({
          steps: [
            { blockMinutes: 60, minor: 0, times: 2 },
            { blockMinutes: 30, minor: 30 },
          ],
        }),
      ]),
      'STEP',
      'rates[0].bands[0].steps[1].minor',
      /as little as 30/,
    ],
    [
      'once it is rounded',
      withBands(step(59), { rounding: { toMinor: 20, mode: 'DOWN' } }),
      'STEP',
      minorField,
      /as little as 40/,
    ],
  ])('%s', (...[, document, rule, field, message]) => {
    expect(refusals(document)).toEqual([{ rule, field, message: expect.stringMatching(message) }]);
  });

  test.each<[string, object]>([
    ['nothing at all', withBands(step(0))],
    ['a coin that cards take', withBands(step(50))],
    [
      'by the minute, when the grace makes the first charge large enough',
      withBands(step(2, 1), { grace: { minutes: 24, kind: 'ABSORBED' } }),
    ],
    ['little, with a least price', withBands(step(2, 1), { limits: { minimumMinor: 60 } })],
    ['little, with enough tax on top', withBands(step(42), { tax: { percent: 20, mode: 'ADDED' } })],
  ])('and %s is not', (_, document) => {
    expect(refusals(document)).toEqual([]);
  });
});
