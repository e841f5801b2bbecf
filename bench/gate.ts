// A gate's question over HTTP: vehicles with a pass come in. Beside `{ __typename }` on the same server, which is what the edge alone
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
import { makeLot, type TestLot } from '../test/support/world.ts';
import { atLeast, beside, quantile, type BenchResult } from './result.ts';

const LOTS = 20;
const VEHICLES = Number(process.env['BENCH_VEHICLES'] ?? 40_000);
const CONNECTIONS = 64;
const SECONDS = 5;
/** What the fleet's peak is (167 decisions a second), rounded up. */
const CALM_PER_SECOND = 200;
const CHECK_IN = `mutation ($input: CheckInInput!) { checkIn(input: $input) {
  decision { scanId action reason reservationCode stayId spotLabel directions due { amountMinor currency } decidedAt durable } replayed userErrors { code } } }`;

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
    const questions = await arriving(system);
    return await measure({ system, child, url, questions });
  } finally {
    child.disconnect();
    await system.stop();
  }
}

async function measure({
  system,
  child,
  url,
  questions,
}: {
  system: TestSystem;
  child: ChildProcess;
  url: string;
  questions: Question[];
}): Promise<BenchResult[]> {
  const [first] = questions;
  if (!first) throw new Error('nobody comes');
  const nothing = () => ({ key: first.key, body: JSON.stringify({ query: '{ __typename }' }) });
  const next = () => questions.pop() ?? first;
  await shoot(url, { next: nothing, seconds: 2 });
  await shoot(url, { next, seconds: 2 });
  const edge = await withCpu(child, () => shoot(url, { next: nothing, seconds: SECONDS }));
  const gate = await withCpu(child, () => shoot(url, { next, seconds: SECONDS }));
  const bare = await asked<{ perSecond: number; ms: number[] }>(child, 'floor');
  await asked(child, 'decisions');
  await shoot(url, { next, seconds: SECONDS, perSecond: CALM_PER_SECOND });
  const { decisionsMs } = await asked<{ decisionsMs: number[] }>(child, 'decisions');
  const left = questions.length;
  if (left === 0) console.log('  (there were fewer vehicles than answers: the last scan was repeated)');
  const applied = await appliedPerSecond(system);
  const inside = { unit: 'ms', floorName: 'bare Redis script, 64 in flight' };
  const p99 = beside({
    ...inside,
    name: `decision inside the server at ${CALM_PER_SECOND}/s, p99`,
    value: quantile(decisionsMs, 0.99),
    floor: quantile(bare.ms, 0.99),
  });
  return [
    atLeast(0.7, {
      name: 'checkIn over HTTP, 64 connections',
      unit: 'requests/s',
      value: gate.perSecond,
      floorName: '{ __typename } on the same server',
      floor: edge.perSecond,
    }),
    beside({
      name: 'checkIn over HTTP, what the server computes for one',
      unit: 'ms',
      value: gate.cpuMs,
      floorName: '{ __typename } on the same server',
      floor: edge.cpuMs,
    }),
    beside({
      name: 'checkIn over HTTP, 64 connections',
      unit: 'requests/s',
      value: gate.perSecond,
      floorName: 'bare Redis script, 64 in flight',
      floor: bare.perSecond,
    }),
    beside({
      ...inside,
      name: `decision inside the server at ${CALM_PER_SECOND}/s, p50`,
      value: quantile(decisionsMs, 0.5),
      floor: quantile(bare.ms, 0.5),
    }),
    { ...p99, goal: 'value < 5 ms', met: p99.value < 5 },
    atLeast(1, {
      name: 'journal entries applied to PostgreSQL',
      unit: '/s',
      value: applied,
      floorName: 'decisions of the whole fleet',
      floor: 167,
    }),
  ];
}

/** Also what the server computed for each answer: that hardly depends on what else the machine does. */
async function withCpu(
  child: ChildProcess,
  shots: () => Promise<number>,
): Promise<{ perSecond: number; cpuMs: number }> {
  const before = await asked<{ cpuMs: number }>(child, 'cpu');
  const perSecond = await shots();
  const after = await asked<{ cpuMs: number }>(child, 'cpu');
  return { perSecond, cpuMs: (after.cpuMs - before.cpuMs) / (perSecond * SECONDS) };
}

/** Requests answered a second. */
async function shoot(
  url: string,
  { next, seconds, perSecond }: { next: () => Question; seconds: number; perSecond?: number },
): Promise<number> {
  const setupRequest = (request: autocannon.Request) => {
    const { key, body } = next();
    return { ...request, body, headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` } };
  };
  const result = await autocannon({
    url,
    connections: CONNECTIONS,
    duration: seconds,
    ...(perSecond === undefined ? {} : { overallRate: perSecond }),
    requests: [{ method: 'POST', path: '/graphql', setupRequest }],
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${result.non2xx} answers and ${result.errors} requests failed`);
  return result.requests.average;
}

/** Paid reservations that are due now, in the gates' index, and the scans of their passes. */
async function arriving(system: TestSystem): Promise<Question[]> {
  const perLot = Math.ceil(VEHICLES / LOTS);
  const arrivals: { lot: TestLot; ids: string[] }[] = [];
  for (let n = 0; n < LOTS; n++) {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    arrivals.push({ lot, ids: await insertReservations(system, lot, perLot) });
  }
  // After all of them: two lots may share a partition.
  for (const { lot } of arrivals) await rebuildPartition(system.platform, lot.partition);
  const questions = arrivals.flatMap(({ lot, ids }) => ids.map((id) => questionOf(system, lot, id)));
  // Lots take turns, as they do.
  return questions.map(
    (question, index) =>
      questions[((index * LOTS) % questions.length) + Math.floor((index * LOTS) / questions.length)] ?? question,
  );
}

function questionOf(system: TestSystem, lot: TestLot, id: string): Question {
  const startsAt = system.clock.now();
  const endsAt = new Date(startsAt.getTime() + 4 * 3_600_000);
  const pass = passOf(system.platform, { lotId: lot.id, id, spotType: 'STANDARD', startsAt, endsAt });
  const input = {
    gateId: lot.entry.publicId,
    scanId: randomUUID(),
    credential: { pass },
    observedAt: startsAt.toISOString(),
  };
  return { key: lot.entry.deviceKey, body: JSON.stringify({ query: CHECK_IN, variables: { input } }) };
}

async function insertReservations(system: TestSystem, lot: TestLot, count: number): Promise<string[]> {
  const em = system.platform.orm.em.fork();
  const rows = await em.execute<{ id: string }[]>(
    `INSERT INTO reservation (lot_id, id, code, driver_id, state, spot_type, priced_spot_type, spot_id, pinned, vehicle_class, plate_cipher, plate_index,
       plate_skeleton_index, starts_at, ends_at, hold_expires_at, grace_ends_at, price, total_minor, currency, tariff_id, multiplier_percent, policy, revision,
       paid_minor, refunded_minor, fee_minor, created_at, confirmed_at)
     SELECT ?, gen_random_uuid(), 'B-' || n, gen_random_uuid(), 'CONFIRMED', 'STANDARD', 'STANDARD', ?, false, 'CAR', 'c' || n, 'p' || n, 's' || n,
       now() - interval '1 minute', now() + interval '4 hours', now(), now() + interval '30 minutes', '{"totalMinor":800,"currency":"EUR","lines":[]}', 800, 'EUR', ?, 100, ?::jsonb, 2,
       800, 0, 0, now(), now()
     FROM generate_series(1, ?) AS n RETURNING id`,
    [lot.id, lot.spots[0]?.id, lot.tariffId, JSON.stringify(DEFAULT_LOT_POLICY), count],
  );
  return rows.map(({ id }) => id);
}

/** How fast one reader catches up with everything that was decided, at most for so long. */
async function appliedPerSecond(system: TestSystem): Promise<number> {
  const { redis, metrics } = system.platform;
  const total = async () => (await metrics.journalApplied.get()).values[0]?.value ?? 0;
  const before = await total();
  const startedAt = performance.now();
  const applier = await startJournalAppliers(system.platform);
  let idle = 0;
  for (let last = before; performance.now() - startedAt < SECONDS * 2000 && idle < 10;) {
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
  const [message] = (await Promise.race([
    once(child, 'message'),
    once(child, 'exit').then(() => Promise.reject(new Error('the server ended'))),
  ])) as [T];
  return message;
}
