// What is refused on publishing, by rule and field, and that the message says what to do.

import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { smallestChargeMinor } from '../../src/domain/money.ts';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';
import type { Band, Rate, TariffDocument } from '../../src/domain/tariff/document.ts';
import { anyTariff } from './arbitraries.ts';

const EUR = { currency: 'EUR' };
const hour = [{ blockMinutes: 60, minor: 200 }];
const tariff: TariffDocument = {
  version: 1,
  currency: 'EUR',
  clock: 'WALL',
  grace: { minutes: 10, kind: 'ABSORBED' },
  reentry: { withinMinutes: 60 },
  exitGrace: { minutes: 15, byPayPoint: { APP: 20 } },
  edges: 'CUT',
  blocks: { rounding: 'NEAREST', over: 'STAY' },
  dayClass: 'EACH_DAY',
  versionAt: 'ENTRY',
  longestStayMinutes: 10_080,
  calendar: {
    weekend: ['FRI', 'SAT'],
    holidays: ['2026-12-25'],
    events: [{ name: 'Fair', dates: ['2026-10-01', '2026-10-02'] }],
  },
  rates: [
    {
      name: 'Charging',
      spotTypes: ['EV'],
      vehicleClasses: ['ELECTRIC_CAR'],
      bands: [
        {
          name: 'Day',
          from: '08:00',
          to: '20:00',
          steps: [{ blockMinutes: 15, minor: 300, perMinutes: 60, times: 4 }, ...hour],
        },
        { name: 'Night', from: '20:00', to: '08:00', steps: hour, capMinor: 900 },
      ],
      caps: [
        { window: 'BUSINESS_DAY', dayStartsAt: '05:00', minor: 2000 },
        { window: 'ROLLING', minutes: 10_080, minor: 9000, repeats: false },
      ],
      stepsRestart: 'WINDOW',
    },
    {
      name: 'All',
      bands: [
        { name: 'Week', days: ['WEEKDAY', 'WEEKEND'], steps: hour },
        { name: 'Holidays', days: ['HOLIDAY', 'EVENT:Fair'], steps: [{ blockMinutes: 1440, minor: 0 }] },
      ],
    },
  ],
  offers: [
    {
      name: 'Early bird',
      minor: 1500,
      days: ['WEEKDAY'],
      entry: { from: '06:00', to: '09:00' },
      exit: { from: '15:00', to: '19:00' },
      minStayMinutes: 60,
      maxStayMinutes: 780,
      coversMinutes: 720,
      coversUntil: '24:00',
      then: 'NOTHING',
      holdersOnly: true,
      spotTypes: ['STANDARD'],
      vehicleClasses: ['CAR'],
      priority: 1,
    },
  ],
  offerChoice: 'PRIORITY',
  multiplier: {
    floorPercent: 80,
    ceilingPercent: 150,
    points: [
      { occupancyPercent: 50, percent: 100 },
      { occupancyPercent: 95, percent: 150 },
    ],
  },
  limits: { minimumMinor: 100, maximumMinor: 50_000, apply: 'BEFORE_TAX' },
  tax: { percent: 25.5, mode: 'ADDED', name: 'VAT' },
  rounding: { toMinor: 10, mode: 'UP' },
  cashRounding: { toMinor: 50, mode: 'NEAREST' },
  discounts: { order: ['PROMO', 'VALIDATION'], stacking: 'BEST' },
  lostCredentialMinor: 2000,
  reserved: { earlyArrival: 'TARIFF', overstay: { method: 'SEPARATE', percent: 200, displacedMinor: 1000 } },
};

function refusals(document: unknown): { rule: string; field: string; message: string }[] {
  const result = checkTariffDocument(document, EUR);
  return 'errors' in result ? result.errors : [];
}

/** The tariff with one plain rate, of these bands. */
function withBands(bands: readonly object[], more: object = {}): object {
  return { version: 1, currency: 'EUR', rates: [{ name: 'All', bands }], ...more };
}

const band = (more: object): object => ({ name: 'Band', steps: hour, ...more });
const withRate = (more: object): object => ({ ...tariff, rates: [{ name: 'All', bands: [band({})], ...more }] });
const withOffer = (more: object): object => ({ ...tariff, offers: [{ name: 'Flat', minor: 500, ...more }] });

describe('a tariff', () => {
  test('that uses every rule is taken as it is, and holds nothing else', () => {
    expect(checkTariffDocument(structuredClone(tariff), EUR)).toEqual({ tariff });
  });

  test('is read from anything without throwing', () => {
    fc.assert(fc.property(fc.anything(), (value) => 'errors' in checkTariffDocument(value, EUR)));
    const anyName = fc.constantFrom(...Object.keys(tariff));
    fc.assert(
      fc.property(anyName, fc.anything(), (name, value) => {
        for (const { rule, message } of refusals({ ...tariff, [name]: value })) {
          expect([rule, message]).not.toContain('');
        }
      }),
    );
  });

  test('of plain prices that cards can be charged is taken', () => {
    fc.assert(
      fc.property(anyTariff.map(chargeable), (any) => {
        expect(checkTariffDocument(structuredClone(any), { currency: any.currency })).toEqual({ tariff: any });
      }),
    );
  });
});

describe('a tariff is refused', () => {
  test.each<[string, object, string, string, RegExp]>([
    ['of another version', { version: 2 }, 'DOCUMENT', 'version', /from 1 to 1/],
    ['in another currency', { currency: 'USD' }, 'CURRENCY', 'currency', /lot's currency, EUR/],
    ['in no currency', { currency: 'euro' }, 'CURRENCY', 'currency', /ISO 4217/],
    ['with a rule that nobody knows', { earlyBird: true }, 'DOCUMENT', 'earlyBird', /not a field/],
    ['without rates', { rates: [] }, 'RATE', 'rates', /1 to 20/],
    [
      'with an endless grace',
      { grace: { minutes: Infinity, kind: 'ABSORBED' } },
      'GRACE',
      'grace.minutes',
      /0 to 1440/,
    ],
    ['with a grace of no kind', { grace: { minutes: 5, kind: 'FREE' } }, 'GRACE', 'grace.kind', /ABSORBED, DEDUCTED/],
    [
      'whose exit grace names no pay point',
      { exitGrace: { minutes: 5, byPayPoint: { BOOTH: 3 } } },
      'GRACE',
      'exitGrace.byPayPoint.BOOTH',
      /not a field/,
    ],
    ['with a weekday of no week', { calendar: { weekend: ['SUNDAY'] } }, 'CALENDAR', 'calendar.weekend[0]', /MON, TUE/],
    ['with a tax of three decimals', { tax: { percent: 8.125, mode: 'ADDED' } }, 'TAX', 'tax.percent', /two decimals/],
    ['with a tax that is neither in nor on', { tax: { percent: 8 } }, 'TAX', 'tax.mode', /INCLUDED, ADDED/],
    [
      'with a minimum above the maximum',
      { limits: { minimumMinor: 2, maximumMinor: 1 } },
      'LIMITS',
      'limits.minimumMinor',
      /not be above/,
    ],
    ['that rounds to nothing', { rounding: { toMinor: 0, mode: 'UP' } }, 'ROUNDING', 'rounding.toMinor', /1 to/],
    [
      'that names a source twice',
      { discounts: { order: ['PROMO', 'PROMO'] } },
      'DISCOUNT',
      'discounts.order',
      /at most once/,
    ],
    [
      'with an overstay that pays the driver',
      { reserved: { overstay: { method: 'CONTINUE', percent: -1 } } },
      'SEGMENT',
      'reserved.overstay.percent',
      /0 to 1000/,
    ],
    [
      'with a lost ticket that no card is charged',
      { lostCredentialMinor: 20 },
      'DOCUMENT',
      'lostCredentialMinor',
      /at least 50/,
    ],
  ])('%s', (...[, change, rule, field, message]) => {
    expect(refusals({ ...tariff, ...change })).toEqual([{ rule, field, message: expect.stringMatching(message) }]);
  });

  test.each<[string, object, string, RegExp]>([
    ['a floor above the ceiling', { floorPercent: 200 }, 'multiplier.floorPercent', /not be above/],
    ['no points', { points: [] }, 'multiplier.points', /1 to 101/],
    [
      'points that fall',
      {
        points: [
          { occupancyPercent: 9, percent: 90 },
          { occupancyPercent: 5, percent: 99 },
        ],
      },
      'multiplier.points',
      /rise/,
    ],
    [
      'a bad point',
      { points: [{ occupancyPercent: 5, percent: '9' }] },
      'multiplier.points[0].percent',
      /whole number/,
    ],
  ])('whose demand has %s', (...[, change, field, message]) => {
    const document = { ...tariff, multiplier: { ...tariff.multiplier, ...change } };
    expect(refusals(document)).toEqual([{ rule: 'MULTIPLIER', field, message: expect.stringMatching(message) }]);
  });

  test('with everything that is wrong in its fields at once', () => {
    const bands = [band({ steps: [{ blockMinutes: 0, minor: 1.5 }], from: '25:00', to: '24:00' })];
    expect(refusals(withBands(bands)).map(({ rule, field }) => [rule, field])).toEqual([
      ['BAND', 'rates[0].bands[0].from'],
      ['STEP', 'rates[0].bands[0].steps[0].blockMinutes'],
      ['STEP', 'rates[0].bands[0].steps[0].minor'],
    ]);
  });
});

describe('a rate is refused', () => {
  test.each<[string, object, string, string, RegExp]>([
    ['that is the last and does not take all', { spotTypes: ['EV'] }, 'RATE', 'rates[0]', /leave out spotTypes/],
    ['without a name', { name: ' ' }, 'RATE', 'rates[0].name', /1 to 60/],
    [
      'whose steps end',
      { bands: [band({ steps: [{ blockMinutes: 60, minor: 200, times: 2 }] })] },
      'STEP',
      'rates[0].bands[0].steps[0].times',
      /goes on for ever/,
    ],
    [
      'whose first step never ends',
      { bands: [band({ steps: [...hour, ...hour] })] },
      'STEP',
      'rates[0].bands[0].steps[0].times',
      /must be told/,
    ],
    [
      'whose day costs less than an hour of it',
      { caps: [{ window: 'CALENDAR_DAY', minor: 199 }] },
      'CAP',
      'rates[0].caps[0].minor',
      /200 or higher/,
    ],
    [
      'whose band costs less than a block of it',
      { bands: [band({ capMinor: 150 })] },
      'CAP',
      'rates[0].bands[0].capMinor',
      /200 or higher/,
    ],
    [
      'whose week costs less than its day',
      {
        caps: [
          { window: 'CALENDAR_DAY', minor: 900 },
          { window: 'ROLLING', minutes: 10_080, minor: 800 },
        ],
      },
      'CAP',
      'rates[0].caps[1].minor',
      /not be below 900/,
    ],
    ['with a cap of no window', { caps: [{ minor: 900 }] }, 'CAP', 'rates[0].caps[0].window', /ROLLING/],
    [
      'with minutes for a day',
      { caps: [{ window: 'CALENDAR_DAY', minutes: 60, minor: 900 }] },
      'CAP',
      'rates[0].caps[0].minutes',
      /only for ROLLING/,
    ],
    [
      'whose business day begins nowhere',
      { caps: [{ window: 'BUSINESS_DAY', minor: 900 }] },
      'CAP',
      'rates[0].caps[0].dayStartsAt',
      /time of day/,
    ],
    [
      'with a window that never opens',
      { bands: [band({ from: '08:00', to: '08:00' })] },
      'BAND',
      'rates[0].bands[0].to',
      /never opens/,
    ],
    [
      'with a window without an end',
      { bands: [band({ from: '08:00' })] },
      'BAND',
      'rates[0].bands[0].to',
      /time of day/,
    ],
    [
      'on an event that never takes place',
      { bands: [band({}), band({ days: ['EVENT:Circus'] })] },
      'BAND',
      'rates[0].bands[1].days[0]',
      /never comes/,
    ],
    ['on no day', { bands: [band({ days: [] })] }, 'BAND', 'rates[0].bands[0].days', /must name a day/],
    [
      'with a misspelt field',
      { bands: [band({ capMinors: 5 })] },
      'BAND',
      'rates[0].bands[0].capMinors',
      /not a field/,
    ],
  ])('%s', (...[, change, rule, field, message]) => {
    expect(refusals(withRate(change))).toEqual([{ rule, field, message: expect.stringMatching(message) }]);
  });

  test('for a spot of no type', () => {
    const rates = [{ name: 'Roof', spotTypes: ['ROOF'], bands: [band({})] }, ...tariff.rates];
    expect(refusals({ ...tariff, rates })).toMatchObject([{ rule: 'RATE', field: 'rates[0].spotTypes[0]' }]);
  });

  test('that stands behind one that takes every stay', () => {
    const rates = [
      { name: 'All', bands: [band({})] },
      { name: 'Never', bands: [band({})] },
    ];
    expect(refusals({ ...tariff, rates })).toMatchObject([
      { rule: 'RATE', field: 'rates[0]', message: /move it to the end/ },
    ]);
  });
});

describe('an offer is refused', () => {
  test.each<[string, object, string, RegExp]>([
    ['whose entry window never opens', { entry: { from: '09:00', to: '09:00' } }, 'offers[0].entry.to', /never opens/],
    [
      'that is longest before it is shortest',
      { minStayMinutes: 90, maxStayMinutes: 60 },
      'offers[0].minStayMinutes',
      /no stay would fit/,
    ],
    [
      'that covers less than it asks for',
      { minStayMinutes: 90, coversMinutes: 60, then: 'NOTHING' },
      'offers[0].minStayMinutes',
      /no stay would fit/,
    ],
    [
      'whose exit is too far from its entry',
      { entry: { from: '06:00', to: '09:00' }, exit: { from: '15:00', to: '19:00' }, maxStayMinutes: 360 },
      'offers[0].maxStayMinutes',
      /361 or higher/,
    ],
    ['on a day that never comes', { days: ['EVENT:Circus'] }, 'offers[0].days[0]', /never comes/],
    ['for no spot', { spotTypes: [] }, 'offers[0].spotTypes', /at least one/],
    ['that pays the driver', { minor: -1 }, 'offers[0].minor', /0 to/],
  ])('%s', (...[, change, field, message]) => {
    expect(refusals(withOffer(change))).toEqual([{ rule: 'OFFER', field, message: expect.stringMatching(message) }]);
  });

  test('that no card is charged, until a least price mends it', () => {
    const document = {
      ...tariff,
      limits: {},
      tax: { percent: 10, mode: 'INCLUDED' },
      offers: [{ name: 'Coin', minor: 40 }],
    };
    expect(refusals(document)).toMatchObject([
      { rule: 'OFFER', field: 'offers[0].minor', message: /as little as 40, .* 50 at least/ },
    ]);
    expect(refusals({ ...document, limits: { minimumMinor: 50 } })).toEqual([]);
  });
});

/** The same with every price above zero one that cards can be charged. */
function chargeable(any: TariffDocument): TariffDocument {
  const atLeast = (minor: number): number => (minor === 0 ? 0 : Math.max(minor, smallestChargeMinor(any.currency)));
  const raisedBand = (one: Band): Band => ({
    ...one,
    steps: one.steps.map((s) => ({ ...s, minor: atLeast(s.minor) })),
  });
  const raised = ({ caps, ...rate }: Rate): Rate => ({
    ...rate,
    bands: rate.bands.map(raisedBand),
    ...(caps === undefined ? {} : { caps: caps.map((cap) => ({ ...cap, minor: atLeast(cap.minor) })) }),
  });
  return { ...any, rates: any.rates.map(raised) };
}
