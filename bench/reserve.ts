// Reserving through the verb, beside the same statements sent by `pg` alone: on 200 lots, and all on one. What is more than the floor
// is the ORM, the checks, the price and the sealed plate. And what a refusal of a full lot costs, which is the normal answer on a busy day.

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { reserveSpot } from '../src/booking/reserve-spot.ts';
import { Refusal } from '../src/domain/refusal.ts';
import { newId } from '../src/platform/ids.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { makeLot, type TestLot } from '../test/support/world.ts';
import { reserveByMoving } from './lots/in-pieces.ts';
import { atLeast, beside, quantile, type BenchResult } from './result.ts';

const LOTS = 200;
const SPOTS_PER_LOT = 20;
const HOT_SPOTS = 200;
const TURNS = 6;
const TURN_MS = 700;
const POOL = 20;
const HOUR_MS = 3_600_000;

interface Run {
  perSecond: number;
  p99Ms: number;
}

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['api'], env: { DATABASE_POOL_MAX: String(POOL) } });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: POOL });
  try {
    const lots = await makeLots(system);
    const hot = await makeLot(system, { spots: { STANDARD: HOT_SPOTS } });
    await system.platform.orm.em.fork().execute('ANALYZE');
    const results: BenchResult[] = [];
    for (const clients of [16, 64]) {
      results.push(...(await compare(system, pool, { name: `${LOTS} lots`, lots, clients })));
      results.push(...(await compare(system, pool, { name: 'one hot lot', lots: [hot], clients })));
    }
    results.push(await refusals(system));
    results.push(...(await reserveByMoving(system)));
    return results;
  } finally {
    await pool.end();
    await system.stop();
  }
}

async function makeLots(system: TestSystem): Promise<TestLot[]> {
  const lots: TestLot[] = [];
  for (let n = 0; n < LOTS; n++) lots.push(await makeLot(system, { spots: { STANDARD: SPOTS_PER_LOT } }));
  return lots;
}

async function compare(
  system: TestSystem,
  pool: pg.Pool,
  load: { name: string; lots: TestLot[]; clients: number },
): Promise<BenchResult[]> {
  const { lots, clients } = load;
  let serial = 0;
  const next = () => ({
    lot: lots[serial % lots.length] as TestLot,
    period: slot(system, Math.floor(serial++ / lots.length)),
  });
  const name = `reserve, ${load.name}, ${clients} clients`;
  const [ours, floor] = await inTurns(
    clients,
    () => byVerb(system, next()),
    () => byPg(pool, next()),
  );
  const floorName = 'the same SQL through pg';
  const p99 = beside({ name: `${name}, p99`, unit: 'ms', value: ours.p99Ms, floorName, floor: floor.p99Ms });
  return [
    atLeast(0.5, { name, unit: '/s', value: ours.perSecond, floorName, floor: floor.perSecond }),
    lots.length === 1 ? { ...p99, goal: 'value < 500 ms', met: ours.p99Ms < 500 } : p99,
  ];
}

/** Periods one after the other, so that spots are found near the start of the lot as on a usual day: each slot takes what all lots have. */
function slot(system: TestSystem, number: number): { startsAt: Date; endsAt: Date } {
  const hour = Math.ceil(system.clock.now().getTime() / HOUR_MS) * HOUR_MS;
  const startsAt = new Date(hour + (1 + (number % 3500)) * HOUR_MS);
  return { startsAt, endsAt: new Date(startsAt.getTime() + HOUR_MS) };
}

async function byVerb(
  system: TestSystem,
  { lot, period }: { lot: TestLot; period: { startsAt: Date; endsAt: Date } },
): Promise<void> {
  const driver = { kind: 'DRIVER', driverId: newId(period.startsAt) } as const;
  const input = {
    idempotencyKey: randomUUID(),
    lotId: lot.id,
    period,
    spotType: 'STANDARD',
    vehicle: { plate: { text: 'BENCH1' } },
  } as const;
  await reserveSpot(system.platform, input, driver);
}

const LOT = `SELECT * FROM lot WHERE id = $1`;
const TARIFF = `SELECT * FROM tariff WHERE lot_id = $1 ORDER BY version_number DESC LIMIT 1`;
const KEY = `INSERT INTO idempotency_key (actor, key, operation, input_hash, result, created_at) VALUES ($1, $2, 'reserveSpot', $3, $4, $5)
  ON CONFLICT (actor, key) DO NOTHING RETURNING actor`;
const LOCK = `SELECT EXISTS (SELECT 1 FROM reservation WHERE lot_id = pool.lot_id AND state = 'HELD' AND hold_expires_at <= $2 AND spot_type IN ('STANDARD')) AS lapsed
  FROM pool WHERE lot_id = $1 AND spot_type IN ('STANDARD') ORDER BY spot_type FOR UPDATE`;
const CHOOSE = `SELECT s.id, s.spot_type, s.label, s.directions, s.level_id FROM spot s
  JOIN unnest(ARRAY['STANDARD']::text[]) WITH ORDINALITY AS fit (spot_type, rank) ON fit.spot_type = s.spot_type
  WHERE s.lot_id = $1 AND s.in_service AND s.id NOT IN (
    SELECT a.spot_id FROM allocation a WHERE a.lot_id = $1 AND tstzrange(a.starts_at, a.ends_at) && tstzrange($2, $3))
  ORDER BY s.distance_rank, fit.rank LIMIT 1`;
const WRITE = `WITH r AS (INSERT INTO reservation (lot_id, id, code, driver_id, state, spot_type, priced_spot_type, spot_id, pinned, vehicle_class, plate_cipher, plate_index,
    plate_skeleton_index, starts_at, ends_at, hold_expires_at, grace_ends_at, price, total_minor, currency, tariff_id, multiplier_percent, policy, revision, paid_minor,
    refunded_minor, fee_minor, created_at)
  VALUES ($1, $2, $3, $4, 'HELD', 'STANDARD', 'STANDARD', $5, false, 'CAR', 'c', 'p', 's', $6, $7, $8, $8, $9, 200, 'EUR', $10, 100, $11, 1, 0, 0, 0, $12)),
  a AS (INSERT INTO allocation (lot_id, id, kind, spot_id, spot_type, starts_at, ends_at, reservation_id, created_at) VALUES ($1, $13, 'RESERVATION', $5, 'STANDARD', $6, $7, $2, $12)),
  p AS (INSERT INTO payment (lot_id, id, kind, state, reservation_id, driver_id, amount_minor, captured_minor, refunded_minor, currency, attempts, created_at, updated_at)
    VALUES ($1, $14, 'RESERVATION', 'OWED', $2, $4, 200, 0, 0, 'EUR', 0, $12, $12))
  INSERT INTO outbox_event (id, lot_id, type, aggregate_id, payload, created_at) VALUES ($15, $1, 'reservation.held', $2, $16, $12)`;

async function byPg(
  pool: pg.Pool,
  { lot, period }: { lot: TestLot; period: { startsAt: Date; endsAt: Date } },
): Promise<void> {
  const now = new Date();
  const [id, driverId] = [newId(now), newId(now)];
  await pool.query(LOT, [lot.id]);
  await pool.query(TARIFF, [lot.id]);
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(KEY, [driverId, randomUUID(), 'hash', { id }, now]);
    await client.query(LOCK, [lot.id, now]);
    const { rows } = await client.query<{ id: string }>(CHOOSE, [lot.id, period.startsAt, period.endsAt]);
    if (!rows[0]) throw new Error('the floor found no spot');
    const holdEnds = new Date(now.getTime() + 600_000);
    const values = [
      lot.id,
      id,
      id,
      driverId,
      rows[0].id,
      period.startsAt,
      period.endsAt,
      holdEnds,
      { lines: [] },
      lot.tariffId,
      lot.policy,
      now,
    ];
    await client.query(WRITE, [...values, newId(now), newId(now), newId(now), { id }]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

/** Both loads in short turns, so that whatever else the machine does hits both. The first turn of each only warms up. */
async function inTurns(clients: number, one: () => Promise<void>, other: () => Promise<void>): Promise<[Run, Run]> {
  const seen: [Turn[], Turn[]] = [[], []];
  for (let turn = 0; turn <= TURNS; turn++) {
    const [first, second] = [await load(clients, one), await load(clients, other)];
    if (turn === 0) continue;
    seen[0].push(first);
    seen[1].push(second);
  }
  return [total(seen[0]), total(seen[1])];
}

interface Turn {
  timesMs: number[];
  seconds: number;
}

/** As many clients as told, each asking again as soon as it has its answer. */
async function load(clients: number, once: () => Promise<void>): Promise<Turn> {
  const timesMs: number[] = [];
  const startedAt = performance.now();
  const client = async () => {
    while (performance.now() - startedAt < TURN_MS) {
      const at = performance.now();
      await once();
      timesMs.push(performance.now() - at);
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  return { timesMs, seconds: (performance.now() - startedAt) / 1000 };
}

function total(turns: readonly Turn[]): Run {
  const timesMs = turns.flatMap((turn) => turn.timesMs);
  const seconds = turns.reduce((sum, turn) => sum + turn.seconds, 0);
  return { perSecond: timesMs.length / seconds, p99Ms: quantile(timesMs, 0.99) };
}

/** A lot that is full, and everybody asks. */
async function refusals(system: TestSystem): Promise<BenchResult> {
  const [full, open] = [
    await makeLot(system, { spots: { STANDARD: 1 } }),
    await makeLot(system, { spots: { STANDARD: HOT_SPOTS } }),
  ];
  const period = slot(system, 0);
  await byVerb(system, { lot: full, period });
  let serial = 0;
  const [refused, reserved] = await inTurns(
    64,
    async () => {
      try {
        await byVerb(system, { lot: full, period });
      } catch (error) {
        if (!(error instanceof Refusal) || error.code !== 'SPOT_UNAVAILABLE') throw error;
      }
    },
    () => byVerb(system, { lot: open, period: slot(system, Math.floor(serial++ / HOT_SPOTS)) }),
  );
  return atLeast(10, {
    name: 'refusals of a full lot, 64 clients',
    unit: '/s',
    value: refused.perSecond,
    floorName: 'reservations of a lot as hot',
    floor: reserved.perSecond,
  });
}
