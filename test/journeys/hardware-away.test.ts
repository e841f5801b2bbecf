import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/postgresql';
import { pino } from 'pino';
import { messageOf } from '../../sandbox/virtual-lane/camera-messages.ts';
import { CAMERA_VENDORS } from '../../src/domain/hardware.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { RelayCommand } from '../../src/entities/relay-command.ts';
import { Stay } from '../../src/entities/stay.ts';
import { sweepCommands } from '../../src/hardware/write-command.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest } from '../support/gate.ts';
import { push, rowsOf, see, tell, type TestCamera } from '../support/hardware.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { layWire, type Wire } from '../support/wire.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
let alone: TestSystem;
let database: Wire;
let redis: Wire;
beforeAll(async () => {
  system = await startSystem();
  [database, redis] = await Promise.all([layWire(system.databaseUrl), layWire(system.redisUrl)]);
  const env = { DATABASE_URL: database.url, REDIS_URL: redis.url, LOG_LEVEL: 'silent' };
  alone = await startSystem({ beside: system, roles: ['api'], env });
});
afterAll(async () => {
  await alone?.stop();
  await Promise.all([database?.stop(), redis?.stop()]);
  await system?.stop();
});

const at = (lot: TestLot, gate = lot.entry, on = alone): TestCamera => ({ system: on, lot, gate, vendor: 'AXIS' });
const inLot = <T extends object>(entity: EntityClass<T>, lot: TestLot) => rowsOf(system, entity, lot);
const whenRedisIsBack = () =>
  eventually(
    () => alone.platform.gateRedis.ping().catch(() => ''),
    (answer) => answer === 'PONG',
  );

test('with PostgreSQL away a camera lets a guest in, and the barrier is told and says so', async () => {
  const lot = await makeLot(system, { policy: { earlyEntryMinutes: 120 } });
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 0, 4));
  await see(at(lot), { plate: 'NOBODY1', confidence: 0.9, car: 1 });
  database.cut();
  try {
    const { status, body } = await see(at(lot), { plate: guest.plate, car: 2 });
    expect([status, body.scans[0]]).toMatchObject([200, { action: 'OPEN', reason: 'RESERVATION', recorded: true }]);
    const { commands } = (await tell(at(lot), 'commands')).body;
    const command = commands.find(({ scanId }: { scanId: string }) => scanId === body.scans[0].scanId);
    expect((await tell(at(lot), `commands/${command.id}`, { state: 'SUCCESS' })).body).toMatchObject({
      state: 'SUCCESS',
    });
  } finally {
    database.mend();
  }
  await sweepCommands(system.platform);
  const rows = await eventually(
    () => inLot(RelayCommand, lot),
    (found) => found.some(({ state }) => state === 'SUCCESS'),
  );
  expect(rows.find(({ state }) => state === 'SUCCESS')?.scanId).toBeDefined();
});

test('with Redis away an exit says OPEN and 503; the camera sends it again, and it is one visit that left', async () => {
  const lot = await makeLot(system, { tariff: { grace: { minutes: 60, kind: 'ABSORBED' } } as never });
  const plate = freshPlate();
  const [entry, exit] = [at(lot), at(lot, lot.exit)];
  await see(entry, { plate, car: 11 });
  await eventually(
    () => inLot(Stay, lot),
    (rows) => rows.length === 1,
  );
  await see(exit, { plate: freshPlate(), car: 12 });
  const sighting = { plate, car: 13, confidence: 0.9, sequence: 13, at: system.clock.now() };
  redis.cut();
  try {
    const refused = await push(exit, messageOf('AXIS', sighting));
    expect(refused).toMatchObject({ status: 503, body: { scans: [{ action: 'OPEN', recorded: false }] } });
    const asked = await push(entry, messageOf('AXIS', { ...sighting, plate: 'QRS118', car: 14 }));
    expect(asked).toMatchObject({ status: 503, body: { scans: [{ action: 'ASK', recorded: false }] } });
  } finally {
    redis.mend();
  }
  await whenRedisIsBack();
  const again = await eventually(
    () => push(exit, messageOf('AXIS', sighting)),
    ({ status }) => status === 200,
  );
  expect(again.body.scans[0]).toMatchObject({ action: 'OPEN', recorded: true });
  const [stay] = await eventually(
    () => inLot(Stay, lot),
    ([row]) => row?.state === 'LEFT',
  );
  expect(stay?.exitScanId).toBe(again.body.scans[0].scanId);
});

test('no log, at its most talkative, knows a secret of a path or a plate', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 9 } });
  const written: string[] = [];
  // Where every line of the log ends, in this process as in any.
  const stream = (system.platform.log as any)[pino.symbols.streamSym] as { write(line: string): unknown };
  const spy = jest.spyOn(stream, 'write').mockImplementation((line) => written.push(line));
  system.platform.log.level = 'trace';
  try {
    const secret = lot.entry.deviceKey.slice(-43);
    const here = at(lot, lot.entry, system);
    const inPath: TestCamera = { ...here, authorization: null, path: `/${secret}` };
    system.platform.log.info('the log is listened to');
    await see(inPath, { plate: 'KLM482', car: 21 });
    await see({ ...inPath, path: `/${secret.slice(0, -1)}A` }, { plate: 'KLM482' });
    await push(inPath, { contentType: 'application/json', body: '{"plate":"KLM482"' });
    await eventually(
      () => inLot(GateEvent, lot),
      (rows) => rows.length === 1,
    );
    const log = written.join('');
    expect(log).toContain('the log is listened to');
    for (const hidden of [secret, secret.slice(0, 42), lot.entry.deviceKey, 'KLM482'])
      expect(log).not.toContain(hidden);
  } finally {
    system.platform.log.level = 'error';
    spy.mockRestore();
  }
});

test('three hundred messages of noise through the door are refused or read, and the gate goes on', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 400 } });
  const statuses = new Set<number>();
  const noise = Array.from({ length: 300 }, async (_, index) => {
    const vendor = CAMERA_VENDORS[index % CAMERA_VENDORS.length]!;
    const { contentType, body } = messageOf(vendor, {
      plate: 'KLM482',
      confidence: 0.9,
      at: system.clock.now(),
      car: index,
      sequence: index,
    });
    const bytes = Buffer.from(body as string);
    const random = randomBytes(24);
    for (let at = 0; at < 24; at += 3) bytes[random.readUInt16BE(at) % bytes.length] = random[at + 2] ?? 0;
    const camera = { ...at(lot, lot.entry, system), vendor };
    statuses.add(
      (await push(camera, { contentType, body: index % 7 === 0 ? bytes.subarray(0, bytes.length >> 1) : bytes }))
        .status,
    );
  });
  await Promise.all(noise);
  expect([...statuses].filter((status) => ![200, 409, 422].includes(status))).toEqual([]);
  expect((await see(at(lot, lot.exit, system), { plate: freshPlate() })).body.scans).toMatchObject([
    { action: 'OPEN' },
  ]);
});
