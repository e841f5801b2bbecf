import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { revokeDeviceKey } from '../../src/accounts/operators/revoke-device-key.ts';
import { eventually } from '../support/eventually.ts';
import { readSnapshot } from '../../src/availability/snapshot.ts';
import { decide } from '../support/gate.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire } from '../support/wire.ts';
import { makeLot } from '../support/world.ts';

let system: TestSystem;
let other: TestSystem;
beforeAll(async () => {
  system = await startSystem();
  other = await startSystem({ beside: system, roles: ['api'], clock: new MovableClock() });
});
afterAll(async () => {
  await other.stop();
  await system.stop();
});

test('a revoked device is dead at once where it was revoked, and within five seconds everywhere', async () => {
  const lot = await makeLot(system);
  const ask = (at: TestSystem) => decide(at, lot.exit, { unreadable: true });
  await ask(system);
  await ask(other);
  const admin = { kind: 'STAFF', staffId: randomUUID(), role: 'ADMIN', operatorId: null, lotIds: 'ALL' } as const;
  await revokeDeviceKey(system.platform, { lotId: lot.id, deviceId: lot.exit.deviceId }, admin);
  await expect(ask(system)).rejects.toThrow('UNAUTHENTICATED');
  other.clock.advance(5000);
  await expect(ask(other)).rejects.toThrow('UNAUTHENTICATED');
  // Not by a copy either that is made afterwards.
  await system.platform.redis.flushall();
  await decide(system, lot.entry, { ticket: true });
  other.clock.advance(5000);
  for (const at of [system, other]) await expect(ask(at)).rejects.toThrow('UNAUTHENTICATED');
});

test('a scan of a device that was verified a moment ago asks nobody whose key it is', async () => {
  const lot = await makeLot(system);
  await decide(system, lot.exit, { unreadable: true });
  await system.platform.redis.del(...(await system.platform.redis.keys('*:device:*')));
  await decide(system, lot.exit, { unreadable: true });
  expect(await system.platform.redis.keys(`*:device:${lot.exit.deviceId}`)).toEqual([]);
  system.clock.advance(5000);
  await decide(system, lot.exit, { unreadable: true });
  expect(await system.platform.redis.keys(`*:device:${lot.exit.deviceId}`)).toHaveLength(1);
});

test('a gate’s device that nobody can vouch for leads out and lets nobody in, also one that has never spoken here', async () => {
  const lot = await makeLot(system);
  const [database, redis] = await Promise.all([layWire(system.databaseUrl), layWire(system.redisUrl)]);
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url };
  const alone = await startSystem({ beside: system, roles: ['api'], clock: new MovableClock(), env });
  try {
    const leave = (more: { token?: string } = {}) => decide(alone, lot.exit, { unreadable: true }, more);
    await decide(alone, lot.entry, { ticket: true });
    await readSnapshot(system.platform, lot.id);
    database.cut();
    redis.cut();
    alone.clock.advance(3 * 3_600_000);
    expect(await leave()).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER', durable: false });
    const arrive = () => decide(alone, lot.entry, { ticket: true });
    expect(await arrive()).toMatchObject({ action: 'ASK' });
    // Redis is back; until keys are looked at again, five seconds later, there is no way in for whom nobody vouched.
    redis.mend();
    await eventually(
      () => alone.platform.gateRedis.ping().catch(() => undefined),
      (answer) => answer === 'PONG',
    );
    expect(await arrive()).toMatchObject({ action: 'ASK', reason: 'SYSTEM_UNAVAILABLE' });
    alone.clock.advance(5000);
    expect(await arrive()).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    // A board that nobody vouches for is nobody.
    redis.cut();
    await expect(leave({ token: lot.boardKey })).rejects.toThrow('INTERNAL');
    // Back: keys are looked at again, and one that was revoked meanwhile is dead.
    const admin = { kind: 'STAFF', staffId: randomUUID(), role: 'ADMIN', operatorId: null, lotIds: 'ALL' } as const;
    await revokeDeviceKey(system.platform, { lotId: lot.id, deviceId: lot.exit.deviceId }, admin);
    redis.mend();
    alone.clock.advance(5000);
    await eventually(
      () =>
        leave().then(
          () => 'served',
          (error: Error) => error.message,
        ),
      (answer) => answer.includes('UNAUTHENTICATED'),
    );
  } finally {
    await alone.stop();
    await Promise.all([database.stop(), redis.stop()]);
  }
});
