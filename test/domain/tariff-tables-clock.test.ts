// Nights on which the clock changes, and zones that are half an hour off: instants are given with their offset, amounts by hand.

import { describe, expect, test } from '@jest/globals';
import type { Band, Offer, Price, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceStay } from '../../src/domain/tariff/engine.ts';
import { allDay, hourly } from './tariff-place.ts';

const tariff = (more: Partial<TariffDocument>): TariffDocument => ({
  ...{ version: 1, currency: 'EUR', rates: allDay(hourly(100)) },
  ...more,
});

function stay(
  tariff: TariffDocument,
  ...[timeZone, startsAt, endsAt]: readonly [timeZone: string, startsAt: string, endsAt: string]
): Price {
  const period = { startsAt: new Date(startsAt), endsAt: new Date(endsAt) };
  return priceStay({ tariff, timeZone, period, spotType: 'STANDARD', multiplierPercent: 100 });
}

const total = (...args: Parameters<typeof stay>): number => stay(...args).totalMinor;

describe('22:00 to 06:00 on the wall', () => {
  const byHour = tariff({});
  const byMinute = tariff({ rates: allDay([{ blockMinutes: 1, minor: 1 }]) });

  test.each([
    ['Europe/Amsterdam', '2026-10-24T22:00:00+02:00', '2026-10-25T06:00:00+01:00', 9],
    ['Europe/Amsterdam', '2026-03-28T22:00:00+01:00', '2026-03-29T06:00:00+02:00', 7],
    ['Europe/Amsterdam', '2026-06-01T22:00:00+02:00', '2026-06-02T06:00:00+02:00', 8],
    ['America/Chicago', '2026-03-07T22:00:00-06:00', '2026-03-08T06:00:00-05:00', 7],
    ['America/Chicago', '2026-10-31T22:00:00-05:00', '2026-11-01T06:00:00-06:00', 9],
    ['Australia/Lord_Howe', '2026-04-04T22:00:00+11:00', '2026-04-05T06:00:00+10:30', 8.5],
    ['Australia/Lord_Howe', '2026-10-03T22:00:00+10:30', '2026-10-04T06:00:00+11:00', 7.5],
    ['Africa/Cairo', '2026-04-23T22:00:00+02:00', '2026-04-24T06:00:00+03:00', 7],
    ['Africa/Cairo', '2026-10-29T22:00:00+03:00', '2026-10-30T06:00:00+02:00', 9],
    ['Pacific/Chatham', '2026-04-04T22:00:00+13:45', '2026-04-05T06:00:00+12:45', 9],
  ])('%s from %s: costs the hours that passed, or by the wall always eight', (...[timeZone, from, to, hours]) => {
    expect(total(byHour, timeZone, from, to)).toBe(100 * Math.ceil(hours));
    expect(total(byMinute, timeZone, from, to)).toBe(60 * hours);
    expect(total({ ...byHour, clock: 'WALL' }, timeZone, from, to)).toBe(800);
    expect(total({ ...byMinute, clock: 'WALL' }, timeZone, from, to)).toBe(480);
  });

  test('the lines show what the wall showed', () => {
    for (const clock of ['ELAPSED', 'WALL'] as const) {
      const night = [
        { ...byHour, clock },
        'Europe/Amsterdam',
        '2026-10-24T22:00:00+02:00',
        '2026-10-25T06:00:00+01:00',
      ] as const;
      const lines = stay(...night).lines;
      expect(lines.map((line) => [line.localFrom, line.localTo, line.quantity])).toEqual([
        ['2026-10-24T22:00:00', '2026-10-25T00:00:00', 2],
        ['2026-10-25T00:00:00', '2026-10-25T06:00:00', clock === 'WALL' ? 6 : 7],
      ]);
    }
  });

  test('by the wall, who leaves before the time at which they came in pays nothing', () => {
    const twice = ['Europe/Amsterdam', '2026-10-25T02:50:00+02:00', '2026-10-25T02:10:00+01:00'] as const;
    expect(total(byMinute, ...twice)).toBe(20);
    expect(total({ ...byMinute, clock: 'WALL' }, ...twice)).toBe(0);
  });
});

describe('day (06:00–22:00, 2 cents a minute) and night (1 cent a minute, at most 4.00)', () => {
  const bands: Band[] = [
    { name: 'Day', from: '06:00', to: '22:00', steps: [{ blockMinutes: 1, minor: 2 }] },
    { name: 'Night', from: '22:00', to: '06:00', steps: [{ blockMinutes: 1, minor: 1 }], capMinor: 400 },
  ];
  const document = tariff({ rates: [{ name: 'Everybody', bands }] });

  test.each([
    // Amsterdam, 21:00 to 03:30, the clock put back: 120 of the day, and 1 h more than the wall shows of the night.
    ['2026-10-24T21:00:00+02:00', '2026-10-25T03:30:00+01:00', 'ELAPSED', 120 + 390],
    ['2026-10-24T21:00:00+02:00', '2026-10-25T03:30:00+01:00', 'WALL', 120 + 330],
    // … put forward.
    ['2026-03-28T21:00:00+01:00', '2026-03-29T03:30:00+02:00', 'ELAPSED', 120 + 270],
    ['2026-03-28T21:00:00+01:00', '2026-03-29T03:30:00+02:00', 'WALL', 120 + 330],
    // A whole night of nine hours is still one night.
    ['2026-10-24T21:00:00+02:00', '2026-10-25T07:00:00+01:00', 'ELAPSED', 120 + 400 + 120],
    ['2026-10-24T21:00:00+02:00', '2026-10-25T07:00:00+01:00', 'WALL', 120 + 400 + 120],
  ] as const)('%s to %s, %s: %d', (...[from, to, clock, minor]) => {
    expect(total({ ...document, clock }, 'Europe/Amsterdam', from, to)).toBe(minor);
  });
});

describe('times that the wall shows twice or never (band from 02:30, one euro an hour before it, two after)', () => {
  const document = tariff({
    rates: [
      {
        name: 'Everybody',
        bands: [
          { name: 'Early', from: '00:00', to: '02:30', steps: [{ blockMinutes: 10, minor: 10 }] },
          { name: 'Late', from: '02:30', to: '24:00', steps: [{ blockMinutes: 10, minor: 20 }] },
        ],
      },
    ],
  });

  test('shown twice, it is the first: 02:00 to 02:30 once early, then late, also when 02:00 comes again', () => {
    const night = ['Europe/Amsterdam', '2026-10-25T02:00:00+02:00', '2026-10-25T03:00:00+01:00'] as const;
    expect(total(document, ...night)).toBe(3 * 10 + 9 * 20);
    // By the wall it is one hour, half early and half late.
    expect(total({ ...document, clock: 'WALL' }, ...night)).toBe(3 * 10 + 3 * 20);
  });

  test('never shown, it is the instant after the gap', () => {
    const night = ['Europe/Amsterdam', '2026-03-29T01:30:00+01:00', '2026-03-29T03:30:00+02:00'] as const;
    expect(total(document, ...night)).toBe(3 * 10 + 3 * 20);
    // By the wall the hour from 02:00 counts, half early and half late.
    expect(total({ ...document, clock: 'WALL' }, ...night)).toBe(6 * 10 + 6 * 20);
  });

  test('Lord Howe: half an hour twice (01:30 to 02:00), half an hour never (02:00 to 02:30)', () => {
    const back = ['Australia/Lord_Howe', '2026-04-05T01:00:00+11:00', '2026-04-05T03:00:00+10:30'] as const;
    expect(total(document, ...back)).toBe(12 * 10 + 3 * 20);
    const forward = ['Australia/Lord_Howe', '2026-10-04T01:30:00+10:30', '2026-10-04T03:00:00+11:00'] as const;
    expect(total(document, ...forward)).toBe(3 * 10 + 3 * 20);
  });

  test('an offer that is entered from 02:30 holds from the first 02:30 on', () => {
    const offer: Offer = { name: 'Late', minor: 1, entry: { from: '02:30', to: '04:00' } };
    const hours = tariff({ offers: [offer] });
    const from = (startsAt: string): number => total(hours, 'Europe/Amsterdam', startsAt, '2026-10-25T12:00:00+01:00');
    expect(from('2026-10-25T02:29:00+02:00')).toBe(1100);
    expect(from('2026-10-25T02:30:00+02:00')).toBe(1);
    expect(from('2026-10-25T02:10:00+01:00')).toBe(1);
    expect(from('2026-10-25T03:59:00+01:00')).toBe(1);
    expect(from('2026-10-25T04:00:00+01:00')).toBe(800);
  });

  test('what covers until 02:30 ends at the first one, or where the clock was put forward', () => {
    const offer: Offer = { name: 'Night', minor: 50, coversUntil: '02:30' };
    const hours = tariff({ offers: [offer] });
    const back = total(hours, 'Europe/Amsterdam', '2026-10-24T20:00:00+02:00', '2026-10-25T03:30:00+01:00');
    expect(back).toBe(50 + 200);
    const forward = total(hours, 'Europe/Amsterdam', '2026-03-28T20:00:00+01:00', '2026-03-29T03:30:00+02:00');
    expect(forward).toBe(50 + 100);
  });
});

describe('a date under one maximum (30 cents a quarter, at most 12.00) has as many hours as it has', () => {
  const capped = tariff({
    rates: allDay([{ blockMinutes: 15, minor: 30 }], { caps: [{ window: 'CALENDAR_DAY', minor: 1200 }] }),
  });
  const byMinute = tariff({ rates: allDay([{ blockMinutes: 1, minor: 1 }]) });

  test.each([
    ['Europe/Amsterdam', '2026-03-29T00:00:00+01:00', '2026-03-30T00:00:00+02:00', 23],
    ['Europe/Amsterdam', '2026-10-25T00:00:00+02:00', '2026-10-26T00:00:00+01:00', 25],
    ['Australia/Lord_Howe', '2026-04-05T00:00:00+11:00', '2026-04-06T00:00:00+10:30', 24.5],
    ['Australia/Lord_Howe', '2026-10-04T00:00:00+10:30', '2026-10-05T00:00:00+11:00', 23.5],
    ['Africa/Cairo', '2026-04-24T01:00:00+03:00', '2026-04-25T00:00:00+03:00', 23],
    ['Africa/Cairo', '2026-10-29T00:00:00+03:00', '2026-10-30T00:00:00+02:00', 25],
    ['Asia/Kolkata', '2026-03-29T00:00:00+05:30', '2026-03-30T00:00:00+05:30', 24],
    ['Asia/Kathmandu', '2026-03-29T00:00:00+05:45', '2026-03-30T00:00:00+05:45', 24],
  ])('%s, from %s to %s: %d hours', (...[timeZone, from, to, hours]) => {
    expect(total(byMinute, timeZone, from, to)).toBe(60 * hours);
    expect(total(capped, timeZone, from, to)).toBe(1200);
    // The last quarter is within the date, the next one is of the next date.
    const later = new Date(Date.parse(to) + 60_000).toISOString();
    expect(total(capped, timeZone, from, later)).toBe(1230);
    const earlier = new Date(Date.parse(from) - 60_000).toISOString();
    expect(total(capped, timeZone, earlier, new Date(Date.parse(to) - 60_000).toISOString())).toBe(1230);
  });

  test("half an hour off: midnight in Kolkata is 18:30 in Greenwich, in St John's 02:30", () => {
    const oneEach = (timeZone: string, midnight: string): number => {
      const [from, to] = [-15, 15].map((minutes) => new Date(Date.parse(midnight) + minutes * 60_000).toISOString());
      const dear = tariff({
        rates: allDay([{ blockMinutes: 15, minor: 900 }], { caps: [{ window: 'CALENDAR_DAY', minor: 900 }] }),
      });
      return total(dear, timeZone, from!, to!);
    };
    expect(oneEach('Asia/Kolkata', '2026-06-01T18:30:00Z')).toBe(1800);
    expect(oneEach('Asia/Kolkata', '2026-06-01T18:00:00Z')).toBe(900);
    expect(oneEach('America/St_Johns', '2026-06-01T02:30:00Z')).toBe(1800);
    expect(oneEach('America/St_Johns', '2026-06-01T02:00:00Z')).toBe(900);
  });
});
