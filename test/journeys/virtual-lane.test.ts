import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { EntityClass } from '@mikro-orm/postgresql';
import { createChance } from '../../sandbox/demo/chance.ts';
import { agentServer, cloudServer } from '../../sandbox/virtual-lane/lane-server.ts';
import { play, type Scenario, type Stage } from '../../sandbox/virtual-lane/scenarios.ts';
import type { LaneEvent } from '../../sandbox/virtual-lane/virtual-lane.ts';
import { CAMERA_VENDORS, type CameraVendor } from '../../src/domain/hardware.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Passage } from '../../src/entities/passage.ts';
import { RelayCommand } from '../../src/entities/relay-command.ts';
import { Stay } from '../../src/entities/stay.ts';
import { sweepPassages } from '../../src/gate/settle-passages.ts';
import { startLane } from '../support/cut-off-lane.ts';
import { rowsOf } from '../support/hardware.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system?.stop());

const FREE = { grace: { minutes: 120, kind: 'ABSORBED' } } as never;

const inLot = <T extends object>(entity: EntityClass<T>, lot: TestLot) => rowsOf(system, entity, lot);

function playAt(
  lot: TestLot,
  scenario: Scenario,
  more: Partial<Stage> & { vendor: CameraVendor },
): Promise<LaneEvent[]> {
  const serverFor = (deviceKey: string) => cloudServer({ url: system.url, deviceKey, camera: more.vendor });
  return play(scenario, {
    ...{ entry: serverFor(lot.entry.deviceKey), exit: serverFor(lot.exit.deviceKey), chance: createChance(7) },
    ...{ plate: undefined, cars: 30, pauseMs: 0, now: () => system.clock.now(), say: () => undefined },
    ...more,
  });
}

/** A lot in which nobody owes anything: the lanes never stand still. */
const freeLot = (spots = 40) => makeLot(system, { spots: { STANDARD: spots }, tariff: FREE });
const insideOf = async (lot: TestLot) => (await inLot(Stay, lot)).filter(({ state }) => state === 'INSIDE');

const isFull = process.env['PARKWELL_FULL'] === '1';
const CARS = isFull ? 300 : 15;

const VISITS: (readonly [Scenario, readonly CameraVendor[]])[] = [
  ['visit', CAMERA_VENDORS],
  ['misread', ['REKOR', 'AXIS']],
  ['frames', ['REKOR']],
  ['resent', ['HIKVISION']],
  ['wrong-clock', ['PLATE_RECOGNIZER']],
];

describe('a virtual lane with each camera', () => {
  test.each(
    VISITS.flatMap(([scenario, some]) => (isFull ? CAMERA_VENDORS : some).map((vendor) => [vendor, scenario] as const)),
  )('of %s plays "%s": one visit, in and out, one pulse each', async (vendor, scenario) => {
    const lot = await freeLot();
    const [entered, left] = await playAt(lot, scenario, { vendor, plate: 'KLM482' });
    expect(entered).toMatchObject({ operation: 'CHECK_IN', action: 'OPEN', pulses: 1, passage: 'PASSED' });
    expect(left).toMatchObject({ operation: 'CHECK_OUT', action: 'OPEN', pulses: 1, passage: 'PASSED' });
    const stays = await eventually(
      () => inLot(Stay, lot),
      (rows) => rows.length > 0 && rows.every(({ state }) => state === 'LEFT'),
    );
    expect(stays).toMatchObject([{ totalMinor: 0 }]);
    const commands = await eventually(
      () => inLot(RelayCommand, lot),
      (rows) => rows.length === 2,
    );
    expect(commands.map(({ state }) => state)).toEqual(['SUCCESS', 'SUCCESS']);
    const kinds = (await inLot(Incident, lot)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind !== 'CAMERA_CLOCK_OFF')).toEqual([]);
  });

  test.each(isFull ? [...CAMERA_VENDORS] : (['AXIS', 'REKOR'] as const))(
    'of %s plays a random day: every arm goes up once a car, and who is inside is who drove in and not out',
    async (vendor) => {
      const lot = await freeLot(CARS);
      const events = await playAt(lot, 'random', { vendor, cars: CARS, chance: createChance(13) });
      expect(events.filter(({ action, pulses }) => action === 'OPEN' && pulses !== 1)).toEqual([]);
      const count = (lane: string) =>
        events.filter((event) => event.lane === lane && event.passage === 'PASSED').length;
      await eventually(
        () => insideOf(lot),
        (rows) => rows.length === count('entry') - count('exit'),
        8000,
      );
      system.clock.advance(10_000);
      await sweepPassages(system.platform);
      const tailgated = (await inLot(Passage, lot)).filter(({ scanId }) => scanId == null);
      const told = (await inLot(Incident, lot)).filter(({ kind }) => kind === 'TAILGATING');
      expect(told).toHaveLength(tailgated.length);
    },
    isFull ? 600_000 : undefined,
  );
});

describe('a virtual lane', () => {
  test('whose driver backs away and comes again has one visit, and one that is tailgated one incident', async () => {
    const lot = await freeLot();
    const events = await playAt(lot, 'backs-out', { vendor: 'HIKVISION' });
    expect(events).toMatchObject([
      { action: 'OPEN', pulses: 1, passage: 'BACKED_OUT' },
      { action: 'OPEN', pulses: 1, passage: 'PASSED' },
    ]);
    await eventually(
      () => insideOf(lot),
      (rows) => rows.length === 1,
    );
    await playAt(lot, 'tailgated', { vendor: 'AXIS', chance: createChance(8) });
    system.clock.advance(10_000);
    const kinds = async () => (
      await sweepPassages(system.platform),
      (await inLot(Incident, lot)).map(({ kind }) => kind)
    );
    expect(await eventually(kinds, (found) => found.length > 0)).toEqual(['TAILGATING']);
  });

  test('whose relay loses its word pulses once; one that is stuck is told of', async () => {
    const lot = await freeLot();
    const [event] = await playAt(lot, 'lost-word', { vendor: 'REKOR' });
    expect(event).toMatchObject({ action: 'OPEN', pulses: 1 });
    await eventually(
      () => inLot(RelayCommand, lot),
      ([row]) => row?.state === 'SUCCESS',
    );
    const stuck = play('stuck', {
      ...{
        vendor: 'REKOR',
        entry: cloudServer({ url: system.url, deviceKey: lot.entry.deviceKey, camera: 'REKOR' }),
        exit: undefined,
      },
      ...{
        chance: createChance(99),
        plate: 'PQR119',
        cars: 1,
        pauseMs: 0,
        now: () => system.clock.now(),
        say: () => undefined,
      },
    });
    await eventually(
      () => inLot(Incident, lot),
      (rows) => rows.some(({ kind }) => kind === 'BARRIER_FAILED'),
    );
    expect(await stuck).toMatchObject([{ action: 'OPEN', pulses: 0, passage: 'NONE' }]);
  });

  test('that sends garbage is told what is wrong, and goes on', async () => {
    const lot = await freeLot();
    const events = await playAt(lot, 'garbage', { vendor: 'AXIS' });
    expect(events.slice(0, -1).every(({ outcome, advice }) => outcome === '422 UNREADABLE' && advice !== null)).toBe(
      true,
    );
    expect(events.at(-1)).toMatchObject({ action: 'OPEN', pulses: 1 });
  });

  test('stands at a lane agent that is cut off just as well', async () => {
    const lot = await freeLot();
    const lane = await startLane(system, lot);
    try {
      await lane.knowsTheLatest();
      const serverFor = (gate: TestLot['entry'], operation: 'CHECK_IN' | 'CHECK_OUT') =>
        agentServer(
          { url: lane.agent.url, deviceKey: gate.deviceKey, camera: 'AXIS' },
          { gateId: gate.publicId, operation },
        );
      const stage = {
        vendor: 'AXIS',
        entry: serverFor(lot.entry, 'CHECK_IN'),
        exit: serverFor(lot.exit, 'CHECK_OUT'),
      } as const;
      const [entered] = await playAt(lot, 'visit', { ...stage, plate: 'KLM482' });
      expect(entered).toMatchObject({ action: 'OPEN', pulses: 1, passage: 'PASSED' });
      lane.cable.cut();
      await lane.isAlone();
      const [, left] = await playAt(lot, 'visit', { ...stage, plate: 'XYZ119' });
      expect(left).toMatchObject({ operation: 'CHECK_OUT', action: 'OPEN', pulses: 1 });
    } finally {
      await lane.stop();
    }
  });
});
