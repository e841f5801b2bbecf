import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { releaseAllocation } from '../../src/allocation/claim.ts';
import { releaseNoShow } from '../../src/booking/release-no-show.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { takePassForNoShow } from '../../src/gate/no-show.ts';
import { runJob } from '../../src/jobs/run.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { refundReservation } from '../../src/payments/refund-reservation.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { goTo, look, paidReservation, type Key, type PaidReservation } from './steps.ts';

const GRACE_MINUTES = 30;

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

/** A worker that has begun: it has seen that the reservation is due and has its pass. Here it is stopped. */
async function begin({ lotId, reservationId, startsAt }: PaidReservation): Promise<void> {
  goTo(system, startsAt, GRACE_MINUTES);
  const pass = () => takePassForNoShow(system.platform, { lotId, reservationId, now: system.clock.now() });
  await eventually(pass, (taken) => taken === 'RELEASED');
}

const runsElsewhere = ({ lotId, reservationId }: Key) =>
  runJob(system.platform, 'release-no-show', { lotId, reservationId });

/** What the second half of the job would be if it trusted what the worker saw before it was stopped. */
async function finishWithoutLooking({ lotId, reservationId }: Key): Promise<void> {
  await inTransaction(system.platform, async (tx) => {
    const reservation = await tx.em.findOneOrFail(Reservation, { lotId, id: reservationId });
    await releaseAllocation(tx, { lotId, reservationId });
    const half = reservation.totalMinor / 2;
    const refundMinor = await refundReservation(tx, { lotId, reservationId, amountMinor: half, reason: 'NO_SHOW' });
    Object.assign(reservation, {
      state: 'NO_SHOW',
      feeMinor: half,
      refundedMinor: reservation.refundedMinor + refundMinor,
      revision: reservation.revision + 1,
    });
  });
}

describe('a worker that is stopped in the middle of a no-show while another does its job, and then goes on', () => {
  test('changes nothing any more: half the price went back, once', async () => {
    const paid = await paidReservation(system);
    await begin(paid);
    await runsElsewhere(paid);
    const before = await look(system, paid);
    expect(before).toMatchObject({ state: 'NO_SHOW', refunds: 1, refundedMinor: 400 });
    goTo(system, paid.startsAt, GRACE_MINUTES + 10);
    expect(await releaseNoShow(system.platform, paid)).toBe('NOT_DUE');
    expect(await look(system, paid)).toEqual(before);
  });

  test('finds a driver whom the staff let in meanwhile, and leaves the stay alone', async () => {
    const paid = await paidReservation(system);
    await begin(paid);
    const em = system.platform.orm.em.fork();
    await em.nativeUpdate(
      Reservation,
      { lotId: paid.lotId, id: paid.reservationId },
      { state: 'CHECKED_IN', checkedInAt: system.clock.now() },
    );
    expect(await releaseNoShow(system.platform, paid)).toBe('ARRIVED');
    expect(await look(system, paid)).toMatchObject({ state: 'CHECKED_IN', claims: 1, refunds: 0 });
  });

  test('twin: would give the fee back, too, when it does not look again, and only the table refuses that', async () => {
    const paid = await paidReservation(system);
    await begin(paid);
    await runsElsewhere(paid);
    const before = await look(system, paid);
    await expect(finishWithoutLooking(paid)).rejects.toThrow(/reservation_money/);
    expect(await look(system, paid)).toEqual(before);
  });
});
