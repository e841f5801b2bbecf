import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { hoursFrom, RESERVE, reserve, reserveInput } from '../support/booking.ts';
import { setLockTimeout } from '../support/lock-timeout.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  await setLockTimeout(system, 200);
});
afterAll(() => system.stop());

test('a booking whose pool stays locked is told to come again, and the same request then books once', async () => {
  const lot = await makeLot(system);
  const client = system.client(await lot.driverToken());
  const input = reserveInput(lot, hoursFrom(system.clock.now(), 1, 2), { idempotencyKey: randomUUID() });
  const somebody = new pg.Client({ connectionString: system.databaseUrl });
  await somebody.connect();
  try {
    await somebody.query('BEGIN');
    await somebody.query('SELECT 1 FROM pool WHERE lot_id = $1 FOR UPDATE', [lot.id]);
    const { data, errors } = await client.query(RESERVE, { input });
    expect(data).toBeNull();
    expect(errors).toMatchObject([
      { message: expect.stringMatching(/try again.*same idempotency key/i), extensions: { code: 'BUSY' } },
    ]);
    expect(JSON.stringify(errors)).not.toMatch(/lock|timeout|select/i);
    await somebody.query('ROLLBACK');
  } finally {
    await somebody.end();
  }
  expect(await reserve(client, input)).toMatchObject({
    replayed: false,
    userErrors: [],
    reservation: { state: 'HELD' },
  });
  expect(await reserve(client, input)).toMatchObject({ replayed: true });
});
