import fc from 'fast-check';
import type { SubjectKey } from '../../src/domain/lane-scan.ts';
import type { MergeScan } from '../../src/domain/merge-scans.ts';

const SOURCES = ['CLOUD', 'agent-a', 'agent-b', 'agent-c'] as const;
const GATES = ['gate-1', 'gate-2', 'gate-3'] as const;
const SECOND_MS = 1000;
const NOON_MS = Date.UTC(2026, 10, 20, 12);

/** Around the minute within which two readings are one passage, and everything up to two hours. */
const anyPause = fc.oneof(fc.constantFrom(0, 1, 59, 60, 61, 120), fc.integer({ min: 0, max: 7200 }));

const anyPassage = fc.record({
  /** Mostly the other way than before; sometimes a device missed one, or the first that is known is an exit. */
  way: fc.constantFrom('OTHER', 'OTHER', 'OTHER', 'OTHER', 'SAME', 'OUT', 'IN'),
  pauseSeconds: anyPause,
  gate: fc.nat(GATES.length - 1),
  source: fc.nat(SOURCES.length - 1),
  /** Which of what it is known by the vehicle showed: pass, plate, ticket. */
  shown: fc.tuple(fc.boolean(), fc.boolean(), fc.boolean()),
  /** The camera sends the car again, after so many seconds. */
  rereadAfterSeconds: fc.array(fc.constantFrom(0, 5, 40, 60, 61), { maxLength: 2 }),
  /** The upload is repeated; or the cloud has decided the same scan, whose answer never came back. */
  sentAgain: fc.constantFrom('NO', 'NO', 'NO', 'SAME', 'BY_THE_CLOUD'),
});

/** Vehicles share passes and plates: there are only so many. */
const anyVehicle = fc.record({
  pass: fc.option(fc.nat(2)),
  plate: fc.option(fc.nat(4)),
  ticket: fc.option(fc.nat(3)),
  startSeconds: fc.integer({ min: 0, max: 3600 }),
  passages: fc.array(anyPassage, { minLength: 1, maxLength: 7 }),
});
type Vehicle = typeof anyVehicle extends fc.Arbitrary<infer T> ? T : never;

/** A clock is off, and jumps again and again. */
const anyClock = fc.array(
  fc.record({
    fromSeq: fc.integer({ min: 1, max: 12 }),
    offSeconds: fc.constantFrom(0, 0, -600, -61, -5, 5, 61, 300, 600),
  }),
  { maxLength: 3 },
);
type Clock = typeof anyClock extends fc.Arbitrary<infer T> ? T : never;

/** A day on which a lot was cut in pieces: what the cloud and up to three agents have in their journals at its end. */
export const anyPartition: fc.Arbitrary<MergeScan[]> = fc
  .record({
    vehicles: fc.array(anyVehicle, { minLength: 1, maxLength: 4 }),
    clocks: fc.tuple(anyClock, anyClock, anyClock, anyClock),
  })
  .map(({ vehicles, clocks }) => journalsOf(vehicles, clocks));

interface Reading {
  readonly trueMs: number;
  readonly name: string;
  readonly direction: 'IN' | 'OUT';
  readonly gateId: string;
  readonly source: number;
  readonly subjects: SubjectKey[];
  readonly sentAgain: string;
}

function journalsOf(vehicles: Vehicle[], clocks: Clock[]): MergeScan[] {
  const readings = vehicles.flatMap(readingsOf).sort((a, b) => a.trueMs - b.trueMs || (a.name < b.name ? -1 : 1));
  const seqs = SOURCES.map(() => 0);
  const next = (source: number) => (seqs[source] = seqs[source]! + 1);
  return readings.flatMap(({ trueMs, name, source, sentAgain, ...rest }) => {
    const written = (by: number): MergeScan => {
      const seq = next(by);
      const offSeconds = clocks[by]!.findLast(({ fromSeq }) => fromSeq <= seq)?.offSeconds ?? 0;
      return { scanId: name, source: SOURCES[by]!, seq, ...rest, at: trueMs + offSeconds * SECOND_MS };
    };
    const scan = written(source);
    if (sentAgain === 'SAME') return [scan, { ...scan, subjects: [...scan.subjects] }];
    return sentAgain === 'BY_THE_CLOUD' ? [scan, written(0)] : [scan];
  });
}

function readingsOf(vehicle: Vehicle, index: number): Reading[] {
  let atSeconds = vehicle.startSeconds;
  let direction: 'IN' | 'OUT' = 'OUT';
  return vehicle.passages.flatMap((passage, nth) => {
    atSeconds += passage.pauseSeconds;
    if (passage.way === 'OTHER') direction = direction === 'IN' ? 'OUT' : 'IN';
    else if (passage.way !== 'SAME') direction = passage.way;
    return [0, ...passage.rereadAfterSeconds].map((laterSeconds, reread) => ({
      trueMs: NOON_MS + (atSeconds + laterSeconds) * SECOND_MS,
      name: `v${index}-${nth}-${reread}`,
      direction,
      gateId: GATES[passage.gate]!,
      source: passage.source,
      subjects: shownBy(vehicle, passage.shown),
      sentAgain: passage.sentAgain,
    }));
  });
}

function shownBy(vehicle: Vehicle, [pass, plate, ticket]: readonly [boolean, boolean, boolean]): SubjectKey[] {
  return [
    ...(pass && vehicle.pass !== null ? [`r:${vehicle.pass}` as const] : []),
    ...(plate && vehicle.plate !== null ? [`p:${vehicle.plate}` as const] : []),
    ...(ticket && vehicle.ticket !== null ? [`t:${vehicle.ticket}` as const] : []),
  ];
}

const anySubjects = fc.uniqueArray(fc.constantFrom<SubjectKey>('r:1', 'p:1', 'p:2', 't:1'), { maxLength: 2 });

/** As no lot would write them: a handful of scans of a few instants that collide in every way that the types allow. */
export const anyCollision: fc.Arbitrary<MergeScan[]> = fc.array(
  fc.record({
    scanId: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'),
    source: fc.constantFrom(...SOURCES),
    seq: fc.integer({ min: 1, max: 4 }),
    direction: fc.constantFrom('IN' as const, 'OUT' as const),
    gateId: fc.constantFrom(...GATES),
    at: fc.constantFrom(0, 1, 30_000, 60_000, 60_001, 90_000, 120_001, 600_000).map((ms) => NOON_MS + ms),
    subjects: anySubjects,
  }),
  { maxLength: 9 },
);

/** The same without two entries at one place of one journal: those have no order that anything could be derived from. */
export const anyNumberedCollision: fc.Arbitrary<MergeScan[]> = anyCollision.map((scans) => [
  ...new Map(scans.map((scan) => [`${scan.source} ${scan.seq}`, scan])).values(),
]);

/** The same in an order that the number chooses. */
export function shuffled<T>(all: readonly T[], choice: number): T[] {
  let state = choice | 0;
  const random = () => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    return ((mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed))) >>> 14) & 0x3ffff;
  };
  return all
    .map((each) => ({ each, key: random() }))
    .sort((a, b) => a.key - b.key)
    .map(({ each }) => each);
}

/** Every order there is; for a handful. */
export function everyOrder<T>(all: readonly T[]): T[][] {
  if (all.length < 2) return [[...all]];
  return all.flatMap((first, index) =>
    everyOrder([...all.slice(0, index), ...all.slice(index + 1)]).map((rest) => [first, ...rest]),
  );
}
