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
import { buildLot, type DemoDeviceKey, type DemoLot } from './demo/lots.ts';
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

/** Fills an empty database with the demo. On any other it changes nothing. */
export async function seedDemo(platform: Platform): Promise<DemoSeed> {
  const client = new pg.Client({ connectionString: platform.config.databaseUrl });
  await client.connect();
  try {
    const { rowCount } = await client.query(`SELECT 1 FROM operator LIMIT 1`);
    if (rowCount !== 0) return { seeded: false, deviceKeys: [] };
    const filled = await fill(platform, client).catch(async (error: unknown) => {
      // It was empty before: half a demo must not be taken for a whole one next time.
      await client.query('ROLLBACK');
      await client.query('TRUNCATE operator CASCADE');
      throw error;
    });
    await filled.bookUpcoming();
    return { seeded: true, deviceKeys: filled.lots.flatMap((lot) => lot.deviceKeys) };
  } finally {
    await client.end();
  }
}

async function fill(
  platform: Platform,
  client: pg.Client,
): Promise<{ lots: DemoLot[]; bookUpcoming: () => Promise<void> }> {
  const now = platform.clock.now();
  const since = new Date(now.getTime() - BUILT_DAYS_AGO * DAY_MS);
  const demo = { platform, chance: createChance(SEED), target: { orm: platform.orm, client }, now, since };
  const lots = await buildLots(demo);
  await client.query('BEGIN');
  const drivers = await insertDrivers(demo);
  for (const lot of lots) await insertPast(demo, lot, drivers);
  await client.query('COMMIT');
  await client.query('ANALYZE');
  return { lots, bookUpcoming: () => bookUpcoming(demo, lots, drivers) };
}

async function buildLots(demo: Demo): Promise<DemoLot[]> {
  const { platform, chance, since, target } = demo;
  const operatorId = chance.id(since);
  const operator = {
    id: operatorId,
    name: 'Parkwell Demo',
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
  const built: DemoLot[] = [];
  for (const city of DEMO_CITIES) built.push(await buildLot(thatDay, city, { operatorId, viewer }));
  return built;
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
