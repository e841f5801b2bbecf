// The demo: five lots in five cities, people, and ninety days of past. The same every time, relative to now.

import pg from 'pg';
import type { Viewer } from '../src/domain/viewer.ts';
import { DAY_MS } from '../src/domain/period.ts';
import { LedgerEntry } from '../src/entities/ledger-entry.ts';
import { Operator } from '../src/entities/operator.ts';
import { Payment } from '../src/entities/payment.ts';
import { Refund } from '../src/entities/refund.ts';
import { Reservation } from '../src/entities/reservation.ts';
import { Stay } from '../src/entities/stay.ts';
import type { Platform } from '../src/platform/platform.ts';
import { insertAll } from './demo/bulk.ts';
import { createChance } from './demo/chance.ts';
import { DEMO_CITIES } from './demo/cities.ts';
import { HISTORY_DAYS, imagineVisits } from './demo/history.ts';
import { buildLot, buildSensors, type DemoDeviceKey, type DemoLot } from './demo/lots.ts';
import { PastRows } from './demo/past-rows.ts';
import { bookUpcoming } from './demo/upcoming.ts';
import { insertDrivers, insertStaff, type DemoDriver, type DemoSetting } from './demo/people.ts';

const SEED = 20261120;
/** Everything was built before the first visit. */
const BUILT_DAYS_AGO = HISTORY_DAYS + 30;

/** What the seed made, or nothing when it had been made before. */
export interface DemoSeed {
  readonly seeded: boolean;
  readonly deviceKeys: readonly DemoDeviceKey[];
}

interface Demo extends DemoSetting {
  readonly now: Date;
}

/** What the demo's operator is called until all of the demo is there. */
const UNFINISHED = 'Parkwell Demo (unfinished)';
const FINISHED = 'Parkwell Demo';

/**
 * Fills an empty database with the demo. On any other it changes nothing, and it never empties one: the database may be somebody's own.
 * Throws for one in which an earlier run ended before all was there.
 */
export async function seedDemo(platform: Platform): Promise<DemoSeed> {
  const client = new pg.Client({ connectionString: platform.config.databaseUrl });
  await client.connect();
  try {
    const { rows } = await client.query<{ name: string }>(`SELECT name FROM operator ORDER BY name = $1 DESC LIMIT 1`, [
      UNFINISHED,
    ]);
    if (rows[0]?.name === UNFINISHED)
      throw new Error('this database holds a part of the demo data, from a start that failed: give it an empty one');
    if (rows.length > 0) return { seeded: false, deviceKeys: [] };
    const lots = await fill(platform, client);
    await client.query(`UPDATE operator SET name = $1 WHERE name = $2`, [FINISHED, UNFINISHED]);
    return { seeded: true, deviceKeys: lots.flatMap((lot) => lot.deviceKeys) };
  } finally {
    await client.end();
  }
}

async function fill(platform: Platform, client: pg.Client): Promise<DemoLot[]> {
  const now = platform.clock.now();
  const since = new Date(now.getTime() - BUILT_DAYS_AGO * DAY_MS);
  const demo = { platform, chance: createChance(SEED), target: { orm: platform.orm, client }, now, since };
  const { lots, viewer } = await buildLots(demo);
  await client.query('BEGIN');
  const drivers = await insertDrivers(demo);
  for (const lot of lots) await insertPast(demo, lot, drivers);
  await client.query('COMMIT');
  await client.query('ANALYZE');
  await bookUpcoming(demo, lots, drivers);
  for (const lot of lots) await buildSensors(platform, lot, viewer);
  return lots;
}

async function buildLots(demo: Demo): Promise<{ lots: DemoLot[]; viewer: Viewer }> {
  const { platform, chance, since, target } = demo;
  const operatorId = chance.id(since);
  const operator = {
    id: operatorId,
    name: UNFINISHED,
    legalName: 'Parkwell Demo Oy',
    taxNumber: 'FI01234567',
    createdAt: since,
  };
  await insertAll(target, Operator, [operator]);
  const viewer: Viewer = {
    kind: 'STAFF',
    role: 'ADMIN',
    staffId: await insertStaff(demo, operatorId),
    operatorId: null,
    lotIds: 'ALL',
  };
  const thatDay = { ...platform, clock: { now: () => since } };
  const lots: DemoLot[] = [];
  for (const city of DEMO_CITIES) lots.push(await buildLot(thatDay, city, { operatorId, viewer }));
  return { lots, viewer };
}

async function insertPast(demo: Demo, lot: DemoLot, drivers: readonly DemoDriver[]): Promise<void> {
  const rows = new PastRows(demo, lot);
  const visits = imagineVisits(demo, lot, drivers);
  for (const visit of visits.reserved) rows.addReserved(visit);
  for (const visit of visits.walkedIn) rows.addWalkIn(visit);
  await insertAll(demo.target, Reservation, rows.reservations);
  await insertAll(demo.target, Stay, rows.stays);
  await insertAll(demo.target, Payment, [...rows.books.payments.values()]);
  await insertAll(demo.target, Refund, rows.books.refunds);
  await insertAll(demo.target, LedgerEntry, rows.books.entries);
}
