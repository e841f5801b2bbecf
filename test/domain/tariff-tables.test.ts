// Tariffs that hang on walls, and what stays cost by them. Every amount is worked out by hand from the text of the sign; where a sign
// is known by its rules only, its amounts are round ones of ours.

import { describe, expect, test } from '@jest/globals';
import type { TariffDocument } from '../../src/domain/tariff/document.ts';
import { exitGraceMinutes, freeMinutes } from '../../src/domain/tariff/engine.ts';
import { AMSTERDAM, allDay, at, hourly, price, signLines } from './tariff-place.ts';
import type { Place, Row } from './tariff-place.ts';

describe('Sydney, Westpoint: three hours free per plate, the day starts at 05:00', () => {
  // Beyond the free hours, A$6 an hour and at most A$30 a day: amounts of ours.
  const tariff: TariffDocument = {
    ...{ version: 1, currency: 'AUD', reentry: { withinMinutes: 60 } },
    rates: allDay([{ blockMinutes: 180, minor: 0, times: 1 }, ...hourly(600)], {
      caps: [{ window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 3000 }],
      stepsRestart: 'DAY',
    }),
  };
  const sydney: Place = { timeZone: 'Australia/Sydney', offset: '+10:00' };

  test.each<Row>([
    ['2026-06-01 10:00', '2026-06-01 13:00', 0, 'three hours'],
    ['2026-06-01 10:00', '2026-06-01 13:01', 600, 'and a minute of the fourth'],
    ['2026-06-01 10:00', '2026-06-01 15:30', 1800, 'two hours and a half of paying: 3 × 6.00'],
    ['2026-06-01 10:00', '2026-06-01 22:00', 3000, '9 × 6.00 is 54.00, at most 30.00'],
    ['2026-06-01 22:00', '2026-06-02 05:00', 2400, '22:00–01:00 free, 01:00–05:00 is 4 × 6.00'],
    ['2026-06-01 22:00', '2026-06-02 08:00', 2400, 'at 05:00 three free hours begin again'],
    ['2026-06-01 22:00', '2026-06-02 09:00', 3000, '… and are over at 08:00: one more hour'],
    [
      '2026-06-01 22:30',
      '2026-06-02 08:31',
      3000,
      '4 hours from 01:30 run until 05:30; then 3 free until 08:30; then one',
    ],
    ['2026-06-01 06:00', '2026-06-02 10:00', 4200, '20 h of paying → 30.00; the new day 3 free, 08:00–10:00 2 × 6.00'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, sydney], from, to).totalMinor).toBe(minor);
  });

  test.each([
    // first entry, charged before, entry, exit
    ['2026-06-01 10:00', 0, '2026-06-01 12:45', '2026-06-01 13:00', 0, '3 h since the first entry'],
    ['2026-06-01 10:00', 0, '2026-06-01 12:45', '2026-06-01 14:30', 1200, '4½ h since the first entry: 2 × 6.00'],
    [
      '2026-06-01 10:00',
      600,
      '2026-06-01 14:00',
      '2026-06-01 15:10',
      1200,
      '5 h 10 are 3 × 6.00, of which 6.00 is paid',
    ],
    ['2026-06-01 06:00', 3000, '2026-06-01 20:00', '2026-06-01 21:00', 0, 'the day was paid for'],
  ])(
    'who came first at %s, paid %d and is back from %s to %s pays %d: %s',
    (...[first, chargedMinor, from, to, minor]) => {
      const earlier = { firstEntryAt: at(sydney, first), chargedMinor };
      expect(price([tariff, sydney], from, to, { earlier }).totalMinor).toBe(minor);
    },
  );

  test('who comes back later than that has three free hours again', () => {
    expect(price([tariff, sydney], '2026-06-01 13:15', '2026-06-01 16:15').totalMinor).toBe(0);
  });
});

describe('Singapore, HDB: a quarter of an hour of grace, S$0.60 per half hour by the minute, nights at most S$5', () => {
  const steps = [{ blockMinutes: 1, minor: 60, perMinutes: 30 }];
  const tariff: TariffDocument = {
    ...{ version: 1, currency: 'SGD', grace: { minutes: 15, kind: 'ABSORBED' } },
    rates: [
      {
        name: 'Cars',
        bands: [
          { name: 'Day', from: '07:00', to: '22:30', steps },
          { name: 'Night', from: '22:30', to: '07:00', steps, capMinor: 500 },
        ],
      },
    ],
  };
  const singapore: Place = { timeZone: 'Asia/Singapore', offset: '+08:00' };

  test.each<Row>([
    ['2026-06-01 10:00', '2026-06-01 10:14', 0, 'within the grace'],
    ['2026-06-01 10:00', '2026-06-01 10:15', 0, 'its last minute'],
    ['2026-06-01 10:00', '2026-06-01 10:16', 32, 'all sixteen minutes at 2 cents'],
    ['2026-06-01 10:00', '2026-06-01 10:30', 60, 'half an hour'],
    ['2026-06-01 10:00', '2026-06-01 12:00', 240, 'two hours'],
    ['2026-06-01 21:00', '2026-06-01 23:00', 240, '90 minutes of day and 30 of night, the same price'],
    ['2026-06-01 22:30', '2026-06-02 02:40', 500, '250 minutes of night: just at the maximum'],
    ['2026-06-01 22:30', '2026-06-02 07:00', 500, '510 minutes are 10.20, at most 5.00'],
    ['2026-06-02 01:00', '2026-06-02 07:00', 500, '360 minutes are 7.20, at most 5.00'],
    ['2026-06-01 20:00', '2026-06-02 08:00', 920, '3.00 until 22:30, 5.00 for the night, 1.20 from 07:00'],
    ['2026-06-01 16:00', '2026-06-03 09:00', 3880, '7.80 + 5.00 + 18.60 (930 min) + 5.00 + 2.40'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, singapore], from, to).totalMinor).toBe(minor);
  });

  test('a night is explained line by line', () => {
    expect(signLines(price([tariff, singapore], '2026-06-01 20:00', '2026-06-02 08:00'))).toEqual([
      ['BLOCK', '2026-06-01 20:00', '2026-06-01 22:30', 150, 2, 300],
      ['BLOCK', '2026-06-01 22:30', '2026-06-02 00:00', 90, 2, 180],
      // The night goes on: 3.20 of its 5.00 are left after midnight, and 420 minutes ask for 8.40.
      ['BLOCK', '2026-06-02 00:00', '2026-06-02 07:00', 420, 2, 840],
      ['BLOCK', '2026-06-02 07:00', '2026-06-02 08:00', 60, 2, 120],
      ['WINDOW_CAP', '2026-06-01 22:30', '2026-06-02 07:00', 1, -520, -520],
    ]);
  });

  test('a stay within the grace says why it costs nothing, and the app knows how long it is', () => {
    expect(signLines(price([tariff, singapore], '2026-06-01 10:00', '2026-06-01 10:15'))).toEqual([
      ['GRACE', '2026-06-01 10:00', '2026-06-01 10:15', 1, 0, 0],
    ]);
    expect(freeMinutes(tariff)).toBe(15);
  });
});

describe('De Kwakel: half a euro per quarter or part of one, at most five euros until midnight', () => {
  const tariff: TariffDocument = {
    ...{ version: 1, currency: 'EUR', lostCredentialMinor: 2000, longestStayMinutes: 7 * 24 * 60 },
    rates: allDay([{ blockMinutes: 15, minor: 50 }], { caps: [{ window: 'CALENDAR_DAY', minor: 500 }] }),
  };

  test.each<Row>([
    ['2026-06-01 10:00', '2026-06-01 10:01', 50, 'a part of a quarter'],
    ['2026-06-01 10:00', '2026-06-01 10:15', 50, 'a quarter'],
    ['2026-06-01 10:00', '2026-06-01 10:15:00.001', 100, 'a thousandth of a second of the next'],
    ['2026-06-01 10:00', '2026-06-01 12:30', 500, 'ten quarters'],
    ['2026-06-01 10:00', '2026-06-01 23:59', 500, 'the day'],
    ['2026-06-01 20:00', '2026-06-02 08:10', 1000, '16 quarters → 5.00; 33 quarters → 5.00'],
    ['2026-06-01 23:50', '2026-06-02 00:05', 50, 'the quarter runs on through midnight'],
    ['2026-06-01 23:50', '2026-06-02 00:20', 100, 'one quarter of each day'],
    ['2026-06-01 09:00', '2026-06-04 09:00', 2000, 'Monday to Wednesday, and Thursday morning: 4 × 5.00'],
    ['2026-06-01 09:00', '2026-06-08 09:00', 4000, 'the longest stay touches eight days'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, AMSTERDAM], from, to).totalMinor).toBe(minor);
  });

  test('each day is explained with its maximum', () => {
    expect(signLines(price([tariff, AMSTERDAM], '2026-06-01 20:00', '2026-06-02 08:10'))).toEqual([
      ['BLOCK', '2026-06-01 20:00', '2026-06-02 00:00', 16, 50, 800],
      ['CAP', '2026-06-01 20:00', '2026-06-02 00:00', 1, -300, -300],
      ['BLOCK', '2026-06-02 00:00', '2026-06-02 08:10', 33, 50, 1650],
      ['CAP', '2026-06-02 00:00', '2026-06-02 08:10', 1, -1150, -1150],
    ]);
  });
});

describe('Amsterdam P1: five euros per block of an hour', () => {
  const tariff: TariffDocument = { version: 1, currency: 'EUR', rates: allDay(hourly(500)) };

  test.each<Row>([
    ['2026-06-01 10:00', '2026-06-01 10:01', 500, 'the hour that was started'],
    ['2026-06-01 10:00', '2026-06-01 11:00', 500, 'one hour'],
    ['2026-06-01 10:00', '2026-06-01 11:05', 1000, '65 minutes are two'],
    ['2026-06-01 10:00', '2026-06-02 10:00', 12_000, 'a day is 24'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, AMSTERDAM], from, to).totalMinor).toBe(minor);
  });
});

describe('early bird (in between 06:00 and 09:00, flat for 12 hours) and night (in from 18:00, at most $12 for 8 hours)', () => {
  const tariff: TariffDocument = {
    ...{ version: 1, currency: 'USD', rates: allDay(hourly(800)) },
    offers: [
      { name: 'Early bird', minor: 2000, entry: { from: '06:00', to: '09:00' }, coversMinutes: 720 },
      { name: 'Night', minor: 1200, entry: { from: '18:00', to: '24:00' }, coversMinutes: 480 },
    ],
  };
  const chicago: Place = { timeZone: 'America/Chicago', offset: '-05:00' };

  test.each<Row>([
    ['2026-06-01 08:00', '2026-06-01 18:00', 2000, 'the early bird; 10 hours would be 80.00'],
    ['2026-06-01 06:00', '2026-06-01 08:00', 1600, 'two hours are cheaper than the early bird'],
    ['2026-06-01 07:30', '2026-06-01 09:45', 2000, 'three hours are not'],
    ['2026-06-01 05:59', '2026-06-01 09:59', 3200, 'too early: 4 × 8.00'],
    ['2026-06-01 09:00', '2026-06-01 12:00', 2400, 'too late: 3 × 8.00'],
    ['2026-06-01 08:59', '2026-06-01 20:59', 2000, 'twelve hours'],
    ['2026-06-01 08:59', '2026-06-01 21:00', 2800, 'and the thirteenth'],
    ['2026-06-01 07:00', '2026-06-01 22:30', 5200, 'covered until 19:00, then 4 × 8.00'],
    ['2026-06-01 19:00', '2026-06-01 20:00', 800, 'one hour of the evening'],
    ['2026-06-01 19:00', '2026-06-01 21:30', 1200, 'three would be 24.00'],
    ['2026-06-01 19:00', '2026-06-02 03:00', 1200, 'eight hours'],
    ['2026-06-01 19:00', '2026-06-02 05:30', 3600, 'then the day rate: 3 × 8.00'],
    ['2026-06-01 23:59', '2026-06-02 08:00', 2000, 'until 07:59, and a minute'],
    ['2026-06-02 00:00', '2026-06-02 08:00', 6400, 'midnight is no evening'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, chicago], from, to).totalMinor).toBe(minor);
  });

  test('what the early bird covers and what follows stand on lines of their own', () => {
    expect(signLines(price([tariff, chicago], '2026-06-01 07:00', '2026-06-01 22:30'))).toEqual([
      ['OFFER', '2026-06-01 07:00', '2026-06-01 19:00', 1, 2000, 2000],
      ['BLOCK', '2026-06-01 19:00', '2026-06-01 22:30', 4, 800, 3200],
    ]);
  });
});

describe('German garages: minutes to leave after paying', () => {
  const plain: TariffDocument = { version: 1, currency: 'EUR', rates: allDay(hourly(200)) };
  const byStation: TariffDocument = { ...plain, exitGrace: { minutes: 15, byPayPoint: { KIOSK: 20, APP: 10 } } };

  test.each([
    ['KIOSK', 20],
    ['APP', 10],
    ['CASH', 15],
    ['TERMINAL', 15],
    [undefined, 15],
  ] as const)('paid at %s, there are %d', (payPoint, minutes) => {
    expect(exitGraceMinutes(byStation, 12, payPoint)).toBe(minutes);
  });

  test('a tariff that does not say it leaves it to the policy of the lot', () => {
    expect(exitGraceMinutes(plain, 12, 'KIOSK')).toBe(12);
    expect(exitGraceMinutes(plain, 12)).toBe(12);
  });
});

describe('the cheapest deal wins: early bird, night, weekend and standard', () => {
  const tariff: TariffDocument = {
    ...{ version: 1, currency: 'EUR', rates: allDay(hourly(400), { caps: [{ window: 'ROLLING', minor: 3000 }] }) },
    offers: [
      { name: 'Early bird', minor: 1800, entry: { from: '06:00', to: '09:00' }, exit: { from: '15:00', to: '19:00' } },
      { name: 'Night', minor: 900, entry: { from: '17:00', to: '03:00' }, coversUntil: '08:00' },
      { name: 'Weekend', minor: 1200, days: ['WEEKEND'], coversUntil: '24:00' },
    ],
  };
  const dearer = (priority: number): TariffDocument => ({
    ...tariff,
    offerChoice: 'PRIORITY',
    offers: tariff.offers!.map((offer) => ({ ...offer, priority: offer.name === 'Weekend' ? priority : 5 })),
  });

  // 2026-06-06 is a Saturday.
  test.each<Row>([
    ['2026-06-05 08:00', '2026-06-05 11:00', 1200, 'Friday, standard: early birds do not leave before 15:00'],
    ['2026-06-05 08:00', '2026-06-05 14:59', 2800, 'seven hours'],
    ['2026-06-05 08:00', '2026-06-05 15:00', 1800, 'early bird'],
    ['2026-06-05 08:00', '2026-06-05 19:00', 1800, 'out at the end of its window'],
    ['2026-06-05 08:00', '2026-06-05 19:01', 3000, 'not an early bird any more: 12 hours, at most 30.00'],
    ['2026-06-05 18:00', '2026-06-05 19:00', 400, 'an hour costs less than the night'],
    ['2026-06-05 18:00', '2026-06-06 08:00', 900, 'the night'],
    ['2026-06-05 18:00', '2026-06-06 10:30', 2100, 'and three hours of the morning'],
    ['2026-06-06 08:00', '2026-06-06 10:00', 800, 'Saturday, two hours'],
    ['2026-06-06 08:00', '2026-06-06 17:00', 1200, 'weekend; early bird is 18.00, standard 30.00'],
    ['2026-06-06 18:00', '2026-06-06 23:00', 900, 'night; weekend is 12.00, standard 20.00'],
    [
      '2026-06-06 18:00',
      '2026-06-07 09:00',
      1300,
      'night and an hour; weekend and nine hours, at most 30.00, are 42.00',
    ],
    ['2026-06-06 02:00', '2026-06-06 23:00', 1200, 'weekend; night until 08:00 and 15 hours are 39.00'],
    ['2026-06-07 01:00', '2026-06-07 07:00', 900, 'Sunday before three is still night'],
  ])('%s to %s costs %d cents: %s', (from, to, minor) => {
    expect(price([tariff, AMSTERDAM], from, to).totalMinor).toBe(minor);
  });

  test('by priority, the offer with the lowest number wins though it is dearer, and the rates where none fits', () => {
    expect(price([dearer(1), AMSTERDAM], '2026-06-06 18:00', '2026-06-06 23:00').totalMinor).toBe(1200);
    expect(price([dearer(9), AMSTERDAM], '2026-06-06 18:00', '2026-06-06 23:00').totalMinor).toBe(900);
    expect(price([dearer(1), AMSTERDAM], '2026-06-06 08:00', '2026-06-06 10:00').totalMinor).toBe(1200);
    expect(price([dearer(1), AMSTERDAM], '2026-06-05 11:00', '2026-06-05 12:00').totalMinor).toBe(400);
  });
});
