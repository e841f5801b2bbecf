// The city of the demo: started by `npm start` beside the product, and ended with it. `--speed` and `--since` as the product's own.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createChance } from '../demo/chance.ts';
import { DEMO_LOGINS, type DemoLogin } from '../demo-logins.ts';
import type { DemoDeviceKey } from '../demo/lots.ts';
import { deviceKeysFile, home } from '../places.ts';
import { CityApi } from './api.ts';
import { City, type CityLot } from './city.ts';
import { CityDrivers, logIn } from './drivers.ts';
import { virtualLane, type CityGate } from './lanes.ts';
import type { PlannedVisit } from './plan.ts';
import { rhythmOf } from './pace.ts';
import { ScaledClock } from './scaled-clock.ts';
import { LotSensors, withFaults } from './sensors.ts';
import { Tally } from './tally.ts';

const DRIVERS = 20;
const REMEMBER_EVERY_MS = 2000;
const insideFile = join(home, 'data', 'city.json');

const LOTS = {
  name: 'lots',
  document:
    '{ lots(first: 100) { nodes { id code country timeZone availability { total } gates { id name direction inService } } } }',
};

interface LotsAnswer {
  readonly lots: {
    readonly nodes: readonly {
      id: string;
      code: string;
      country: string;
      timeZone: string;
      availability: { total: number };
      gates: readonly { id: string; name: string; direction: CityGate['direction']; inService: boolean }[];
    }[];
  };
}

const { values } = parseArgs({
  options: {
    server: { type: 'string', default: 'http://127.0.0.1:4000' },
    seed: { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
    since: { type: 'string' },
    tempo: { type: 'string' },
  },
});
const { server: url } = values;
const seed = Number(values.seed);
const clock = new ScaledClock(Number(values.speed), Number(values.since ?? Date.now()));
const tally = new Tally();
const api = new CityApi(url, tally);
const chance = createChance(seed);
/** On a fast clock two readings of one car are too far apart to be of one. */
const reads = clock.speed === 1 ? 2 : 1;

const SENSORS = {
  name: 'sensors',
  document:
    'query ($code: ShortText) { lot(code: $code) { spots(first: 100) { nodes { label sensors { serial } } } } }',
};

interface SensorsAnswer {
  readonly lot: { readonly spots: { readonly nodes: readonly { label: string; sensors: { serial: string }[] }[] } };
}

const attendant = () => logIn(api, loginOf('ATTENDANT'));

function loginOf(role: DemoLogin['role']): DemoLogin {
  const login = DEMO_LOGINS.find((each) => each.role === role);
  if (!login) throw new Error(`nobody is ${role}`);
  return login;
}

/** The sensors of each lot whose gateway has a key here; those of the lot that the seed picks have their faults. */
async function withSensors(lots: readonly CityLot[], keys: readonly DemoDeviceKey[]): Promise<CityLot[]> {
  const token = await logIn(api, loginOf('OPERATOR'));
  const open = async (lot: CityLot, index: number): Promise<CityLot> => {
    const gateway = keys.find(({ lotCode, role }) => lotCode === lot.code && role === 'SENSOR');
    if (!gateway) return lot;
    const answer = await api.call<SensorsAnswer>(SENSORS, { code: lot.code }, token);
    const sensors = answer.lot.spots.nodes.flatMap(({ label: spotLabel, sensors: found }) =>
      found.map(({ serial }) => ({ serial, spotLabel, fault: null })),
    );
    const behaving = index === seed % lots.length ? withFaults(sensors) : sensors;
    return { ...lot, sensors: new LotSensors({ api, clock, gatewayKey: gateway.key }, behaving) };
  };
  return Promise.all(lots.map(open));
}

/** The lots whose gates have keys here, with a lane at each gate that works. */
async function openLots(keys: readonly DemoDeviceKey[]): Promise<CityLot[]> {
  const { lots } = await api.call<LotsAnswer>(LOTS, {});
  return lots.nodes.flatMap(({ gates, availability, ...lot }) => {
    const working = gates
      .filter(({ inService }) => inService)
      .flatMap((gate): CityGate[] => {
        const key = keys.find(({ lotCode, name }) => lotCode === lot.code && name === `${gate.name} controller`);
        return key ? [{ ...gate, deviceKey: key.key }] : [];
      });
    const lanesAt = (direction: CityGate['direction']) =>
      working
        .filter((gate) => gate.direction === direction)
        .map((gate) => virtualLane(gate, { url, clock, chance, tally, reads }));
    const payAt = working.find(({ direction }) => direction === 'EXIT');
    if (!payAt || !working.some(({ direction }) => direction === 'ENTRY')) return [];
    return [{ ...lot, spots: availability.total, entries: lanesAt('ENTRY'), exits: lanesAt('EXIT'), payAt }];
  });
}

/** Who was inside when the city was last stopped. */
function remembered(): PlannedVisit[] | undefined {
  return existsSync(insideFile) ? (JSON.parse(readFileSync(insideFile, 'utf8')) as PlannedVisit[]) : undefined;
}

const keys = JSON.parse(readFileSync(deviceKeysFile, 'utf8')) as DemoDeviceKey[];
const lots = await withSensors(await openLots(keys), keys);
const rhythm = rhythmOf(clock.speed);
const tempo = Number(values.tempo ?? rhythm.tempo);
const drivers = new CityDrivers(api, clock, DRIVERS);
const city = new City({
  ...{ api, drivers, clock, lots, seed, tempo, tally, attendant },
  ...{ stayTimes: rhythm.stayTimes, say: (line: string) => console.log(line) },
});
const remember = () => writeFileSync(insideFile, JSON.stringify([...city.inside.values()]), { mode: 0o600 });
const timer = setInterval(remember, REMEMBER_EVERY_MS);
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => city.stop());
console.log(`the city moves: ${lots.length} lots, seed ${seed}, ${clock.speed} times as fast as the machine's clock`);
const inside = remembered();
rmSync(insideFile, { force: true });
await city.run(inside === undefined ? {} : { inside });
clearInterval(timer);
remember();
process.exit(0);
