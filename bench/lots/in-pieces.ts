import { randomUUID } from 'node:crypto';
import { reserveSpot } from '../../src/booking/reserve-spot.ts';
import { newId } from '../../src/platform/ids.ts';
import type { TestSystem } from '../../test/support/system.ts';
import { makeLot, type TestLot } from '../../test/support/world.ts';
import { beside, quantile, type BenchResult } from '../result.ts';

const SPOTS = 100;
const CLIENTS = 16;
const HOUR_MS = 3_600_000;

/**
 * A lot in which half of the spots are taken for the first of two hours and half for the second: every request for both needs somebody to
 * move, under the pool's lock. Beside the same number of requests that find a free spot.
 */
export async function reserveByMoving(system: TestSystem): Promise<BenchResult[]> {
  const lot = await makeLot(system, { spots: { STANDARD: SPOTS } });
  const hour = Math.ceil(system.clock.now().getTime() / HOUR_MS) * HOUR_MS;
  const hours = (from: number, count: number) => ({
    startsAt: new Date(hour + from * HOUR_MS),
    endsAt: new Date(hour + (from + count) * HOUR_MS),
  });
  await timed(SPOTS, () => reserve(system, lot, hours(48, 1)));
  await timed(SPOTS, () => reserve(system, lot, hours(49, 1)));
  await letGo(system, lot, [hours(48, 1).startsAt, hours(49, 1).startsAt]);
  const free = await timed(SPOTS / 2, () => reserve(system, lot, hours(72, 2)));
  const moving = await timed(SPOTS / 2, () => reserve(system, lot, hours(48, 2)));
  const floorName = 'the same where spots are free';
  const name = `reserve where others have to move, ${CLIENTS} clients`;
  const at = (share: number) => ({
    unit: 'ms',
    floorName,
    value: quantile(moving, share),
    floor: quantile(free, share),
  });
  return [beside({ name: `${name}, median`, ...at(0.5) }), beside({ name: `${name}, p99`, ...at(0.99) })];
}

/** Of the first hour on the first half of the spots, of the second on the others. */
async function letGo(system: TestSystem, lot: TestLot, [first, second]: readonly [Date, Date]): Promise<void> {
  await system.platform.orm.em.fork().execute(
    `WITH gone AS (
       DELETE FROM allocation a USING spot s WHERE s.lot_id = a.lot_id AND s.id = a.spot_id AND a.lot_id = ?
         AND ((a.starts_at = ? AND s.distance_rank < ?) OR (a.starts_at = ? AND s.distance_rank >= ?)) RETURNING a.reservation_id
     ) UPDATE reservation SET state = 'CANCELLED' WHERE lot_id = ? AND id IN (SELECT reservation_id FROM gone)`,
    [lot.id, first, SPOTS / 2, second, SPOTS / 2, lot.id],
  );
}

async function reserve(system: TestSystem, lot: TestLot, period: { startsAt: Date; endsAt: Date }): Promise<void> {
  const driver = { kind: 'DRIVER', driverId: newId(period.startsAt) } as const;
  const vehicle = { plate: { text: 'BENCH1' } };
  await reserveSpot(system.platform, { idempotencyKey: randomUUID(), lotId: lot.id, period, vehicle }, driver);
}

async function timed(count: number, once: () => Promise<void>): Promise<number[]> {
  const timesMs: number[] = [];
  let begun = 0;
  const client = async () => {
    while (begun++ < count) {
      const startedMs = performance.now();
      await once();
      timesMs.push(performance.now() - startedMs);
    }
  };
  await Promise.all(Array.from({ length: CLIENTS }, client));
  return timesMs;
}
