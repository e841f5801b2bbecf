import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { runJob, runSweeps } from '../../src/jobs/run.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { CANCEL, hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver } from '../support/world.ts';
import { counted, goTo, look, paidReservation, type Key } from './steps.ts';

const GRACE_MINUTES = 30;
const RELEASED = { state: 'NO_SHOW', claims: 0, refunds: 1, feeMinor: 400, refundedMinor: 400 };

/** No worker but the reader of the gates' journal: no job runs here unless the test runs it. */
let system: TestSystem;
let journal: { stop(): Promise<void> };

beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  journal = await startJournalAppliers(system.platform);
});
afterAll(async () => {
  await journal?.stop();
  await system?.stop();
});
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

/** Runs the job as the queue would: again while it asks for it. */
async function release({ lotId, reservationId }: Key): Promise<void> {
  await eventually(
    () => runJob(system.platform, 'release-no-show', { lotId, reservationId }),
    (outcome) => outcome === 'DONE',
  );
}

describe('a driver who has paid and does not come', () => {
  test('keeps the spot to the last minute of the grace and loses it at its end; half the price goes back', async () => {
    const paid = await paidReservation(system);
    goTo(system, paid.startsAt, GRACE_MINUTES - 1);
    await release(paid);
    expect(await look(system, paid)).toMatchObject({ state: 'CONFIRMED', claims: 1, refunds: 0 });
    goTo(system, paid.startsAt, GRACE_MINUTES);
    await release(paid);
    expect(await look(system, paid)).toMatchObject(RELEASED);
    const next = await makeDriver(system);
    const rest = hoursFrom(system.clock.now(), 0, 2);
    const bought = await reserve(system.client(next.token), reserveInput(paid.lot, rest));
    expect(bought.userErrors).toEqual([]);
  });

  test('loses it once, though ten workers run the job at the same moment and another days later', async () => {
    const paid = await paidReservation(system);
    goTo(system, paid.startsAt, GRACE_MINUTES);
    await Promise.all(Array.from({ length: 10 }, () => release(paid)));
    const first = await look(system, paid);
    expect(first).toMatchObject(RELEASED);
    goTo(system, paid.startsAt, 3 * 24 * 60);
    await release(paid);
    expect(await look(system, paid)).toEqual(first);
  });

  test('is still found when the job runs days late', async () => {
    const paid = await paidReservation(system);
    goTo(system, paid.startsAt, 2 * 24 * 60);
    await release(paid);
    expect(await look(system, paid)).toMatchObject(RELEASED);
  });

  test('is no no-show when the reservation was cancelled, and hears of no job for one that never was', async () => {
    const paid = await paidReservation(system);
    const input = { idempotencyKey: crypto.randomUUID(), reservationId: paid.publicId };
    const { data } = await system.client(paid.token).query(CANCEL, { input });
    expect(data['cancelReservation'].userErrors).toEqual([]);
    goTo(system, paid.startsAt, GRACE_MINUTES);
    await release(paid);
    expect(await look(system, paid)).toMatchObject({ state: 'CANCELLED', claims: 0 });
    await release({ lotId: paid.lotId, reservationId: crypto.randomUUID() });
  });

  test('whose job was lost is found by the sweep, which counts it, and finds nothing when it looks again', async () => {
    const paid = await paidReservation(system);
    goTo(system, paid.startsAt, GRACE_MINUTES);
    const before = await counted(system.platform.metrics, 'sweepFound', { job: 'release-no-show' });
    // Once or more: while the journal of its gates is not applied the sweep leaves it to the next one.
    await eventually(
      () => runSweeps(system.platform),
      (found) => found['release-no-show'] === 1,
    );
    expect(await look(system, paid)).toMatchObject(RELEASED);
    expect(await runSweeps(system.platform)).toMatchObject({ 'release-no-show': 0 });
    expect((await counted(system.platform.metrics, 'sweepFound', { job: 'release-no-show' })) - before).toBe(1);
  });
});
