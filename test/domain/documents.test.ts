import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { checkLotPolicy, DEFAULT_LOT_POLICY } from '../../src/domain/policies.ts';
import { describePolicy } from '../../src/domain/policy-sentences.ts';
import { smallestChargeMinor } from '../../src/domain/money.ts';
import { checkTariffDocument } from '../../src/domain/tariff/check.ts';
import type { TariffDocument, TariffRate } from '../../src/domain/tariff/document.ts';
import { anyTariff } from './arbitraries.ts';

function fieldsOf(result: { errors: { field: string }[] } | object): string[] {
  return 'errors' in result ? result.errors.map((error) => error.field) : [];
}

describe('the policy of a lot', () => {
  test('is the usual one where it says nothing', () => {
    expect(checkLotPolicy({})).toEqual({ policy: DEFAULT_LOT_POLICY });
    expect(checkLotPolicy(DEFAULT_LOT_POLICY)).toEqual({ policy: DEFAULT_LOT_POLICY });
  });

  test('takes what it says and the usual for the rest, also within a section', () => {
    const result = checkLotPolicy({
      graceMinutes: 45,
      cancellation: { refundPercentAfter: 0 },
      noShow: { fee: 'FULL' },
    });
    expect(result).toEqual({
      policy: {
        ...DEFAULT_LOT_POLICY,
        graceMinutes: 45,
        cancellation: { ...DEFAULT_LOT_POLICY.cancellation, refundPercentAfter: 0 },
        noShow: { fee: 'FULL' },
      },
    });
  });

  test('is told everything that is wrong with it at once', () => {
    const result = checkLotPolicy({
      holdMinutes: 0,
      graceMinutes: 1.5,
      minStayMinutes: 600,
      maxStayMinutes: 60,
      cancellation: { refundPercentAfter: 101 },
      earlyDeparture: 'generous',
      noShow: { fee: 'PERCENT', hours: 3 },
      reinstateLateArrival: 'yes',
      allocationStrategy: 'RANDOM',
      graceMinuts: 30,
    });
    expect(fieldsOf(result)).toEqual([
      'holdMinutes',
      'graceMinutes',
      'cancellation.refundPercentAfter',
      'earlyDeparture',
      'noShow.percent',
      'noShow.hours',
      'reinstateLateArrival',
      'allocationStrategy',
      'minStayMinutes',
      'graceMinuts',
    ]);
  });

  test('needs a known fee with its own figure', () => {
    expect(fieldsOf(checkLotPolicy({ noShow: {} }))).toEqual(['noShow.fee']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FIXED' } }))).toEqual(['noShow.fixedMinor']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FIRST_HOURS', hours: 0 } }))).toEqual(['noShow.hours']);
    expect(fieldsOf(checkLotPolicy({ noShow: { fee: 'FULL', percent: 10 } }))).toEqual(['noShow.percent']);
  });

  test('is read from anything without throwing', () => {
    fc.assert(
      fc.property(
        fc.anything(),
        (value) => 'policy' in checkLotPolicy(value) || fieldsOf(checkLotPolicy(value)).length > 0,
      ),
    );
    expect(fieldsOf(checkLotPolicy(JSON.parse('{"__proto__":{"holdMinutes":5},"constructor":1}')))).toHaveLength(2);
  });

  test('is what the document says itself, not what it inherits', () => {
    expect(checkLotPolicy(Object.create({ holdMinutes: 0 }))).toEqual({ policy: DEFAULT_LOT_POLICY });
  });

  test('reads as sentences in the money of the lot', () => {
    const noShow = { fee: 'FIXED', fixedMinor: 1250 } as const;
    const sentences = describePolicy({ ...DEFAULT_LOT_POLICY, noShow }, 'EUR', 'en-IE');
    expect(sentences).toEqual({
      cancellation: 'Cancel free of charge until 1 h before the start; after that 50 % of the price is refunded.',
      lateArrival: 'Your spot is kept for 30 min after the start; if you come later you get a spot if one is free.',
      noShow:
        'If you do not come, the fee is €12.50: it is kept of what you paid, and what is missing is charged to your card.',
      earlyDeparture: 'If you leave early, 100 % of the price of the unused time is refunded; at least 1 h is charged.',
    });
  });
});

/** The same with every price above zero one that cards can be charged. */
function chargeable(tariff: TariffDocument): TariffDocument {
  const atLeast = (minor: number) => (minor === 0 ? 0 : Math.max(minor, smallestChargeMinor(tariff.currency)));
  const raised = ({ dailyCapMinor, ...rate }: TariffRate): TariffRate => ({
    ...rate,
    stepMinor: atLeast(rate.stepMinor),
    ...(dailyCapMinor === undefined ? {} : { dailyCapMinor: atLeast(dailyCapMinor) }),
  });
  const rates = Object.entries(tariff.rates).map(([spotType, rate]) => [spotType, raised(rate)]);
  return { ...tariff, rates: Object.fromEntries(rates), defaultRate: raised(tariff.defaultRate) };
}

describe('a tariff', () => {
  const tariff = {
    version: 1,
    currency: 'EUR',
    rates: { EV: { stepMinutes: 30, stepMinor: 250, dailyCapMinor: 3000 } },
    defaultRate: { stepMinutes: 60, stepMinor: 400 },
    graceMinutes: 10,
    multiplier: {
      floorPercent: 80,
      ceilingPercent: 150,
      points: [
        { occupancyPercent: 50, percent: 100 },
        { occupancyPercent: 95, percent: 150 },
      ],
    },
    taxPercent: 25.5,
  };

  test('that is right is taken as it is', () => {
    expect(checkTariffDocument(tariff, { currency: 'EUR' })).toEqual({ tariff });
    fc.assert(
      fc.property(anyTariff.map(chargeable), (any) => {
        expect(checkTariffDocument(structuredClone(any), { currency: any.currency })).toEqual({ tariff: any });
      }),
    );
  });

  test.each<[string, object, [string, string][]]>([
    ['of another version', { version: 2 }, [['DOCUMENT', 'version']]],
    ['in another currency', { currency: 'USD' }, [['CURRENCY', 'currency']]],
    ['in no currency', { currency: 'euro' }, [['CURRENCY', 'currency']]],
    [
      'without a default rate',
      { defaultRate: undefined },
      [
        ['RATE', 'defaultRate.stepMinutes'],
        ['RATE', 'defaultRate.stepMinor'],
      ],
    ],
    [
      'with a step of no time',
      { defaultRate: { stepMinutes: 0, stepMinor: 1 } },
      [['RATE', 'defaultRate.stepMinutes']],
    ],
    ['with cents of cents', { rates: { EV: { stepMinutes: 1, stepMinor: 0.5 } } }, [['RATE', 'rates.EV.stepMinor']]],
    ['that pays the driver', { rates: { EV: { stepMinutes: 1, stepMinor: -5 } } }, [['RATE', 'rates.EV.stepMinor']]],
    [
      'with steps that no card is charged',
      { defaultRate: { stepMinutes: 60, stepMinor: 49 } },
      [['RATE', 'defaultRate.stepMinor']],
    ],
    [
      'with a day that no card is charged',
      { rates: { EV: { stepMinutes: 60, stepMinor: 100, dailyCapMinor: 40 } } },
      [['RATE', 'rates.EV.dailyCapMinor']],
    ],
    [
      'that low demand makes too cheap for cards',
      {
        defaultRate: { stepMinutes: 60, stepMinor: 60 },
        multiplier: { floorPercent: 50, ceilingPercent: 100, points: [{ occupancyPercent: 0, percent: 50 }] },
      },
      [['RATE', 'defaultRate.stepMinor']],
    ],
    ['for a spot of no type', { rates: { ROOF: { stepMinutes: 1, stepMinor: 1 } } }, [['RATE', 'rates.ROOF']]],
    ['with an endless grace', { graceMinutes: Infinity }, [['GRACE', 'graceMinutes']]],
    [
      'with a floor above the ceiling',
      { multiplier: { ...tariff.multiplier, floorPercent: 200 } },
      [['MULTIPLIER', 'multiplier.floorPercent']],
    ],
    [
      'whose demand has no points',
      { multiplier: { ...tariff.multiplier, points: [] } },
      [['MULTIPLIER', 'multiplier.points']],
    ],
    [
      'whose points fall back',
      { multiplier: { ...tariff.multiplier, points: [...tariff.multiplier.points].reverse() } },
      [['MULTIPLIER', 'multiplier.points']],
    ],
    [
      'with a bad point',
      { multiplier: { ...tariff.multiplier, points: [{ occupancyPercent: 5, percent: '9' }] } },
      [['MULTIPLIER', 'multiplier.points[0].percent']],
    ],
    ['with a tax of three decimals', { taxPercent: 8.125 }, [['TAX', 'taxPercent']]],
    [
      'with a rule that nobody knows',
      { earlyBird: true, constructor: 1 },
      [
        ['DOCUMENT', 'earlyBird'],
        ['DOCUMENT', 'constructor'],
      ],
    ],
  ])('%s is told so, with rule and field', (_, change, expected) => {
    const result = checkTariffDocument({ ...tariff, ...change }, { currency: 'EUR' });
    const errors = 'errors' in result ? result.errors : [];
    expect(errors.map(({ rule, field }) => [rule, field])).toEqual(expected);
    for (const { message } of errors) expect(message).not.toBe('');
  });

  test('by the minute is taken when its free minutes make the first charge one that cards take', () => {
    const byTheMinute = {
      version: 1,
      currency: 'SGD',
      rates: {},
      defaultRate: { stepMinutes: 1, stepMinor: 2 },
    } as const;
    const check = (graceMinutes: number) => checkTariffDocument({ ...byTheMinute, graceMinutes }, { currency: 'SGD' });
    expect(check(24)).toEqual({ tariff: { ...byTheMinute, graceMinutes: 24 } });
    expect(check(23)).toMatchObject({
      errors: [{ field: 'defaultRate.stepMinor', message: expect.stringMatching(/as little as 48.* 50 at least/) }],
    });
  });

  test('may be free, and is refused when a little demand would ask for a few cents', () => {
    const rates = { version: 1, currency: 'GBP', rates: {}, graceMinutes: 0 };
    const check = (defaultRate: object, more: object = {}) =>
      checkTariffDocument({ ...rates, defaultRate, ...more }, { currency: 'GBP' });
    expect(check({ stepMinutes: 60, stepMinor: 0 })).toHaveProperty('tariff');
    expect(check({ stepMinutes: 60, stepMinor: 30 })).toHaveProperty('tariff');
    const points = [
      { occupancyPercent: 0, percent: 0 },
      { occupancyPercent: 100, percent: 100 },
    ];
    const multiplier = { floorPercent: 0, ceilingPercent: 100, points };
    expect(check({ stepMinutes: 60, stepMinor: 500 }, { multiplier })).toHaveProperty('errors');
    expect(check({ stepMinutes: 60, stepMinor: 3000 }, { multiplier })).toHaveProperty('tariff');
  });

  test('is read from anything without throwing', () => {
    fc.assert(fc.property(fc.anything(), (value) => 'errors' in checkTariffDocument(value, { currency: 'EUR' })));
  });
});
