import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { CityApi } from '../../sandbox/city/api.ts';
import { City, type CityLot } from '../../sandbox/city/city.ts';
import { CityDrivers } from '../../sandbox/city/drivers.ts';
import { controllerLane, virtualLane, type CityGate } from '../../sandbox/city/lanes.ts';
import { eventOf, HOUR_MS, planCrowd, planHour, type PlannedLot } from '../../sandbox/city/plan.ts';
import { proveCity } from '../../sandbox/city/proof.ts';
import { LotSensors, withFaults } from '../../sandbox/city/sensors.ts';
import { ScaledClock } from '../../sandbox/city/scaled-clock.ts';
import { Tally } from '../../sandbox/city/tally.ts';
import { createChance } from '../../sandbox/demo/chance.ts';
import { MINUTE_MS } from '../../src/domain/period.ts';
import { Incident } from '../../src/entities/incident.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDevice, makeLot, type TestGate, type TestLot } from '../support/world.ts';

const HELSINKI: PlannedLot = { code: 'HEL1', country: 'FI', timeZone: 'Europe/Helsinki', spots: 200 };
const TOKYO: PlannedLot = { code: 'TYO1', country: 'JP', timeZone: 'Asia/Tokyo', spots: 200 };
const plan = (seed: number) => ({ seed, lots: [HELSINKI, TOKYO], tempo: 0.6 });
const TUESDAY = Date.parse('2026-11-17T00:00:00Z');
const day = (seed: number, from = TUESDAY) =>
  Array.from({ length: 24 }, (_, hour) => planHour(plan(seed), from + hour * HOUR_MS)).flat();

describe('what the drivers of a city plan', () => {
  test('is the same day for the same seed, and another for another', () => {
    expect(day(7)).toEqual(day(7));
    expect(planCrowd(plan(7), TUESDAY)).toEqual(planCrowd(plan(7), TUESDAY));
    expect(day(8)).not.toEqual(day(7));
  });

  test('follows the hours and the weekdays of each lot’s own place', () => {
    const arrivals = (lot: PlannedLot, atMs: number) =>
      planHour({ seed: 3, lots: [lot], tempo: 5 }, atMs).filter(({ lotCode }) => lotCode === lot.code).length;
    const at = (text: string) => Date.parse(text);
    // Eight in the morning in Helsinki, and in Tokyo, is much; three at night is little.
    expect(arrivals(HELSINKI, at('2026-11-17T06:00Z'))).toBeGreaterThan(
      4 * arrivals(HELSINKI, at('2026-11-17T01:00Z')),
    );
    expect(arrivals(TOKYO, at('2026-11-16T23:00Z'))).toBeGreaterThan(4 * arrivals(TOKYO, at('2026-11-16T19:00Z')));
    expect(day(3, at('2026-11-20T00:00Z')).length).toBeGreaterThan(1.3 * day(3, at('2026-11-22T00:00Z')).length);
  });

  test('holds every kind of driver', () => {
    const visits = day(7);
    expect(new Set(visits.map(({ habit }) => habit))).toEqual(
      new Set(['KEEPS_TO_IT', 'DOES_NOT_COME', 'LEAVES_EARLY', 'STAYS_ON', 'CALLS_IT_OFF']),
    );
    for (const visit of visits) {
      expect(visit.booksAtMs ?? visit.arrivesAtMs).toBeLessThanOrEqual(visit.startsAtMs);
      expect(visit.arrivesAtMs).toBeLessThan(visit.leavesAtMs);
    }
  });
});

test('a clock that runs sixty times as fast says when its moments really come', () => {
  const sinceMs = Date.now();
  const clock = new ScaledClock(60, sinceMs);
  expect(clock.realTimeOf(new Date(sinceMs + HOUR_MS)).getTime()).toBe(sinceMs + HOUR_MS / 60);
  expect(clock.now().getTime()).toBeGreaterThanOrEqual(sinceMs);
});

test('near one lot an hour something is on, and more come to it than it has spots', () => {
  const setting = plan(7);
  for (let hour = 0; hour < 24; hour++) {
    const hourMs = TUESDAY + hour * HOUR_MS;
    const crowded = setting.lots[eventOf(setting, hourMs).index]!;
    const arrivals = planHour(setting, hourMs).filter(({ lotCode }) => lotCode === crowded.code);
    expect(arrivals.length).toBeGreaterThan(crowded.spots);
  }
});

const STEP_MS = 30_000;
const SWEEP_EACH = 8;

describe('a small city', () => {
  let system: TestSystem;
  let city: City;
  let lots: CityLot[];
  let said: string[];
  const tally = new Tally();
  const CODES = ['CITY1', 'CITY2'];
  const SENSORS = [1, 2, 3].flatMap((index) => (index === 3 ? ['3', '3-B'] : [String(index)]));

  beforeAll(async () => {
    system = await startSystem();
    const { clock } = system;
    clock.advance(untilTuesdayAtSix(clock.now()));
    said = [];
    const api = new CityApi(system.url, tally);
    lots = await Promise.all(CODES.map((code, index) => cityLot(api, code, index === 0)));
    const parts = {
      api,
      clock,
      lots,
      tally,
      drivers: new CityDrivers(api, clock, 4),
      seed: 2,
      tempo: 2,
      stayTimes: 0.3,
    };
    city = new City({ ...parts, say: (line) => said.push(line) });
    const until = new Date(clock.now().getTime() + 36 * MINUTE_MS);
    await Promise.all([city.run({ until }), letTimePass(until)]);
    await Promise.all(lots.flatMap(({ entries, exits }) => [...entries, ...exits]).map((lane) => lane.close()));
  }, 60_000);
  afterAll(() => system?.stop());

  /** As fast as the city keeps up, with what the worker does every so often. */
  async function letTimePass(until: Date): Promise<void> {
    for (let steps = 0; system.clock.now() < until;) {
      await pause(10);
      if (!city.isIdle) continue;
      system.clock.advance(STEP_MS);
      if (++steps % SWEEP_EACH === 0) await runSweeps(system.platform);
    }
  }

  test('parks: people reserve, come, walk in, pay, leave, call it off', () => {
    expect(said.filter((line) => line.startsWith('failed'))).toEqual([]);
    for (const what of ['reserved', 'walked in', 'checked in', 'paid at the exit', 'left', 'cancelled', 'misread'])
      expect([what, tally.count(what)]).not.toEqual([what, 0]);
  });

  test('keeps its books, and sends nobody to a spot that is taken', async () => {
    await expectBooksBalanced(system.platform, system.stripe);
    const client = new pg.Client({ connectionString: system.databaseUrl });
    await client.connect();
    const proof = await proveCity(client).finally(() => client.end());
    expect(Object.entries(proof).filter(([, found]) => found > 0)).toEqual([]);
    const inside = () => system.platform.orm.em.fork().count(Stay, { state: 'INSIDE' });
    await eventually(inside, (count) => count === city.inside.size, 10_000);
  });

  test('turns people away from the lot near which something is on', () => {
    const full = said.filter((line) => /turned away LOT_FULL|refused SPOT_UNAVAILABLE/.test(line));
    expect(full.filter((line) => line.includes(CODES[0]!)).length).toBeGreaterThan(5);
  });

  test('has people who do not come: their spots are given back', async () => {
    system.clock.advance(HOUR_MS);
    await runSweeps(system.platform);
    const count = () => system.platform.orm.em.fork().count(Reservation, { state: 'NO_SHOW' });
    await eventually(count, (found) => found > 0, 10_000);
  });

  test('has sensors of which one is stuck, one flaps and one says nothing: a person is told of each', async () => {
    const found = await system.platform.orm.em.fork().find(Incident, {});
    const kinds = new Set(found.map(({ kind }) => kind));
    expect([...kinds]).toEqual(expect.arrayContaining(['SENSOR_SILENT', 'SENSORS_DISAGREE', 'VEHICLE_WITHOUT_RIGHT']));
  });

  test('has a time of its own, and every answer says it', async () => {
    const { headers } = await fetch(`${system.url}/graphql?query={__typename}`, {
      headers: { accept: 'application/json' },
    });
    const toldMs = Number(headers.get('parkwell-time'));
    expect(Math.abs(toldMs - system.clock.now().getTime())).toBeLessThan(10_000);
    expect(toldMs - Date.now()).toBeGreaterThan(MINUTE_MS);
  });

  async function cityLot(api: CityApi, code: string, hasCameras: boolean): Promise<CityLot> {
    const lot = await makeLot(system, { code, spots: { STANDARD: 8, LARGE: 2, EV: 1, MOTORCYCLE: 1 } });
    const { url, clock } = system;
    const chance = createChance(11);
    const lane = (gate: TestGate, leaves: boolean) =>
      hasCameras
        ? virtualLane(gateOf(gate), { url, clock, chance, tally, reads: 2 })
        : controllerLane(api, gateOf(gate), { leaves });
    return {
      ...{ id: lot.publicId, code, country: 'FI', timeZone: 'Europe/Helsinki', spots: lot.spots.length },
      ...{ entries: [lane(lot.entry, false)], exits: [lane(lot.exit, true)], payAt: gateOf(lot.exit) },
      ...(hasCameras ? { sensors: await sensorsOf(api, lot) } : {}),
    };
  }

  async function sensorsOf(api: CityApi, lot: TestLot): Promise<LotSensors> {
    const gateway = await makeDevice(system, { lotId: lot.id, gateId: null, role: 'SENSOR', name: 'Gateway' });
    const standard = lot.spots.filter(({ spotType }) => spotType === 'STANDARD').slice(-3);
    const operator = system.client(await lot.staffToken('OPERATOR'));
    const sensors: { serial: string; spotLabel: string }[] = [];
    for (const serial of SENSORS) {
      const spot = standard[Number(serial[0]) - 1]!;
      await operator.query(REGISTER, { input: { spotId: spot.publicId, serial, heartbeatMinutes: 5 } });
      sensors.push({ serial, spotLabel: spot.label });
    }
    return new LotSensors({ api, clock: system.clock, gatewayKey: gateway.deviceKey }, withFaults(sensors));
  }
});

const REGISTER = `mutation ($input: RegisterSensorInput!) { registerSensor(input: $input) { sensor { id } userErrors { code } } }`;

function gateOf({ publicId, name, direction, deviceKey }: TestGate): CityGate {
  return { id: publicId, name, direction, deviceKey };
}

/** The plan knows hours and weekdays: the city parks at the same one whenever the test runs. */
function untilTuesdayAtSix(now: Date): number {
  const weekMs = 7 * 24 * HOUR_MS;
  return weekMs - ((now.getTime() - TUESDAY - 6 * HOUR_MS) % weekMs);
}
