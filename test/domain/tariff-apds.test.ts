import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DEMO_CITIES } from '../../sandbox/demo/cities.ts';
import { exportToApds } from '../../src/domain/tariff/apds.ts';
import type { ApdsExport, ApdsRateLine, ApdsRateLineCollection } from '../../src/domain/tariff/apds-model.ts';
import type { Rate, TariffDocument } from '../../src/domain/tariff/document.ts';
import { priceStay } from '../../src/domain/tariff/engine.ts';
import type { VehicleClass } from '../../src/domain/vehicle.ts';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';

const PUBLISHED = { id: 'tar_x', versionNumber: 3, publishedAt: new Date('2026-01-01T00:00:00Z') };
const exported = (document: TariffDocument) => exportToApds({ ...PUBLISHED, document });
const allDay = (steps: Rate['bands'][number]['steps'], more: Partial<Rate> = {}): Rate[] => [
  { name: 'Cars', bands: [{ name: 'All day', steps }], ...more },
];
const euros = (more: Partial<TariffDocument> & { rates: readonly Rate[] }): TariffDocument => ({
  ...{ version: 1, currency: 'EUR' },
  ...more,
});

// A reader of rate tables that knows nothing of our tariffs: it takes the words of the model for what they say.

function minutesOf(duration: string): number {
  const [, days = '0', hours = '0', minutes = '0'] = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?$/.exec(duration) ?? [];
  return Number(days) * 1440 + Number(hours) * 60 + Number(minutes);
}

function collectionFor(collections: readonly ApdsRateLineCollection[], minutes: number): ApdsRateLineCollection {
  return collections.find(
    ({ minTime, maxTime }) =>
      minutes > (minTime === undefined ? -1 : minutesOf(minTime)) &&
      minutes <= (maxTime === undefined ? Infinity : minutesOf(maxTime)),
  )!;
}

const lineAt = (lines: readonly ApdsRateLine[], minute: number) =>
  lines.find(
    ({ durationStart, durationEnd }) =>
      minutesOf(durationStart ?? 'PT0M') <= minute && (durationEnd === undefined || minute < minutesOf(durationEnd)),
  )!;

/** In minor units of a currency with two decimals; `startMinute` is the minute of the day of arrival. */
function readPrice(
  { rateTables, rateEligibilities }: ApdsExport,
  stay: { startMinute: number; minutes: number; vehicle: string },
) {
  const { startMinute, minutes, vehicle } = stay;
  const chosen = [...rateEligibilities]
    .sort((a, b) => a.priority - b.priority)
    .find(({ eligibility: { qualifications } }) =>
      qualifications.every(({ vehicleTypes }) => vehicleTypes?.some((type) => type.vehicleType === vehicle) ?? true),
    )!;
  const { rateLineCollections } = rateTables.find(({ id }) => id === chosen.rateTable.id)!;
  const collection = collectionFor(rateLineCollections, minutes);
  const { rateLines, resetTime, maxValueCollection = Infinity, minValueCollection = 0 } = collection;
  if (rateLines[0]!.rateLineType === 'flatRate') return Math.round(rateLines[0]!.value * 100);
  const [resetHour = 0, resetMinute = 0] = (resetTime ?? '').split(':').map(Number);
  const dayOf = (minute: number) =>
    resetTime === undefined ? 0 : Math.floor((startMinute + minute - resetHour * 60 - resetMinute) / 1440);
  const days = new Map<number, number>();
  let [begun, day] = [0, dayOf(0)];
  for (let minute = 0; minute < minutes;) {
    if (dayOf(minute) !== day) [begun, day] = [minute, dayOf(minute)];
    const line = lineAt(rateLines, minute - begun);
    days.set(day, (days.get(day) ?? 0) + line.value);
    minute += minutesOf(line.incrementPeriod!);
  }
  const total = [...days.values()].reduce((sum, value) => sum + Math.min(value, maxValueCollection), 0);
  return Math.round((total === 0 ? 0 : Math.max(total, minValueCollection)) * 100);
}

const hour = (minor: number) => ({ blockMinutes: 60, minor });
const SAYABLE: [string, TariffDocument][] = [
  ['by the hour', euros({ rates: allDay([hour(200)]) })],
  [
    'by the quarter with a day maximum and a quarter of an hour of grace',
    euros({
      rates: allDay([{ blockMinutes: 15, minor: 50 }], { caps: [{ window: 'CALENDAR_DAY', minor: 500 }] }),
      grace: { minutes: 15, kind: 'ABSORBED' },
      tax: { percent: 21, mode: 'INCLUDED', name: 'btw' },
    }),
  ],
  [
    'in steps, the first twenty minutes never charged, at least 3.00',
    euros({
      rates: allDay([
        { ...hour(300), times: 1 },
        { ...hour(200), times: 3 },
        { blockMinutes: 30, minor: 50 },
      ]),
      grace: { minutes: 20, kind: 'DEDUCTED' },
      limits: { minimumMinor: 400 },
    }),
  ],
  [
    'with three hours free a day that starts at five, as in Sydney',
    euros({
      rates: allDay([{ blockMinutes: 180, minor: 0, times: 1 }, hour(600)], {
        caps: [{ window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 3000 }],
        stepsRestart: 'DAY',
      }),
    }),
  ],
  [
    'for motorcycles half of that',
    euros({
      rates: [
        { ...allDay([hour(100)])[0]!, name: 'Motorcycles', vehicleClasses: ['MOTORCYCLE'] },
        ...allDay([{ blockMinutes: 1, minor: 60, perMinutes: 20 }]),
      ],
      limits: { minimumMinor: 60, maximumMinor: 5000 },
    }),
  ],
];

describe('a tariff that APDS can say', () => {
  test.each(SAYABLE)('%s: whoever reads the rate tables charges what we charge', (_name, document) => {
    expect(checkTariffDocument(document, { currency: 'EUR' })).not.toHaveProperty('errors');
    const tables = exported(document);
    expect(tables.unsaid).toEqual([]);
    const vehicles: [VehicleClass, string][] = [
      ['CAR', 'passengerCar'],
      ['MOTORCYCLE', 'motorcycle'],
    ];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1439 }),
        fc.integer({ min: 0, max: 6 * 1440 }),
        fc.constantFrom(...vehicles),
        (startMinute, minutes, [vehicleClass, vehicle]) => {
          const startsAt = new Date(Date.UTC(2026, 5, 1, 0, startMinute));
          const period = { startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000) };
          const stay = { spotType: 'STANDARD' as const, vehicleClass, multiplierPercent: 100 };
          const { totalMinor } = priceStay({ tariff: document, timeZone: 'UTC', period, ...stay });
          expect(readPrice(tables, { startMinute, minutes, vehicle })).toBe(totalMinor);
        },
      ),
      { numRuns: 400 },
    );
  });
});

describe('what APDS can’t say', () => {
  const fieldsOf = (document: TariffDocument) => exported(document).unsaid.map(({ field }) => field);

  test.each(DEMO_CITIES.map((city) => [city.name, city] as const))(
    'of the demo’s %s is told by its fields',
    (_name, city) => {
      const document: TariffDocument = { version: 1, currency: city.currency, ...city.tariff };
      const { rateTables, unsaid } = exported(document);
      expect(rateTables.length).toBeGreaterThan(0);
      // Every rate is there, in our order, with all of its steps.
      const steps = document.rates.flatMap(({ bands }) => bands.map(({ steps: of }) => of.length));
      const lines = rateTables.slice(-steps.length).map((table) => table.rateLineCollections.at(-1)!.rateLines.length);
      expect(lines).toEqual(steps.map((count) => count + (document.grace?.kind === 'DEDUCTED' ? 1 : 0)));
      const typed = document.rates.flatMap(({ spotTypes }, index) => (spotTypes ? [`rates[${index}].spotTypes`] : []));
      expect(unsaid.map(({ field }) => field)).toEqual(expect.arrayContaining(typed));
      for (const { reason } of unsaid) expect(reason).toMatch(/^[A-Z].{20,}/);
    },
  );

  test.each<[string, Partial<TariffDocument> & { rates?: Rate[] }, string[]]>([
    ['a night', { rates: [nights()] }, ['rates[0].bands']],
    [
      'a rolling cap',
      { rates: allDay([hour(200)], { caps: [{ window: 'ROLLING', minor: 900 }] }) },
      ['rates[0].caps[0]'],
    ],
    [
      'a second cap and one of the first day only',
      {
        rates: allDay([hour(200)], {
          caps: [
            { window: 'CALENDAR_DAY', minor: 900 },
            { window: 'ROLLING', minutes: 10_080, minor: 4000 },
            { window: 'CALENDAR_DAY', minor: 800, repeats: false },
          ],
        }),
      },
      ['rates[0].caps[1]', 'rates[0].caps[2]'],
    ],
    [
      'steps that a day’s cap does not restart',
      { rates: allDay([{ ...hour(300), times: 1 }, hour(200)], { caps: [{ window: 'CALENDAR_DAY', minor: 900 }] }) },
      ['rates[0].stepsRestart'],
    ],
    [
      'parts of a cent',
      { rates: allDay([{ blockMinutes: 1, minor: 100, perMinutes: 60 }]) },
      ['rates[0].bands[0].steps[0].perMinutes'],
    ],
    [
      'spot types',
      { rates: [{ ...allDay([hour(1)])[0]!, spotTypes: ['EV'] }, ...allDay([hour(2)])] },
      ['rates[0].spotTypes'],
    ],
    [
      'demand, re-entry, the way out, rounding and cash',
      {
        multiplier: { floorPercent: 90, ceilingPercent: 110, points: [{ occupancyPercent: 0, percent: 100 }] },
        reentry: { withinMinutes: 60 },
        exitGrace: { minutes: 15 },
        rounding: { toMinor: 10, mode: 'NEAREST' },
        cashRounding: { toMinor: 5, mode: 'NEAREST' },
      },
      ['reentry', 'exitGrace', 'multiplier', 'rounding', 'cashRounding'],
    ],
    [
      'discounts, lost tickets, versions, reservations, clocks, edges, blocks and day classes',
      {
        discounts: { stacking: 'BEST' },
        lostCredentialMinor: 2000,
        versionAt: 'EXIT',
        reserved: { earlyArrival: 'TARIFF' },
        clock: 'WALL',
        edges: 'CUT',
        blocks: { rounding: 'DOWN', over: 'SEGMENT' },
        dayClass: 'ENTRY',
      },
      ['discounts', 'lostCredentialMinor', 'versionAt', 'reserved', 'clock', 'edges', 'blocks', 'dayClass'],
    ],
    [
      'calendars and limits',
      {
        calendar: {
          weekend: ['FRI', 'SAT'],
          holidays: ['2026-12-25'],
          events: [{ name: 'Cup', dates: ['2026-06-11'] }],
        },
        limits: { maximumMinor: 9000, apply: 'BEFORE_TAX' },
        rates: allDay([hour(200)], { caps: [{ window: 'CALENDAR_DAY', minor: 900 }] }),
      },
      ['calendar.holidays', 'calendar.events', 'calendar.weekend', 'limits.apply', 'limits.maximumMinor'],
    ],
    [
      'an early bird',
      {
        offers: [
          { name: 'Early bird', minor: 1200, entry: { from: '06:00', to: '09:00' }, coversMinutes: 720 },
          { name: 'Evening', minor: 600, exit: { from: '18:00', to: '02:00' }, coversUntil: '02:00', then: 'NOTHING' },
        ],
      },
      ['offers[0].entry', 'offers[0].then', 'offers[1].exit', 'offers[1].coversUntil'],
    ],
  ])('of %s', (_name, more, fields) => {
    const document = euros({ rates: allDay([hour(200)]), ...more });
    expect(fieldsOf(document).sort()).toEqual([...fields].sort());
  });

  test('is never silent: every field of a tariff changes the tables or stands in the list', () => {
    const plain = euros({ rates: allDay([hour(200)]) });
    const others: Partial<TariffDocument> = {
      ...{ clock: 'WALL', grace: { minutes: 5, kind: 'DEDUCTED' }, reentry: { withinMinutes: 9 } },
      ...{ exitGrace: { minutes: 9 }, edges: 'CUT', blocks: { rounding: 'DOWN', over: 'STAY' }, dayClass: 'ENTRY' },
      ...{ calendar: { holidays: ['2026-12-25'] }, offers: [{ name: 'Flat', minor: 900 }], offerChoice: 'PRIORITY' },
      multiplier: { floorPercent: 90, ceilingPercent: 110, points: [{ occupancyPercent: 0, percent: 100 }] },
      ...{ limits: { minimumMinor: 100 }, tax: { percent: 20, mode: 'ADDED' }, rounding: { toMinor: 5, mode: 'UP' } },
      ...{ cashRounding: { toMinor: 5, mode: 'UP' }, discounts: { stacking: 'ALL' }, lostCredentialMinor: 2000 },
      ...{ versionAt: 'EXIT', longestStayMinutes: 1440, reserved: { earlyArrival: 'FREE' } },
    };
    const flat = euros({ ...plain, offers: others.offers! });
    for (const [field, value] of Object.entries(others)) {
      const before = field === 'offerChoice' ? flat : plain;
      expect(JSON.stringify(exported({ ...before, [field]: value }))).not.toBe(JSON.stringify(exported(before)));
    }
  });
});

function nights(): Rate {
  return {
    name: 'Cars',
    bands: [
      { name: 'Day', from: '07:00', to: '19:00', steps: [hour(200)] },
      { name: 'Night', from: '19:00', to: '07:00', steps: [hour(100)], capMinor: 500 },
    ],
  };
}
