import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Allocation } from '../../src/entities/allocation.ts';
import { Stay } from '../../src/entities/stay.ts';
import { sweepOverstays } from '../../src/gate/sweep-stays.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeLot, type TestLot } from '../support/world.ts';

const MINUTE_MS = 60_000;

/** No worker: a sweep runs when a test runs it. */
let system: TestSystem;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  system.clock.freezeAt(system.clock.now());
});
afterAll(() => system.stop());

const em = () => system.platform.orm.em.fork();
const minutesFromNow = (minutes: number) => new Date(system.clock.now().getTime() + minutes * MINUTE_MS);

interface Claim {
  spot: number;
  from: number;
  to: number;
  stayId?: string;
}

/** A claim of a lot's spot, in minutes from now: a walk-in's, or a closure. */
async function claim(lot: TestLot, { spot, from, to, stayId }: Claim): Promise<string> {
  const { id: spotId, spotType } = lot.spots[spot]!;
  const id = randomUUID();
  await em().insert(Allocation, {
    ...{ lotId: lot.id, id, spotId, spotType, startsAt: minutesFromNow(from), endsAt: minutesFromNow(to) },
    ...(stayId === undefined ? { kind: 'CLOSURE' as const } : { kind: 'WALK_IN' as const, stayId }),
    createdAt: system.clock.now(),
  });
  return id;
}

/** A vehicle on a spot whose claim ends so many minutes from now. */
async function inside(lot: TestLot, { spot, to }: Pick<Claim, 'spot' | 'to'>): Promise<{ stayId: string; id: string }> {
  const stayId = randomUUID();
  await em().insert(Stay, {
    ...{ lotId: lot.id, id: stayId, kind: 'WALK_IN', state: 'INSIDE', spotId: lot.spots[spot]!.id },
    ...{ spotType: 'STANDARD', vehicleClass: 'CAR', tariffId: lot.tariffId, multiplierPercent: 100, currency: 'EUR' },
    ...{ enteredAt: minutesFromNow(-200), entryGateId: lot.entry.id, entryScanId: randomUUID(), paidMinor: 0 },
  });
  return { stayId, id: await claim(lot, { spot, from: -200, to, stayId }) };
}

const endOf = async (lot: TestLot, id: string) => (await em().findOneOrFail(Allocation, { lotId: lot.id, id })).endsAt;

test('a claim is lengthened for whoever stays, even behind a hundred whose next driver has come', async () => {
  const blocked = await makeLot(system, { spots: { STANDARD: 101 } });
  for (let spot = 0; spot < 101; spot++) {
    await inside(blocked, { spot, to: -10 });
    await claim(blocked, { spot, from: -5, to: 60 });
  }
  const lot = await makeLot(system);
  const last = await inside(lot, { spot: 0, to: 5 });
  expect(await sweepOverstays(system.platform)).toBe(1);
  expect(await endOf(lot, last.id)).toEqual(minutesFromNow(30));
});

test('one whose claim cannot be lengthened keeps nobody else from it', async () => {
  const lot = await makeLot(system);
  const [bad, good] = [await inside(lot, { spot: 0, to: 2 }), await inside(lot, { spot: 1, to: 5 })];
  await em().execute(`CREATE FUNCTION refuse_one() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF NEW.id = '${bad.id}' THEN RAISE EXCEPTION 'refused for the test'; END IF; RETURN NEW; END $$`);
  await em().execute(
    'CREATE TRIGGER refuse_one BEFORE UPDATE ON allocation FOR EACH ROW EXECUTE FUNCTION refuse_one()',
  );
  try {
    expect(await sweepOverstays(system.platform)).toBe(1);
  } finally {
    await em().execute('DROP TRIGGER refuse_one ON allocation; DROP FUNCTION refuse_one()');
  }
  expect(await endOf(lot, bad.id)).toEqual(minutesFromNow(2));
  expect(await endOf(lot, good.id)).toEqual(minutesFromNow(30));
});

test('a vehicle that leaves while the sweep waits for the pool keeps its claim ended', async () => {
  const lot = await makeLot(system);
  const leaver = await inside(lot, { spot: 0, to: 5 });
  let sweeping: Promise<number> | undefined;
  await em().transactional(async (tx) => {
    await tx.execute('SELECT 1 FROM pool WHERE lot_id = ? FOR UPDATE', [lot.id]);
    sweeping = sweepOverstays(system.platform);
    // It has found the claim when it waits for the pool.
    while (!(await isSomebodyWaiting()));
    await tx.nativeUpdate(Stay, { lotId: lot.id, id: leaver.stayId }, { state: 'LEFT', leftAt: system.clock.now() });
    await tx.nativeUpdate(Allocation, { lotId: lot.id, id: leaver.id }, { endsAt: system.clock.now() });
  });
  await sweeping;
  expect((await endOf(lot, leaver.id)).getTime()).toBeLessThanOrEqual(system.clock.now().getTime());
});

async function isSomebodyWaiting(): Promise<boolean> {
  const waiting = await em().execute<object[]>(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%FROM pool%'`,
  );
  return waiting.length > 0;
}
