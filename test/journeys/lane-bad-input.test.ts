import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { LaneBundle } from '../../src/domain/lane-bundle.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import { encodeBundle } from '../../src/gate/lane/bundle-codec.ts';
import { BundleStore } from '../../src/gate/lane/bundle-store.ts';
import { openLaneDatabase } from '../../src/gate/lane/lane-database.ts';
import { currentBundle } from '../../src/gate/lane-sync/bundle-versions.ts';
import { laneKeysOf } from '../../src/gate/lane-sync/lane-keys.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hoursFrom } from '../support/booking.ts';
import { startLane, type TestLane } from '../support/cut-off-lane.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { makeGuest, type Decision, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate, type TestLot } from '../support/world.ts';

let system: TestSystem;
let lot: TestLot;
let elsewhere: TestLot;
let guest: Guest;
let stranger: Guest;
let lane: TestLane;
const folders: string[] = [];
beforeAll(async () => {
  system = await startSystem();
  lot = await makeLot(system, { spots: { STANDARD: 40 } });
  elsewhere = await makeLot(system);
  const period = hoursFrom(system.clock.now(), 1, 4);
  guest = await makeGuest(system, lot, period);
  stranger = await makeGuest(system, elsewhere, period);
  system.clock.runFrom(new Date(period.startsAt));
  lane = await startLane(system, lot);
  await lane.knowsTheLatest();
  lane.cable.cut();
  await lane.isAlone();
});
afterEach(() => folders.splice(0).forEach((folder) => rmSync(folder, { recursive: true, force: true })));
afterAll(async () => {
  await lane?.stop();
  await system.stop();
});

const scanOf = (gate: TestGate, credential: unknown, more: object = {}) => ({
  ...{ operation: gate.direction === 'EXIT' ? 'CHECK_OUT' : 'CHECK_IN', gateId: gate.publicId, scanId: randomUUID() },
  ...{ credential, ...more },
});

/** What the lane's door says to a body, whatever it is. */
async function post(body: unknown, { key = lot.entry.deviceKey, path = '/v1/scans' } = {}) {
  const response = await fetch(`${lane.agent.url}${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  const text = await response.text();
  return { status: response.status, body: text === '' ? {} : JSON.parse(text) };
}

describe('At the door of a lane that is alone', () => {
  test('a device that nobody knows, one of another lot, one of another gate and a key of another kind get nothing', async () => {
    const scan = scanOf(lot.entry, { pass: guest.pass });
    for (const key of ['', 'nonsense', elsewhere.entry.deviceKey, lot.boardKey])
      expect(await post(scan, { key })).toMatchObject({ status: 401, body: { error: { code: 'UNAUTHENTICATED' } } });
    expect(await post(scan, { key: lot.exit.deviceKey })).toMatchObject({
      ...{ status: 404, body: { error: { code: 'GATE_NOT_FOUND' } } },
    });
    const foreign = { ...scan, gateId: elsewhere.entry.publicId };
    expect(await post(foreign)).toMatchObject({ status: 404, body: { error: { code: 'GATE_NOT_FOUND' } } });
    const invented = { ...scan, gateId: encodeId('gat', lot.id, randomUUID()) };
    expect(await post(invented)).toMatchObject({ status: 404 });
  });

  test('what is no scan is refused with what is wrong, and never repeated back', async () => {
    const scan = scanOf(lot.entry, { pass: guest.pass });
    const secret = 'SECRET99';
    const wrong: unknown[] = [
      ...['', 'null', '[]', '{"a":', JSON.stringify(secret)],
      { ...scan, scanId: secret },
      { ...scan, gateId: lot.publicId },
      { ...scan, operation: 'OPEN_SESAME' },
      { ...scan, credential: {} },
      { ...scan, credential: { pass: guest.pass, code: secret } },
      { ...scan, credential: { unreadable: false } },
      { ...scan, credential: { plate: { text: secret, confidence: 2 } } },
      { ...scan, credential: { plate: { text: secret.repeat(100) } } },
      { ...scan, observedAt: 'yesterday' },
      { ...scan, ageMs: -1 },
      { ...scan, vehicleClass: 'TANK' },
    ];
    for (const body of wrong) {
      const answer = await post(body);
      expect(answer).toMatchObject({ status: 400, body: { error: { code: 'INVALID_INPUT' } } });
      expect(JSON.stringify(answer)).not.toContain(secret);
    }
    expect((await post('x'.repeat(70_000))).status).toBe(413);
    expect((await post(scan, { path: '/v1/nothing' })).status).toBe(404);
    expect(await post({ ...scan, gateId: lot.entry.publicId, reason: ' ' }, { path: '/v1/open' })).toMatchObject({
      status: 400,
    });
  });

  test('a mutated pass, a pass of another lot, a wrong code and a plate of nonsense open no entry', async () => {
    const { pass } = guest;
    const flipped = `${pass.slice(0, 70)}${pass[70] === 'A' ? 'B' : 'A'}${pass.slice(71)}`;
    const cases = [
      [{ pass: flipped }, 'DENY', 'PASS_FORGED'],
      [{ pass: pass.slice(0, -4) }, 'DENY', 'PASS_FORGED'],
      [{ pass: stranger.pass }, 'DENY', 'PASS_OF_ANOTHER_LOT'],
      [{ code: 'PK-0000-00' }, 'DENY', 'UNKNOWN_CREDENTIAL'],
      [{ code: stranger.code }, 'DENY', 'UNKNOWN_CREDENTIAL'],
      [{ plate: { text: '-?!-' } }, 'ASK', 'UNREADABLE'],
      [{ unreadable: true }, 'ASK', 'UNREADABLE'],
    ] as const;
    for (const [credential, action, reason] of cases)
      expect((await post(scanOf(lot.entry, credential))).body).toMatchObject({ action, reason });
    for (const [credential] of cases)
      expect((await post(scanOf(lot.exit, credential), { key: lot.exit.deviceKey })).body).toMatchObject({
        ...{ action: 'OPEN', reason: 'BILLED_LATER' },
      });
  });

  test('what is said to correct a vehicle that was let in opens nothing by itself: no forged pass, nothing unread, no car that comes much later', async () => {
    const scanId = randomUUID();
    const first = await post(scanOf(lot.entry, { plate: { text: 'READ 1' } }, { scanId }));
    expect(first.body).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    const supersedes = scanId;
    const correct = (credential: object) => post(scanOf(lot.entry, credential, { supersedes }));
    expect((await correct({ pass: `${guest.pass.slice(0, -4)}AAAA` })).body).toMatchObject({ reason: 'PASS_FORGED' });
    expect((await correct({ unreadable: true })).body).toMatchObject({ action: 'ASK' });
    system.clock.advance(11 * 60_000);
    const later = await correct({ plate: { text: 'READ 2' } });
    expect(later.body).toMatchObject({ action: 'OPEN', reason: 'WALK_IN' });
    expect(later.body.stayId).not.toBe(first.body.stayId);
  });

  test('a pass that is used again while its vehicle is inside is refused, and a scan id stands for one scan', async () => {
    const scan = scanOf(lot.entry, { pass: guest.pass });
    const first = await post(scan);
    expect(first.body).toMatchObject({ action: 'OPEN', reason: 'RESERVATION', replayed: false });
    expect((await post(scan)).body).toEqual({ ...first.body, replayed: true });
    expect(await post({ ...scan, credential: { code: guest.code } })).toMatchObject({
      ...{ status: 409, body: { error: { code: 'IDEMPOTENCY_KEY_REUSED' } } },
    });
    system.clock.advance(10_000);
    expect((await post(scanOf(lot.entry, { pass: guest.pass }))).body).toMatchObject({ reason: 'ALREADY_INSIDE' });
    expect((await post(scanOf(lot.entry, { plate: { text: guest.plate } }))).body).toMatchObject({
      reason: 'ALREADY_INSIDE',
    });
  });

  test('fifty readings a second of one car are one entry in the journal, and more than two hundred are too many', async () => {
    const before = lane.agent.state().journal.lastSeq;
    const read = (n: number) =>
      post(scanOf(lot.entry, { plate: { text: 'FAST 50', arrivalKey: 'car-7', confidence: 0.5 + n / 100 } }));
    const answers = await Promise.all(Array.from({ length: 50 }, (_, n) => read(n)));
    const stays = new Set(answers.map(({ body }) => body.stayId));
    expect(answers.every(({ body }) => body.action === 'OPEN' && body.durable)).toBe(true);
    expect(stays.size).toBe(1);
    expect(lane.agent.state().journal.lastSeq).toBe(before + 1);
    const flood = await Promise.all(Array.from({ length: 450 }, (_, n) => read(n % 50)));
    expect(flood.some(({ status }) => status === 429)).toBe(true);
    expect(lane.agent.state().journal.lastSeq).toBe(before + 1);
  });
});

describe('What a lane keeps', () => {
  function aFolder(): string {
    const folder = mkdtempSync(join(tmpdir(), 'parkwell-test-lane-'));
    folders.push(folder);
    return folder;
  }

  test('no bundle is taken that is unsigned, cut short, of another lot, older or of another key; the last good one stays, also on the disk', async () => {
    const good = (await currentBundle(system.platform, lot.id))!;
    const { bundleKey, bundlePublicKey } = laneKeysOf(system.platform);
    const sign = (bundle: LaneBundle, key = bundleKey) => encodeBundle({ kind: 'FULL', bundle }, key);
    const newer = { ...good, version: good.version + 1 };
    const folder = aFolder();
    const database = openLaneDatabase(folder, { mostBytes: 2 ** 30 });
    const store = new BundleStore(database, lot.id);
    expect(store.take(sign(good), bundlePublicKey)).toMatchObject({ bundle: { version: good.version } });
    const flipped = sign(newer);
    flipped[100]! ^= 1;
    const bad: [Buffer, string][] = [
      [flipped, 'UNSIGNED'],
      [sign(newer).subarray(0, -1), 'UNSIGNED'],
      [sign(newer).subarray(0, 10), 'UNSIGNED'],
      [Buffer.alloc(0), 'UNSIGNED'],
      [sign(newer, generateKeyPairSync('ed25519').privateKey), 'UNSIGNED'],
      [sign({ ...newer, lotId: elsewhere.id }), 'OTHER_LOT'],
      [sign({ ...good, version: good.version - 1 }), 'OLDER'],
      [sign(good), 'OLDER'],
    ];
    for (const [bytes, refused] of bad) expect(store.take(bytes, bundlePublicKey)).toEqual({ refused });
    expect(store.current()?.version).toBe(good.version);
    expect(new BundleStore(database, lot.id).load(bundlePublicKey)?.version).toBe(good.version);

    database.prepare('UPDATE bundle_part SET bytes = ? WHERE position = 0').run(flipped);
    expect(new BundleStore(database, lot.id).load(bundlePublicKey)).toBeUndefined();
    database.close();
  });

  test('a full disk keeps nobody in and lets nobody in: exits open and are written down when there is room again', async () => {
    const fresh = await startLane(system, lot);
    try {
      await fresh.knowsTheLatest();
      fresh.cable.cut();
      await fresh.isAlone();
      await fresh.restart({ mostBytes: 1 });
      const entries: Decision[] = [];
      while (entries.at(-1)?.action !== 'ASK') {
        expect(entries.length).toBeLessThan(30);
        const plate = { text: `FULL ${entries.length + 10}` };
        entries.push(await eventuallyPasses(() => fresh.ask(lot.entry, { plate })));
      }
      expect(entries.at(-1)).toMatchObject({ reason: 'SYSTEM_UNAVAILABLE', durable: false, stayId: null });
      let scanId = '';
      const leave = () => fresh.ask(lot.exit, { plate: { text: 'FULL 99' } }, { scanId });
      for (let durable = true, tries = 0; durable; tries++) {
        expect(tries).toBeLessThan(30);
        scanId = randomUUID();
        system.clock.advance(61_000);
        const exit = await leave();
        expect(exit).toMatchObject({ action: 'OPEN', reason: 'BILLED_LATER' });
        durable = exit.durable;
      }
      expect(await leave()).toMatchObject({ action: 'OPEN', durable: false, replayed: true });
      expect(fresh.agent.state().queue.heldInMemory).toBe(1);

      // The cloud takes what is on the disk, which makes room there.
      fresh.cable.mend();
      await fresh.hasUploaded();
      expect(await leave()).toMatchObject({ action: 'OPEN', durable: true, replayed: true });
      expect(fresh.agent.state().journal.broken).toEqual([]);
    } finally {
      await fresh.stop();
    }
  });
});
