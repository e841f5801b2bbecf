import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { hoursFrom, reserveAndPay, reserveInput } from '../support/booking.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

let behind: TestSystem;
let system: TestSystem;

/** A replica that is behind for ever: an empty database. */
beforeAll(async () => {
  behind = await startSystem({ roles: ['api'] });
  system = await startSystem({ env: { DATABASE_REPLICA_URLS: behind.databaseUrl } });
});
afterAll(async () => {
  await system?.stop();
  await behind?.stop();
});

test('a replica that is behind is seen by searches, and decides nothing', async () => {
  const lot = await makeLot(system);
  const client = system.client((await makeDriver(system)).token);
  const reservation = await reserveAndPay(client, reserveInput(lot, hoursFrom(system.clock.now(), 24, 2)));
  expect(reservation.state).toBe('CONFIRMED');
  const gate = system.client(lot.entry.deviceKey);
  expect((await gate.query('{ viewer { __typename } }')).data).toEqual({ viewer: { __typename: 'Device' } });
  const NEAR = '{ lots(near: { latitude: 60.17, longitude: 24.94 }) { nodes { id } } }';
  expect((await client.query(NEAR)).data['lots'].nodes).toEqual([]);
});
