import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Sensor } from '../../src/entities/sensor.ts';
import { hearReport } from '../../src/domain/sensor-report.ts';
import { SensorChange } from '../../src/entities/sensor-change.ts';
import { Spot } from '../../src/entities/spot.ts';
import { newId } from '../../src/platform/ids.ts';
import { compareCounts, findStrangers } from '../../src/sensors/find-strangers.ts';
import { freshPlate, hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';
import { Incidents } from './incident-steps.ts';
import { HEARTBEAT_MINUTES, Sensors } from './sensor-steps.ts';

const MINUTE_MS = 60_000;

let system: TestSystem;
beforeAll(async () => {
  // The sweeps are called by the tests, at the times that they choose.
  system = await startSystem({ env: { LOG_LEVEL: 'silent' } });
});
afterAll(() => system?.stop());

const em = () => system.platform.orm.em.fork();
const kindsOf = async (lot: TestLot) =>
  (await new Incidents(system, lot).list({ state: 'OPEN' })).map(({ kind }) => kind);
const FREE = `query ($lot: ID!) { lot(id: $lot) { availability { free } } }`;
const freeOf = async (lot: TestLot): Promise<number> =>
  (await system.client().query(FREE, { lot: lot.publicId })).data['lot'].availability.free;

describe('a sensor', () => {
  test('tells whether its spot is taken; the board follows', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const sensors = await Sensors.at(system, lot);
    const watch = 'subscription ($lots: [ID!]!) { availability(lotIds: $lots) { free } }';
    const live = system.subscribe(watch, { lots: [lot.publicId] });
    expect((await live.next()).availability.free).toBe(2);
    expect(await sensors.send([sensors.change('1-001/1', true)])).toMatchObject({ outcomes: ['CHANGED'] });
    expect((await live.next()).availability.free).toBe(1);
    expect(await sensors.spots()).toMatchObject([{ sensedOccupied: true }, { sensedOccupied: null }]);
    await sensors.send([sensors.change('1-001/1', false, 30)]);
    expect((await live.next()).availability.free).toBe(2);
    await live.stop();
  });

  test('that repeats itself, or comes late and out of order, changes nothing in the end', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const start = system.clock.now().getTime();
    const reportAt = (minutes: number, occupied: boolean, told: { sequence: number; seconds: number }) => ({
      ...{ serial: '1-001/1', occupied, sequence: told.sequence, secondsInPreviousState: told.seconds },
      observedAt: new Date(start + minutes * MINUTE_MS),
    });
    const all = [
      reportAt(0, true, { sequence: 0, seconds: 600 }),
      reportAt(10, false, { sequence: 1, seconds: 600 }),
      reportAt(40, true, { sequence: 2, seconds: 1800 }),
      reportAt(70, false, { sequence: 3, seconds: 1800 }),
    ];
    system.clock.runFrom(new Date(start + 71 * MINUTE_MS));
    await sensors.send([all[3]!]);
    expect(await sensors.send([all[0]!, all[1]!])).toMatchObject({ outcomes: ['LATE', 'LATE'] });
    expect(await sensors.send([all[3]!, all[2]!])).toMatchObject({ outcomes: ['REPEATED', 'LATE'] });
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: false });
    // In one batch, as a gateway sends them that was cut off: each change stands once.
    const other = await makeLot(system);
    const gateway = await Sensors.at(system, other);
    expect(await gateway.send(all.toReversed())).toMatchObject({
      outcomes: ['CHANGED', 'CHANGED', 'CHANGED', 'CHANGED'],
    });
    const changes = await em().find(SensorChange, { lotId: other.id }, { orderBy: { at: 'asc' } });
    expect(changes.map(({ occupied, recovered }) => [occupied, recovered])).toEqual([
      [false, true],
      [true, false],
      [false, false],
      [true, false],
      [false, false],
    ]);
  });

  test('whose report of a change was lost tells of it with the next, to the second', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    await sensors.send([sensors.change('1-001/1', true)]);
    const lost = sensors.change('1-001/1', false, 600);
    system.clock.runFrom(new Date(lost.observedAt.getTime() + 5 * MINUTE_MS));
    const next = sensors.change('1-001/1', true, 300);
    await sensors.send([{ ...next, observedAt: new Date(lost.observedAt.getTime() + 5 * MINUTE_MS) }]);
    const recovered = await em().findOneOrFail(SensorChange, { lotId: lot.id, occupied: false, at: lost.observedAt });
    expect(recovered.recovered).toBe(true);
    expect((await sensors.spot()).sensors).toMatchObject([{ occupied: true, lostTotal: 1 }]);
  });

  test('that was silent for two heartbeats is reported and believed no more, until it is heard again', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const sensors = await Sensors.at(system, lot);
    await sensors.send([sensors.change('1-001/1', true)]);
    await sensors.later(2 * HEARTBEAT_MINUTES - 1);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true, sensors: [{ isSilent: false }] });
    await sensors.later(2);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null, sensors: [{ isSilent: true }] });
    expect(await kindsOf(lot)).toContain('SENSOR_SILENT');
    await sensors.later(60);
    expect((await kindsOf(lot)).filter((kind) => kind === 'SENSOR_SILENT')).toHaveLength(1);
    await sensors.send([sensors.heartbeat('1-001/1', true)]);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true, sensors: [{ isSilent: false }] });
    expect(await kindsOf(lot)).not.toContain('SENSOR_SILENT');
  });

  test('that was never heard is reported, too; many at once are one gateway', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 6 } });
    const sensors = await Sensors.at(system, lot);
    await sensors.later(2 * HEARTBEAT_MINUTES + 1);
    const incidents = await new Incidents(system, lot).list({ kinds: ['SENSOR_SILENT'] });
    expect(incidents).toMatchObject([{ severity: 'URGENT', note: expect.stringContaining('6 sensors at once') }]);
  });

  test('of a pair is believed for a minute where they differ; then nobody knows, and a person is told', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const sensors = await Sensors.at(system, lot, 2);
    await sensors.send([sensors.change('1-001/1', false), sensors.change('1-001/2', false)]);
    await sensors.send([sensors.change('1-001/2', true)]);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true });
    await sensors.later(1.1);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null });
    expect(await kindsOf(lot)).toEqual(['SENSORS_DISAGREE']);
    // A third one settles it.
    await sensors.register(lot.spots[0]!, 'third');
    await sensors.send([sensors.change('third', true)]);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true });
  });

  test('that is nearly empty is reported once', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    for (const batteryPercent of [11, 10, 9])
      await sensors.send([{ ...sensors.heartbeat('1-001/1', false), batteryPercent }]);
    expect(await kindsOf(lot)).toEqual(['SENSOR_BATTERY_LOW']);
  });

  test('taken away counts no more, and its name is free again', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    expect(await sensors.register(lot.spots[1]!, '1-001/1')).toMatchObject({ userErrors: [{ code: 'CODE_TAKEN' }] });
    const { sensor } = await sensors.register(lot.spots[0]!, 'another');
    await sensors.send([sensors.change('another', true)]);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true });
    await sensors.remove(sensor.id);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null });
    expect(await sensors.send([sensors.change('another', true)])).toMatchObject({ outcomes: ['UNKNOWN_SENSOR'] });
    expect(await sensors.register(lot.spots[1]!, 'another')).toMatchObject({ userErrors: [] });
  });
});

describe('a batch of reports', () => {
  test('is taken from the gateway to which an operator gave a key, and for the lot of that key', async () => {
    const [lot, other] = [await makeLot(system), await makeLot(system)];
    const sensors = await Sensors.at(system, lot);
    const issue =
      'mutation ($input: IssueDeviceKeyInput!) { issueDeviceKey(input: $input) { key userErrors { code } } }';
    const keyFor = async (place: TestLot): Promise<string> => {
      const input = { lotId: place.publicId, name: 'Gateway', role: 'SENSOR' };
      return (await system.client(await place.staffToken('OPERATOR')).query(issue, { input })).data['issueDeviceKey']
        .key;
    };
    const report = sensors.change('1-001/1', true);
    expect(await sensors.send([report], await keyFor(other))).toMatchObject({ outcomes: ['UNKNOWN_SENSOR'] });
    expect(await sensors.send([report], await keyFor(lot))).toMatchObject({ outcomes: ['CHANGED'] });
  });

  test('counts for those that are known, whoever else is in it', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const { outcomes } = await sensors.send([sensors.change('nobody', true), sensors.change('1-002/1', true)]);
    expect(outcomes).toEqual(['UNKNOWN_SENSOR', 'CHANGED']);
    expect((await sensors.spots()).map(({ sensedOccupied }) => sensedOccupied)).toEqual([null, true, null]);
  });

  test('of five hundred is taken in one go', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 500 } });
    const sensors = await Sensors.at(system, lot, 0);
    const now = system.clock.now();
    const rows = lot.spots.map(({ id: spotId }, index) => ({
      ...{ lotId: lot.id, id: newId(now), spotId, serial: `S${index}`, heartbeatMinutes: 180, lostTotal: 0 },
      ...{ silentAfter: new Date(now.getTime() + 360 * MINUTE_MS), createdAt: now },
    }));
    await em().insertMany(Sensor, rows);
    const reports = rows.map(({ serial }, index) => sensors.change(serial, index % 2 === 0));
    const { outcomes } = await sensors.send(reports.map(({ secondsInPreviousState: _, ...heartbeat }) => heartbeat));
    expect(outcomes).toHaveLength(500);
    expect(await em().count(Spot, { lotId: lot.id, sensedOccupied: true })).toBe(250);
    expect(await sensors.send([...reports, ...reports.slice(0, 1)])).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT' }],
    });
  });

  test('with a number that no sensor has is refused as a whole, and says which', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const bad = { ...sensors.change('1-002/1', true), sequence: 8 };
    expect(await sensors.send([sensors.change('1-001/1', true), bad])).toMatchObject({
      outcomes: null,
      userErrors: [{ code: 'INVALID_INPUT', field: ['reports', '1', 'sequence'] }],
    });
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null });
    expect(await sensors.send([])).toMatchObject({ userErrors: [{ code: 'INVALID_INPUT' }] });
  });

  test('sent by two gateways at once counts once', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const report = sensors.change('1-001/1', true);
    const answers = await Promise.all(Array.from({ length: 8 }, () => sensors.send([report])));
    const outcomes = answers.flatMap(({ outcomes }) => outcomes ?? []);
    expect(outcomes.filter((outcome) => outcome === 'CHANGED')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'REPEATED')).toHaveLength(7);
  });

  test('would count twice if two looked before either had written: the spot is locked before its sensors are read', () => {
    const before = { occupied: false, sinceMs: 0, sequence: 1, heardAtMs: 0 };
    const report = { occupied: true, sequence: 2, secondsInPreviousState: 600, observedAtMs: 600_000 };
    const both = [hearReport(before, report), hearReport(before, report)];
    expect(both.map(({ outcome }) => outcome)).toEqual(['CHANGED', 'CHANGED']);
  });

  test('of more than a week ago tells nothing of now', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const old = new Date(system.clock.now().getTime() - 8 * 24 * 60 * MINUTE_MS);
    expect(await sensors.send([{ ...sensors.change('1-001/1', true), observedAt: old }])).toMatchObject({
      outcomes: ['LATE'],
    });
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null });
  });

  test('with a clock that is ahead counts as now, so that what comes after it is not late', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const ahead = {
      ...sensors.change('1-001/1', true),
      observedAt: new Date(system.clock.now().getTime() + 3_600_000),
    };
    await sensors.send([ahead]);
    await sensors.later(5);
    expect(await sensors.send([sensors.change('1-001/1', false, 300)])).toMatchObject({ outcomes: ['CHANGED'] });
  });
});

describe('what a person says of a spot', () => {
  test('counts more than its sensors, until it expires or is taken back; who said it is kept', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const sensors = await Sensors.at(system, lot);
    await sensors.send([sensors.change('1-001/1', false)]);
    expect(await sensors.override(lot.spots[0]!, { sight: 'OCCUPIED' })).toMatchObject({
      spot: { sensedOccupied: true, override: { sight: 'OCCUPIED' } },
    });
    await eventually(
      () => freeOf(lot),
      (free) => free === 0,
    );
    await sensors.send([sensors.heartbeat('1-001/1', false)]);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: true });
    await sensors.later(31);
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: false, override: null });
    await sensors.override(lot.spots[0]!, { sight: 'UNKNOWN' });
    expect(await sensors.spot()).toMatchObject({ sensedOccupied: null });
    expect(await sensors.endOverride(lot.spots[0]!)).toMatchObject({ spot: { sensedOccupied: false, override: null } });
    expect((await new Incidents(system, lot).trail()).map(({ act }) => act)).toEqual([
      'SPOT_OVERRIDE_ENDED',
      'SPOT_OVERRIDDEN',
      'SPOT_OVERRIDDEN',
    ]);
  });

  test('is for the staff of its lot, and for a week at most', async () => {
    const lot = await makeLot(system);
    const sensors = await Sensors.at(system, lot);
    const stranger = await (await makeLot(system)).staffToken('ATTENDANT');
    expect(await sensors.override(lot.spots[0]!, { sight: 'FREE' }, stranger)).toMatchObject({
      userErrors: [{ code: 'LOT_NOT_FOUND' }],
    });
    expect(await sensors.override(lot.spots[0]!, { sight: 'FREE', minutes: 8 * 24 * 60 })).toMatchObject({
      userErrors: [{ code: 'INVALID_INPUT', field: ['minutes'] }],
    });
  });
});

describe('a vehicle on a spot', () => {
  /** A guest whose four hours begin in so many minutes, on some spot. */
  const guestIn = async (lot: TestLot, minutes: number) => {
    const period = hoursFrom(system.clock.now(), 1, 4);
    const guest = await makeGuest(system, lot, period);
    system.clock.runFrom(new Date(new Date(period.startsAt).getTime() - minutes * MINUTE_MS));
    return guest;
  };
  const spotOf = async (reservationId: string, token: string) => {
    const document = 'query ($id: ID!) { node(id: $id) { ... on Reservation { spot { label } } } }';
    return (await system.client(token).query(document, { id: reservationId })).data['node'].spot.label;
  };

  test('that is promised to somebody else moves that driver before they are there, and staff are told', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const sensors = await Sensors.at(system, lot);
    const guest = await guestIn(lot, 20);
    expect(await spotOf(guest.publicId, await lot.staffToken('ATTENDANT'))).toBe('1-001');
    await sensors.send([sensors.change('1-001/1', true)]);
    await sensors.later(1);
    expect(await kindsOf(lot)).toEqual([]);
    await sensors.later(2);
    expect(await spotOf(guest.publicId, await lot.staffToken('ATTENDANT'))).toBe('1-002');
    expect(await new Incidents(system, lot).list()).toMatchObject([
      { kind: 'SPOT_TAKEN', severity: 'URGENT', spot: { label: '1-001' }, reservation: { code: guest.code } },
    ]);
    await sensors.later(14);
    // The gate sends them there, and the one who stands on the first spot is not told of again.
    const decision = await untilDurable(system, lot.entry, { pass: guest.pass });
    expect(decision).toMatchObject({ action: 'OPEN', spotLabel: '1-002' });
    await sensors.later(5);
    expect(await new Incidents(system, lot).list()).toHaveLength(1);
  });

  test('is in nobody’s way: whoever comes is sent to another spot, and only to this one when there is no other', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const sensors = await Sensors.at(system, lot);
    const guest = await guestIn(lot, 5);
    await sensors.send([sensors.change('1-001/1', true), sensors.change('1-002/1', true)]);
    await sensors.later(3);
    expect(await untilDurable(system, lot.entry, { pass: guest.pass })).toMatchObject({ spotLabel: '1-003' });
    await sensors.later(5);
    await sensors.send([sensors.change('1-001/1', false)]);
    const arrive = () => untilDurable(system, lot.entry, { plate: { text: freshPlate() } });
    expect(await arrive()).toMatchObject({ spotLabel: '1-001' });
    const { stayId } = await arrive();
    await sensors.later(10);
    const [conflict] = await new Incidents(system, lot).list({ kinds: ['SPOT_TAKEN'] });
    expect(conflict).toMatchObject({ spot: { label: '1-002' }, stay: { id: stayId }, severity: 'URGENT' });
  });

  test('that is promised to somebody for whom nothing else is free is told at once, with the driver', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const sensors = await Sensors.at(system, lot);
    const guest = await guestIn(lot, 20);
    await sensors.send([sensors.change('1-001/1', true)]);
    await sensors.later(3);
    expect((await new Incidents(system, lot).list()).map(({ kind, reservation }) => [kind, reservation?.code])).toEqual(
      expect.arrayContaining([
        ['SPOT_TAKEN', guest.code],
        ['NEXT_DRIVER_STRANDED', guest.code],
      ]),
    );
  });

  test('where it belongs is nobody’s business', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const sensors = await Sensors.at(system, lot);
    const { spotLabel } = await untilDurable(system, lot.entry, { plate: { text: 'OWN-1' } });
    await sensors.send([sensors.change(`${spotLabel}/1`, true)]);
    await sensors.later(10);
    expect(await kindsOf(lot)).toEqual([]);
  });

  test('that is not its own is told with the visit that it probably is, and charged to nobody', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 3 } });
    const sensors = await Sensors.at(system, lot);
    await sensors.send(lot.spots.map(({ label }) => sensors.change(`${label}/1`, false)));
    const { stayId } = await untilDurable(system, lot.entry, { plate: { text: 'LOST-1' } });
    await sensors.send([sensors.change('1-003/1', true, 60)]);
    await sensors.later(3);
    expect(await new Incidents(system, lot).list()).toMatchObject([
      { kind: 'WRONG_SPOT', spot: { label: '1-003' }, stay: { id: stayId }, note: expect.stringContaining('1-001') },
    ]);
  });

  test('that no gate let in is told once, and not at all where a person has spoken', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    const sensors = await Sensors.at(system, lot);
    await sensors.override(lot.spots[1]!, { sight: 'OCCUPIED', minutes: 600 });
    await sensors.send([sensors.change('1-001/1', true)]);
    for (let look = 0; look < 3; look++) await sensors.later(6);
    expect(await new Incidents(system, lot).list()).toMatchObject([
      { kind: 'VEHICLE_WITHOUT_RIGHT', spot: { label: '1-001' } },
    ]);
    await compareCounts(system.platform);
    await compareCounts(system.platform);
    expect(await kindsOf(lot)).toEqual(['MORE_VEHICLES_THAN_STAYS', 'VEHICLE_WITHOUT_RIGHT']);
  });

  test('is told of although a lot in which nobody knows who stands where has more than are looked at in one go', async () => {
    const vague = await makeLot(system, { spots: { STANDARD: 110 } });
    const lot = await makeLot(system, { spots: { STANDARD: 2 } });
    await untilDurable(system, vague.entry, { plate: { text: freshPlate() } });
    await em().execute("UPDATE stay SET spot_id = NULL WHERE lot_id = ? AND state = 'INSIDE'", [vague.id]);
    const sense = "UPDATE spot SET sensed_occupied = true, sensed_at = ? WHERE lot_id = ? AND label <> '1-001'";
    let atMs = system.clock.now().getTime() - 60 * MINUTE_MS;
    for (const { id } of [vague, lot]) await em().execute(sense, [new Date(atMs++), id]);
    await findStrangers(system.platform);
    expect([await kindsOf(vague), await kindsOf(lot)]).toEqual([[], ['VEHICLE_WITHOUT_RIGHT']]);
  });
});
