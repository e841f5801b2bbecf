// A gate's question over HTTP: vehicles with a reservation come in and go out by plate, and come in by pass, with 200,000 passes in the
// index. Beside `{ __typename }` on the same server, which is what the edge alone costs, beside the verb alone, which is what it costs without
// the edge, and beside the bare Redis script, which is what remembering and journalling alone cost. Decisions at the fleet's pace, also with
// PostgreSQL cut off. What a pass takes of Redis' memory. Then what the journal's reader makes of it: decisions applied to PostgreSQL a second.

import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { DEFAULT_LOT_POLICY } from '../src/domain/policies.ts';
import { startJournalAppliers } from '../src/gate/applier.ts';
import { lotKeys, partitionKeys } from '../src/gate/index-keys.ts';
import { passOf } from '../src/gate/passes.ts';
import { rebuildPartition } from '../src/gate/rebuild-partition.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { layWire, type Wire } from '../test/support/wire.ts';
import { makeLot, type TestGate, type TestLot } from '../test/support/world.ts';
import { atLeast, beside, quantile, type BenchResult } from './result.ts';

const LOTS = 20;
const VEHICLES = Number(process.env['BENCH_VEHICLES'] ?? 200_000);
const CONNECTIONS = 64;
/** Short turns one after the other: what else the machine does hits all of them. */
const TURNS = 6;
const TURN_SECONDS = 1;
const CALM_SECONDS = 5;
/** So many come in before the first of them goes out. */
const INSIDE = 400;
/** How many scans are given to the verb itself. */
const ALONE = 6000;
/** Vehicles that come by plate, and as many by pass. */
const COMING = Number(process.env['BENCH_COMING'] ?? 24_000);
/** What the fleet's peak is (167 decisions a second), rounded up. */
const CALM_PER_SECOND = 200;
/** What a gate's device needs to act. */
const DECISION = `{ decision { action reason stayId spotLabel directions due { amountMinor currency } durable } replayed userErrors { code } }`;
const CHECK_IN = `mutation ($input: CheckInInput!) { checkIn(input: $input) ${DECISION} }`;
const CHECK_OUT = `mutation ($input: CheckOutInput!) { checkOut(input: $input) ${DECISION} }`;

interface Question {
  key: string;
  body: string;
}

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['worker'], env: { ROLES: 'worker' } });
  const database = await layWire(system.databaseUrl);
  const child = fork(join(import.meta.dirname, 'gate', 'server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...system.env, DATABASE_URL: database.url, ROLES: 'api', PORT: '0' },
  });
  try {
    const { url } = await reply<{ url: string }>(child);
    // The reader has its turn afterwards: on two cores it would be measured with the gate.
    await system.closeApp();
    const arrivals = await arriving(system);
    return await measure({ system, database, child, url, arrivals });
  } finally {
    child.disconnect();
    await database.stop();
    await system.stop();
  }
}

interface Bench {
  readonly system: TestSystem;
  /** The server's way to PostgreSQL. */
  readonly database: Wire;
  readonly child: ChildProcess;
  readonly url: string;
  readonly arrivals: Arrivals;
}

async function measure({ system, database, child, url, arrivals }: Bench): Promise<BenchResult[]> {
  const nothing = () => ({ key: arrivals.key, body: JSON.stringify({ query: '{ __typename }' }) });
  const [byPlate, byPass] = [scansOf(arrivals.byPlate), scansOf(arrivals.byPass)];
  for (const next of [nothing, byPlate]) await shoot(url, { next, seconds: 2 });
  const [edge, plates, passes] = await inTurns(child, url, [nothing, byPlate, byPass]);
  if (!edge || !plates || !passes) throw new Error('nothing was measured');
  const alone = Array.from({ length: ALONE }, byPlate);
  const verb = await asked<Shots>(child, { verb: alone });
  const bare = await asked<Bare>(child, 'floor');
  const calm = await calmly(child, url, byPlate);
  database.cut();
  const withoutDatabase = await calmly(child, url, byPlate);
  database.mend();
  const applied = await appliedPerSecond(system);
  return [
    ...besideTheEdge('scans by plate, in and out,', plates, edge),
    ...besideTheEdge('scans by pass, in,', passes, edge),
    beside({
      name: 'scans by plate over HTTP, computed for one',
      unit: 'ms',
      value: plates.cpuMs,
      floorName: 'checkIn and checkOut alone, without HTTP and GraphQL',
      floor: verb.cpuMs,
    }),
    beside({
      name: 'scans by plate over HTTP, 64 connections',
      unit: 'requests/s',
      value: plates.perSecond,
      floorName: 'bare Redis script, 64 in flight',
      floor: bare.perSecond,
    }),
    ...insideTheServer('', calm),
    ...insideTheServer(', PostgreSQL cut off', withoutDatabase),
    beside({
      name: `memory of a pass in Redis, ${VEHICLES} of them`,
      unit: 'bytes',
      value: arrivals.bytesOfPass,
      floorName: 'its texts alone (right, plate, code)',
      floor: arrivals.bytesOfTexts,
    }),
    atLeast(1, {
      name: 'journal entries applied to PostgreSQL',
      unit: '/s',
      value: applied,
      floorName: 'decisions of the whole fleet',
      floor: 167,
    }),
  ];
}

interface Bare {
  readonly perSecond: number;
  readonly ms: number[];
}

/** Decisions at the fleet's pace, and the bare script at the same pace right after. */
interface Calm {
  readonly decisionsMs: readonly number[];
  readonly bareMs: readonly number[];
}

async function calmly(child: ChildProcess, url: string, next: () => Question): Promise<Calm> {
  await asked(child, 'decisions');
  await evenly(url, next);
  const { decisionsMs } = await asked<{ decisionsMs: number[] }>(child, 'decisions');
  const { ms: bareMs } = await asked<Bare>(child, { calm: { perSecond: CALM_PER_SECOND, seconds: CALM_SECONDS } });
  return { decisionsMs, bareMs };
}

interface Shots {
  readonly perSecond: number;
  readonly cpuMs: number;
}

function besideTheEdge(credential: string, ours: Shots, edge: Shots): BenchResult[] {
  const floorName = '{ __typename } on the same server';
  const name = `${credential} over HTTP`;
  return [
    atLeast(0.7, {
      name: `${name}, 64 connections`,
      unit: 'requests/s',
      value: ours.perSecond,
      floorName,
      floor: edge.perSecond,
    }),
    beside({ name: `${name}, computed for one`, unit: 'ms', value: ours.cpuMs, floorName, floor: edge.cpuMs }),
  ];
}

function insideTheServer(when: string, { decisionsMs, bareMs }: Calm): BenchResult[] {
  const row = (share: number) =>
    beside({
      name: `decision inside the server at ${CALM_PER_SECOND}/s${when}, p${share * 100}`,
      unit: 'ms',
      value: quantile(decisionsMs, share),
      floorName: `bare Redis script at ${CALM_PER_SECOND}/s`,
      floor: quantile(bareMs, share),
    });
  const p99 = row(0.99);
  return [row(0.5), { ...p99, goal: 'value < 5 ms', met: p99.value < 5 }];
}

/** One after the other. */
function scansOf(scans: readonly Question[]): () => Question {
  let next = 0;
  return () => {
    const scan = scans[next++];
    if (!scan) throw new Error('nobody comes any more: BENCH_VEHICLES is too small');
    return scan;
  };
}

/** Each load in its turn, again and again; also what the server computed for each answer, which hardly depends on what else the machine does. */
async function inTurns(child: ChildProcess, url: string, loads: readonly (() => Question)[]): Promise<Shots[]> {
  const sums = loads.map(() => ({ answered: 0, cpuMs: 0 }));
  for (let turn = 0; turn < TURNS; turn++) {
    for (const [index, next] of loads.entries()) {
      const sum = sums[index];
      if (!sum) continue;
      const before = await asked<{ cpuMs: number }>(child, 'cpu');
      sum.answered += await shoot(url, { next, seconds: TURN_SECONDS });
      const after = await asked<{ cpuMs: number }>(child, 'cpu');
      sum.cpuMs += after.cpuMs - before.cpuMs;
    }
  }
  return sums.map(({ answered, cpuMs }) => ({
    perSecond: answered / (TURNS * TURN_SECONDS),
    cpuMs: cpuMs / answered,
  }));
}

/** Requests answered. */
async function shoot(url: string, { next, seconds }: { next: () => Question; seconds: number }): Promise<number> {
  const setupRequest = (request: autocannon.Request) => {
    const { key, body } = next();
    return { ...request, body, headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` } };
  };
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    requests: [{ method: 'POST', path: '/graphql', setupRequest }],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers and ${result.errors} requests failed`);
  return result['2xx'];
}

interface Arrivals {
  /** Of some gate. */
  readonly key: string;
  /** What Redis took for the rights, by its own count and by the length of their texts; of each pass. */
  readonly bytesOfPass: number;
  readonly bytesOfTexts: number;
  readonly byPlate: readonly Question[];
  readonly byPass: readonly Question[];
}

/** One request after the other at an even pace, as cameras do; a load tool would send them in bursts. */
async function evenly(url: string, next: () => Question): Promise<void> {
  const underWay = new Set<Promise<unknown>>();
  const everyMs = 1000 / CALM_PER_SECOND;
  const startedAt = performance.now();
  for (let sent = 0; sent < CALM_PER_SECOND * CALM_SECONDS; sent++) {
    const waitMs = startedAt + sent * everyMs - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    const { key, body } = next();
    const headers = { 'content-type': 'application/json', authorization: `Bearer ${key}` };
    const answered = fetch(`${url}/graphql`, { method: 'POST', body, headers }).then((response) => response.text());
    underWay.add(answered);
    void answered.finally(() => underWay.delete(answered));
  }
  await Promise.all(underWay);
}

/** Paid reservations that are due now, in the gates' index, and the scans of their plates or passes. Lots take turns, as they do. */
async function arriving(system: TestSystem): Promise<Arrivals> {
  const perLot = Math.ceil(VEHICLES / LOTS);
  const guests: { lot: TestLot; guests: { id: string; plate: string }[] }[] = [];
  for (let n = 0; n < LOTS; n++) {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    guests.push({ lot, guests: await insertReservations(system, lot, perLot) });
  }
  const emptyBytes = await usedMemory(system);
  // After all of them: two lots may share a partition.
  for (const { lot } of guests) await rebuildPartition(system.platform, lot.partition);
  const bytesOfPass = ((await usedMemory(system)) - emptyBytes) / (perLot * LOTS);
  const scans = Array.from({ length: perLot }, (_, index) =>
    guests.flatMap(({ lot, guests: ofLot }) => {
      const guest = ofLot[index];
      return guest ? [{ lot, ...guest }] : [];
    }),
  ).flat();
  // As many as can be needed; the others are there for the index to hold.
  const [some, others] = [scans.slice(0, COMING), scans.slice(COMING, 2 * COMING)];
  const [first] = scans;
  return {
    key: guests[0]?.lot.entry.deviceKey ?? '',
    bytesOfPass,
    bytesOfTexts: first === undefined ? Number.NaN : await textsOf(system, first),
    byPlate: comingAndGoing(some),
    byPass: others.map(({ lot, id }) => questionOf(CHECK_IN, lot.entry, { pass: passOfGuest(system, lot, id) })),
  };
}

async function usedMemory({ platform }: TestSystem): Promise<number> {
  const info = await platform.redis.info('memory');
  return Number(/used_memory:(\d+)/.exec(info)?.[1]);
}

/** The keys and values of one pass: its right, its place among the plates, its code. */
async function textsOf(
  { platform }: TestSystem,
  { lot, id, plate }: { lot: TestLot; id: string; plate: string },
): Promise<number> {
  const keys = lotKeys(lot.id);
  const [right, code] = [keys.right(id), keys.code(plate)];
  const place = keys.plate(platform.plates.skeletonIndex(lot.id, plate));
  const texts = [right, (await platform.redis.get(right)) ?? '', place, `r:${id}`, code, `r:${id}`];
  return texts.reduce((sum, text) => sum + text.length, 0);
}

/** A few hundred come in, then the same go out, and so on. */
function comingAndGoing(scans: readonly { lot: TestLot; plate: string }[]): Question[] {
  const groups = Array.from({ length: Math.ceil(scans.length / INSIDE) }, (_, n) =>
    scans.slice(n * INSIDE, (n + 1) * INSIDE),
  );
  const read = (plate: string) => ({ plate: { text: plate, confidence: 0.9 } });
  return groups.flatMap((group) => [
    ...group.map(({ lot, plate }) => questionOf(CHECK_IN, lot.entry, read(plate))),
    ...group.map(({ lot, plate }) => questionOf(CHECK_OUT, lot.exit, read(plate))),
  ]);
}

function passOfGuest(system: TestSystem, lot: TestLot, id: string): string {
  const startsAt = system.clock.now();
  const endsAt = new Date(startsAt.getTime() + 4 * 3_600_000);
  return passOf(system.platform, { lotId: lot.id, id, spotType: 'STANDARD', startsAt, endsAt });
}

function questionOf(query: string, gate: TestGate, credential: object): Question {
  const input = { gateId: gate.publicId, scanId: randomUUID(), credential };
  return { key: gate.deviceKey, body: JSON.stringify({ query, variables: { input } }) };
}

async function insertReservations(
  system: TestSystem,
  lot: TestLot,
  count: number,
): Promise<{ id: string; plate: string }[]> {
  const guests = Array.from({ length: count }, (_, n) => ({ id: randomUUID(), plate: `BEN${n}X` }));
  const sealed = guests.map(({ plate }) => system.platform.plates.seal(lot.id, plate));
  await system.platform.orm.em.fork().execute(
    `INSERT INTO reservation (lot_id, id, code, driver_id, state, spot_type, priced_spot_type, spot_id, pinned, vehicle_class, plate_cipher, plate_index,
       plate_skeleton_index, starts_at, ends_at, hold_expires_at, grace_ends_at, price, total_minor, currency, tariff_id, multiplier_percent, policy, revision,
       paid_minor, refunded_minor, fee_minor, created_at, confirmed_at)
     SELECT ?, guest.id, guest.plate, gen_random_uuid(), 'CONFIRMED', 'STANDARD', 'STANDARD', ?, false, 'CAR', guest.cipher, guest.exact, guest.skeleton,
       now() - interval '1 minute', now() + interval '4 hours', now(), now() + interval '30 minutes', '{"totalMinor":800,"currency":"EUR","lines":[]}', 800, 'EUR', ?, 100, ?::jsonb, 2,
       800, 0, 0, now(), now()
     FROM unnest(ARRAY[?]::uuid[], ARRAY[?]::text[], ARRAY[?]::text[], ARRAY[?]::text[], ARRAY[?]::text[]) AS guest (id, plate, cipher, exact, skeleton)`,
    [
      lot.id,
      lot.spots[0]?.id,
      lot.tariffId,
      JSON.stringify(DEFAULT_LOT_POLICY),
      guests.map(({ id }) => id),
      guests.map(({ plate }) => plate),
      sealed.map(({ plateCipher }) => plateCipher),
      sealed.map(({ plateIndex }) => plateIndex),
      sealed.map(({ plateSkeletonIndex }) => plateSkeletonIndex),
    ],
  );
  return guests;
}

/** How fast one reader catches up with everything that was decided, at most for so long. */
async function appliedPerSecond(system: TestSystem): Promise<number> {
  const { redis, metrics } = system.platform;
  const total = async () => (await metrics.journalApplied.get()).values[0]?.value ?? 0;
  const before = await total();
  const startedAt = performance.now();
  const applier = await startJournalAppliers(system.platform);
  let idle = 0;
  for (let last = before; performance.now() - startedAt < CALM_SECONDS * 2000 && idle < 10;) {
    await new Promise((resolve) => setTimeout(resolve, 100));
    const now = await total();
    idle = now === last ? idle + 1 : 0;
    last = now;
  }
  const elapsedMs = performance.now() - startedAt - idle * 100;
  await applier.stop();
  await redis.del(...Array.from({ length: 64 }, (_, partition) => partitionKeys(partition).reader));
  return ((await total()) - before) / (elapsedMs / 1000);
}

async function asked<T>(child: ChildProcess, order: string | object): Promise<T> {
  child.send(order);
  return reply<T>(child);
}

async function reply<T>(child: ChildProcess): Promise<T> {
  const answered = new AbortController();
  const { signal } = answered;
  const ended = once(child, 'exit', { signal }).then(() => Promise.reject(new Error('the server ended')));
  try {
    const [message] = (await Promise.race([once(child, 'message', { signal }), ended])) as [T];
    return message;
  } finally {
    ended.catch(() => undefined);
    answered.abort();
  }
}
