import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { codesOf, operatorSteps, SIGN_IN } from './operator-steps.ts';

const UPDATE = `mutation ($input: UpdateStaffInput!) { updateStaff(input: $input) { staff { role lotIds } userErrors { code } } }`;
const DISABLE = `mutation ($input: DisableStaffInput!) { disableStaff(input: $input) { staff { id } userErrors { code } } }`;
const WHO = `query { viewer { __typename ... on StaffMember { role lotIds } } }`;
const STAFF = `query ($lot: ID!) { lot(id: $lot) { staff { id } } }`;
const SEEN = `query ($lot: ID!) { lot(id: $lot) { devices { name lastSeenAt } } }`;

let system: TestSystem;
let lot: TestLot;
let other: TestLot;
let operator: string;
const { run } = operatorSteps(
  () => system,
  () => operator,
);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system);
  other = await makeLot(system, { operatorId: lot.operatorId });
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
});
afterAll(() => system?.stop());

async function change(document: string, input: Record<string, unknown>, token = operator): Promise<any> {
  const { data, errors } = await system.client(token).query(document, { input });
  if (errors) return { userErrors: [{ code: errors[0]!.extensions['code'] }] };
  return Object.values(data)[0];
}

/** Somebody who was invited to one lot and has signed in. */
async function attendant(): Promise<{ staffId: string; password: string; email: string; token: string }> {
  const email = `new.${randomUUID()}@example.test`;
  const invited = await run('inviteStaff', { email, name: 'Niko', role: 'ATTENDANT', lotIds: [lot.publicId] });
  const { data } = await system.client().query(SIGN_IN, { input: { email, password: invited.oneTimePassword } });
  const { accessToken: token } = data['signIn'].login;
  return { staffId: invited.staff.id, password: invited.oneTimePassword, email, token };
}

test('Somebody whose account is closed is signed out, can’t sign in, and stands in no list', async () => {
  const { staffId, token, email, password } = await attendant();
  expect((await system.client(token).query(WHO)).data['viewer'].role).toBe('ATTENDANT');
  expect(codesOf(await change(DISABLE, { staffId }))).toEqual([]);
  expect(codesOf(await change(DISABLE, { staffId }))).toEqual([]);
  system.clock.advance(6000);
  const { errors } = await system.client(token).query(WHO);
  expect(errors?.[0]?.extensions['code']).toBe('UNAUTHENTICATED');
  const again = await system.client().query(SIGN_IN, { input: { email, password } });
  expect(codesOf(again.data['signIn'])).toEqual(['CREDENTIALS_INVALID']);
  const listed = (await system.client(operator).query(STAFF, { lot: lot.publicId })).data['lot'].staff;
  expect(listed.map(({ id }: { id: string }) => id)).not.toContain(staffId);
});

test('Somebody gets another role and other lots, and signs in again to have them', async () => {
  const { staffId, email, password, token } = await attendant();
  const input = { staffId, role: 'OPERATOR', lotIds: [lot.publicId, other.publicId] };
  expect((await change(UPDATE, input)).staff).toEqual({ role: 'OPERATOR', lotIds: [lot.publicId, other.publicId] });
  system.clock.advance(6000);
  expect((await system.client(token).query(WHO)).errors).toBeDefined();
  const { data } = await system.client().query(SIGN_IN, { input: { email, password } });
  const who = (await system.client(data['signIn'].login.accessToken).query(WHO)).data['viewer'];
  expect(who).toMatchObject({ role: 'OPERATOR', lotIds: [lot.publicId, other.publicId] });
  expect((await change(UPDATE, { staffId, role: 'ATTENDANT' })).staff).toEqual({ role: 'ATTENDANT', lotIds: null });
});

test('Nobody changes who may do more, who is another operator’s, or themselves', async () => {
  const { staffId } = await attendant();
  const stranger = await makeStaff(system, { role: 'OPERATOR', operatorId: (await makeLot(system)).operatorId });
  const admin = await makeStaff(system, { role: 'ADMIN', operatorId: null });
  const self = await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId });
  const ofOther = await other.staffToken('OPERATOR');
  const as = { role: 'ATTENDANT', lotIds: [lot.publicId] };
  for (const [input, token, code] of [
    [{ staffId }, stranger.token, 'NOT_FOUND'],
    [{ staffId: admin.publicId }, operator, 'NOT_FOUND'],
    [{ staffId: encodeId('stf', null, randomUUID()) }, operator, 'NOT_FOUND'],
    [{ staffId: self.publicId }, self.token, 'NOT_ALLOWED'],
    [{ staffId: self.publicId }, ofOther, 'NOT_ALLOWED'],
    [{ staffId }, ofOther, 'NOT_ALLOWED'],
    [{ staffId }, await lot.staffToken('ATTENDANT'), 'FORBIDDEN'],
  ] as const) {
    expect([code, codesOf(await change(DISABLE, input, token))]).toEqual([code, [code]]);
    const lotIds = token === ofOther ? [other.publicId] : token === stranger.token ? undefined : as.lotIds;
    const update = { ...input, role: 'ATTENDANT', ...(lotIds ? { lotIds } : {}) };
    expect([code, codesOf(await change(UPDATE, update, token))]).toEqual([code, [code]]);
  }
  expect(codesOf(await change(UPDATE, { staffId, role: 'ADMIN' }))).toEqual(['NOT_ALLOWED']);
});

test('An admin’s account can be closed by an admin, but serves no operator instead', async () => {
  const [one, two] = [1, 2].map(() => makeStaff(system, { role: 'ADMIN', operatorId: null }));
  const { token } = await one!;
  const { publicId: staffId } = await two!;
  expect(codesOf(await change(UPDATE, { staffId, role: 'OPERATOR' }, token))).toEqual(['NOT_ALLOWED']);
  expect(codesOf(await change(DISABLE, { staffId }, token))).toEqual([]);
});

test('An admin invites to the operator whose lots are named', async () => {
  const { token } = await makeStaff(system, { role: 'ADMIN', operatorId: null });
  const person = () => ({ email: `new.${randomUUID()}@example.test`, name: 'Niko', role: 'ATTENDANT' });
  const invited = await run('inviteStaff', { ...person(), lotIds: [lot.publicId] }, token);
  expect(invited.staff.operatorId).toBe(lot.operatorPublicId);
  expect(codesOf(await run('inviteStaff', person(), token))).toEqual(['INVALID_INPUT']);
  const foreign = (await makeLot(system)).publicId;
  for (const lotIds of [[lot.publicId, foreign], [encodeId('lot', null, randomUUID())]])
    expect(codesOf(await run('inviteStaff', { ...person(), lotIds }, token))).toEqual(['LOT_NOT_FOUND']);
});

test('It is known to the minute when a device last spoke, and not of one that never did', async () => {
  const seen = async () => {
    const { data } = await system.client(operator).query(SEEN, { lot: other.publicId });
    return new Map<string, string | null>(data['lot'].devices.map((d: any) => [d.name, d.lastSeenAt]));
  };
  expect((await seen()).get('Board')).toBeNull();
  await system.client(other.boardKey).query(WHO);
  const first = await eventually(seen, (devices) => devices.get('Board') != null);
  expect(first.get('Entry controller')).toBeNull();
  system.clock.advance(5 * 60_000);
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
  await system.client(other.boardKey).query(WHO);
  await eventually(seen, (devices) => Date.parse(devices.get('Board')!) - Date.parse(first.get('Board')!) >= 240_000);
});
