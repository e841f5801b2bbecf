import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { closeSpots } from '../../src/accounts/operators/close-spots.ts';
import { openSpots } from '../../src/accounts/operators/open-spots.ts';
import { reserveSpot } from '../../src/booking/reserve-spot.ts';
import { Refusal } from '../../src/domain/refusal.ts';
import type { Viewer } from '../../src/domain/viewer.ts';
import { Spot } from '../../src/entities/spot.ts';
import { eventuallyTrue } from '../support/eventually.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestDriver, type TestLot } from '../support/world.ts';

const SPOTS = 12;
const ROUNDS = 6;
const ADMIN: Viewer = { kind: 'STAFF', role: 'ADMIN', staffId: randomUUID(), operatorId: null, lotIds: 'ALL' };

let system: TestSystem;
let driver: TestDriver;

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  driver = await makeDriver(system);
});
afterAll(() => system?.stop());

/** What a verb was refused with; undefined when it was done. Anything but a refusal fails the test. */
async function refusalOf(work: Promise<unknown>): Promise<string | undefined> {
  try {
    await work;
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error.code;
    throw error;
  }
}

function reserve(lot: TestLot, spotId: string): Promise<string | undefined> {
  const startsAt = new Date(system.clock.now().getTime() + 3_600_000);
  const period = { startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000) };
  const vehicle = { plate: { text: `R ${randomUUID().slice(0, 8)}` } };
  const request = { idempotencyKey: randomUUID(), lotId: lot.id, period, spotId, vehicle };
  return refusalOf(reserveSpot(system.platform, request, { kind: 'DRIVER', driverId: driver.id }));
}

const close = (lot: TestLot, spotId: string) =>
  refusalOf(closeSpots(system.platform, { lotId: lot.id, spots: [{ lotId: lot.id, id: spotId }] }, ADMIN));

/** Every spot of a lot is reserved by a driver and closed by staff at the same moment. Gives how many are closed and reserved. */
async function closeWhileReserving(): Promise<number> {
  const lot = await makeLot(system, { spots: { STANDARD: SPOTS } });
  await Promise.all(lot.spots.flatMap(({ id }) => [reserve(lot, id), close(lot, id)]));
  return closedAndReserved(lot);
}

async function closedAndReserved(lot: TestLot): Promise<number> {
  const closed = await system.platform.orm.em.fork().execute<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM allocation a JOIN spot s ON s.lot_id = a.lot_id AND s.id = a.spot_id
       WHERE a.lot_id = ? AND NOT s.in_service`,
    [lot.id],
  );
  return closed[0]!.count;
}

/**
 * A verb that waits for the pool while another call puts the same spot the other way round and commits. Before both, the spot is
 * as the verb wants it.
 */
async function afterTheOther(verb: typeof closeSpots, wanted: boolean): Promise<{ told: boolean; stands: boolean }> {
  const lot = await makeLot(system, { spots: { STANDARD: 1 } });
  const { id } = lot.spots[0]!;
  const { em } = system.platform.orm;
  await em.fork().nativeUpdate(Spot, { lotId: lot.id, id }, { inService: wanted });
  let called: ReturnType<typeof closeSpots> | undefined;
  await em.fork().transactional(async (other) => {
    await other.execute(`SELECT 1 FROM pool WHERE lot_id = ? FOR UPDATE`, [lot.id]);
    called = verb(system.platform, { lotId: lot.id, spots: [{ lotId: lot.id, id }] }, ADMIN);
    await eventuallyTrue(async () => (await waitingForPools()) === 1);
    await other.nativeUpdate(Spot, { lotId: lot.id, id }, { inService: !wanted });
  });
  const [spot] = await called!;
  return { told: spot!.inService, stands: (await em.fork().findOneOrFail(Spot, { lotId: lot.id, id })).inService };
}

async function waitingForPools(): Promise<number> {
  const waiting = await system.platform.orm.em.fork().execute<{ count: number }[]>(
    `SELECT count(*)::int AS count FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%"pool"%'`,
  );
  return waiting[0]!.count;
}

describe('a spot that is closed and opened at the same moment', () => {
  test('is closed when closing it came last, and that is what is told', async () => {
    expect(await afterTheOther(closeSpots, false)).toEqual({ told: false, stands: false });
  });

  test('is open when opening it came last, and that is what is told', async () => {
    expect(await afterTheOther(openSpots, true)).toEqual({ told: true, stands: true });
  });
});

describe('a spot that is closed while somebody reserves it', () => {
  test('is closed or reserved, never both', async () => {
    for (let round = 0; round < ROUNDS; round++) expect(await closeWhileReserving()).toBe(0);
  });

  test('without the lock on the pool it would be both: this test can see it', async () => {
    await forgetLocks(system);
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const { id } = lot.spots[0]!;
    const claims = await holdWrites(system, 'INSERT', 'allocation');
    const reserving = reserve(lot, id);
    // It has found the spot open, and its claim is not there yet for who closes the spot.
    await claims.until(1);
    expect(await close(lot, id)).toBeUndefined();
    await claims.release();
    expect(await reserving).toBeUndefined();
    expect(await closedAndReserved(lot)).toBe(1);
  });
});
