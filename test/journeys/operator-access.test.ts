import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff, type TestLot } from '../support/world.ts';
import { codesOf, DOCUMENTS, newLot, operatorSteps, SIGN_IN, TARIFF, type Verb } from './operator-steps.ts';

let system: TestSystem;
let lot: TestLot;
/** Runs every lot of the operator of `lot`. */
let operator: string;
const { run, everything } = operatorSteps(
  () => system,
  () => operator,
);

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  lot = await makeLot(system, { spots: { STANDARD: 4 } });
  operator = (await makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })).token;
});
afterAll(() => system?.stop());

describe('gates, devices and staff', () => {
  test('a gate has a name of its own in its lot', async () => {
    const gate = { lotId: lot.publicId, name: 'North', direction: 'ENTRY' };
    const both = await Promise.all([run('registerGate', gate), run('registerGate', gate)]);
    expect(both.flatMap(codesOf)).toEqual(['NAME_TAKEN']);
  });

  test('a gate is renamed, and keeps what was not told', async () => {
    const { gate } = await run('registerGate', { lotId: lot.publicId, name: 'South', direction: 'EXIT' });
    expect((await run('updateGate', { gateId: gate.id, name: ' South West ' })).gate).toEqual({
      ...gate,
      name: 'South West',
    });
    expect((await run('updateGate', { gateId: gate.id, inService: false })).gate).toMatchObject({
      name: 'South West',
      inService: false,
    });
    const taken = { gateId: gate.id, name: lot.entry.name };
    expect(codesOf(await run('updateGate', taken))).toEqual(['NAME_TAKEN']);
    expect(codesOf(await run('updateGate', { gateId: gate.id, name: 'South West' }))).toEqual([]);
    const none = { gateId: encodeId('gat', lot.id, randomUUID()), name: 'None' };
    expect(codesOf(await run('updateGate', none))).toEqual(['GATE_NOT_FOUND']);
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

describe('operators', () => {
  test('are made by admins, and run lots of their own from then on', async () => {
    const { token: admin } = await makeStaff(system, { role: 'ADMIN', operatorId: null });
    const company = { name: 'Quay Parking', legalName: ' Quay Parking Oy ' };
    const { operator: made } = await run('createOperator', company, admin);
    expect(made).toMatchObject({ name: 'Quay Parking', legalName: 'Quay Parking Oy', taxNumber: null });
    const { lot: theirs } = await run('createLot', newLot({ operatorId: made.id }), admin);
    const email = `new.${randomUUID()}@example.test`;
    const person = { email, name: 'Olli', role: 'OPERATOR', operatorId: made.id };
    const { oneTimePassword: password } = await run('inviteStaff', person, admin);
    const { data } = await system.client().query(SIGN_IN, { input: { email, password } });
    const { accessToken } = data['signIn'].login;
    expect(codesOf(await run('updateLot', { lotId: theirs.id, name: 'Quay' }, accessToken))).toEqual([]);
    expect(codesOf(await run('updateLot', { lotId: lot.publicId, name: 'Quay' }, accessToken))).toEqual([
      'LOT_NOT_FOUND',
    ]);
  });

  test('are made by nobody else', async () => {
    const { errors } = await system
      .client(operator)
      .query(DOCUMENTS.createOperator, { input: { name: 'Mine', legalName: 'Mine Oy' } });
    expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN');
  });

  test('have a name of at most 200 characters', async () => {
    const { token: admin } = await makeStaff(system, { role: 'ADMIN', operatorId: null });
    const { userErrors } = await run('createOperator', { name: 'x'.repeat(201), legalName: 'X Oy' }, admin);
    expect(userErrors).toMatchObject([{ code: 'INVALID_INPUT', field: ['name'] }]);
  });
});

describe('who may', () => {
  const inputsFor = (
    target: TestLot,
  ): Record<Exclude<Verb, 'createLot' | 'createOperator' | 'inviteStaff'>, Record<string, unknown>> => {
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
      updateGate: { gateId: target.entry.publicId, name: 'Front door', inService: false },
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
      createOperator: { name: 'A', legalName: 'A Oy' },
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
