// `npm run evaluate -- plates [--reads 100000] [--seed 1] [--errors 1]`: how plates that were read with a camera's errors are matched with
// those that a lot expects, beside a gate that knows exact plates alone. Of every three vehicles one is a stranger.

import { matchPlate, platesOf, type PlateEye, type PlateMatch, type PlateSight } from '../../src/domain/match-plate.ts';
import { confusionsBetween, plateSkeleton } from '../../src/domain/plate.ts';
import { DEFAULT_PLATE_MATCHING, type PlateMatchingPolicy } from '../../src/domain/policies.ts';
import { chanceOf, DAYLIGHT, fleet, randomVehicle, readByCamera, type Vehicle } from '../cameras/noisy-camera.ts';

/** What became of vehicles, in numbers: let in as who they are, asked for a code, taken for strangers, or taken for somebody else. */
export interface Tally {
  readonly right: number;
  readonly asked: number;
  readonly missed: number;
  readonly wrong: number;
}

interface Setting {
  readonly name: string;
  /** Undefined: a gate that knows exact plates and nothing else. */
  readonly policy: PlateMatchingPolicy | undefined;
  readonly stakeMinor: number;
  /** A lane that is cut off has no plates: it cannot count the differences. */
  readonly onlyIndexes?: true;
}

const policy = DEFAULT_PLATE_MATCHING;
export const SETTINGS: readonly Setting[] = [
  { name: 'exact plates alone', policy: undefined, stakeMinor: 0 },
  { name: 'no confusions, the camera’s guesses', policy: { ...policy, maxConfusions: 0 }, stakeMinor: 1000 },
  { name: 'one confusion (usual), 10.00 at stake', policy, stakeMinor: 1000 },
  { name: 'one confusion (usual), 80.00 at stake', policy, stakeMinor: 8000 },
  { name: 'one confusion (usual), 150.00 at stake', policy, stakeMinor: 15_000 },
  { name: 'two confusions, 10.00 at stake', policy: { ...policy, maxConfusions: 2 }, stakeMinor: 1000 },
  { name: 'a lane that is cut off, 10.00 at stake', policy, stakeMinor: 1000, onlyIndexes: true },
];

const LOT_SIZES = [50, 300, 2000, 10_000];
const STRANGERS = 1 / 3;
const IN_FLEETS = 0.1;
const FLEET_SIZE = 5;

interface Seen {
  readonly sight: PlateSight;
  /** Undefined for a stranger. */
  readonly meant: Vehicle | undefined;
}

/** One lot's expected vehicles, found by their skeletons as the index does it, and what its camera sees. */
export function madeUpLot(size: number, { reads, seed, errors }: { reads: number; seed: number; errors: number }) {
  const chance = chanceOf(seed + size);
  const vehicles = new Map<string, Vehicle>();
  while (vehicles.size < size) {
    const more = chance() < IN_FLEETS / FLEET_SIZE ? fleet(FLEET_SIZE, chance) : [randomVehicle(chance)];
    for (const vehicle of more) vehicles.set(vehicle.plate, vehicle);
  }
  const expected = [...vehicles.values()];
  const bySkeleton = Map.groupBy(expected, ({ plate }) => plateSkeleton(plate));
  const noise = {
    ...{ confused: DAYLIGHT.confused * errors, other: DAYLIGHT.other * errors },
    ...{ dropped: DAYLIGHT.dropped * errors, inserted: DAYLIGHT.inserted * errors },
  };
  const seen = Array.from({ length: reads }, (): Seen => {
    const vehicle = chance() < STRANGERS ? randomVehicle(chance) : expected[Math.floor(chance() * expected.length)];
    const stood = vehicle ?? randomVehicle(chance);
    return { sight: readByCamera(stood, noise, chance), meant: vehicles.get(stood.plate) };
  });
  return { bySkeleton, seen };
}

/** How one setting takes what was seen. */
export function tally({ bySkeleton, seen }: ReturnType<typeof madeUpLot>, setting: Setting): Tally {
  const { stakeMinor, onlyIndexes } = setting;
  const eye: PlateEye<Vehicle> = {
    keyOf: ({ plate }) => plate,
    keyOfPlate: (plate) => plate,
    confusions: ({ plate }, read) => {
      const confusions = confusionsBetween(plate, read);
      return onlyIndexes && confusions !== undefined ? Math.min(1, confusions) : confusions;
    },
    countryOf: ({ country }) => country,
    stakeMinorOf: () => stakeMinor,
  };
  const counts = { right: 0, asked: 0, missed: 0, wrong: 0 };
  for (const { sight, meant } of seen) {
    const near = new Set(platesOf(sight).flatMap((plate) => bySkeleton.get(plateSkeleton(plate)) ?? []));
    const match =
      setting.policy === undefined
        ? exactly(sight, near)
        : matchPlate(sight, [...near], { eye, policy: setting.policy });
    counts[outcomeOf(match, meant)]++;
  }
  return counts;
}

function exactly({ read }: PlateSight, near: ReadonlySet<Vehicle>): PlateMatch<Vehicle> {
  const found = [...near].filter(({ plate }) => plate === read.plate);
  return found.length > 0 ? { match: 'EXACT', found } : { match: 'NONE', found: [] };
}

function outcomeOf({ match, found }: PlateMatch<Vehicle>, meant: Vehicle | undefined): keyof Tally {
  if (match === 'AMBIGUOUS') return 'asked';
  if (match === 'NONE') return meant === undefined ? 'right' : 'missed';
  return found[0] === meant ? 'right' : 'wrong';
}

export function evaluate(options: ReadonlyMap<string, string>): void {
  const reads = Number(options.get('reads') ?? 100_000);
  const seed = Number(options.get('seed') ?? 1);
  const errors = Number(options.get('errors') ?? 1);
  console.log(
    `Plates: ${reads} vehicles at lots of several sizes, a third of them strangers; seed ${seed}, errors × ${errors}.`,
  );
  console.log('right: recognised, or rightly taken for a stranger · asked: for a code, a pass or the plate typed in');
  console.log('missed: expected, and taken for a stranger · wrong: taken for somebody else. Per 100,000.');
  for (const size of LOT_SIZES) {
    const lot = madeUpLot(size, { reads, seed, errors });
    const per = (count: number) => String(Math.round((count * 100_000) / reads)).padStart(8);
    console.log(
      `\n${`${size} plates expected`.padEnd(44)}${['right', 'asked', 'missed', 'wrong'].map((head) => head.padStart(8)).join('')}`,
    );
    for (const setting of SETTINGS) {
      const { right, asked, missed, wrong } = tally(lot, setting);
      console.log(`  ${setting.name.padEnd(42)}${[right, asked, missed, wrong].map(per).join('')}`);
    }
  }
}
