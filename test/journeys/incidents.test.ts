import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { forgetImages } from '../../src/incidents/forget-images.ts';
import { forgetWatches } from '../../src/incidents/watch-list.ts';
import { Incident } from '../../src/entities/incident.ts';
import { ScanImage } from '../../src/entities/scan-image.ts';
import { WatchEntry } from '../../src/entities/watch-entry.ts';
import { encodeId } from '../../src/domain/public-id.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { decide, makeGuest, OPEN_GATE, untilDurable } from '../support/gate.ts';
import { expectInTime } from '../support/in-time.ts';
import { makeJournal } from '../support/lane-journal.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { ALERTS, Incidents } from './incident-steps.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();

const NOTES = 'subscription ($lot: ID!) { alerts(lotId: $lot) { incident { note } } }';

describe('an incident', () => {
  test('is told to the staff of its lot within a second, with what it is about, and again when it is settled', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    const token = await lot.staffToken('ATTENDANT');
    const live = system.subscribe(ALERTS, { lot: lot.publicId }, token);
    await incidents.listenedTo();
    await incidents.raise({ kind: 'TAILGATING', gateId: lot.entry.id, note: 'Two on one opening.' });
    const startedMs = performance.now();
    const { alerts } = await live.next();
    expectInTime('the staff were told', performance.now() - startedMs, 1000);
    expect(alerts).toMatchObject({
      change: 'RAISED',
      incident: { kind: 'TAILGATING', severity: 'WARNING', state: 'OPEN', gate: { name: 'Entry' } },
    });
    const { id: incidentId } = alerts.incident;
    await incidents.resolve(token, { incidentId, reason: 'Spoke to both.', action: 'SPOKE_TO_DRIVER' });
    expect((await live.next()).alerts).toMatchObject({
      change: 'RESOLVED',
      incident: {
        id: incidentId,
        state: 'RESOLVED',
        resolveReason: 'Spoke to both.',
        resolvedBy: { name: 'Test Staff' },
      },
    });
    await live.stop();
  });

  test('is shown, too, when it was missed and is the newest of very many since its lot is watched', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    const live = system.subscribe(NOTES, { lot: lot.publicId }, await lot.staffToken('ATTENDANT'));
    await incidents.listenedTo();
    await em().execute(
      `INSERT INTO incident (lot_id, id, kind, severity, note, created_at)
       SELECT ?, gen_random_uuid(), 'TAILGATING', 'WARNING', n::text, ?::timestamptz + n * interval '1 millisecond' FROM generate_series(1, 501) AS n`,
      [lot.id, system.clock.now()],
    );
    system.platform.topics.pubsub.getSubscriber().disconnect(true);
    const shown = [];
    for (let event = 0; event < 500; event++) shown.push((await live.next()).alerts.incident.note);
    expect(shown).toEqual(Array.from({ length: 500 }, (_, index) => String(index + 2)));
    await live.stop();
  });

  test('of one cause is raised once, however often and from however many places it is found', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    const found = { kind: 'SENSOR_SILENT', onceKey: 'the same' } as const;
    const raised = await Promise.all(Array.from({ length: 20 }, () => incidents.raise(found)));
    expect(raised.filter((id) => id !== undefined)).toHaveLength(1);
    expect(await incidents.list()).toHaveLength(1);
    // Without the key each finding is one more.
    await Promise.all([1, 2].map(() => incidents.raise({ kind: 'SENSOR_SILENT' })));
    expect(await incidents.list()).toHaveLength(3);
  });

  test('is settled once, with a reason, and stays as the first has settled it', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    await incidents.raise({ kind: 'UNKNOWN_STAY' });
    const [{ id: incidentId } = { id: '' }] = await incidents.list({ state: 'OPEN' });
    const [one, two] = await Promise.all([lot.staffToken('ATTENDANT'), lot.staffToken('OPERATOR')]);
    const answers = await Promise.all([
      incidents.resolve(one, { incidentId, reason: 'first', action: 'FALSE_ALARM' }),
      incidents.resolve(two, { incidentId, reason: 'second' }),
    ]);
    expect(answers.filter(({ replayed }) => !replayed)).toHaveLength(1);
    const settled = answers.find(({ replayed }) => !replayed).incident;
    for (const { incident } of answers) expect(incident).toEqual(settled);
    expect(await incidents.list({ state: 'OPEN' })).toEqual([]);
    expect(await incidents.trail()).toEqual([
      { act: 'INCIDENT_RESOLVED', reason: settled.resolveReason, by: { name: 'Test Staff' } },
    ]);
  });

  test('is nothing to anybody else: not listed, not settled, not told', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    const id = await incidents.raise({ kind: 'UNKNOWN_STAY' });
    const stranger = await (await makeLot(system)).staffToken('OPERATOR');
    const incidentId = encodeId('inc', lot.id, id!);
    expect(await incidents.resolve(stranger, { incidentId, reason: 'mine now' })).toMatchObject({
      userErrors: [{ code: 'LOT_NOT_FOUND' }],
    });
    await expect(system.subscribe(ALERTS, { lot: lot.publicId }, stranger).next()).rejects.toMatchObject({
      problem: { errors: [{ extensions: { code: 'NOT_FOUND' } }] },
    });
    const { data } = await system
      .client(stranger)
      .query('query ($id: ID!) { node(id: $id) { id } }', { id: incidentId });
    expect(data['node']).toBeNull();
  });

  test('is found by state, kind and severity, page by page, the newest first', async () => {
    const lot = await makeLot(system);
    const incidents = new Incidents(system, lot);
    const kinds = ['TAILGATING', 'GATE_OPENED_BY_STAFF', 'WATCHED_VEHICLE', 'TAILGATING'] as const;
    for (const kind of kinds) await incidents.raise({ kind });
    expect((await incidents.list()).map(({ kind }) => kind)).toEqual(kinds.toReversed());
    expect(await incidents.list({ kinds: ['TAILGATING'] })).toHaveLength(2);
    expect(await incidents.list({ severities: ['URGENT', 'INFO'] })).toHaveLength(2);
    expect(await incidents.list({ state: 'RESOLVED' })).toEqual([]);
    const first = await incidents.page({ first: 3 });
    const rest = await incidents.page({ first: 3, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map(({ kind }) => kind)).toEqual(kinds.toReversed());
  });

  test('of a gate that a person opened comes with who did it and why', async () => {
    const lot = await makeLot(system);
    const token = await lot.staffToken('ATTENDANT');
    const input = { idempotencyKey: randomUUID(), gateId: lot.exit.publicId, reason: 'Ambulance' };
    await eventually(
      async () => (await system.client(token).query(OPEN_GATE, { input })).data['openGate'].decision,
      ({ durable }) => durable,
    );
    expect(await new Incidents(system, lot).list()).toMatchObject([
      { kind: 'GATE_OPENED_BY_STAFF', severity: 'INFO', note: expect.stringContaining('Ambulance') },
    ]);
  });

  test('shows the picture of its scan', async () => {
    const lot = await makeLot(system);
    const scanId = randomUUID();
    const image = { lotId: lot.id, scanId, imageRef: 'https://recorder/7.jpg', deviceId: lot.entry.deviceId };
    await em().insert(ScanImage, { ...image, createdAt: system.clock.now() });
    const incidents = new Incidents(system, lot);
    for (const about of [{ scanId }, { scanId: randomUUID() }, { imageRef: 'clip-3' }])
      await incidents.raise({ kind: 'TAILGATING', ...about });
    expect((await incidents.list()).map(({ imageRef }) => imageRef)).toEqual(['clip-3', null, image.imageRef]);
  });

  test('keeps the reference to its picture for thirty days', async () => {
    const lot = await makeLot(system);
    await new Incidents(system, lot).raise({ kind: 'TAILGATING', imageRef: 's3://pictures/1.jpg' });
    const now = system.clock.now();
    await forgetImages(system.platform, new Date(now.getTime() - 1000));
    expect(await em().findOneOrFail(Incident, { lotId: lot.id })).toMatchObject({ imageRef: 's3://pictures/1.jpg' });
    await forgetImages(system.platform, new Date(now.getTime() + 1000));
    expect((await em().findOneOrFail(Incident, { lotId: lot.id })).imageRef).toBeNull();
  });
});

const ADD_WATCH = `mutation ($input: AddWatchInput!) { addWatch(input: $input) { entry { id plate purpose expiresAt } replayed userErrors { code field } } }`;
const END_WATCH = `mutation ($input: EndWatchInput!) { endWatch(input: $input) { entry { endedAt } userErrors { code } } }`;
const READ_LIST = `mutation ($input: ReadWatchListInput!) { readWatchList(input: $input) { entries { id plate purpose note } userErrors { code } } }`;

describe('the watch list', () => {
  const watch = async (lot: TestLot, plate: string, more: Record<string, unknown> & { token?: string } = {}) => {
    const { token = await lot.staffToken('OPERATOR'), ...rest } = more;
    const input = {
      ...{
        idempotencyKey: randomUUID(),
        lotId: lot.publicId,
        plate,
        purpose: 'STOLEN',
        note: 'Call the police.',
        days: 30,
      },
      ...rest,
    };
    const { data } = await system.client(token).query(ADD_WATCH, { input });
    return data['addWatch'];
  };
  const read = async (lot: TestLot, reason = 'Shift begins') => {
    const input = { lotId: lot.publicId, reason };
    const { data } = await system.client(await lot.staffToken('ATTENDANT')).query(READ_LIST, { input });
    return data['readWatchList'];
  };

  test('tells staff when a gate reads a watched plate, and the barrier does what it would have done', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 5 } });
    const [watched, other] = [freshPlate(), freshPlate()];
    expect(await watch(lot, watched)).toMatchObject({ entry: { purpose: 'STOLEN', plate: null }, userErrors: [] });
    const without = await untilDurable(system, lot.entry, { plate: { text: other } });
    const decision = await untilDurable(system, lot.entry, { plate: { text: watched.toLowerCase() } });
    expect(decision).toMatchObject({ action: without.action, reason: without.reason });
    const [hit, ...more] = await new Incidents(system, lot).list({ kinds: ['WATCHED_VEHICLE'] });
    expect(more).toEqual([]);
    expect(hit).toMatchObject({ severity: 'URGENT', note: 'STOLEN: Call the police.', stay: { id: decision.stayId } });
    expect(JSON.stringify(hit)).not.toContain(watched);
  });

  test('tells once of a vehicle that a camera reads again and again', async () => {
    const lot = await makeLot(system);
    const plate = freshPlate();
    await watch(lot, plate);
    for (let read = 0; read < 4; read++) await untilDurable(system, lot.entry, { plate: { text: plate } });
    expect(await new Incidents(system, lot).list({ kinds: ['WATCHED_VEHICLE'] })).toHaveLength(1);
  });

  test('tells of a watched vehicle that shows a pass and not its plate', async () => {
    const lot = await makeLot(system);
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(period.startsAt));
    await watch(lot, guest.plate);
    await untilDurable(system, lot.entry, { pass: guest.pass });
    expect(await new Incidents(system, lot).list({ kinds: ['WATCHED_VEHICLE'] })).toHaveLength(1);
  });

  test('tells of a watched vehicle that a lane let in alone, as soon as the lane is heard', async () => {
    const lot = await makeLot(system);
    const plate = freshPlate();
    await watch(lot, plate);
    const journal = await makeJournal(system, lot);
    journal.passed(lot.entry, { plate }, new Date(system.clock.now().getTime() - 3_600_000));
    await journal.upload();
    await journal.upload();
    expect(await new Incidents(system, lot).list({ kinds: ['WATCHED_VEHICLE'] })).toHaveLength(1);
  });

  test('watches for ninety days at most, and keeps who looked', async () => {
    const lot = await makeLot(system);
    const plate = freshPlate();
    expect(await watch(lot, plate, { days: 91 })).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT' }] });
    expect(await watch(lot, '!')).toMatchObject({ userErrors: [{ code: 'PLATE_INVALID' }] });
    const again = { idempotencyKey: randomUUID(), token: await lot.staffToken('OPERATOR') };
    await watch(lot, plate, again);
    expect(await watch(lot, plate, again)).toMatchObject({ replayed: true });
    expect((await read(lot)).entries).toMatchObject([{ plate, purpose: 'STOLEN' }]);
    expect((await new Incidents(system, lot).trail()).map(({ act, reason }) => [act, reason])).toEqual([
      ['WATCH_LIST_READ', 'Shift begins'],
      ['WATCH_ADDED', 'Call the police.'],
    ]);
  });

  test('forgets what is over, and tells nothing of it any more', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 5 } });
    const [ended, expired] = [freshPlate(), freshPlate()];
    const { entry } = await watch(lot, ended);
    await watch(lot, expired, { days: 1 });
    const token = await lot.staffToken('OPERATOR');
    const { data } = await system.client(token).query(END_WATCH, { input: { entryId: entry.id, reason: 'Found' } });
    expect(data['endWatch'].entry.endedAt).not.toBeNull();
    await untilDurable(system, lot.entry, { plate: { text: ended } });
    system.clock.runFrom(new Date(system.clock.now().getTime() + 25 * 3_600_000));
    await untilDurable(system, lot.entry, { plate: { text: expired } });
    expect(await new Incidents(system, lot).list({ kinds: ['WATCHED_VEHICLE'] })).toEqual([]);
    await forgetWatches(system.platform, system.clock.now());
    expect(await em().count(WatchEntry, { lotId: lot.id })).toBe(0);
  });
});

test('a plate on the watch list stands nowhere in the clear', async () => {
  const lot = await makeLot(system);
  const plate = freshPlate();
  const input = {
    idempotencyKey: randomUUID(),
    lotId: lot.publicId,
    plate,
    purpose: 'SAFETY',
    note: 'Keep distance',
    days: 1,
  };
  await system.client(await lot.staffToken('OPERATOR')).query(ADD_WATCH, { input });
  await decide(system, lot.entry, { plate: { text: plate } });
  const rows = await em().execute(
    'SELECT watch_entry::text AS text FROM watch_entry UNION ALL SELECT idempotency_key::text FROM idempotency_key UNION ALL SELECT audit_entry::text FROM audit_entry',
  );
  expect(JSON.stringify(rows)).not.toContain(plate);
});
