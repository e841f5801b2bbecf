// Search and quote over 1,000 lots × 200 spots: as fast after two million reservations as on the first day. Two installations of
// the same lots stand side by side and are asked in turns, so that whatever else the machine does hits both.

import { encodeId } from '../src/domain/public-id.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { atMost, quantile, type BenchResult } from './result.ts';

const LOTS = 1000;
const SPOTS_PER_LOT = 200;
const LIVE_PER_LOT = 300;
const NO_OVERLAP = `ALTER TABLE allocation ADD CONSTRAINT allocation_no_overlap EXCLUDE USING gist (lot_id WITH =, spot_id WITH =, tstzrange(starts_at, ends_at) WITH &&)`;
const PAST = Number(process.env['BENCH_PAST'] ?? 2_000_000);
const ROUNDS = 300;
const WARM_UP = 50;
const HOUR_MS = 3_600_000;

const SEARCH = `query ($near: GeoPointInput!, $period: PeriodInput!) {
  lots(near: $near, radiusMeters: 20000, period: $period, first: 20) { edges { distanceMeters spotsFree price { total { amountMinor } } node { id name } } }
}`;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { id spotsFree price { total { amountMinor } } } userErrors { code } } }`;

interface SearchAnswer {
  lots: { edges: object[] };
}

interface QuoteAnswer {
  quote: { quote: object | null; userErrors: object[] };
}

export async function run(): Promise<BenchResult[]> {
  const systems = [await startSystem({ roles: ['api'] }), await startSystem({ roles: ['api'] })] as const;
  const [young, old] = systems;
  try {
    for (const system of systems) await seedLots(system);
    await seedPast(old);
    for (const system of systems) await system.platform.orm.em.fork().execute('ANALYZE');
    const search = await inTurns(systems, searchOnce);
    const quote = await inTurns(systems, quoteOnce);
    return [row('search of 20 lots', search), row('quote', quote)];
  } finally {
    await young.stop();
    await old.stop();
  }
}

function row(name: string, [floor, value]: readonly [number, number]): BenchResult {
  return atMost(1.2, {
    name: `${name}, ${PAST.toLocaleString('en')} past reservations, median`,
    unit: 'ms',
    value,
    floorName: 'the same with none',
    floor,
  });
}

/** Median milliseconds of each system; one request of one, one of the other, and so on. */
async function inTurns(
  systems: readonly [TestSystem, TestSystem],
  once: (system: TestSystem, round: number) => Promise<void>,
): Promise<[number, number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS + WARM_UP; round++) {
    for (const side of round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const started = performance.now();
      await once(systems[side], round);
      if (round >= WARM_UP) times[side].push(performance.now() - started);
    }
  }
  return [quantile(times[0], 0.5), quantile(times[1], 0.5)];
}

async function searchOnce(system: TestSystem, round: number): Promise<void> {
  const near = { latitude: 40 + (round % 20) * 0.5, longitude: (round % 30) * 0.5 };
  const { data, errors } = await system.client().query<SearchAnswer>(SEARCH, { near, period: periodOf(system, round) });
  if (errors || data.lots.edges.length === 0) throw new Error(`a search found nothing: ${JSON.stringify(errors)}`);
}

async function quoteOnce(system: TestSystem, round: number): Promise<void> {
  const input = { lotId: encodeId('lot', null, lotId((round * 7) % LOTS)), period: periodOf(system, round) };
  const { data, errors } = await system.client().query<QuoteAnswer>(QUOTE, { input });
  if (errors || data.quote.quote === null)
    throw new Error(`no quote: ${JSON.stringify(errors ?? data.quote.userErrors)}`);
}

function periodOf(system: TestSystem, round: number): { startsAt: string; endsAt: string } {
  const startsAt = system.clock.now().getTime() + (round % 48) * HOUR_MS;
  return { startsAt: new Date(startsAt).toISOString(), endsAt: new Date(startsAt + 4 * HOUR_MS).toISOString() };
}

/** Lot number N has a UUID that SQL and we can both write down, as if the lots had been made on different days. */
function lotId(number: number): string {
  return `019a${(number * 37).toString(16).padStart(4, '0')}-0000-7000-8000-000000000000`;
}

const POLICY = `{"holdMinutes":10,"graceMinutes":30,"earlyEntryMinutes":15,"exitGraceMinutes":15,"minStayMinutes":15,"maxStayMinutes":20160,"maxAdvanceDays":180,"usualStayMinutes":240,"cancellation":{"freeUntilMinutesBefore":60,"refundPercentAfter":50},"earlyDeparture":{"refundPercent":100,"minimumChargeMinutes":60},"noShow":{"fee":"NONE"},"reinstateLateArrival":true,"allocationStrategy":"NEAREST"}`;
const TARIFF = `{"version":1,"currency":"EUR","rates":[{"name":"Cars","bands":[{"name":"All day","steps":[{"blockMinutes":60,"minor":200}]}],"caps":[{"window":"CALENDAR_DAY","minor":1500}]}],"multiplier":{"floorPercent":80,"ceilingPercent":200,"points":[{"occupancyPercent":0,"percent":80},{"occupancyPercent":100,"percent":200}]}}`;
const LOT_ID = `('019a' || lpad(to_hex(lot * 37), 4, '0') || '-0000-7000-8000-000000000000')::uuid`;
const spotId = (spot: string) => `md5(lot || '-' || ${spot})::uuid`;

/** Lots on a grid, a third of the spots taken at any hour of the next days: each spot one claim after the other. */
async function seedLots(system: TestSystem): Promise<void> {
  const em = system.platform.orm.em.fork();
  const lots = `generate_series(0, ${LOTS - 1}) AS lot`;
  const statements = [
    `INSERT INTO operator (id, name, legal_name, created_at) VALUES ('00000000-0000-7000-8000-00000000000a', 'Bench', 'Bench', now())`,
    `INSERT INTO lot (id, operator_id, code, name, address, latitude, longitude, country, time_zone, currency, opening_hours, policy, state, "partition", created_at)
     SELECT ${LOT_ID}, '00000000-0000-7000-8000-00000000000a', 'B' || lot, 'Lot ' || lot, 'Street ' || lot, 40 + (lot % 20) * 0.5, (lot % 30) * 0.5, 'FI', 'Europe/Helsinki', 'EUR',
       '{"kind":"ALWAYS"}', '${POLICY}', 'OPEN', 0, now() FROM ${lots}`,
    `INSERT INTO level (lot_id, id, name, ordinal) SELECT ${LOT_ID}, ${LOT_ID}, 'Ground', 0 FROM ${lots}`,
    `INSERT INTO pool (lot_id, spot_type) SELECT ${LOT_ID}, type FROM ${lots}, unnest(ARRAY['STANDARD', 'LARGE', 'EV', 'ACCESSIBLE']) AS type`,
    `INSERT INTO tariff (lot_id, id, version_number, document, published_at) SELECT ${LOT_ID}, ${LOT_ID}, 1, '${TARIFF}', now() FROM ${lots}`,
    `INSERT INTO spot (lot_id, id, level_id, spot_type, label, distance_rank, in_service)
     SELECT ${LOT_ID}, ${spotId('spot')}, ${LOT_ID}, (ARRAY['STANDARD', 'STANDARD', 'STANDARD', 'LARGE', 'EV', 'ACCESSIBLE'])[1 + spot % 6], '1-' || lpad(spot::text, 3, '0'), spot, true
     FROM ${lots}, generate_series(0, ${SPOTS_PER_LOT - 1}) AS spot`,
    // An index is built faster at once than row by row.
    `ALTER TABLE allocation DROP CONSTRAINT allocation_no_overlap`,
    `INSERT INTO allocation (lot_id, id, kind, spot_id, spot_type, starts_at, ends_at, reservation_id, created_at)
     SELECT ${LOT_ID}, gen_random_uuid(), 'RESERVATION', ${spotId('(claim % 200)')}, 'STANDARD', at, at + interval '8 hours', gen_random_uuid(), now()
     FROM ${lots}, generate_series(0, ${LIVE_PER_LOT - 1}) AS claim, LATERAL (SELECT now() + (claim / 200) * interval '24 hours' + (claim % 24) * interval '1 hour' AS at) AS start`,
    NO_OVERLAP,
  ];
  for (const statement of statements) await inBatch(em, statement);
}

/** Two million reservations of the last months, as they stand when they are over: no claims any more, all states that last. */
async function seedPast(system: TestSystem): Promise<void> {
  const em = system.platform.orm.em.fork();
  const batch = 100_000;
  for (let from = 0; from < PAST; from += batch) {
    const until = Math.min(PAST, from + batch) - 1;
    await inBatch(
      em,
      `INSERT INTO reservation (lot_id, id, code, driver_id, state, spot_type, priced_spot_type, spot_id, pinned, vehicle_class, plate_cipher, plate_index, plate_skeleton_index,
         starts_at, ends_at, hold_expires_at, grace_ends_at, price, total_minor, paid_minor, currency, tariff_id, multiplier_percent, policy, revision, refunded_minor, fee_minor, created_at)
       SELECT ${LOT_ID}, gen_random_uuid(), 'PK-' || number, gen_random_uuid(), (ARRAY['COMPLETED', 'COMPLETED', 'COMPLETED', 'CANCELLED', 'EXPIRED', 'NO_SHOW'])[1 + number % 6],
         'STANDARD', 'STANDARD', ${spotId('(number % 200)')}, false, 'CAR', repeat('c', 60), md5(number::text), md5(number::text), at, at + interval '4 hours', at, at + interval '30 minutes',
         '{"totalMinor":800,"currency":"EUR","lines":[]}', 800, 800, 'EUR', ${LOT_ID}, 100, '{}', 4, 0, 0, at - interval '1 day'
       FROM generate_series(${from}, ${until}) AS number, LATERAL (SELECT number % ${LOTS} AS lot, now() - interval '1 day' - number * interval '5 seconds' AS at) AS past`,
    );
  }
}

/** The server's own time-out is for requests, not for seeding. */
async function inBatch(em: ReturnType<TestSystem['platform']['orm']['em']['fork']>, sql: string): Promise<void> {
  await em.transactional(async (tx) => {
    await tx.execute(`SET LOCAL statement_timeout = '300s'`);
    await tx.execute(sql);
  });
}
