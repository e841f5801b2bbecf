// Days, flat rates, spots, vehicles and monthly passes: small tariffs, each stay worked out by hand.

import { describe, expect, test } from '@jest/globals';
import type { Band, Offer, TariffDocument } from '../../src/domain/tariff/document.ts';
import { AMSTERDAM, allDay, at, hourly, price, signLines } from './tariff-place.ts';

const tariff = (more: Partial<TariffDocument>): TariffDocument => ({
  ...{ version: 1, currency: 'EUR', rates: allDay(hourly(200)) },
  ...more,
});
const total = (document: TariffDocument, from: string, to: string): number =>
  price([document, AMSTERDAM], from, to).totalMinor;

describe('which class a date has (2026-06-05 is a Friday and the eve of a holiday, 2026-06-10 has a fair)', () => {
  const band = (name: string, days: Band['days'], minor: number): Band => ({ name, days: days!, steps: hourly(minor) });
  const rates = [
    {
      name: 'Everybody',
      bands: [
        band('Week', ['WEEKDAY'], 100),
        band('Weekend', ['WEEKEND'], 200),
        band('Holiday', ['HOLIDAY'], 300),
        band('Eve', ['HOLIDAY_EVE'], 400),
        band('Fair', ['EVENT:Fair'], 500),
      ],
    },
  ];
  const calendar = {
    holidays: ['2026-06-06', '2026-06-10', '2026-06-12'],
    events: [{ name: 'Fair', dates: ['2026-06-10', '2026-06-11'] }],
  };
  const each = tariff({ rates, calendar });
  const byEntry = tariff({ rates, calendar, dayClass: 'ENTRY' });

  test.each([
    ['2026-06-01', 100, 'a Monday'],
    ['2026-06-05', 400, 'a Friday before a holiday'],
    ['2026-06-06', 300, 'a Saturday that is a holiday'],
    ['2026-06-07', 200, 'a Sunday'],
    ['2026-06-09', 400, 'a Tuesday before a holiday'],
    ['2026-06-10', 500, 'the fair on a holiday'],
    ['2026-06-11', 500, 'the fair before a holiday'],
  ])('an hour at noon of %s costs %d: %s', (date, minor) => {
    expect(total(each, `${date} 12:00`, `${date} 13:00`)).toBe(minor);
  });

  test("each date has its own class, or the entry's holds throughout", () => {
    // Friday 22:00 to Saturday 03:00: two of the eve and three of the holiday.
    expect(total(each, '2026-06-05 22:00', '2026-06-06 03:00')).toBe(1700);
    expect(total(byEntry, '2026-06-05 22:00', '2026-06-06 03:00')).toBe(2000);
    expect(total(byEntry, '2026-06-06 22:00', '2026-06-07 03:00')).toBe(1500);
  });

  test('a window over midnight is of the date on which it starts', () => {
    const nights: Band[] = [
      { name: 'Day', from: '06:00', to: '20:00', steps: hourly(300) },
      { name: 'Night', days: ['WEEKDAY'], from: '20:00', to: '06:00', steps: hourly(100) },
      { name: 'Party night', days: ['WEEKEND'], from: '20:00', to: '06:00', steps: hourly(500) },
    ];
    const document = tariff({ rates: [{ name: 'Everybody', bands: nights }], calendar: { weekend: ['FRI', 'SAT'] } });
    expect(total(document, '2026-06-04 23:00', '2026-06-05 03:00')).toBe(400);
    expect(total(document, '2026-06-05 23:00', '2026-06-06 03:00')).toBe(2000);
    expect(total(document, '2026-06-07 00:00', '2026-06-07 07:00')).toBe(3300);
    expect(total(document, '2026-06-07 23:00', '2026-06-08 03:00')).toBe(400);
  });
});

describe('flat rates', () => {
  const with_ = (offer: Omit<Offer, 'name'>): TariffDocument => tariff({ offers: [{ name: 'Flat', ...offer }] });

  test.each<[string, Omit<Offer, 'name'>, string, string, number]>([
    [
      'an entry window',
      { minor: 300, entry: { from: '17:00', to: '02:00' } },
      '2026-06-01 01:59',
      '2026-06-01 09:00',
      300,
    ],
    [
      'too late for it',
      { minor: 300, entry: { from: '17:00', to: '02:00' } },
      '2026-06-01 02:00',
      '2026-06-01 09:00',
      1400,
    ],
    [
      'an exit window',
      { minor: 300, exit: { from: '17:00', to: '20:00' } },
      '2026-06-01 09:00',
      '2026-06-01 17:00',
      300,
    ],
    ['its end', { minor: 300, exit: { from: '17:00', to: '20:00' } }, '2026-06-01 09:00', '2026-06-01 20:00', 300],
    [
      'after its end',
      { minor: 300, exit: { from: '17:00', to: '20:00' } },
      '2026-06-01 09:00',
      '2026-06-01 20:01',
      2400,
    ],
    [
      'the next day',
      { minor: 300, exit: { from: '17:00', to: '20:00' } },
      '2026-06-01 16:00',
      '2026-06-02 18:00',
      4700,
    ],
    ['a shortest stay', { minor: 300, minStayMinutes: 240 }, '2026-06-01 09:00', '2026-06-01 12:59', 800],
    ['as long as that', { minor: 300, minStayMinutes: 240 }, '2026-06-01 09:00', '2026-06-01 13:00', 300],
    ['a longest stay', { minor: 300, maxStayMinutes: 240 }, '2026-06-01 09:00', '2026-06-01 13:00', 300],
    ['longer than that', { minor: 300, maxStayMinutes: 240 }, '2026-06-01 09:00', '2026-06-01 13:01', 1000],
    ['until a time', { minor: 300, coversUntil: '06:00' }, '2026-06-01 22:00', '2026-06-02 07:30', 700],
    ['that is past today', { minor: 300, coversUntil: '06:00' }, '2026-06-01 06:00', '2026-06-02 06:00', 300],
    [
      'nothing after it',
      { minor: 300, coversMinutes: 300, then: 'NOTHING' },
      '2026-06-01 09:00',
      '2026-06-01 14:00',
      300,
    ],
    ['too long', { minor: 300, coversMinutes: 300, then: 'NOTHING' }, '2026-06-01 09:00', '2026-06-01 14:01', 1200],
    ['a date', { minor: 300, days: ['MON'] }, '2026-06-01 09:00', '2026-06-02 09:00', 300],
    ['another date', { minor: 300, days: ['TUE', 'WEEKEND'] }, '2026-06-01 09:00', '2026-06-01 12:00', 600],
    ['other spots', { minor: 300, spotTypes: ['EV'] }, '2026-06-01 09:00', '2026-06-01 12:00', 600],
    ['other vehicles', { minor: 300, vehicleClasses: ['VAN'] }, '2026-06-01 09:00', '2026-06-01 12:00', 600],
  ])('%s: %p from %s to %s costs %d', (...[, offer, from, to, minor]) => {
    expect(total(with_(offer), from, to)).toBe(minor);
  });

  test('an offer for holders of a monthly pass is for them only', () => {
    const document = with_({ minor: 100, holdersOnly: true });
    const stay = ['2026-06-01 09:00', '2026-06-01 12:00'] as const;
    expect(price([document, AMSTERDAM], ...stay).totalMinor).toBe(600);
    expect(price([document, AMSTERDAM], ...stay, { monthlyPassHolder: true }).totalMinor).toBe(100);
  });

  test('after what it covers, steps and caps begin anew', () => {
    const steps = [{ blockMinutes: 60, minor: 500, times: 1 }, ...hourly(100)];
    const rates = allDay(steps, { caps: [{ window: 'ROLLING', minutes: 300, minor: 700, repeats: false }] });
    const document = tariff({ rates, offers: [{ name: 'Flat', minor: 200, coversMinutes: 300 }] });
    // Rates alone: 7.00 for five hours, then 1.00 each. With the offer: 2.00, then 5.00 + 1.00 + 1.00 …
    expect(total(document, '2026-06-01 09:00', '2026-06-01 14:00')).toBe(200);
    expect(total(document, '2026-06-01 09:00', '2026-06-01 14:30')).toBe(700);
    expect(total(document, '2026-06-01 09:00', '2026-06-01 18:00')).toBe(900);
    expect(total(document, '2026-06-01 09:00', '2026-06-01 21:00')).toBe(1100);
  });
});

describe('who parks where', () => {
  const document = tariff({
    rates: [
      { ...allDay(hourly(500))[0]!, name: 'Charging', spotTypes: ['EV'], vehicleClasses: ['ELECTRIC_CAR'] },
      { ...allDay(hourly(900))[0]!, name: 'Buses', spotTypes: ['BUS'] },
      { ...allDay(hourly(100))[0]!, name: 'Motorcycles', vehicleClasses: ['MOTORCYCLE'] },
      ...allDay(hourly(200)),
    ],
  });

  test.each([
    ['ELECTRIC_CAR', 'EV', 500],
    ['ELECTRIC_CAR', 'STANDARD', 200],
    ['CAR', 'EV', 200],
    ['TRUCK', 'BUS', 900],
    ['MOTORCYCLE', 'STANDARD', 100],
    ['CAR', 'STANDARD', 200],
  ] as const)('a %s on %s pays %d an hour', (...[vehicleClass, spotType, minor]) => {
    const stay = price([document, AMSTERDAM], '2026-06-01 09:00', '2026-06-01 10:00', { vehicleClass, spotType });
    expect(stay.totalMinor).toBe(minor);
  });
});

describe('time that a monthly pass covers', () => {
  const document = tariff({ limits: { minimumMinor: 300 }, offers: [{ name: 'Flat', minor: 350, priority: 1 }] });
  const covered = [{ startsAt: at(AMSTERDAM, '2026-06-01 08:00'), endsAt: at(AMSTERDAM, '2026-06-01 18:00') }];
  const withPass = (from: string, to: string, more: Partial<TariffDocument> = {}): number =>
    price([{ ...document, ...more }, AMSTERDAM], `2026-06-01 ${from}`, `2026-06-01 ${to}`, { covered }).totalMinor;

  test('blocks that start in it cost nothing', () => {
    expect(withPass('07:00', '19:00', { offers: [] })).toBe(400);
    expect(withPass('17:30', '19:30', { offers: [] })).toBe(300);
    expect(withPass('17:30', '18:30', { offers: [] })).toBe(0);
  });

  test('a stay within it is free, whatever the offers and the minimum', () => {
    expect(withPass('08:00', '18:00')).toBe(0);
    expect(withPass('08:00', '18:00', { offerChoice: 'PRIORITY' })).toBe(0);
    expect(withPass('07:59', '18:00', { offerChoice: 'PRIORITY' })).toBe(350);
  });

  test('what it takes off stands on its own line', () => {
    const stay = price([tariff({}), AMSTERDAM], '2026-06-01 07:00', '2026-06-01 19:00', { covered });
    expect(signLines(stay).map(([rule, , , , , minor]) => [rule, minor])).toEqual([
      ['BLOCK', 2400],
      ['MONTHLY_PASS', -2000],
    ]);
  });
});
