import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { ask, DIFFERENCE, PRICE_FOR, PUBLISH } from './tariff-steps.ts';

let system: TestSystem;
let lot: TestLot;
let operator: string;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
  operator = await lot.staffToken('OPERATOR');
});
afterAll(() => system?.stop());

const hour = (minor: number) => ({ blockMinutes: 60, minor });
const day = {
  name: 'Day',
  from: '07:00',
  to: '19:00',
  steps: [
    { ...hour(300), times: 2 },
    { blockMinutes: 30, minor: 100 },
  ],
};
const night = { name: 'Night', from: '19:00', to: '07:00', steps: [hour(100)], capMinor: 500 };
/** What hangs on the wall of a garage. */
const GARAGE = {
  grace: { minutes: 10, kind: 'ABSORBED' },
  edges: 'CUT',
  rates: [{ name: 'Cars', bands: [day, night], caps: [{ window: 'CALENDAR_DAY', minor: 2400 }] }],
  offers: [{ name: 'Early bird', minor: 1200, entry: { from: '06:00', to: '09:00' }, coversMinutes: 720 }],
  tax: { percent: 25.5, mode: 'INCLUDED', name: 'ALV' },
};
const withBands = (...bands: object[]) => ({ ...GARAGE, rates: [{ ...GARAGE.rates[0], bands }] });
/** On a Monday of winter time in Helsinki. */
const on = (from: string, to: string) => ({
  startsAt: `2027-03-15T${from}:00+02:00`,
  endsAt: to.length > 5 ? `2027-03-${to.slice(0, 2)}T${to.slice(3)}:00+02:00` : `2027-03-15T${to}:00+02:00`,
});

describe('a tariff that is published', () => {
  const problemsOf = async (tariff: object, token = operator) => {
    const { tariff: published, userErrors } = await ask(system, token, [
      PUBLISH,
      { input: { lotId: lot.publicId, tariff } },
    ]);
    expect(published === null).toBe(userErrors.length > 0);
    return (userErrors[0]?.problems ?? []).map(({ rule, path, message }: any) => `${rule} ${path}: ${message}`);
  };

  test.each<[string, object, RegExp]>([
    ['a gap', withBands({ ...day, to: '18:30' }, night), /^BAND rates\[0\]\.bands: .*18:30.*19:00/],
    ['an overlap', withBands({ ...day, to: '19:15' }, night), /^BAND rates\[0\]\.bands.*: .*19:00.*19:15/],
    [
      'a holiday that has no night',
      withBands(
        day,
        { ...night, days: ['WEEKDAY', 'WEEKEND'] },
        { ...night, name: 'Feast', days: ['HOLIDAY'], to: '05:00' },
      ),
      /^BAND rates\[0\]\.bands/,
    ],
    [
      'a cap below one block',
      { ...GARAGE, rates: [{ ...GARAGE.rates[0], caps: [{ window: 'CALENDAR_DAY', minor: 250 }] }] },
      /^CAP rates\[0\]\.caps\[0\]/,
    ],
    [
      'an offer whose window never opens',
      { ...GARAGE, offers: [{ name: 'Never', minor: 900, entry: { from: '09:00', to: '09:00' } }] },
      /^OFFER offers\[0\]\.entry/,
    ],
    [
      'a night that never ends',
      withBands({ ...day, steps: [{ ...hour(300), times: 2 }] }, night),
      /^STEP rates\[0\]\.bands\[0\]\.steps/,
    ],
    ['money of another country', { ...GARAGE, currency: 'SEK' }, /^CURRENCY currency: .*EUR/],
    ['a misspelt field', { ...GARAGE, graze: { minutes: 5 } }, /^DOCUMENT graze/],
  ])('with %s is refused, with the rule and the field', async (_name, tariff, problem) => {
    const problems = await problemsOf(tariff);
    expect(problems).toEqual(expect.arrayContaining([expect.stringMatching(problem)]));
  });

  test('holds from then on, is listed with the versions before it, and can be read by its id', async () => {
    expect(await problemsOf(GARAGE)).toEqual([]);
    const listed =
      'query ($id: ID!) { lot(id: $id) { tariff { id versionNumber document } tariffs(first: 1) { nodes { id versionNumber } pageInfo { hasNextPage endCursor } } } }';
    const { tariff, tariffs } = await ask(system, operator, [listed, { id: lot.publicId }]);
    expect(tariff).toMatchObject({ versionNumber: 2, document: { currency: 'EUR', offers: [{ name: 'Early bird' }] } });
    expect(tariffs).toMatchObject({ nodes: [{ id: tariff.id, versionNumber: 2 }], pageInfo: { hasNextPage: true } });
    const read = await ask(system, undefined, [
      'query ($id: ID!) { node(id: $id) { ... on Tariff { versionNumber } } }',
      { id: tariff.id },
    ]);
    expect(read).toEqual({ versionNumber: 2 });
    const after =
      'query ($id: ID!, $after: String) { lot(id: $id) { tariffs(first: 5, after: $after) { nodes { versionNumber } } } }';
    const first = await ask(system, operator, [after, { id: lot.publicId, after: tariffs.pageInfo.endCursor }]);
    expect(first.tariffs.nodes).toEqual([{ versionNumber: 1 }]);
  });
});

describe('a price that an operator asks for', () => {
  const priced = async (input: object, token = operator) =>
    ask(system, token, [PRICE_FOR, { input: { lotId: lot.publicId, document: GARAGE, ...input } }]);

  test('by a draft comes line by line, with tax, cash, the time to leave and what staying longer costs', async () => {
    const { result, userErrors } = await priced({ period: on('16:20', '21:45') });
    expect(userErrors).toEqual([]);
    const { price, next } = result;
    // 16:20–18:20 2 × 3.00; 18:20–19:00 a half hour and what the edge leaves of one; 19:00–21:45 three hours of night.
    expect(price.lines.map(({ rule, description, amount }: any) => [rule, description, amount.amountMinor])).toEqual([
      ['BLOCK', 'Day: 2 × 1 h', 600],
      ['BLOCK', 'Day: 2 × 30 min', 200],
      ['BLOCK', 'Night: 3 × 1 h', 300],
    ]);
    expect(price).toMatchObject({ total: { amountMinor: 1100 }, tax: { amountMinor: 224 }, taxPercent: 25.5 });
    expect(result).toMatchObject({ tariff: null, multiplierPercent: 100, cash: { amountMinor: 1100 }, warnings: [] });
    expect(result).toMatchObject({ exitGraceMinutes: lot.policy.exitGraceMinutes, reserved: null });
    expect(next.map(({ minutesLater, total, rule }: any) => [minutesLater, total.amountMinor, rule])).toEqual([
      [15, 1200, 'BLOCK'],
      [75, 1300, 'BLOCK'],
      // The night has cost its 5.00; at 07:00 the day goes on with its half hours.
      [555, 1400, 'BLOCK'],
      [585, 1500, 'BLOCK'],
    ]);
  });

  test('is the least of rates and offers, follows demand as far as it is told, and takes discounts off', async () => {
    const full = { period: on('08:00', '18:00') };
    const early = await priced(full);
    expect(early.result.price).toMatchObject({ total: { amountMinor: 1200 }, lines: [{ rule: 'OFFER' }] });
    const multiplier = {
      floorPercent: 90,
      ceilingPercent: 150,
      points: [
        { occupancyPercent: 50, percent: 100 },
        { occupancyPercent: 100, percent: 200 },
      ],
    };
    const document = { ...GARAGE, offers: [], multiplier };
    const crowded = await priced({ period: on('10:00', '12:00'), document, occupancyPercent: 90 });
    expect(crowded.result).toMatchObject({ multiplierPercent: 150, price: { total: { amountMinor: 900 } } });
    const told = await priced({ period: on('10:00', '12:00'), document, multiplierPercent: 200 });
    expect(told.result).toMatchObject({
      price: { total: { amountMinor: 1200 } },
      warnings: [expect.stringContaining('floor and ceiling')],
    });
    const discounts = [
      { source: 'VALIDATION', name: 'Cinema', kind: 'TIME', minutes: 60 },
      { source: 'PROMO', name: 'SPRING', kind: 'PERCENT', percent: 50 },
    ];
    const cheaper = await priced({ period: on('10:00', '12:00'), discounts });
    expect(cheaper.result.price.lines.map(({ rule, amount }: any) => [rule, amount.amountMinor])).toEqual([
      ['BLOCK', 600],
      ['VALIDATION', -300],
      ['PROMO', -150],
    ]);
  });

  test('for a reserved stay has its segments', async () => {
    const document = {
      ...GARAGE,
      offers: [],
      reserved: { earlyArrival: 'TARIFF', overstay: { method: 'SEPARATE', percent: 150, displacedMinor: 1000 } },
    };
    const visit = { enteredAt: '2027-03-15T09:30:00+02:00', leftAt: '2027-03-15T13:00:00+02:00', displaced: true };
    const { result } = await priced({ period: on('10:00', '12:00'), document, ...visit });
    // 09:30–12:00 is 3.00 + 3.00 + 1.00; an hour past the end is 3.00 × 150 %, and 10.00 for the other driver.
    expect(result.reserved).toEqual({
      earlyArrival: { amountMinor: 100 },
      promised: { amountMinor: 600 },
      overstay: { amountMinor: 1450 },
    });
    expect(result.price.total.amountMinor).toBe(2150);
    const rules = result.price.lines.map(({ rule }: any) => rule);
    expect(rules.slice(-3)).toEqual(['EARLY_ARRIVAL', 'OVERSTAY', 'DISPLACED']);
  });

  test('by a version that was published says so, and by none the one in force', async () => {
    const versions = 'query ($id: ID!) { lot(id: $id) { tariffs { nodes { id versionNumber } } } }';
    const { tariffs } = await ask(system, operator, [versions, { id: lot.publicId }]);
    const first = tariffs.nodes.at(-1);
    const input = { period: on('10:00', '12:00'), document: null };
    expect((await priced({ ...input, tariffId: first.id })).result).toMatchObject({
      ...{ tariff: { versionNumber: 1 }, price: { total: { amountMinor: 400 } } },
    });
    expect((await priced(input)).result.tariff.versionNumber).toBe(tariffs.nodes[0].versionNumber);
  });

  test('is refused for a draft that breaks rules, for another’s lot or version, and for a time that is none', async () => {
    const broken = await priced({ period: on('10:00', '12:00'), document: withBands(day) });
    expect(broken).toMatchObject({ result: null, userErrors: [{ code: 'TARIFF_INVALID', field: ['document'] }] });
    expect(broken.userErrors[0].problems[0]).toMatchObject({ rule: 'BAND', path: 'rates[0].bands' });
    const other = await makeLot(system);
    const stranger = await other.staffToken('OPERATOR');
    const codeOf = async (input: object, token?: string) => (await priced(input, token)).userErrors[0]?.code;
    expect(await codeOf({ period: on('10:00', '12:00') }, stranger)).toBe('LOT_NOT_FOUND');
    const versions = 'query ($id: ID!) { lot(id: $id) { tariff { id } } }';
    const { tariff } = await ask(system, stranger, [versions, { id: other.publicId }]);
    expect(await codeOf({ period: on('10:00', '12:00'), document: null, tariffId: tariff.id })).toBe('NOT_FOUND');
    expect(await codeOf({ period: on('12:00', '10:00') })).toBe('PERIOD_BACKWARDS');
    expect(await codeOf({ period: { startsAt: '2020-01-01T00:00:00Z', endsAt: '2027-01-01T00:00:00Z' } })).toBe(
      'PERIOD_TOO_LONG',
    );
    expect(await codeOf({ period: on('10:00', '12:00'), occupancyPercent: 101 })).toBe('INVALID_INPUT');
  });
});

describe('the difference between two tariffs', () => {
  const differing = async (input: object, token = operator) =>
    ask(system, token, [DIFFERENCE, { input: { lotId: lot.publicId, ...input } }]);

  test('is told field by field, and by what the same stays cost, the largest changes first', async () => {
    const raised = {
      ...GARAGE,
      rates: [{ ...GARAGE.rates[0], bands: [day, { ...night, capMinor: 800 }] }],
      offers: [],
    };
    await ask(system, operator, [PUBLISH, { input: { lotId: lot.publicId, tariff: GARAGE } }]);
    const { difference, userErrors } = await differing({ toDocument: raised });
    expect(userErrors).toEqual([]);
    expect(difference.fields.map(({ field, sentence }: any) => `${field}: ${sentence}`)).toEqual([
      'rates[Cars].bands[Night].capMinor: Rate “Cars”, band “Night”, the most that it costs goes from €5.00 to €8.00.',
      expect.stringMatching(/^offers.*Early bird/),
    ]);
    expect(difference.stays).toHaveLength(2 * 5 * 15);
    expect(difference.falls).toEqual([]);
    expect(difference.rises).toHaveLength(5);
    const rises = difference.rises.map(({ difference: by }: any) => by.amountMinor);
    expect(rises).toEqual([...rises].sort((a, b) => b - a));
    const changed = difference.stays.filter((stay: any) => stay.old.amountMinor !== stay.new.amountMinor);
    expect(difference.unchanged).toBe(150 - changed.length);
  });

  test('of a tariff and itself is none', async () => {
    const { difference } = await differing({ toDocument: GARAGE });
    expect(difference).toMatchObject({ fields: [], rises: [], falls: [], unchanged: 150 });
  });

  test('is refused for a draft that breaks rules, and to who does not serve the lot', async () => {
    const broken = await differing({ toDocument: { ...GARAGE, ...plainRates({ blockMinutes: 0, minor: 1 }) } });
    expect(broken).toMatchObject({ difference: null, userErrors: [{ code: 'TARIFF_INVALID', field: ['toDocument'] }] });
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    const refused = await differing({ toDocument: GARAGE }, stranger);
    expect(refused.userErrors).toMatchObject([{ code: 'LOT_NOT_FOUND' }]);
  });
});

describe('the export of a tariff', () => {
  test('is for everybody, as rate tables and a list of what they can’t say', async () => {
    const { tariff } = await ask(system, operator, [
      'query ($id: ID!) { lot(id: $id) { tariff { id versionNumber } } }',
      { id: lot.publicId },
    ]);
    const response = await fetch(`${system.url}/tariffs/${tariff.id}/apds.json`);
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('max-age');
    const { rateTables, rateEligibilities, unsaid } = await response.json();
    expect(rateTables.map(({ rateTableName }: any) => rateTableName[0].string)).toEqual([
      ...['Early bird', 'Cars: Day', 'Cars: Night'],
    ]);
    expect(rateTables[0]).toMatchObject({
      id: `${tariff.id}-1`,
      version: tariff.versionNumber,
      availability: 'public',
    });
    expect(rateTables[1].rateLineCollections.at(-1).rateLines).toMatchObject([
      { sequence: 1, rateLineType: 'incrementingRate', incrementPeriod: 'PT1H', value: 3, durationEnd: 'PT2H' },
      { sequence: 2, rateLineType: 'incrementingRate', incrementPeriod: 'PT30M', value: 1, durationStart: 'PT2H' },
    ]);
    expect(rateEligibilities).toHaveLength(3);
    expect(unsaid.map(({ field }: any) => field)).toEqual(
      expect.arrayContaining(['edges', 'rates[0].bands', 'offers[0].entry']),
    );
  });

  test('of no tariff of ours is not found', async () => {
    for (const id of ['tar_x', lot.publicId, `tar_${'A'.repeat(43)}`])
      expect((await fetch(`${system.url}/tariffs/${id}/apds.json`)).status).toBe(404);
  });
});
