import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { encodeId } from '../../src/domain/public-id.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';

const PROBLEMS = `userErrors { __typename code field message ... on TariffInvalid { problems { path message } } ... on PolicyInvalid { problems { path message } } ... on SpotsInUse { claims { spotId label period { startsAt endsAt } } } }`;
const DOCUMENTS = {
  createLot: `mutation ($input: CreateLotInput!) { createLot(input: $input) { lot { id code name timeZone currency state policy { graceMinutes noShow { fee } } openingHours { alwaysOpen windows { day opens closes } } } ${PROBLEMS} } }`,
  updateLot: `mutation ($input: UpdateLotInput!) { updateLot(input: $input) { lot { id name state policy { graceMinutes holdMinutes noShow { fee percent } } openingHours { alwaysOpen windows { day opens closes } } location { latitude } } ${PROBLEMS} } }`,
  addLevel: `mutation ($input: AddLevelInput!) { addLevel(input: $input) { level { id name ordinal } ${PROBLEMS} } }`,
  addSpots: `mutation ($input: AddSpotsInput!) { addSpots(input: $input) { spots { id label spotType distanceRank inService directions } ${PROBLEMS} } }`,
  closeSpots: `mutation ($input: CloseSpotsInput!) { closeSpots(input: $input) { spots { label inService } ${PROBLEMS} } }`,
  openSpots: `mutation ($input: OpenSpotsInput!) { openSpots(input: $input) { spots { label inService } ${PROBLEMS} } }`,
  publishTariff: `mutation ($input: PublishTariffInput!) { publishTariff(input: $input) { tariff { versionNumber currency graceMinutes rates { spotType stepMinutes step { amountMinor } } } ${PROBLEMS} } }`,
  registerGate: `mutation ($input: RegisterGateInput!) { registerGate(input: $input) { gate { id name direction inService } ${PROBLEMS} } }`,
  issueDeviceKey: `mutation ($input: IssueDeviceKeyInput!) { issueDeviceKey(input: $input) { key device { id name role gateId lotId } ${PROBLEMS} } }`,
  revokeDeviceKey: `mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { id revokedAt } ${PROBLEMS} } }`,
  inviteStaff: `mutation ($input: InviteStaffInput!) { inviteStaff(input: $input) { oneTimePassword staff { id email role lotIds operatorId } ${PROBLEMS} } }`,
};
type Verb = keyof typeof DOCUMENTS;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { login { accessToken } userErrors { code } } }`;
const TARIFF = { defaultRate: { stepMinutes: 60, stepMinor: 300, dailyCapMinor: 2000 }, graceMinutes: 10 };

let system: TestSystem;
let lot: TestLot;
/** Runs every lot of the operator of `lot`. */
let operator: string;
let codes = 0;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system, { spots: { STANDARD: 4 } });
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
});
afterAll(() => system?.stop());

const newCode = () => `NEW${++codes}`;
const ask = (verb: Verb, input: Record<string, unknown>, token: string | undefined = operator) =>
  system.client(token).query(DOCUMENTS[verb], { input });
const run = async (verb: Verb, input: Record<string, unknown>, token?: string) => {
  const { data, errors } = await ask(verb, input, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[verb];
};
const codesOf = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);
const newLot = (input: Record<string, unknown> = {}) => ({
  code: newCode(),
  name: 'Harbour',
  address: 'Kaivopuisto 1',
  location: { latitude: 60.15, longitude: 24.95 },
  country: 'FI',
  timeZone: 'Europe/Helsinki',
  currency: 'EUR',
  ...input,
});
/** What the operator's mutations may change, counted. */
const everything = async () => {
  const tables = ['lot', 'pool', 'level', 'spot', 'tariff', 'gate', 'device', 'staff'];
  const em = system.platform.orm.em.fork();
  const counts = await Promise.all(
    tables.map((table) =>
      em.execute(
        `SELECT count(*)::int AS rows, md5(coalesce(string_agg(t::text, ',' ORDER BY t::text), '')) AS content FROM ${table} t`,
      ),
    ),
  );
  return JSON.stringify(counts);
};

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
    expect(
      await publish({ ...TARIFF, graceMinutes: 5, rates: [{ spotType: 'EV', stepMinutes: 30, stepMinor: 250 }] }),
    ).toBe(2);
    const several = await Promise.all([6, 7, 8].map((graceMinutes) => publish({ ...TARIFF, graceMinutes })));
    expect(several.sort()).toEqual([3, 4, 5]);
  });

  test('tells every rule that it breaks, by its field', async () => {
    const tariff = {
      defaultRate: { stepMinutes: 60, stepMinor: -1 },
      rates: [{ spotType: 'EV', stepMinutes: 100_000, stepMinor: 100 }],
      graceMinutes: 5000,
      multiplier: {
        floorPercent: 200,
        ceilingPercent: 100,
        points: [
          { occupancyPercent: 50, percent: 100 },
          { occupancyPercent: 50, percent: 120 },
        ],
      },
      taxPercent: 101,
    };
    const { tariff: published, userErrors } = await run('publishTariff', { lotId: lot.publicId, tariff });
    expect(published).toBeNull();
    expect(userErrors).toMatchObject([{ __typename: 'TariffInvalid', code: 'TARIFF_INVALID' }]);
    const paths = userErrors[0].problems.map(({ path }: { path: string }) => path).sort();
    expect(paths).toEqual([
      'defaultRate.stepMinor',
      'graceMinutes',
      'multiplier.floorPercent',
      'multiplier.points',
      'rates.EV.stepMinutes',
      'taxPercent',
    ]);
  });

  test('with two rates for one type is refused: one would be lost', async () => {
    const rate = { spotType: 'EV', stepMinutes: 60, stepMinor: 100 };
    const { userErrors } = await run('publishTariff', {
      lotId: lot.publicId,
      tariff: { ...TARIFF, rates: [rate, { ...rate, stepMinor: 900 }] },
    });
    expect(userErrors[0].problems).toMatchObject([{ path: 'rates.EV' }]);
  });
});

describe('gates, devices and staff', () => {
  test('a gate has a name of its own in its lot', async () => {
    const gate = { lotId: lot.publicId, name: 'North', direction: 'ENTRY' };
    const both = await Promise.all([run('registerGate', gate), run('registerGate', gate)]);
    expect(both.flatMap(codesOf)).toEqual(['NAME_TAKEN']);
  });

  test('a gate device names a gate of its lot, a board names none', async () => {
    const other = await makeLot(system);
    const device = { lotId: lot.publicId, name: 'New', role: 'GATE' };
    expect(codesOf(await run('issueDeviceKey', device))).toEqual(['INVALID_INPUT']);
    expect(codesOf(await run('issueDeviceKey', { ...device, gateId: other.entry.publicId }))).toEqual([
      'GATE_NOT_FOUND',
    ]);
    expect(codesOf(await run('issueDeviceKey', { ...device, role: 'BOARD', gateId: lot.entry.publicId }))).toEqual([
      'INVALID_INPUT',
    ]);
    expect(codesOf(await run('issueDeviceKey', { ...device, role: 'BOARD' }))).toEqual([]);
  });

  test('a key is stored nowhere', async () => {
    const { key } = await run('issueDeviceKey', { lotId: lot.publicId, name: 'Secretive', role: 'BOARD' });
    const rows = await system.platform.orm.em.fork().execute(`SELECT row_to_json(d)::text AS text FROM device d`);
    expect(JSON.stringify(rows)).not.toContain(key.split('_').at(-1));
  });

  test('whoever is invited can sign in and serves the lots they were given', async () => {
    const email = `new.${randomUUID()}@example.test`;
    const invited = await run('inviteStaff', { email, name: 'Niko', role: 'ATTENDANT', lotIds: [lot.publicId] });
    expect(invited.staff).toMatchObject({
      email,
      role: 'ATTENDANT',
      lotIds: [lot.publicId],
      operatorId: lot.operatorPublicId,
    });
    const { data } = await system.client().query(SIGN_IN, { input: { email, password: invited.oneTimePassword } });
    const { accessToken } = data['signIn'].login;
    const open = { lotId: lot.publicId, spotIds: [lot.spots[0]!.publicId] };
    expect(codesOf(await run('openSpots', open, accessToken))).toEqual([]);
    expect(codesOf(await run('inviteStaff', { email, name: 'Niko', role: 'ATTENDANT' }))).toEqual(['EMAIL_TAKEN']);
  });

  test('nobody gives more than they have', async () => {
    const person = () => ({ email: `new.${randomUUID()}@example.test`, name: 'Niko' });
    const other = await makeLot(system);
    const single = await lot.staffToken('OPERATOR');
    expect(codesOf(await run('inviteStaff', { ...person(), role: 'ADMIN' }))).toEqual(['NOT_ALLOWED']);
    expect(
      codesOf(await run('inviteStaff', { ...person(), role: 'ATTENDANT', operatorId: other.operatorPublicId })),
    ).toEqual(['NOT_ALLOWED']);
    expect(codesOf(await run('inviteStaff', { ...person(), role: 'ATTENDANT', lotIds: [other.publicId] }))).toEqual([
      'LOT_NOT_FOUND',
    ]);
    expect(codesOf(await run('inviteStaff', { ...person(), role: 'ATTENDANT' }, single))).toEqual(['NOT_ALLOWED']);
    expect(
      codesOf(await run('inviteStaff', { ...person(), role: 'ATTENDANT', lotIds: [other.publicId] }, single)),
    ).toEqual(['NOT_ALLOWED']);
    expect(
      codesOf(await run('inviteStaff', { ...person(), role: 'ATTENDANT', lotIds: [lot.publicId] }, single)),
    ).toEqual([]);
  });

  test('the devices of a lot are listed for its staff alone', async () => {
    const devices = `{ lot(id: "${lot.publicId}") { devices { name role } } }`;
    const { data } = await system.client(operator).query(devices);
    expect(data['lot'].devices).toEqual(expect.arrayContaining([{ name: 'Entry controller', role: 'GATE' }]));
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    expect((await system.client(stranger).query(devices)).errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });
});

describe('who may', () => {
  const inputsFor = (target: TestLot): Record<Exclude<Verb, 'createLot' | 'inviteStaff'>, Record<string, unknown>> => {
    const lotId = target.publicId;
    const spotIds = [target.spots[0]!.publicId];
    return {
      updateLot: { lotId, name: 'Mine now' },
      addLevel: { lotId, name: 'Mine' },
      addSpots: { levelId: target.levelPublicId, spotType: 'EV', labelPattern: 'M#', firstNumber: 1, count: 1 },
      closeSpots: { lotId, spotIds },
      openSpots: { lotId, spotIds },
      publishTariff: { lotId, tariff: TARIFF },
      registerGate: { lotId, name: 'Back door', direction: 'EXIT' },
      issueDeviceKey: { lotId, name: 'Spy', role: 'BOARD' },
      revokeDeviceKey: { deviceId: encodeId('dev', target.id, target.exit.deviceId) },
    };
  };

  test("nothing of another operator's lot, nor of a lot that is not theirs; not even whether it is there", async () => {
    const target = await makeLot(system);
    const sameOperator = await makeLot(system, { operatorId: target.operatorId });
    for (const token of [operator, await sameOperator.staffToken('OPERATOR')]) {
      const before = await everything();
      for (const [verb, input] of Object.entries(inputsFor(target))) {
        expect([verb, codesOf(await run(verb as Verb, input, token))]).toEqual([verb, ['LOT_NOT_FOUND']]);
      }
      expect(await everything()).toBe(before);
    }
  });

  test('their own staff may do all of it', async () => {
    const target = await makeLot(system);
    const { token } = await makeStaff(system, { role: 'OPERATOR', operatorId: target.operatorId });
    for (const [verb, input] of Object.entries(inputsFor(target))) {
      expect([verb, codesOf(await run(verb as Verb, input, token))]).toEqual([verb, []]);
    }
  });

  test('drivers, devices and the anonymous nothing; attendants only close and open spots', async () => {
    const target = await makeLot(system);
    const attendant = await target.staffToken('ATTENDANT');
    const refusal = async (verb: string, input: Record<string, unknown>, token?: string) =>
      (await system.client(token).query(DOCUMENTS[verb as Verb], { input })).errors?.[0]?.extensions.code;
    for (const [verb, input] of Object.entries({
      ...inputsFor(target),
      createLot: newLot(),
      inviteStaff: { email: 'a@example.test', name: 'A', role: 'ATTENDANT' },
    })) {
      expect([verb, await refusal(verb, input)]).toEqual([verb, 'UNAUTHENTICATED']);
      for (const token of [(await makeDriver(system)).token, target.entry.deviceKey, target.boardKey]) {
        expect([verb, await refusal(verb, input, token)]).toEqual([verb, 'FORBIDDEN']);
      }
      if (verb !== 'closeSpots' && verb !== 'openSpots')
        expect([verb, await refusal(verb, input, attendant)]).toEqual([verb, 'FORBIDDEN']);
    }
    const spots = { lotId: target.publicId, spotIds: [target.spots[0]!.publicId] };
    expect(codesOf(await run('closeSpots', spots, attendant))).toEqual([]);
  });
});

describe('bad input', () => {
  const GARBAGE: unknown[] = [
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    "'; DROP TABLE lot; --",
    'lot_AAAAAAAAAAAAAAAAAAAAAA',
    '../../etc',
    0,
    -1,
    0.5,
    1e308,
    2 ** 31,
    true,
    [],
    [null],
    {},
    null,
  ];
  const valid = (): Record<Verb, Record<string, unknown>> => {
    const lotId = lot.publicId;
    const policy = {
      graceMinutes: 30,
      holdMinutes: 10,
      maxStayMinutes: 600,
      cancellation: { freeUntilMinutesBefore: 60, refundPercentAfter: 50 },
      noShow: { fee: 'FIXED', fixedMinor: 100 },
    };
    return {
      createLot: newLot({
        openingHours: { weekly: [{ day: 'MONDAY', opens: '06:00', closes: '07:00' }] },
        policy,
        operatorId: lot.operatorPublicId,
      }),
      updateLot: {
        lotId,
        name: 'Same',
        address: 'Same',
        location: { latitude: 1, longitude: 1 },
        openingHours: { always: true },
        policy,
        state: 'OPEN',
      },
      addLevel: { lotId, name: `Level ${randomUUID().slice(0, 8)}`, ordinal: 7 },
      addSpots: {
        levelId: lot.levelPublicId,
        spotType: 'EV',
        labelPattern: 'G-#####',
        firstNumber: 1,
        count: 1,
        directions: 'x',
        maxHeightCm: 200,
        maxLengthCm: 500,
      },
      closeSpots: { lotId, spotIds: [lot.spots[3]!.publicId] },
      openSpots: { lotId, spotIds: [lot.spots[3]!.publicId] },
      publishTariff: {
        lotId,
        tariff: {
          ...TARIFF,
          taxPercent: 10,
          rates: [{ spotType: 'EV', stepMinutes: 1, stepMinor: 1 }],
          multiplier: { floorPercent: 1, ceilingPercent: 100, points: [{ occupancyPercent: 0, percent: 100 }] },
        },
      },
      registerGate: { lotId, name: 'G', direction: 'EXIT' },
      issueDeviceKey: { lotId, name: 'D', role: 'GATE', gateId: lot.entry.publicId },
      revokeDeviceKey: { deviceId: 'dev_x' },
      inviteStaff: {
        email: 'garbage@example.test',
        name: 'G',
        role: 'ATTENDANT',
        lotIds: [lotId],
        operatorId: lot.operatorPublicId,
      },
    };
  };
  /** Every place of an input, deep: one copy of it with garbage there. */
  const spoiled = (value: unknown, garbage: unknown): unknown[] => {
    if (typeof value !== 'object' || value === null) return [garbage];
    const members = Object.entries(value).flatMap(([name, member]) =>
      spoiled(member, garbage).map((bad) => (Array.isArray(value) ? [bad] : { ...value, [name]: bad })),
    );
    return [garbage, ...members];
  };

  test.each(Object.keys(DOCUMENTS) as Verb[])(
    '%s: garbage anywhere is told, never an internal error',
    async (verb) => {
      const told = new Set<string>();
      for (const garbage of GARBAGE) {
        for (const input of spoiled(valid()[verb], garbage)) {
          const { data, errors } = await system.client(operator).query(DOCUMENTS[verb], { input });
          if (errors) for (const { extensions } of errors) told.add(extensions.code);
          else expect(data[verb]).toMatchObject({ userErrors: expect.any(Array) });
        }
      }
      expect([...told]).toEqual(['BAD_USER_INPUT']);
    },
    60_000,
  );
});

async function reserve(lotId: string): Promise<any> {
  const { token } = await makeDriver(system);
  const startsAt = new Date(system.clock.now().getTime() + 3_600_000);
  const period = { startsAt: startsAt.toISOString(), endsAt: new Date(startsAt.getTime() + 7_200_000).toISOString() };
  const input = {
    idempotencyKey: randomUUID(),
    lotId,
    period,
    vehicle: { plate: { text: `R ${randomUUID().slice(0, 6)}`, vehicleClass: 'CAR' } },
  };
  const { data, errors } = await system
    .client(token)
    .query(
      `mutation ($input: ReserveSpotInput!) { reserveSpot(input: $input) { reservation { id period { startsAt endsAt } } userErrors { code } } }`,
      { input },
    );
  if (errors) throw new Error(JSON.stringify(errors));
  return data['reserveSpot'];
}
