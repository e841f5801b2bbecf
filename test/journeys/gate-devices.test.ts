import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { revokeDeviceKey } from '../../src/accounts/operators/revoke-device-key.ts';
import { decide } from '../support/gate.ts';
import { MovableClock } from '../../src/platform/clock.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
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
