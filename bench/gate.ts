// A gate's question over HTTP: vehicles with a reservation come in and go out by plate, and come in by pass. Beside `{ __typename }` on the same server, which is what the edge alone
// costs, and beside the bare Redis script, which is what remembering and journalling alone cost. Then what the journal's reader makes of
// it: decisions applied to PostgreSQL a second.

import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import autocannon from 'autocannon';
import { DEFAULT_LOT_POLICY } from '../src/domain/policies.ts';
import { startJournalAppliers } from '../src/gate/applier.ts';
import { partitionKeys } from '../src/gate/index-keys.ts';
import { passOf } from '../src/gate/passes.ts';
import { rebuildPartition } from '../src/gate/rebuild-partition.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { makeLot, type TestGate, type TestLot } from '../test/support/world.ts';
import { atLeast, beside, quantile, type BenchResult } from './result.ts';

const LOTS = 20;
const VEHICLES = Number(process.env['BENCH_VEHICLES'] ?? 40_000);
const CONNECTIONS = 64;
/** Short turns one after the other: what else the machine does hits all of them. */
const TURNS = 6;
const TURN_SECONDS = 1;
const CALM_SECONDS = 5;
/** So many come in before the first of them goes out. */
const INSIDE = 400;
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
  const child = fork(join(import.meta.dirname, 'gate', 'server.ts'), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...system.env, ROLES: 'api', PORT: '0' },
  });
  try {
    const { url } = await reply<{ url: string }>(child);
    // The reader has its turn afterwards: on two cores it would be measured with the gate.
    await system.closeApp();
    const arrivals = await arriving(system);
    return await measure({ system, child, url, arrivals });
  } finally {
    child.disconnect();
    await system.stop();
  }
}

interface Bench {
  readonly system: TestSystem;
  readonly child: ChildProcess;
  readonly url: string;
  readonly arrivals: Arrivals;
}

async function measure({ system, child, url, arrivals }: Bench): Promise<BenchResult[]> {
  const nothing = () => ({ key: arrivals.key, body: JSON.stringify({ query: '{ __typename }' }) });
  const [byPlate, byPass] = [scansOf(arrivals.byPlate), scansOf(arrivals.byPass)];
  for (const next of [nothing, byPlate]) await shoot(url, { next, seconds: 2 });
  const [edge, plates, passes] = await inTurns(child, url, [nothing, byPlate, byPass]);
  if (!edge || !plates || !passes) throw new Error('nothing was measured');
  const bare = await asked<{ perSecond: number; ms: number[] }>(child, 'floor');
  await asked(child, 'decisions');
  await evenly(url, byPlate);
  const { decisionsMs } = await asked<{ decisionsMs: number[] }>(child, 'decisions');
  const applied = await appliedPerSecond(system);
  return [
    ...besideTheEdge('scans by plate, in and out,', plates, edge),
    ...besideTheEdge('scans by pass, in,', passes, edge),
    beside({
      name: 'scans by plate over HTTP, 64 connections',
      unit: 'requests/s',
      value: plates.perSecond,
      floorName: 'bare Redis script, 64 in flight',
      floor: bare.perSecond,
    }),
    ...insideTheServer(decisionsMs, bare.ms),
    atLeast(1, {
      name: 'journal entries applied to PostgreSQL',
      unit: '/s',
      value: applied,
      floorName: 'decisions of the whole fleet',
      floor: 167,
    }),
  ];
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

function insideTheServer(decisionsMs: readonly number[], bareMs: readonly number[]): BenchResult[] {
  const row = (share: number) =>
    beside({
      name: `decision inside the server at ${CALM_PER_SECOND}/s, p${share * 100}`,
      unit: 'ms',
      value: quantile(decisionsMs, share),
      floorName: 'bare Redis script, 64 in flight',
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
  // After all of them: two lots may share a partition.
  for (const { lot } of guests) await rebuildPartition(system.platform, lot.partition);
  const scans = Array.from({ length: perLot }, (_, index) =>
    guests.flatMap(({ lot, guests: ofLot }) => {
      const guest = ofLot[index];
      return guest ? [{ lot, ...guest }] : [];
    }),
  ).flat();
  const half = Math.floor(scans.length / 2);
  return {
    key: guests[0]?.lot.entry.deviceKey ?? '',
    byPlate: comingAndGoing(scans.slice(0, half)),
    byPass: scans
      .slice(half)
      .map(({ lot, id }) => questionOf(CHECK_IN, lot.entry, { pass: passOfGuest(system, lot, id) })),
  };
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

async function asked<T>(child: ChildProcess, order: string): Promise<T> {
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
