import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver } from '../support/world.ts';
import {
  accountSteps,
  ADD_VEHICLE,
  CHANGE_PASSWORD,
  newEmail,
  PASSWORD,
  REFRESH,
  REMOVE_VEHICLE,
  SIGN_IN,
  SIGN_OUT,
  SIGN_UP,
} from './account-steps.ts';

let system: TestSystem;
const { ask } = accountSteps(() => system);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
});
afterAll(() => system?.stop());

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
    changePassword: [CHANGE_PASSWORD, { oldPassword: PASSWORD, newPassword: 'another lamp on the quay' }],
    addVehicle: [ADD_VEHICLE, { plate: 'G 1', plateCountry: 'FI', vehicleClass: 'CAR', nickname: 'x' }],
    removeVehicle: [REMOVE_VEHICLE, { vehicleId: 'veh_x' }],
  };

  const places = Object.entries(VALID).flatMap(([name, [document, input]]) =>
    Object.keys(input).map((field) => ({ name, field, document, input })),
  );

  test.each(places)(
    '$name: garbage in $field is told, never an internal error',
    async ({ name, field, document, input }) => {
      const { token } = await makeDriver(system);
      for (const garbage of GARBAGE) {
        const fresh = name === 'signUp' ? { email: newEmail() } : {};
        const { data, errors } = await ask(document, { input: { ...input, ...fresh, [field]: garbage } }, token);
        if (errors) expect(errors.map(({ extensions }) => extensions.code)).toEqual(['BAD_USER_INPUT']);
        else expect(data[name]).toMatchObject({ userErrors: expect.any(Array) });
      }
    },
  );
});
