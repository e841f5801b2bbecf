import { writeFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { CityApi } from '../../sandbox/city/api.ts';
import { City, type CityLot } from '../../sandbox/city/city.ts';
import { CityDrivers } from '../../sandbox/city/drivers.ts';
import { controllerLane, virtualLane, type CityGate } from '../../sandbox/city/lanes.ts';
import { HOUR_MS, planCrowd, planHour, type PlannedLot } from '../../sandbox/city/plan.ts';
import { proveCity } from '../../sandbox/city/proof.ts';
import { ScaledClock } from '../../sandbox/city/scaled-clock.ts';
import { Tally } from '../../sandbox/city/tally.ts';
import { createChance } from '../../sandbox/demo/chance.ts';
import { Stay } from '../../src/entities/stay.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestGate, type TestLot } from '../support/world.ts';

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

describe('a small city', () => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startSystem();
  });
  afterAll(() => system?.stop());

  test('parks for half an hour: the books balance and nobody is sent to a spot that is taken', async () => {
    const tally = new Tally();
    const api = new CityApi(system.url, tally);
    const { clock } = system;
    const spots = { STANDARD: 8, LARGE: 3, EV: 2, MOTORCYCLE: 2 };
    const built = [await makeLot(system, { spots }), await makeLot(system, { spots, timeZone: 'Asia/Tokyo' })];
    const lots = built.map((lot, index) => cityLot(lot, index === 0));
    const drivers = new CityDrivers(api, clock, 4);
    const said: string[] = [];
    const city = new City({ api, drivers, clock, lots, seed: 5, tempo: 2, tally, say: (line) => said.push(line) });
    const until = new Date(clock.now().getTime() + 0.5 * HOUR_MS);
    const faster = setInterval(() => (city.isIdle ? clock.advance(30_000) : undefined), 20);
    await city.run({ until }).finally(() => clearInterval(faster));
    await Promise.all(lots.flatMap(({ entries, exits }) => [...entries, ...exits]).map((lane) => lane.close()));

    expect(said.filter((line) => line.startsWith('failed'))).toEqual([]);
    const tallied: any = [...tally.counts]; const kept0 = said.filter((line) => line.includes("kept at the exit")).map((l) => l.split(" ")[2]!); writeFileSync("/tmp/city-said.json", JSON.stringify([tallied, said.filter((l) => kept0.some((k) => l.includes(k))), said], null, 1));
    for (const what of ['reserved', 'walked in', 'checked in', 'left'])
      expect([what, tally.count(what)]).not.toEqual([what, 0]);
    const kept = said.filter((line) => line.includes('kept at the exit')).map((l) => l.split(' ')[2]!);
    console.log(JSON.stringify([built.map((b) => b.code), said.filter((l) => kept.some((k) => l.includes(k)))], null, 1));
    expect(kept).toEqual([]);
    await expectBooksBalanced(system.platform, system.stripe);
    const client = new pg.Client({ connectionString: system.databaseUrl });
    await client.connect();
    const proof = await proveCity(client).finally(() => client.end());
    expect(Object.entries(proof).filter(([, found]) => found !== 0)).toEqual([]);
    const inside = await system.platform.orm.em.fork().count(Stay, { state: 'INSIDE' });
    expect(inside).toBe(city.inside.size);
  });

  function cityLot(lot: TestLot, hasCameras: boolean): CityLot {
    const tally = new Tally();
    const api = new CityApi(system.url, tally);
    const gateOf = ({ publicId, name, direction, deviceKey }: TestGate): CityGate => {
      return { id: publicId, name, direction, deviceKey };
    };
    const { url, clock } = system;
    const chance = createChance(11);
    const lane = (gate: TestGate, leaves: boolean) =>
      hasCameras
        ? virtualLane(gateOf(gate), { url, clock, chance, tally })
        : controllerLane(api, gateOf(gate), { leaves });
    return {
      ...{ id: lot.publicId, code: lot.code, country: 'FI', timeZone: 'Europe/Helsinki', spots: lot.spots.length },
      ...{ entries: [lane(lot.entry, false)], exits: [lane(lot.exit, true)], payAt: gateOf(lot.exit) },
    };
  }
});
