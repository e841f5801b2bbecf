import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { LaneBundle } from '../../src/domain/lane-bundle.ts';
import { addMinutes } from '../../src/domain/period.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { takeBundle } from '../../src/gate/lane/bundle-codec.ts';
import { runJob, runSweep } from '../../src/jobs/run.ts';
import { WATCH_LANES } from '../../src/jobs/watch-lanes.ts';
import { CANCEL, hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { makeJournal, type TestJournal } from '../support/lane-journal.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();

const END_KEY =
  'mutation ($input: RevokeDeviceKeyInput!) { revokeDeviceKey(input: $input) { device { id } userErrors { code } } }';

interface Asked {
  readonly status: number;
  readonly kind: string | null;
  readonly key: string;
  readonly bytes: Uint8Array;
}

async function ask(journal: TestJournal, query: string): Promise<Asked> {
  const response = await fetch(`${system.url}/lane/v1/${query}`, {
    headers: { authorization: `Bearer ${journal.deviceKey}` },
  });
  return {
    status: response.status,
    kind: response.headers.get('parkwell-bundle'),
    key: response.headers.get('parkwell-key') ?? '',
    bytes: new Uint8Array(await response.arrayBuffer()),
  };
}

async function withBundle(): Promise<{
  lot: TestLot;
  journal: TestJournal;
  bundle: LaneBundle;
  guest: Guest;
  sent: Asked;
}> {
  const lot = await makeLot(system);
  const guest = await makeGuest(system, lot, hoursFrom(system.clock.now(), 1, 4));
  const journal = await makeJournal(system, lot);
  const sent = await ask(journal, 'bundle');
  const taken = takeBundle(undefined, sent.bytes, { lotId: lot.id, publicKey: sent.key });
  if (!('bundle' in taken)) throw new Error(`not taken: ${taken.refused}`);
  return { lot, journal, guest, sent, bundle: taken.bundle };
}

describe('a lane’s bundle', () => {
  test('holds the rights that are due, the gates, the tariff and the keys, and no plate', async () => {
    const { lot, bundle, guest, sent } = await withBundle();
    expect(sent).toMatchObject({ status: 200, kind: 'full' });
    expect(bundle.rights).toMatchObject([{ reservationId: guest.id, state: 'CONFIRMED', presence: { at: 'OUTSIDE' } }]);
    expect(bundle.gates.map(({ id }) => id).sort()).toEqual([lot.entry.id, lot.exit.id].sort());
    expect(bundle.devices.map(({ id }) => id).sort()).toEqual([lot.entry.deviceId, lot.exit.deviceId].sort());
    expect(Object.keys(bundle.tariffs)).toEqual([lot.tariffId]);
    expect(bundle.freeByType).toEqual({ STANDARD: 2 });
    expect(JSON.stringify(bundle)).not.toContain(guest.plate);
    expect(JSON.stringify(bundle)).not.toContain('plateCipher');
  });

  test('comes as a difference within five seconds of a change: a cancelled pass is denied, an entry known', async () => {
    const { journal, bundle, guest, sent, lot } = await withBundle();
    expect(await ask(journal, `bundle?have=${bundle.version}`)).toMatchObject({ status: 304 });
    const waiting = ask(journal, `bundle?have=${bundle.version}&waitSeconds=20`);
    const input = { idempotencyKey: randomUUID(), reservationId: guest.publicId };
    await system.client(await loginOf(system, guest.driver)).query(CANCEL, { input });
    const cancelledMs = performance.now();
    const delta = await waiting;
    // Long before the twenty seconds are over, however busy the machine is.
    expect(performance.now() - cancelledMs).toBeLessThan(15_000);
    expect(delta).toMatchObject({ status: 200, kind: 'delta' });
    expect(delta.bytes.length).toBeLessThan(sent.bytes.length);
    const taken = takeBundle(bundle, delta.bytes, { lotId: lot.id, publicKey: sent.key });
    expect(taken).toMatchObject({ bundle: { rights: [], deniedReservationIds: [guest.id] } });
    const next = 'bundle' in taken ? taken.bundle : bundle;
    const entering = ask(journal, `bundle?have=${next.version}&waitSeconds=20`);
    await untilDurable(system, lot.entry, { plate: { text: 'WALK11' } });
    expect(takeBundle(next, (await entering).bytes, { lotId: lot.id, publicKey: sent.key })).toMatchObject({
      bundle: { stays: [{ spotLabel: expect.any(String) }] },
    });
  });

  test('is not taken unsigned, cut short, altered, older or of another lot; the last good one stays', async () => {
    const { lot, bundle, sent } = await withBundle();
    const other = await withBundle();
    const of = { lotId: lot.id, publicKey: sent.key };
    const altered = Uint8Array.from(sent.bytes, (byte, at) => (at === 100 ? byte ^ 1 : byte));
    const refused = (bytes: Uint8Array, current?: LaneBundle) => takeBundle(current, bytes, of);
    expect(refused(altered)).toEqual({ refused: 'UNSIGNED' });
    expect(refused(sent.bytes.subarray(0, -20))).toEqual({ refused: 'UNSIGNED' });
    expect(refused(sent.bytes.subarray(64))).toEqual({ refused: 'UNSIGNED' });
    expect(refused(new Uint8Array())).toEqual({ refused: 'UNSIGNED' });
    expect(refused(other.sent.bytes)).toEqual({ refused: 'OTHER_LOT' });
    expect(refused(sent.bytes, bundle)).toEqual({ refused: 'OLDER' });
    expect(refused(sent.bytes, { ...bundle, version: bundle.version + 1 })).toEqual({ refused: 'OLDER' });
  });

  test('is for agents of lanes: others are sent away', async () => {
    const lot = await makeLot(system);
    const status = async (token?: string) => {
      const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
      return (await fetch(`${system.url}/lane/v1/bundle`, { headers })).status;
    };
    expect(await Promise.all([status(), status('pwk_nonsense'), status(lot.entry.deviceKey)])).toEqual([401, 401, 403]);
    const journal = await makeJournal(system, lot);
    expect(await ask(journal, 'ping')).toMatchObject({ status: 204 });
  });
});

describe('a no-show at a lot with lanes', () => {
  const release = (guest: Guest) =>
    runJob(system.platform, 'release-no-show', { lotId: guest.lotId, reservationId: guest.id });
  const rowOf = (guest: Guest) => em().findOneOrFail(Reservation, { lotId: guest.lotId, id: guest.id });

  test('waits until the lane that was cut off has handed over everything', async () => {
    const { guest, journal } = await withBundle();
    await ask(journal, 'ping?pending=0');
    const { graceEndsAt } = await rowOf(guest);
    system.clock.runFrom(addMinutes(graceEndsAt, 5));
    expect(await release(guest)).toEqual({ againInMs: expect.any(Number) });
    await ask(journal, 'bundle?pending=3');
    expect(await release(guest)).toEqual({ againInMs: expect.any(Number) });
    await ask(journal, 'bundle?pending=0');
    await eventually(
      () => release(guest),
      (outcome) => outcome === 'DONE',
    );
    expect(await rowOf(guest)).toMatchObject({ state: 'NO_SHOW' });
  });

  test('that was fired all the same is overturned by an entry from before it: no fee, the stay whole', async () => {
    const { guest, journal, lot } = await withBundle();
    const { graceEndsAt } = await rowOf(guest);
    system.clock.runFrom(addMinutes(graceEndsAt, 5));
    await ask(journal, 'bundle?pending=0');
    await eventually(
      () => release(guest),
      (outcome) => outcome === 'DONE',
    );
    expect(await rowOf(guest)).toMatchObject({ state: 'NO_SHOW' });
    journal.passed(lot.entry, { guest }, addMinutes(graceEndsAt, -10));
    await journal.upload();
    expect(await rowOf(guest)).toMatchObject({ state: 'CHECKED_IN', feeMinor: 0, outcomeRule: 'REINSTATED' });
    expect(await em().find(Stay, { lotId: lot.id })).toMatchObject([{ state: 'INSIDE', reservationId: guest.id }]);
    expect(await em().count(Incident, { lotId: lot.id, kind: 'NO_SHOW_OVERTURNED' })).toBe(1);
    const scanId = randomUUID();
    expect(await decide(system, lot.exit, { pass: guest.pass }, { scanId })).toMatchObject({ action: 'OPEN' });
  });
});

describe('a lane that has fallen silent', () => {
  const silencesOf = (lot: TestLot) => em().find(Incident, { lotId: lot.id, kind: 'LANE_SILENT' });

  async function endKey(lot: TestLot, { agentId }: TestJournal): Promise<void> {
    const input = { deviceId: encodeId('dev', lot.id, agentId) };
    const { data } = await system.client(await lot.staffToken('OPERATOR')).query(END_KEY, { input });
    expect(data['revokeDeviceKey']).toMatchObject({ device: { id: input.deviceId }, userErrors: [] });
  }

  test('is told of once after five minutes, and that is settled when it is heard again', async () => {
    const { lot, journal } = await withBundle();
    system.clock.advance(4 * 60_000);
    await runSweep(system.platform, WATCH_LANES);
    expect(await silencesOf(lot)).toEqual([]);
    system.clock.advance(61_000);
    for (let sweep = 0; sweep < 2; sweep++) await runSweep(system.platform, WATCH_LANES);
    expect(await silencesOf(lot)).toMatchObject([{ note: expect.stringContaining('end its key'), resolvedAt: null }]);
    await ask(journal, 'bundle');
    await runSweep(system.platform, WATCH_LANES);
    expect(await silencesOf(lot)).toMatchObject([{ resolvedAt: expect.any(Date) }]);
  });

  test('pardons nobody any more once its key has ended: who is inside does not come in a second time', async () => {
    const { lot, journal, guest } = await withBundle();
    const { startsAt } = await em().findOneOrFail(Reservation, { lotId: lot.id, id: guest.id });
    system.clock.runFrom(startsAt);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    await ask(journal, 'bundle?pending=0');
    system.clock.advance(6 * 60_000);
    await runSweep(system.platform, WATCH_LANES);
    await endKey(lot, journal);
    await runSweep(system.platform, WATCH_LANES);
    expect(await silencesOf(lot)).toMatchObject([{ resolvedAt: expect.any(Date) }]);
    expect(await decide(system, lot.entry, { pass: guest.pass })).toMatchObject({ reason: 'ALREADY_INSIDE' });
  });
});
