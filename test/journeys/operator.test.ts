import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { codesOf, newCode, newLot, operatorSteps, TARIFF } from './operator-steps.ts';

let system: TestSystem;
let lot: TestLot;
/** Runs every lot of the operator of `lot`. */
let operator: string;
const { run, everything, reserve } = operatorSteps(
  () => system,
  () => operator,
);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system, { spots: { STANDARD: 4 } });
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
});
afterAll(() => system?.stop());

describe('a new lot', () => {
  test('is built from nothing to the first reservation', async () => {
    const { lot: made } = await run(
      'createLot',
      newLot({ code: 'har-7', policy: { graceMinutes: 45, noShow: { fee: 'FULL' } } }),
    );
    expect(made).toMatchObject({
      code: 'HAR-7',
      state: 'OPEN',
      policy: { graceMinutes: 45, noShow: { fee: 'FULL' } },
      openingHours: { alwaysOpen: true },
    });
    const lotId = made.id;
    const { level } = await run('addLevel', { lotId, name: 'Roof' });
    const { spots } = await run('addSpots', {
      levelId: level.id,
      spotType: 'STANDARD',
      labelPattern: '2-###',
      firstNumber: 9,
      count: 3,
      directions: 'Up the ramp.',
    });
    expect(spots.map((spot: { label: string }) => spot.label)).toEqual(['2-009', '2-010', '2-011']);
    const more = await run('addSpots', {
      levelId: level.id,
      spotType: 'EV',
      labelPattern: 'E#',
      firstNumber: 1,
      count: 2,
    });
    expect(more.spots.map(({ label, distanceRank }: any) => [label, distanceRank])).toEqual([
      ['E1', 3],
      ['E2', 4],
    ]);
    expect((await run('publishTariff', { lotId, tariff: TARIFF })).tariff).toMatchObject({
      versionNumber: 1,
      currency: 'EUR',
    });
    const { gate } = await run('registerGate', { lotId, name: 'Sea side', direction: 'BOTH' });
    const { key, device } = await run('issueDeviceKey', { lotId, name: 'Controller', role: 'GATE', gateId: gate.id });
    const { data } = await system
      .client(key)
      .query(
        `{ viewer { ... on Device { id gateId lotId } } lot(code: "har-7") { capacity { spotType total } gates { name } } }`,
      );
    expect(data).toEqual({
      viewer: { id: device.id, gateId: gate.id, lotId },
      lot: {
        capacity: expect.arrayContaining([
          { spotType: 'STANDARD', total: 3 },
          { spotType: 'EV', total: 2 },
        ]),
        gates: [{ name: 'Sea side' }],
      },
    });
    expect((await reserve(lotId)).userErrors).toEqual([]);
  });

  test('can be looked at whole before it has a single spot', async () => {
    const { lot: made } = await run('createLot', newLot());
    const { data, errors } = await system
      .client()
      .query(`{ lot(id: "${made.id}") { tariff { versionNumber } levels { id } availability { total free } } }`);
    expect(errors).toBeUndefined();
    expect(data['lot']).toEqual({ tariff: { versionNumber: 1 }, levels: [], availability: { total: 0, free: 0 } });
    expect(codesOf(await reserve(made.id))).toEqual(['SPOT_UNAVAILABLE']);
  });

  test('is not made with a tariff that breaks rules', async () => {
    const before = await everything();
    const { userErrors } = await run(
      'createLot',
      newLot({ tariff: { ...TARIFF, tax: { percent: 200, mode: 'INCLUDED' } } }),
    );
    expect(userErrors).toMatchObject([
      { __typename: 'TariffInvalid', problems: [{ rule: 'TAX', path: 'tax.percent' }] },
    ]);
    expect(await everything()).toBe(before);
  });

  test('has a code of its own, also when two take it at once', async () => {
    const code = newCode();
    const both = await Promise.all([
      run('createLot', newLot({ code })),
      run('createLot', newLot({ code: code.toLowerCase() })),
    ]);
    expect(both.flatMap(codesOf)).toEqual(['CODE_TAKEN']);
  });

  test('belongs to the operator of who makes it, or to the one that an admin names', async () => {
    const other = await makeLot(system);
    expect(codesOf(await run('createLot', newLot({ operatorId: other.operatorPublicId })))).toEqual(['NOT_ALLOWED']);
    const admin = await lot.staffToken('ADMIN');
    expect(codesOf(await run('createLot', newLot(), admin))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await run('createLot', newLot({ operatorId: other.operatorPublicId }), admin))).toEqual([]);
  });

  test('is not made by who serves single lots', async () => {
    expect(codesOf(await run('createLot', newLot(), await lot.staffToken('OPERATOR')))).toEqual(['NOT_ALLOWED']);
  });

  test('tells everything that is wrong with its policy at once', async () => {
    const before = await everything();
    const { lot: made, userErrors } = await run(
      'createLot',
      newLot({
        policy: {
          graceMinutes: -1,
          holdMinutes: 0,
          cancellation: { freeUntilMinutesBefore: 10, refundPercentAfter: 101 },
        },
      }),
    );
    expect(made).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'PolicyInvalid', code: 'POLICY_INVALID', field: ['policy'] }]);
    expect(userErrors[0].problems.map(({ path }: { path: string }) => path).sort()).toEqual([
      'cancellation.refundPercentAfter',
      'graceMinutes',
      'holdMinutes',
    ]);
    expect(await everything()).toBe(before);
  });
});

describe('a change of a lot', () => {
  test('changes what is told and nothing else', async () => {
    const { lot: made } = await run('createLot', newLot({ policy: { holdMinutes: 12 } }));
    const openingHours = {
      weekly: [
        { day: 'MONDAY', opens: '06:00', closes: '22:00' },
        { day: 'SUNDAY', opens: '08:00', closes: '24:00' },
      ],
    };
    const policy = { noShow: { fee: 'PERCENT', percent: 40 } };
    const changed = await run('updateLot', { lotId: made.id, name: 'Quay', state: 'CLOSED', openingHours, policy });
    expect(changed.lot).toMatchObject({
      name: 'Quay',
      state: 'CLOSED',
      location: { latitude: 60.15 },
      policy: { holdMinutes: 12, graceMinutes: 30, noShow: { fee: 'PERCENT', percent: 40 } },
      openingHours: { alwaysOpen: false, windows: openingHours.weekly },
    });
    expect((await run('updateLot', { lotId: made.id, openingHours: { always: true } })).lot.openingHours).toEqual({
      alwaysOpen: true,
      windows: [],
    });
  });

  test.each([
    [
      'a window that closes before it opens',
      { openingHours: { weekly: [{ day: 'MONDAY', opens: '22:00', closes: '06:00' }] } },
      'INVALID_INPUT',
    ],
    [
      'a time that is none',
      { openingHours: { weekly: [{ day: 'MONDAY', opens: '25:00', closes: '26:00' }] } },
      'INVALID_INPUT',
    ],
    ['a place beyond the pole', { location: { latitude: 91, longitude: 0 } }, 'INVALID_INPUT'],
    ['a name of blanks and length', { name: 'n'.repeat(201) }, 'INVALID_INPUT'],
    ['a fee without its amount', { policy: { noShow: { fee: 'FIXED' } } }, 'POLICY_INVALID'],
  ])('%s is refused and changes nothing', async (_what, change, code) => {
    const before = await everything();
    expect(codesOf(await run('updateLot', { lotId: lot.publicId, ...change }))).toEqual([code]);
    expect(await everything()).toBe(before);
  });
});

describe('spots', () => {
  test('a row with one taken label is refused whole', async () => {
    const before = await everything();
    const refused = await run('addSpots', {
      levelId: lot.levelPublicId,
      spotType: 'STANDARD',
      labelPattern: '1-###',
      firstNumber: 3,
      count: 5,
    });
    expect(refused).toMatchObject({ spots: null, userErrors: [{ code: 'NAME_TAKEN', field: ['labelPattern'] }] });
    expect(await everything()).toBe(before);
  });

  test.each([
    ['no number', { labelPattern: 'A-1' }, ['labelPattern']],
    ['two numbers', { labelPattern: '#-#' }, ['labelPattern']],
    ['too many at once', { count: 2001 }, ['count']],
    ['a negative number', { firstNumber: -1 }, ['firstNumber']],
    ['a height of a tower', { maxHeightCm: 20_000 }, ['maxHeightCm']],
  ])('%s is refused', async (_what, change, field) => {
    const row = {
      levelId: lot.levelPublicId,
      spotType: 'STANDARD',
      labelPattern: 'Z-#',
      firstNumber: 1,
      count: 1,
      ...change,
    };
    expect((await run('addSpots', row)).userErrors).toMatchObject([{ code: 'INVALID_INPUT', field }]);
  });

  test('a spot that is reserved can not be closed, and says until when; a free one can, and is no longer sold', async () => {
    const one = await makeLot(system, { spots: { STANDARD: 2 } });
    const token = (await makeStaff(system, { role: 'ATTENDANT', operatorId: one.operatorId })).token;
    const { reservation } = await reserve(one.publicId);
    const all = one.spots.map(({ publicId }) => publicId);
    const refused = await run('closeSpots', { lotId: one.publicId, spotIds: all }, token);
    expect(refused).toMatchObject({ spots: null, userErrors: [{ __typename: 'SpotsInUse', code: 'SPOTS_IN_USE' }] });
    const [claim] = refused.userErrors[0].claims;
    expect(refused.userErrors[0].claims).toHaveLength(1);
    expect(claim.period).toEqual(reservation.period);
    const free = all.filter((spotId) => spotId !== claim.spotId);
    expect((await run('closeSpots', { lotId: one.publicId, spotIds: free }, token)).spots).toMatchObject([
      { inService: false },
    ]);
    expect(codesOf(await reserve(one.publicId))).toEqual(['SPOT_UNAVAILABLE']);
    expect((await run('openSpots', { lotId: one.publicId, spotIds: free }, token)).spots).toMatchObject([
      { inService: true },
    ]);
    system.clock.advance(1500);
    expect(codesOf(await reserve(one.publicId))).toEqual([]);
  });

  test('a hold that has lapsed keeps no spot from being closed', async () => {
    const one = await makeLot(system, { spots: { STANDARD: 1 } });
    const token = async () => (await makeStaff(system, { role: 'ATTENDANT', operatorId: one.operatorId })).token;
    await reserve(one.publicId);
    const spotIds = one.spots.map(({ publicId }) => publicId);
    expect(codesOf(await run('closeSpots', { lotId: one.publicId, spotIds }, await token()))).toEqual(['SPOTS_IN_USE']);
    system.clock.advance((one.policy.holdMinutes + 1) * 60_000);
    expect(codesOf(await run('closeSpots', { lotId: one.publicId, spotIds }, await token()))).toEqual([]);
    operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
  });

  test('a spot of another lot, an unknown one and none are refused', async () => {
    const other = await makeLot(system);
    const lotId = lot.publicId;
    expect(codesOf(await run('closeSpots', { lotId, spotIds: [other.spots[0]!.publicId] }))).toEqual([
      'SPOT_OF_ANOTHER_LOT',
    ]);
    expect(codesOf(await run('closeSpots', { lotId, spotIds: ['spt_unknown'] }))).toEqual(['SPOT_NOT_FOUND']);
    expect(codesOf(await run('closeSpots', { lotId, spotIds: [] }))).toEqual(['INVALID_INPUT']);
  });
});

describe('a tariff', () => {
  test('counts up its versions and is not published twice', async () => {
    const { lot: made } = await run('createLot', newLot());
    const publish = async (tariff: object) =>
      (await run('publishTariff', { lotId: made.id, tariff })).tariff.versionNumber;
    expect(await publish(TARIFF)).toBe(1);
    expect(await publish(TARIFF)).toBe(1);
    expect(await publish({ ...TARIFF, grace: { minutes: 5, kind: 'ABSORBED' } })).toBe(2);
    const several = await Promise.all(
      [6, 7, 8].map((minutes) => publish({ ...TARIFF, grace: { minutes, kind: 'ABSORBED' } })),
    );
    expect(several.sort()).toEqual([3, 4, 5]);
  });

  test('tells every rule that it breaks, by its field', async () => {
    const steps = [{ blockMinutes: 100_000, minor: -1 }];
    const tariff = {
      rates: [{ name: 'All', bands: [{ name: 'All day', steps }] }],
      grace: { minutes: 5000, kind: 'ABSORBED' },
      multiplier: {
        floorPercent: 200,
        ceilingPercent: 100,
        points: [
          { occupancyPercent: 50, percent: 100 },
          { occupancyPercent: 50, percent: 120 },
        ],
      },
      tax: { percent: 101, mode: 'INCLUDED' },
    };
    const { tariff: published, userErrors } = await run('publishTariff', { lotId: lot.publicId, tariff });
    expect(published).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'TariffInvalid', code: 'TARIFF_INVALID' }]);
    const paths = userErrors[0].problems.map(({ path }: { path: string }) => path).sort();
    expect(paths).toEqual([
      'grace.minutes',
      'multiplier.floorPercent',
      'multiplier.points',
      'rates[0].bands[0].steps[0].blockMinutes',
      'rates[0].bands[0].steps[0].minor',
      'tax.percent',
    ]);
  });
});
