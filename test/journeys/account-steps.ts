// What people do with their accounts, over HTTP.

import { hashPassword } from '../../src/accounts/passwords.ts';
import { Staff } from '../../src/entities/staff.ts';
import type { TestSystem } from '../support/system.ts';

export const PASSWORD = 'a lamp on the quay';
export const ERRORS = `userErrors { __typename code field message }`;
export const LOGIN = `login { accessToken accessTokenExpiresAt refreshToken refreshTokenExpiresAt }`;
export const VIEWER = `{ viewer { __typename ... on Driver { id email name vehicles { id plate vehicleClass nickname } } ... on StaffMember { email role lotIds } ... on Device { name deviceRole: role lotId } } }`;
export const SIGN_UP = `mutation ($input: SignUpInput!) { signUp(input: $input) { driver { id email name hasSavedCard } ${LOGIN} ${ERRORS} } }`;
export const SIGN_IN = `mutation ($input: SignInInput!) { signIn(input: $input) { ${LOGIN} viewer { __typename } ${ERRORS} } }`;
export const REFRESH = `mutation ($input: RefreshLoginInput!) { refreshLogin(input: $input) { ${LOGIN} ${ERRORS} } }`;
export const CHANGE_PASSWORD = `mutation ($input: ChangePasswordInput!) { changePassword(input: $input) { ${LOGIN} ${ERRORS} } }`;
export const SIGN_OUT = `mutation ($input: SignOutInput!) { signOut(input: $input) { signedOut ${ERRORS} } }`;
export const ADD_VEHICLE = `mutation ($input: AddVehicleInput!) { addVehicle(input: $input) { vehicle { id plate plateCountry vehicleClass nickname } ${ERRORS} } }`;
export const REMOVE_VEHICLE = `mutation ($input: RemoveVehicleInput!) { removeVehicle(input: $input) { vehicle { id removedAt } ${ERRORS} } }`;

let people = 0;
export const newEmail = () => `person.${++people}@example.test`;
export const codes = (payload: { userErrors: { code: string }[] }) => payload.userErrors.map(({ code }) => code);

/** The field that a mutation of one field asks for. */
export const fieldOf = (document: string): string => /\{\s*(\w+)\(/.exec(document)![1]!;

export function accountSteps(system: () => TestSystem) {
  const ask = async (document: string, variables?: Record<string, unknown>, token?: string) =>
    system().client(token).query(document, variables);
  /** The payload of a mutation; fails on top-level errors. */
  const mutate = async (document: string, input: Record<string, unknown>, token?: string) => {
    const { data, errors } = await ask(document, { input }, token);
    if (errors) throw new Error(JSON.stringify(errors));
    return data[fieldOf(document)];
  };
  return {
    ask,
    mutate,
    signUp: async (input: Record<string, unknown> = {}) =>
      mutate(SIGN_UP, { email: newEmail(), password: PASSWORD, name: 'Sini Salo', ...input }),
    signIn: (email: string, password = PASSWORD) => mutate(SIGN_IN, { email, password }),
    errorCode: async (token: string) =>
      (await ask('{ viewer { __typename } }', {}, token)).errors?.[0]?.extensions.code,
    viewerOf: async (token?: string) => (await ask(VIEWER, {}, token)).data?.['viewer'],
    setPassword: async (staffId: string) => {
      const passwordHash = await hashPassword(PASSWORD);
      await system().platform.orm.em.fork().nativeUpdate(Staff, { id: staffId }, { passwordHash });
    },
  };
}
