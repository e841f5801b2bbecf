// The city of the demo: started by `npm start` beside the product, and ended with it. `--speed` and `--since` as the product's own.

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createChance } from '../demo/chance.ts';
import type { DemoDeviceKey } from '../demo/lots.ts';
import { deviceKeysFile, home } from '../places.ts';
import { CityApi } from './api.ts';
import { City, type CityLot } from './city.ts';
import { CityDrivers } from './drivers.ts';
import { virtualLane, type CityGate } from './lanes.ts';
import type { PlannedVisit } from './plan.ts';
import { ScaledClock } from './scaled-clock.ts';
import { Tally } from './tally.ts';

const DRIVERS = 20;
/** About two visits each minute in each lot, so that there is always something to see. */
const TEMPO = 0.6;
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

/** The lots whose gates have keys here, with a lane at each gate that works. */
async function openLots(): Promise<CityLot[]> {
  const keys = JSON.parse(readFileSync(deviceKeysFile, 'utf8')) as DemoDeviceKey[];
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
        .map((gate) => virtualLane(gate, { url, clock, chance, tally }));
    const payAt = working.find(({ direction }) => direction === 'EXIT');
    if (!payAt || !working.some(({ direction }) => direction === 'ENTRY')) return [];
    return [{ ...lot, spots: availability.total, entries: lanesAt('ENTRY'), exits: lanesAt('EXIT'), payAt }];
  });
}

/** Who was inside when the city was last stopped. */
function remembered(): PlannedVisit[] | undefined {
  return existsSync(insideFile) ? (JSON.parse(readFileSync(insideFile, 'utf8')) as PlannedVisit[]) : undefined;
}

const lots = await openLots();
const tempo = Number(values.tempo ?? TEMPO);
const drivers = new CityDrivers(api, clock, DRIVERS);
const city = new City({ api, drivers, clock, lots, seed, tempo, tally, say: (line) => console.log(line) });
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
