import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { encodeId, ID_KINDS } from '../../src/domain/public-id.ts';
import { hoursFrom } from '../support/booking.ts';
import { makeGuest, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const NODE = `query ($id: ID!) { node(id: $id) { __typename id } }`;
async function read(id: string, token?: string) {
  const { data, errors } = await system.client(token).query(NODE, { id });
  expect(errors).toBeUndefined();
  return data['node'];
}

test('a stay is read again by the staff of its lot and by the driver of its reservation, and by nobody else', async () => {
  const [lot, elsewhere] = [await makeLot(system), await makeLot(system)];
  const period = hoursFrom(system.clock.now(), 1, 2);
  const guest = await makeGuest(system, lot, period);
  system.clock.runFrom(new Date(period.startsAt));
  const { stayId: id } = await untilDurable(system, lot.entry, { pass: guest.pass });
  const shown = { __typename: 'Stay', id };
  for (const token of [
    await loginOf(system, guest.driver),
    await lot.staffToken('ATTENDANT'),
    await lot.staffToken('ADMIN'),
  ])
    expect(await read(id!, token)).toEqual(shown);
  const { token: stranger } = await makeDriver(system);
  for (const token of [stranger, await elsewhere.staffToken('OPERATOR'), lot.boardKey, lot.entry.deviceKey, undefined])
    expect(await read(id!, token)).toBeNull();
});

test('a walk-in’s stay is read again by the staff of its lot alone', async () => {
  const lot = await makeLot(system);
  const { stayId: id } = await untilDurable(system, lot.entry, { plate: { text: `W ${randomUUID().slice(0, 6)}` } });
  expect(await read(id!, await lot.staffToken('ATTENDANT'))).toEqual({ __typename: 'Stay', id });
  expect(await read(id!, (await makeDriver(system)).token)).toBeNull();
  expect(await read(id!)).toBeNull();
});

test('a device is read by the staff of its lot and by itself, not by another device', async () => {
  const [lot, elsewhere] = [await makeLot(system), await makeLot(system)];
  const id = encodeId('dev', lot.id, lot.entry.deviceId);
  const shown = { __typename: 'Device', id };
  expect(await read(id, await lot.staffToken('ATTENDANT'))).toEqual(shown);
  expect(await read(id, lot.entry.deviceKey)).toEqual(shown);
  for (const token of [lot.boardKey, lot.exit.deviceKey, elsewhere.entry.deviceKey, undefined])
    expect(await read(id, token)).toBeNull();
});

test('an id of any kind that names nothing, with a lot or without, is null to everybody', async () => {
  const lot = await makeLot(system);
  const ids = ID_KINDS.flatMap((kind) => [null, lot.id, randomUUID()].map((of) => encodeId(kind, of, randomUUID())));
  const document = `query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }`;
  const { token: driver } = await makeDriver(system);
  const staff = await Promise.all((['ATTENDANT', 'OPERATOR', 'ADMIN'] as const).map((role) => lot.staffToken(role)));
  for (const token of [undefined, driver, lot.boardKey, lot.entry.deviceKey, ...staff]) {
    const { data, errors } = await system.client(token).query(document, { ids });
    expect(errors).toBeUndefined();
    expect(data['nodes']).toEqual(ids.map(() => null));
  }
});
