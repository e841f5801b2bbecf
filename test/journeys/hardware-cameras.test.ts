import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/postgresql';
import { CAMERA_VENDORS, type CameraVendor } from '../../src/domain/hardware.ts';
import { Camera } from '../../src/entities/camera.ts';
import { GateEvent } from '../../src/entities/gate-event.ts';
import { Incident } from '../../src/entities/incident.ts';
import { ScanImage } from '../../src/entities/scan-image.ts';
import { Stay } from '../../src/entities/stay.ts';
import { messageOf } from '../../sandbox/virtual-lane/camera-messages.ts';
import { freshPlate } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest } from '../support/gate.ts';
import { deviceIdOf, push, rowsOf, see, tell, type TestCamera } from '../support/hardware.ts';
import { LIFTED_LIMITS, startSystem, type TestSystem } from '../support/system.ts';
import { makeGate, makeLot, type TestGate, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const MINUTE_MS = 60_000;

const cameraAt = (
  ...[lot, gate, vendor, more = {}]: [lot: TestLot, gate: TestGate, vendor: CameraVendor, more?: Partial<TestCamera>]
): TestCamera => ({ system, lot, gate, vendor, ...more });

const inLot = <T extends object>(entity: EntityClass<T>, lot: TestLot) => rowsOf(system, entity, lot);

/** A period around now, in whole minutes. */
function soon(): { startsAt: string; endsAt: string } {
  const at = Math.ceil(system.clock.now().getTime() / MINUTE_MS) * MINUTE_MS;
  return { startsAt: new Date(at + MINUTE_MS).toISOString(), endsAt: new Date(at + 121 * MINUTE_MS).toISOString() };
}

describe.each([...CAMERA_VENDORS])('a camera of %s', (vendor) => {
  test('lets a guest in and out, and the barrier is told once each', async () => {
    const lot = await makeLot(system);
    const guest = await makeGuest(system, lot, soon());
    const [entry, exit] = [cameraAt(lot, lot.entry, vendor), cameraAt(lot, lot.exit, vendor)];
    const entered = await see(entry, { plate: guest.plate });
    expect(entered).toMatchObject({ status: 200, body: { received: 1 } });
    const [scan] = entered.body.scans;
    expect(scan).toMatchObject({
      outcome: 'DECIDED',
      operation: 'CHECK_IN',
      action: 'OPEN',
      reason: 'RESERVATION',
      recorded: true,
    });
    const { body: fetched } = await tell(entry, 'commands');
    expect(fetched.commands).toMatchObject([{ id: scan.commandId, state: 'SENT', scanId: scan.scanId, pulseMs: 500 }]);
    const left = await see(exit, { plate: guest.plate });
    expect(left.body.scans).toMatchObject([{ operation: 'CHECK_OUT', action: 'OPEN', reason: 'STAY_PREPAID' }]);
    expect((await tell(exit, 'commands')).body.commands).toHaveLength(1);
    const stays = await eventually(
      () => inLot(Stay, lot),
      (rows) => rows[0]?.state === 'LEFT',
    );
    expect(stays).toMatchObject([{ reservationId: guest.id, entryScanId: scan.scanId }]);
  });

  test('sends a message again and again: one scan, one answer, one pulse', async () => {
    const lot = await makeLot(system);
    const camera = cameraAt(lot, lot.entry, vendor);
    const sighting = { plate: freshPlate(), confidence: 0.9, at: system.clock.now(), car: 7, sequence: 7_000_000 };
    const answers = [];
    for (let upload = 1; upload <= 4; upload++) {
      answers.push((await push(camera, messageOf(vendor, { ...sighting, upload }))).body.scans[0]);
      system.clock.advance(upload * 1500);
    }
    expect(new Set(answers.map(({ scanId, action, commandId }) => `${scanId} ${action} ${commandId}`)).size).toBe(1);
    expect(answers[0]).toMatchObject({ outcome: 'DECIDED', action: 'OPEN', reason: 'WALK_IN' });
    expect(answers.slice(1).every(({ outcome }) => outcome === 'SAME_ARRIVAL')).toBe(true);
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 1,
    );
    expect(await inLot(GateEvent, lot)).toHaveLength(1);
  });

  test('reads one standing car fifty times in a second: one arrival, one decision', async () => {
    const lot = await makeLot(system);
    const camera = cameraAt(lot, lot.entry, vendor);
    const plate = freshPlate();
    const reads = Array.from({ length: 50 }, (_, index) =>
      see(camera, {
        plate,
        car: 9,
        state: index === 0 ? 'new' : 'update',
        at: new Date(system.clock.now().getTime() + index * 20),
      }),
    );
    const answers = await Promise.all(reads);
    expect(answers.every(({ status }) => status === 200)).toBe(true);
    expect(new Set(answers.map(({ body }) => body.scans[0].scanId)).size).toBe(1);
    expect((await tell(camera, 'commands')).body.commands).toHaveLength(1);
    await eventually(
      () => inLot(GateEvent, lot),
      (rows) => rows.length >= 1,
    );
    expect(await inLot(Stay, lot)).toHaveLength(1);
    expect(await inLot(GateEvent, lot)).toHaveLength(1);
  });

  test('has a clock that is ten minutes behind or ahead: told, corrected, and no decision is another for it', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 12 } });
    for (const offMs of [-10 * MINUTE_MS, 10 * MINUTE_MS]) {
      const gate = await makeGate(system, { lotId: lot.id, direction: 'ENTRY', name: `Entry ${vendor} ${offMs}` });
      const camera = cameraAt(lot, gate, vendor);
      for (let car = 0; car < 3; car++) {
        const answer = await see(camera, { plate: freshPlate(), at: new Date(system.clock.now().getTime() + offMs) });
        expect(answer.body.scans).toMatchObject([{ action: 'OPEN', reason: 'WALK_IN' }]);
        system.clock.advance(20_000);
      }
      const row = await eventually(
        () => system.platform.orm.em.fork().findOne(Camera, { lotId: lot.id, deviceId: gate.deviceId }),
        (camera) => camera?.clockSkewMs != null,
      );
      expect(Math.abs((row?.clockSkewMs ?? 0) + offMs)).toBeLessThan(2000);
      const state = await tell(camera, `${vendor}/${deviceIdOf(lot, gate)}`);
      expect(state.body).toMatchObject({ gate: { direction: 'ENTRY' }, camera: { maker: vendor } });
    }
    const incidents = await eventually(
      () => inLot(Incident, lot),
      (rows) => rows.length >= 2,
    );
    expect(incidents.map(({ kind }) => kind)).toEqual(['CAMERA_CLOCK_OFF', 'CAMERA_CLOCK_OFF']);
    const events = await eventually(
      () => inLot(GateEvent, lot),
      (rows) => rows.length === 6,
    );
    for (const { observedAt, decidedAt } of events)
      expect(Math.abs(observedAt.getTime() - decidedAt.getTime())).toBeLessThan(2000);
  });
});

describe('what a camera says about a car', () => {
  test('an Axis that corrects its reading moves the decision: one visit, of the right plate', async () => {
    const lot = await makeLot(system);
    const guest = await makeGuest(system, lot, soon());
    const camera = cameraAt(lot, lot.entry, 'AXIS');
    const misread = `${guest.plate.slice(0, -1)}${guest.plate.endsWith('7') ? '4' : '7'}`;
    const first = await see(camera, { plate: misread, car: 44, state: 'new', confidence: 0.7 });
    expect(first.body.scans).toMatchObject([{ action: 'OPEN', reason: 'WALK_IN' }]);
    system.clock.advance(400);
    const second = await see(camera, { plate: guest.plate, car: 44, state: 'update', approaching: true });
    expect(second.body.scans).toMatchObject([{ outcome: 'DECIDED', action: 'OPEN', reason: 'RESERVATION' }]);
    const stays = await eventually(
      () => inLot(Stay, lot),
      (rows) =>
        rows.filter(({ state }) => state === 'INSIDE').length === 1 &&
        rows.some(({ reservationId }) => reservationId === guest.id),
    );
    expect(stays.filter(({ state }) => state === 'INSIDE')).toMatchObject([{ reservationId: guest.id }]);
  });

  test('a walk-in whose plate was corrected to one that looks alike is known at the exit at once', async () => {
    const lot = await makeLot(system, { tariff: { grace: { minutes: 60, kind: 'ABSORBED' } } as never });
    const camera = cameraAt(lot, lot.entry, 'AXIS');
    await see(camera, { plate: 'PGMZ44', car: 3, confidence: 0.7 });
    await see(camera, { plate: 'PGM244', car: 3, state: 'update', confidence: 0.9 });
    // A worse reading that comes afterwards changes nothing.
    const worse = await see(camera, { plate: 'P6M244', car: 3, state: 'update', confidence: 0.6 });
    expect(worse.body.scans).toMatchObject([{ outcome: 'SAME_ARRIVAL' }]);
    const left = await see(cameraAt(lot, lot.exit, 'AXIS'), { plate: 'PGM244' });
    expect(left.body.scans).toMatchObject([{ action: 'OPEN', reason: 'NOTHING_DUE' }]);
    const stays = await eventually(
      () => inLot(Stay, lot),
      ([row]) => row?.state === 'LEFT',
    );
    expect(stays).toHaveLength(1);
  });

  test('frames that are not sure say nothing; one that misreads the open car is no second car', async () => {
    const lot = await makeLot(system);
    const camera = cameraAt(lot, lot.entry, 'REKOR');
    const plate = 'KLM482';
    expect((await see(camera, { plate, confidence: 0.2 })).body.scans).toMatchObject([{ outcome: 'UNSURE' }]);
    expect((await see(camera, { plate })).body.scans).toMatchObject([{ outcome: 'DECIDED', action: 'OPEN' }]);
    for (const misread of ['KLM4B2', 'KLM48', 'KLN482', 'KLM4822'])
      expect((await see(camera, { plate: misread, confidence: 0.9 })).body.scans).toMatchObject([
        { outcome: 'SAME_ARRIVAL' },
      ]);
    const next = await (system.clock.advance(6000), see(camera, { plate: 'KLM483' }));
    expect(next.body.scans).toMatchObject([{ outcome: 'DECIDED', action: 'OPEN' }]);
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 2,
    );
  });

  test('whoever was turned away is looked at anew after five seconds, not at each frame', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    await decide(system, lot.entry, { plate: { text: freshPlate() } });
    const camera = cameraAt(lot, lot.entry, 'REKOR');
    const plate = freshPlate();
    const first = (await see(camera, { plate })).body.scans[0];
    expect(first).toMatchObject({ outcome: 'DECIDED', action: 'DENY', reason: 'LOT_FULL' });
    for (let frame = 0; frame < 4; frame++) {
      system.clock.advance(1000);
      expect((await see(camera, { plate })).body.scans[0]).toMatchObject({
        outcome: 'SAME_ARRIVAL',
        scanId: first.scanId,
      });
    }
    system.clock.advance(1500);
    expect((await see(camera, { plate })).body.scans[0]).toMatchObject({ outcome: 'DECIDED', action: 'DENY' });
  });

  test('a gate for both ways needs a direction, from the camera or from its address', async () => {
    const lot = await makeLot(system);
    const gate = await makeGate(system, { lotId: lot.id, direction: 'BOTH', name: 'Only lane' });
    const camera = cameraAt(lot, gate, 'HIKVISION');
    const plate = freshPlate();
    expect((await see(camera, { plate })).body.scans).toMatchObject([{ outcome: 'NO_DIRECTION' }]);
    expect((await see(camera, { plate, approaching: true })).body.scans).toMatchObject([
      { operation: 'CHECK_IN', action: 'OPEN' },
    ]);
    system.clock.advance(90_000);
    expect((await see(camera, { plate, approaching: false })).body.scans).toMatchObject([{ operation: 'CHECK_OUT' }]);
    const inside = cameraAt(lot, gate, 'HIKVISION', { path: '?sees=leaving' });
    system.clock.advance(90_000);
    expect((await see(inside, { plate: freshPlate(), approaching: false })).body.scans).toMatchObject([
      { outcome: 'OTHER_WAY' },
    ]);
    expect((await see(cameraAt(lot, gate, 'HIKVISION', { path: '?sees=sideways' }), { plate })).status).toBe(422);
  });

  test('what comes half a minute late opens no entry, and ends a visit all the same', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 5 } });
    const plate = freshPlate();
    const [entry, exit] = [cameraAt(lot, lot.entry, 'AXIS'), cameraAt(lot, lot.exit, 'AXIS')];
    await see(entry, { plate });
    await see(exit, { plate: freshPlate() });
    system.clock.advance(40_000);
    const late = new Date(system.clock.now().getTime() - 35_000);
    expect((await see(entry, { plate: freshPlate(), at: late })).body.scans).toMatchObject([{ outcome: 'TOO_LATE' }]);
    const left = await see(exit, { plate, at: late });
    expect(left.body.scans).toMatchObject([{ outcome: 'DECIDED', operation: 'CHECK_OUT', commandId: null }]);
    const old = new Date(system.clock.now().getTime() - 26 * 60 * MINUTE_MS);
    expect(await see(entry, { plate, at: old })).toMatchObject({ status: 409, body: { error: 'REPLAYED' } });
  });

  test('where the picture lies is kept with the scan, unless its name says the plate', async () => {
    const lot = await makeLot(system);
    const camera = cameraAt(lot, lot.entry, 'AXIS');
    const { body } = await see(camera, { plate: freshPlate() });
    const images = await eventually(
      () => inLot(ScanImage, lot),
      (rows) => rows.length === 1,
    );
    expect(images).toMatchObject([
      { scanId: body.scans[0].scanId, imageRef: expect.stringContaining('/local/fflprapp') },
    ]);
    system.clock.advance(20_000);
    const telling = JSON.parse(
      messageOf('AXIS', { plate: 'XYZ987', confidence: 1, at: system.clock.now(), car: 99, sequence: 1 })
        .body as string,
    );
    telling.imagesURI = ['/pictures/20260101_XYZ-987.jpg'];
    await push(camera, { contentType: 'application/json', body: JSON.stringify(telling) });
    await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length === 2,
    );
    expect(await inLot(ScanImage, lot)).toHaveLength(1);
  });
});

describe('who is not served', () => {
  test('a key goes into the header, into basic authentication, or into the path, whole or only its secret half', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 9 } });
    const { deviceKey } = lot.entry;
    const secret = deviceKey.slice(-43);
    const basic = (password: string) => `Basic ${Buffer.from(`camera:${password}`).toString('base64')}`;
    const ways: Partial<TestCamera>[] = [
      { authorization: `Bearer ${deviceKey}` },
      { authorization: basic(deviceKey) },
      { authorization: basic(secret) },
      { authorization: null, path: `/${deviceKey}` },
      { authorization: null, path: `/${secret}` },
    ];
    for (const way of ways) {
      const answer = await see(cameraAt(lot, lot.entry, 'AXIS', way), { plate: freshPlate() });
      expect(answer).toMatchObject({ status: 200, body: { scans: [{ action: 'OPEN' }] } });
    }
  });

  test('every wrong one is told what to do, in a 4xx that repeats nothing', async () => {
    const [lot, other] = [await makeLot(system), await makeLot(system)];
    const plate = freshPlate();
    const wrong = 'A'.repeat(43);
    const cases: [Partial<TestCamera>, number, string][] = [
      [{ authorization: null }, 401, 'UNAUTHENTICATED'],
      [{ authorization: 'Bearer nonsense' }, 401, 'UNAUTHENTICATED'],
      [{ authorization: null, path: `/${wrong}` }, 401, 'UNAUTHENTICATED'],
      [{ authorization: `Bearer ${other.entry.deviceKey}` }, 403, 'OTHER_DEVICE'],
      [{ authorization: `Bearer ${lot.exit.deviceKey}` }, 403, 'OTHER_DEVICE'],
      [{ vendor: 'ACME' as CameraVendor }, 404, 'UNKNOWN_MAKER'],
    ];
    for (const [way, status, error] of cases) {
      const answer = await push(cameraAt(lot, lot.entry, 'AXIS', way), {
        contentType: 'application/json',
        body: JSON.stringify({ plate }),
      });
      expect(answer).toMatchObject({ status, body: { error, advice: expect.any(String) } });
      expect(JSON.stringify(answer.body)).not.toContain(plate);
    }
    const board = await fetch(`${system.url}/hardware/v1/commands`, {
      headers: { authorization: `Bearer ${lot.boardKey}` },
    });
    expect([board.status, await board.json()]).toMatchObject([403, { error: 'NO_GATE' }]);
    const unknown = await fetch(`${system.url}/hardware/v1/AXIS/dev_nobody`, { method: 'POST', body: '{}' });
    expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: 'UNKNOWN_DEVICE' }]);
  });

  test('what no such camera sends is refused, with the address it was meant for', async () => {
    const lot = await makeLot(system);
    const camera = cameraAt(lot, lot.entry, 'AXIS');
    const garbage = await push(camera, { contentType: 'application/json', body: '{"hello":"KLM482"}' });
    expect(garbage).toMatchObject({ status: 422, body: { error: 'UNREADABLE' } });
    expect(JSON.stringify(garbage.body)).not.toContain('KLM482');
    const sighting = { plate: 'KLM482', confidence: 0.9, at: system.clock.now(), car: 1, sequence: 1 };
    const mixedUp = await push(camera, messageOf('HIKVISION', sighting));
    expect(mixedUp.body.advice).toContain('/hardware/v1/HIKVISION/');
    const huge = await push(camera, { contentType: 'image/jpeg', body: Buffer.alloc(5 * 2 ** 20) });
    expect(huge).toMatchObject({ status: 413, body: { error: 'TOO_LARGE' } });
    expect(await inLot(GateEvent, lot)).toHaveLength(0);
    expect((await see(camera, { plate: 'KLM482' })).body.scans).toMatchObject([{ action: 'OPEN' }]);
  });

  test('more than a gate can use is 429 with a time, also for keys that are not good', async () => {
    const limits = {
      ...LIFTED_LIMITS,
      requestsPerMinute: { ...LIFTED_LIMITS.requestsPerMinute, GATE: 60, PUBLIC: 20 },
    };
    const narrow = await startSystem({ beside: system, roles: ['api'], limits });
    try {
      const lot = await makeLot(system);
      const camera = { ...cameraAt(lot, lot.entry, 'REKOR'), system: narrow };
      const statuses = await Promise.all(
        Array.from({ length: 80 }, () => see(camera, { plate: 'KLM482' }).then(({ status }) => status)),
      );
      expect(statuses.filter((status) => status === 200)).toHaveLength(60);
      const refused = await see(camera, { plate: 'KLM482' });
      expect(refused).toMatchObject({ status: 429, body: { error: 'TOO_MANY' } });
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      const guesses = Array.from({ length: 25 }, (_, index) =>
        see({ ...camera, authorization: null, path: `/${String(index).padStart(43, 'x')}` }, { plate: 'KLM482' }),
      );
      expect((await Promise.all(guesses)).some(({ status }) => status === 429)).toBe(true);
    } finally {
      await narrow.stop();
    }
  });
});
