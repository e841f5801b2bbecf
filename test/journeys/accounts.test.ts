import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createLocalJWKSet,
  decodeJwt,
  decodeProtectedHeader,
  jwtVerify,
  SignJWT,
  UnsecuredJWT,
  type JWTPayload,
} from 'jose';
import { hashPassword } from '../../src/accounts/passwords.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import { Device } from '../../src/entities/device.ts';
import { Staff } from '../../src/entities/staff.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';

const PASSWORD = 'a lamp on the quay';
const ERRORS = `userErrors { __typename code field message }`;
const LOGIN = `login { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }`;
const VIEWER = `{ viewer { __typename ... on Driver { id email name vehicles { id plate vehicleClass nickname } } ... on StaffMember { email role lotIds } ... on Device { name deviceRole: role lotId } } }`;
const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { driver { id email name hasSavedCard } ${LOGIN} ${ERRORS} } }`;
const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { ${LOGIN} viewer { __typename } ${ERRORS} } }`;
const REFRESH = `mutation ($input: RefreshLoginInput!) { refreshLogin(input: $input) { ${LOGIN} ${ERRORS} } }`;
const SIGN_OUT = `mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut ${ERRORS} } }`;
const ADD_VEHICLE = `mutation ($input: AddVehicleInput!) { addVehicle(input: $input) { vehicle { id plate plateCountry vehicleClass nickname } ${ERRORS} } }`;
const REMOVE_VEHICLE = `mutation ($input: RemoveVehicleInput!) { removeVehicle(input: $input) { vehicle { id removedAt } ${ERRORS} } }`;

let system: TestSystem;
let lot: TestLot;
let people = 0;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
});
afterAll(() => system?.stop());

const ask = async (document: string, variables?: Record<string, unknown>, token?: string) =>
  system.client(token).query(document, variables);
const mutate = async (name: string, document: string, input: Record<string, unknown>, token?: string) => {
  const { data, errors } = await ask(document, { input }, token);
  if (errors) throw new Error(JSON.stringify(errors));
  return data[name];
};
const newEmail = () => `person.${++people}@example.test`;
const signUp = async (input: Record<string, unknown> = {}) =>
  mutate('signUp', SIGN_UP, { email: newEmail(), password: PASSWORD, name: 'Sini Salo', ...input });
const signIn = (email: string, password = PASSWORD) => mutate('signIn', SIGN_IN, { email, password });
const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);
const errorCode = async (token: string) =>
  (await ask('{ viewer { __typename } }', {}, token)).errors?.[0]?.extensions.code;
const viewerOf = async (token?: string) => (await ask(VIEWER, {}, token)).data?.['viewer'];

describe('an account', () => {
  test('a new driver is signed in at once and sees themselves and their vehicles', async () => {
    const { driver, login, userErrors } = await signUp({ email: 'Sini.Salo@Example.test' });
    expect(userErrors).toEqual([]);
    expect(driver).toMatchObject({ email: 'sini.salo@example.test', name: 'Sini Salo', hasSavedCard: false });
    await mutate(
      'addVehicle',
      ADD_VEHICLE,
      { plate: 'sin-123', plateCountry: 'FI', vehicleClass: 'CAR' },
      login.accessToken,
    );
    await mutate(
      'addVehicle',
      ADD_VEHICLE,
      { plate: 'EV 77', vehicleClass: 'ELECTRIC_CAR', nickname: 'the blue one' },
      login.accessToken,
    );
    expect(await viewerOf(login.accessToken)).toMatchObject({
      __typename: 'Driver',
      id: driver.id,
      vehicles: [
        { plate: 'SIN123', nickname: null },
        { plate: 'EV77', vehicleClass: 'ELECTRIC_CAR', nickname: 'the blue one' },
      ],
    });
    expect((await ask(`{ node(id: "${driver.id}") { id } }`, {}, login.accessToken)).data['node']).toEqual({
      id: driver.id,
    });
    expect(
      (await ask(`{ node(id: "${driver.id}") { id } }`, {}, (await makeDriver(system)).token)).data['node'],
    ).toBeNull();
  });

  test('nobody is signed in without a token', async () => {
    expect(await viewerOf()).toBeNull();
  });

  test('an address belongs to one account, of a driver or of staff, in any case and at the same moment', async () => {
    const email = newEmail();
    const both = await Promise.all([signUp({ email }), signUp({ email: email.toUpperCase() })]);
    expect(both.flatMap(codes)).toEqual(['EMAIL_TAKEN']);
    const staff = await makeStaff(system, { role: 'ATTENDANT', operatorId: lot.operatorId });
    expect(codes(await signUp({ email: staff.email }))).toEqual(['EMAIL_TAKEN']);
  });

  test.each([
    ['short', 'nine char'],
    ['of few different characters', 'aaaaaaaaaaaaaa'],
    ['endless', 'never ending '.repeat(20)],
  ])('a password that is %s is refused', async (_what, password) => {
    const payload = await signUp({ password });
    expect(payload.userErrors).toMatchObject([{ code: 'PASSWORD_TOO_WEAK', field: ['password'] }]);
    expect(payload.login).toBeNull();
  });

  test('a password made of the e-mail address is refused', async () => {
    expect(codes(await signUp({ email: 'harbour@example.test', password: 'my-Harbour-99' }))).toEqual([
      'PASSWORD_TOO_WEAK',
    ]);
  });
});

describe('signing in', () => {
  test('drivers and staff come through one door', async () => {
    const email = newEmail();
    await signUp({ email });
    expect(await signIn(email.toUpperCase())).toMatchObject({ viewer: { __typename: 'Driver' }, userErrors: [] });
    const staff = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId, lotIds: [lot.id] });
    await setPassword(staff.id);
    const { login } = await signIn(staff.email);
    expect(await viewerOf(login.accessToken)).toEqual({
      __typename: 'StaffMember',
      email: staff.email,
      role: 'OPERATOR',
      lotIds: [lot.publicId],
    });
  });

  test('somebody who left can not sign in, and their login goes no further', async () => {
    const staff = await makeStaff(system, { role: 'ATTENDANT', operatorId: lot.operatorId });
    await setPassword(staff.id);
    const { login } = await signIn(staff.email);
    await system.platform.orm.em.fork().nativeUpdate(Staff, { id: staff.id }, { disabledAt: system.clock.now() });
    expect(codes(await signIn(staff.email))).toEqual(['CREDENTIALS_INVALID']);
    expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken }))).toEqual([
      'TOKEN_INVALID',
    ]);
  });

  test('an unknown address and a wrong password get the same answer after the same time', async () => {
    const email = newEmail();
    await signUp({ email });
    const timed = async (address: string) => {
      const before = performance.now();
      const { login, viewer, userErrors } = await signIn(address, 'not the password');
      return { answer: { login, viewer, userErrors }, ms: performance.now() - before };
    };
    await timed(newEmail());
    const wrong = [await timed(email), await timed(email), await timed(email)];
    const unknown = [await timed(newEmail()), await timed(newEmail()), await timed(newEmail())];
    for (const { answer } of unknown) expect(answer).toEqual(wrong[0]!.answer);
    expect(codes(wrong[0]!.answer)).toEqual(['CREDENTIALS_INVALID']);
    const fastest = (guesses: { ms: number }[]) => Math.min(...guesses.map(({ ms }) => ms));
    expect(fastest(unknown)).toBeGreaterThan(fastest(wrong) / 2);
  });

  test('five wrong guesses a minute for one account, also all in one document; then not even the right one', async () => {
    const email = newEmail();
    await signUp({ email });
    const guesses = Array.from(
      { length: 12 },
      (_, index) => `g${index}: signIn(input: { email: "${email}", password: "guess ${index}" }) { ${ERRORS} }`,
    );
    const { data } = await ask(`mutation { ${guesses.join('\n')} }`);
    const told = Object.values(data).flatMap(codes as never);
    expect(told.filter((code) => code === 'CREDENTIALS_INVALID')).toHaveLength(5);
    expect(told.filter((code) => code === 'TOO_MANY_ATTEMPTS')).toHaveLength(7);
    const refused = await mutate(
      'signIn',
      `mutation ($input: SignInInput!) { signIn(input: $input) { login { accessToken } userErrors { code ... on TooManyAttempts { retryAfterSeconds } } } }`,
      { email, password: PASSWORD },
    );
    expect(refused).toMatchObject({ login: null, userErrors: [{ code: 'TOO_MANY_ATTEMPTS' }] });
    expect(refused.userErrors[0].retryAfterSeconds).toBeGreaterThan(0);
    const other = newEmail();
    await signUp({ email: other });
    expect(codes(await signIn(other))).toEqual([]);
  });

  test('right guesses are not counted', async () => {
    const email = newEmail();
    await signUp({ email });
    for (let time = 0; time < 8; time++) expect(codes(await signIn(email))).toEqual([]);
  });

  test('an account that nobody signs in to with a password refuses every password', async () => {
    const { email } = await makeDriver(system);
    expect(codes(await signIn(email, 'none'))).toEqual(['CREDENTIALS_INVALID']);
  });
});

describe('an access token', () => {
  const claims = (token: string) => decodeJwt<JWTPayload & Record<string, unknown>>(token);
  const ourKey = () =>
    createPrivateKey({ key: Buffer.from(system.env['TOKEN_PRIVATE_KEY']!, 'base64'), format: 'der', type: 'pkcs8' });
  const resign = (token: string, change: Record<string, unknown>, key = ourKey(), header = {}) =>
    new SignJWT({ ...claims(token), ...change })
      .setProtectedHeader({ ...decodeProtectedHeader(token), alg: 'EdDSA', ...header } as never)
      .sign(key);

  test('is good for fifteen minutes and not a second longer', async () => {
    const { token } = await makeDriver(system);
    system.clock.advance(14 * 60_000);
    expect(await errorCode(token)).toBeUndefined();
    system.clock.advance(61_000);
    expect(await errorCode(token)).toBe('UNAUTHENTICATED');
  });

  test('can be verified by anybody with the published keys', async () => {
    const { id, token } = await makeDriver(system);
    const keys = (await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as never;
    const { payload, protectedHeader } = await jwtVerify(token, createLocalJWKSet(keys), {
      currentDate: system.clock.now(),
    });
    expect(payload.sub).toBe(id);
    expect(protectedHeader.alg).toBe('EdDSA');
    expect(JSON.stringify(keys)).not.toContain('"d"');
  });

  test('signed again unchanged is good: the refusals below are about what was changed', async () => {
    const { token } = await makeDriver(system);
    expect(await errorCode(await resign(token, {}))).toBeUndefined();
  });

  test.each<[string, (token: string) => Promise<string> | string]>([
    ['signed with another key', (token) => resign(token, {}, generateKeyPairSync('ed25519').privateKey)],
    [
      'with a role that was written into it',
      (token) => withPayload(token, { kind: 'STAFF', role: 'ADMIN', op: null, lots: 'ALL' }),
    ],
    ['without a signature', (token) => new UnsecuredJWT(claims(token)).encode()],
    ['that says it needs none', (token) => `${part({ alg: 'none' })}.${token.split('.')[1]}.`],
    ['signed with the public key as a secret', (token) => withSecret(token)],
    ['of another issuer', (token) => resign(token, { iss: 'elsewhere' })],
    ['for another audience', (token) => resign(token, { aud: 'elsewhere' })],
    ['of another kind', (token) => resign(token, {}, ourKey(), { typ: 'pass+jwt' })],
    ['of a kind of person that there is not', (token) => resign(token, { kind: 'ROOT' })],
    [
      'with a role that there is not',
      (token) => resign(token, { kind: 'STAFF', role: 'OWNER', op: null, lots: 'ALL' }),
    ],
    ['without an expiry', (token) => resign(token, { exp: undefined })],
    ['for nobody', (token) => resign(token, { sub: undefined })],
    ['cut short', (token) => token.slice(0, -4)],
    ['that is none', () => 'not.a.token'],
    ['that is a refresh token', async () => (await signUp()).login.refreshToken],
    ['that is a device key of no device', () => `pwk_${'A'.repeat(43)}_${'A'.repeat(43)}`],
    ['that is half a device key', () => 'pwk_AAAA'],
  ])('%s is refused', async (_what, forge) => {
    const { token } = await makeDriver(system);
    const answer = await ask('{ viewer { __typename } }', {}, await forge(token));
    expect(answer.errors?.map(({ extensions }) => extensions.code)).toEqual(['UNAUTHENTICATED']);
    expect(answer.data?.['viewer'] ?? null).toBeNull();
  });

  const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const withPayload = (token: string, change: object) => {
    const [header, , signature] = token.split('.');
    return `${header}.${part({ ...claims(token), ...change })}.${signature}`;
  };
  const withSecret = async (token: string) => {
    const { keys } = (await (await fetch(`${system.url}/.well-known/jwks.json`)).json()) as {
      keys: { x: string; kid: string }[];
    };
    return new SignJWT(claims(token))
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT', kid: keys[0]!.kid })
      .sign(Buffer.from(keys[0]!.x, 'base64url'));
  };
});

describe('a login', () => {
  test('goes on with a new refresh token each time', async () => {
    const { login } = await signUp();
    const second = await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken });
    expect(second.login.refreshToken).not.toBe(login.refreshToken);
    const third = await mutate('refreshLogin', REFRESH, { refreshToken: second.login.refreshToken });
    expect(await errorCode(third.login.accessToken)).toBeUndefined();
  });

  test('ends whole when one of its refresh tokens is used twice', async () => {
    const { login } = await signUp();
    const second = (await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken })).login;
    expect(await errorCode(second.accessToken)).toBeUndefined();
    expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken }))).toEqual([
      'TOKEN_INVALID',
    ]);
    expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: second.refreshToken }))).toEqual([
      'TOKEN_INVALID',
    ]);
    system.clock.advance(6000);
    expect(await errorCode(second.accessToken)).toBe('UNAUTHENTICATED');
  });

  test('another login of the same person goes on', async () => {
    const email = newEmail();
    const first = (await signUp({ email })).login;
    const other = (await signIn(email)).login;
    await mutate('refreshLogin', REFRESH, { refreshToken: first.refreshToken });
    await mutate('refreshLogin', REFRESH, { refreshToken: first.refreshToken });
    expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: other.refreshToken }))).toEqual([]);
  });

  test('of ten that refresh with one token at once, one at most goes on', async () => {
    const { login } = await signUp();
    const answers = await Promise.all(
      Array.from({ length: 10 }, () => mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken })),
    );
    expect(answers.filter((answer) => answer.login !== null)).toHaveLength(1);
  });

  test('is over after thirty days without a refresh', async () => {
    const { login } = await signUp();
    system.clock.advance(30 * 86_400_000 + 1000);
    expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken }))).toEqual([
      'TOKEN_INVALID',
    ]);
  });

  test('that is signed out is over within five seconds, in every process', async () => {
    const elsewhere = await startSystem({ roles: ['api'], beside: system });
    try {
      const { login } = await signUp();
      expect((await elsewhere.client(login.accessToken).query(VIEWER)).data['viewer'].__typename).toBe('Driver');
      expect(await mutate('signOut', SIGN_OUT, { refreshToken: login.refreshToken })).toEqual({
        signedOut: true,
        userErrors: [],
      });
      system.clock.advance(6000);
      expect((await elsewhere.client(login.accessToken).query(VIEWER)).errors?.[0]?.extensions.code).toBe(
        'UNAUTHENTICATED',
      );
      expect(codes(await mutate('refreshLogin', REFRESH, { refreshToken: login.refreshToken }))).toEqual([
        'TOKEN_INVALID',
      ]);
    } finally {
      await elsewhere.stop();
    }
  });

  test('signing out with an unknown token says nothing about it', async () => {
    expect(await mutate('signOut', SIGN_OUT, { refreshToken: 'pwr_unknown' })).toEqual({
      signedOut: true,
      userErrors: [],
    });
  });

  test('leaves no token in the database', async () => {
    const { login } = await signUp();
    const rows = await system.platform.orm.em
      .fork()
      .execute(`SELECT row_to_json(t)::text AS text FROM refresh_token t`);
    expect(JSON.stringify(rows)).not.toContain(login.refreshToken);
  });
});

describe('a device', () => {
  test('is who its key says, and dead at once when the key is revoked', async () => {
    const { id: lotId, operatorId, entry, boardKey } = await makeLot(system);
    expect(await viewerOf(entry.deviceKey)).toMatchObject({ __typename: 'Device', deviceRole: 'GATE' });
    expect(await viewerOf(boardKey)).toMatchObject({ __typename: 'Device', deviceRole: 'BOARD' });
    const operator = await makeStaff(system, { role: 'OPERATOR', operatorId });
    const revoke = `mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { revokedAt } ${ERRORS} } }`;
    const deviceId = encodeId('dev', lotId, entry.deviceId);
    const { device: revoked } = await mutate('revokeDeviceKey', revoke, { deviceId }, operator.token);
    expect(revoked.revokedAt).not.toBeNull();
    expect(await errorCode(entry.deviceKey)).toBe('UNAUTHENTICATED');
    expect(await errorCode(boardKey)).toBeUndefined();
  });

  test('dies within sixty seconds even if Redis has missed the revocation', async () => {
    const { entry } = await makeLot(system);
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    await system.platform.orm.em.fork().nativeUpdate(Device, { id: entry.deviceId }, { revokedAt: system.clock.now() });
    // Redis still knows the key: that it is believed for a while is what makes a gate fast.
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    system.clock.advance(31_000);
    await errorCode(entry.deviceKey);
    for (let look = 0; look < 100 && (await errorCode(entry.deviceKey)) === undefined; look++);
    expect(await errorCode(entry.deviceKey)).toBe('UNAUTHENTICATED');
  });

  test('with the right ids and another secret is nobody', async () => {
    const { entry } = await makeLot(system);
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
    expect(await errorCode(`${entry.deviceKey.slice(0, -8)}AAAAAAAA`)).toBe('UNAUTHENTICATED');
  });

  test('is still known after Redis was emptied', async () => {
    const { entry } = await makeLot(system);
    await errorCode(entry.deviceKey);
    await system.platform.redis.flushall();
    expect(await errorCode(entry.deviceKey)).toBeUndefined();
  });
});

describe('vehicles', () => {
  test('the same plate, however it is written, is the same vehicle', async () => {
    const { token } = await makeDriver(system);
    const first = await mutate(
      'addVehicle',
      ADD_VEHICLE,
      { plate: 'abc-123', plateCountry: 'FI', vehicleClass: 'CAR' },
      token,
    );
    const again = await mutate(
      'addVehicle',
      ADD_VEHICLE,
      { plate: 'АВС 123', plateCountry: 'FI', vehicleClass: 'VAN' },
      token,
    );
    expect(again.vehicle).toMatchObject({ id: first.vehicle.id, plate: 'ABC123', vehicleClass: 'VAN' });
    expect((await viewerOf(token)).vehicles).toHaveLength(1);
  });

  test('a removed vehicle is gone from the list and may be added again', async () => {
    const { token } = await makeDriver(system);
    const { vehicle } = await mutate('addVehicle', ADD_VEHICLE, { plate: 'GON 1', vehicleClass: 'CAR' }, token);
    const removed = await mutate('removeVehicle', REMOVE_VEHICLE, { vehicleId: vehicle.id }, token);
    expect(removed.vehicle.removedAt).not.toBeNull();
    expect(await mutate('removeVehicle', REMOVE_VEHICLE, { vehicleId: vehicle.id }, token)).toEqual(removed);
    expect((await viewerOf(token)).vehicles).toEqual([]);
    const added = await mutate('addVehicle', ADD_VEHICLE, { plate: 'GON 1', vehicleClass: 'CAR' }, token);
    expect(added.vehicle.id).not.toBe(vehicle.id);
  });

  test("nobody sees or removes another driver's vehicle", async () => {
    const owner = await makeDriver(system);
    const { vehicle } = await mutate('addVehicle', ADD_VEHICLE, { plate: 'MINE 1', vehicleClass: 'CAR' }, owner.token);
    const { token } = await makeDriver(system);
    expect(codes(await mutate('removeVehicle', REMOVE_VEHICLE, { vehicleId: vehicle.id }, token))).toEqual([
      'VEHICLE_NOT_FOUND',
    ]);
    expect((await ask(`{ node(id: "${vehicle.id}") { id } }`, {}, token)).data['node']).toBeNull();
    expect((await viewerOf(owner.token)).vehicles).toHaveLength(1);
  });

  test('twenty are enough, also when thirty are added at once', async () => {
    const { token } = await makeDriver(system);
    const added = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        mutate('addVehicle', ADD_VEHICLE, { plate: `MANY ${index}`, vehicleClass: 'CAR' }, token),
      ),
    );
    expect(added.filter((payload) => payload.vehicle !== null)).toHaveLength(20);
    expect(added.flatMap(codes)).toEqual(Array.from({ length: 10 }, () => 'INVALID_INPUT'));
  });

  test('no plate stands in the database in clear', async () => {
    const { token } = await makeDriver(system);
    await mutate('addVehicle', ADD_VEHICLE, { plate: 'SECRET9', vehicleClass: 'CAR' }, token);
    const rows = await system.platform.orm.em.fork().execute(`SELECT row_to_json(t)::text AS text FROM vehicle t`);
    expect(JSON.stringify(rows)).not.toContain('SECRET9');
  });

  test('only a driver has vehicles', async () => {
    const input = { plate: 'ABC 1', vehicleClass: 'CAR' };
    expect((await ask(ADD_VEHICLE, { input })).errors?.[0]?.extensions.code).toBe('UNAUTHENTICATED');
    expect((await ask(ADD_VEHICLE, { input }, await lot.staffToken('OPERATOR'))).errors?.[0]?.extensions.code).toBe(
      'FORBIDDEN',
    );
  });
});

describe('bad input', () => {
  const GARBAGE: unknown[] = [
    '',
    ' ',
    '\u0000',
    '\ud800',
    'x'.repeat(5000),
    "'; DROP TABLE driver; --",
    '{"$ne":null}',
    '../../etc/passwd',
    0,
    -1,
    1e308,
    true,
    [],
    {},
    null,
    '💥'.repeat(10),
  ];
  const VALID: Record<string, [string, Record<string, unknown>]> = {
    signUp: [SIGN_UP, { email: 'g@example.test', password: PASSWORD, name: 'G', locale: 'en' }],
    signIn: [SIGN_IN, { email: 'g@example.test', password: PASSWORD }],
    refreshLogin: [REFRESH, { refreshToken: 'x' }],
    signOut: [SIGN_OUT, { refreshToken: 'x' }],
    addVehicle: [ADD_VEHICLE, { plate: 'G 1', plateCountry: 'FI', vehicleClass: 'CAR', nickname: 'x' }],
    removeVehicle: [REMOVE_VEHICLE, { vehicleId: 'veh_x' }],
  };

  test.each(
    Object.entries(VALID).flatMap(([name, [document, input]]) =>
      Object.keys(input).map((field) => [name, field, document, input] as const),
    ),
  )('%s: garbage in %s is told, never an internal error', async (name, field, document, input) => {
    const { token } = await makeDriver(system);
    for (const garbage of GARBAGE) {
      const { data, errors } = await ask(
        document,
        { input: { ...input, ...(name === 'signUp' ? { email: newEmail() } : {}), [field]: garbage } },
        token,
      );
      if (errors) expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
      else expect(data[name]).toMatchObject({ userErrors: expect.any(Array) });
    }
  });
});

async function setPassword(staffId: string): Promise<void> {
  await system.platform.orm.em
    .fork()
    .nativeUpdate(Staff, { id: staffId }, { passwordHash: await hashPassword(PASSWORD) });
}
