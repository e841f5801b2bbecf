import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Staff } from '../../src/entities/staff.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';
import {
  accountSteps,
  ADD_VEHICLE,
  codes,
  ERRORS,
  newEmail,
  PASSWORD,
  REFRESH,
  REMOVE_VEHICLE,
  SIGN_IN,
} from './account-steps.ts';

let system: TestSystem;
let lot: TestLot;
const { ask, mutate, signUp, signIn, viewerOf, setPassword } = accountSteps(() => system);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
});
afterAll(() => system?.stop());

/** A wrong guess that comes through our proxy from somebody's own address. */
const guessFrom = async (address: string, email: string) => {
  const input = { email, password: 'not the password' };
  return (await system.client().query(SIGN_IN, { input }, { 'x-forwarded-for': address })).data['signIn'];
};

describe('an account', () => {
  test('a new driver is signed in at once and sees themselves and their vehicles', async () => {
    const { driver, login, userErrors } = await signUp({ email: 'Sini.Salo@Example.test' });
    expect(userErrors).toEqual([]);
    expect(driver).toMatchObject({ email: 'sini.salo@example.test', name: 'Sini Salo', hasSavedCard: false });
    await mutate(ADD_VEHICLE, { plate: 'sin-123', plateCountry: 'FI', vehicleClass: 'CAR' }, login.accessToken);
    await mutate(
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
    expect(codes(await mutate(REFRESH, { refreshToken: login.refreshToken }))).toEqual(['TOKEN_INVALID']);
  });

  test('an unknown address and a wrong password get the same answer after the same time', async () => {
    const timed = async (email: string, turn = 0) => {
      const before = performance.now();
      const answer = await guessFrom(`198.51.100.${turn}`, email);
      return { answer, ms: performance.now() - before };
    };
    await timed(newEmail());
    const wrong: Awaited<ReturnType<typeof timed>>[] = [];
    const unknown: typeof wrong = [];
    const fastest = (guesses: { ms: number }[]) => Math.min(...guesses.map(({ ms }) => ms));
    const areAlike = () => fastest(unknown) > fastest(wrong) / 2;
    // In turns, so that a busy machine slows both; of each the fastest counts, which is what the work itself takes, once it has not been
    // interrupted.
    for (let turn = 0; turn < 10 || (turn < 60 && !areAlike()); turn++) {
      const account = newEmail();
      await signUp({ email: account });
      wrong.push(await timed(account, turn));
      unknown.push(await timed(newEmail(), turn));
    }
    for (const { answer } of unknown) expect(answer).toEqual(wrong[0]!.answer);
    expect(codes(wrong[0]!.answer)).toEqual(['CREDENTIALS_INVALID']);
    expect({ alike: areAlike(), unknown: fastest(unknown), wrong: fastest(wrong) }).toMatchObject({ alike: true });
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
      `mutation ($input: SignInInput!) { signIn(input: $input) { login { accessToken } userErrors { code ... on TooManyAttempts { retryAfterSeconds } } } }`,
      { email, password: PASSWORD },
    );
    expect(refused).toMatchObject({ login: null, userErrors: [{ code: 'TOO_MANY_ATTEMPTS' }] });
    expect(refused.userErrors[0].retryAfterSeconds).toBeGreaterThan(0);
    const other = newEmail();
    await signUp({ email: other });
    expect(codes(await signIn(other))).toEqual([]);
  });

  test('thirty wrong guesses a minute from one address, whatever the accounts; other addresses go on', async () => {
    // At once: a slow machine must be done with them within the minute.
    const guesses = await Promise.all(Array.from({ length: 30 }, () => guessFrom('203.0.113.8', newEmail())));
    expect(guesses.flatMap(codes)).toEqual(Array<string>(30).fill('CREDENTIALS_INVALID'));
    expect(codes(await guessFrom('203.0.113.8', newEmail()))).toEqual(['TOO_MANY_ATTEMPTS']);
    expect(codes(await guessFrom('203.0.113.9', newEmail()))).toEqual(['CREDENTIALS_INVALID']);
  });

  test('right guesses are not counted', async () => {
    const email = newEmail();
    await signUp({ email });
    for (let time = 0; time < 8; time++) expect(codes(await signIn(email))).toEqual([]);
  });

  test('a password may not hold the name in the e-mail address, unless that is a letter or two', async () => {
    expect(codes(await signUp({ email: 'lighthouse@example.test', password: 'my lighthouse door' }))).toEqual([
      'PASSWORD_TOO_WEAK',
    ]);
    expect(codes(await signUp({ email: 'a@example.test', password: 'a lamp on the quay' }))).toEqual([]);
  });

  test('an account that nobody signs in to with a password refuses every password', async () => {
    const { email } = await makeDriver(system);
    expect(codes(await signIn(email, 'none'))).toEqual(['CREDENTIALS_INVALID']);
  });
});

describe('vehicles', () => {
  test('the same plate, however it is written, is the same vehicle', async () => {
    const { token } = await makeDriver(system);
    const first = await mutate(ADD_VEHICLE, { plate: 'abc-123', plateCountry: 'FI', vehicleClass: 'CAR' }, token);
    const again = await mutate(ADD_VEHICLE, { plate: 'АВС 123', plateCountry: 'FI', vehicleClass: 'VAN' }, token);
    expect(again.vehicle).toMatchObject({ id: first.vehicle.id, plate: 'ABC123', vehicleClass: 'VAN' });
    expect((await viewerOf(token)).vehicles).toHaveLength(1);
  });

  test('a removed vehicle is gone from the list and may be added again', async () => {
    const { token } = await makeDriver(system);
    const { vehicle } = await mutate(ADD_VEHICLE, { plate: 'GON 1', vehicleClass: 'CAR' }, token);
    const removed = await mutate(REMOVE_VEHICLE, { vehicleId: vehicle.id }, token);
    expect(removed.vehicle.removedAt).not.toBeNull();
    expect(await mutate(REMOVE_VEHICLE, { vehicleId: vehicle.id }, token)).toEqual(removed);
    expect((await viewerOf(token)).vehicles).toEqual([]);
    const added = await mutate(ADD_VEHICLE, { plate: 'GON 1', vehicleClass: 'CAR' }, token);
    expect(added.vehicle.id).not.toBe(vehicle.id);
  });

  test("nobody sees or removes another driver's vehicle", async () => {
    const owner = await makeDriver(system);
    const { vehicle } = await mutate(ADD_VEHICLE, { plate: 'MINE 1', vehicleClass: 'CAR' }, owner.token);
    const { token } = await makeDriver(system);
    expect(codes(await mutate(REMOVE_VEHICLE, { vehicleId: vehicle.id }, token))).toEqual(['VEHICLE_NOT_FOUND']);
    expect((await ask(`{ node(id: "${vehicle.id}") { id } }`, {}, token)).data['node']).toBeNull();
    expect((await viewerOf(owner.token)).vehicles).toHaveLength(1);
  });

  test('twenty are enough, also when thirty are added at once', async () => {
    const { token } = await makeDriver(system);
    const added = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        mutate(ADD_VEHICLE, { plate: `MANY ${index}`, vehicleClass: 'CAR' }, token),
      ),
    );
    expect(added.filter((payload) => payload.vehicle !== null)).toHaveLength(20);
    expect(added.flatMap(codes)).toEqual(Array.from({ length: 10 }, () => 'INVALID_INPUT'));
  });

  test('no plate stands in the database in clear', async () => {
    const { token } = await makeDriver(system);
    await mutate(ADD_VEHICLE, { plate: 'SECRET9', vehicleClass: 'CAR' }, token);
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
