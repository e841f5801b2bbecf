import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Reservation } from '../../src/entities/reservation.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { COMPLETE, reserve, reserveAndPay, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';
import {
  counted,
  goToWithQueue,
  HALF_FEE,
  jobRows,
  keyOf,
  leaveSweepsToOthers,
  look,
  paidReservation,
  type JobRow,
  type Key,
} from './steps.ts';

/** What the sweeps would find is what the queue is to do by itself. */
const SWEPT = ['release-no-show', 'expire-hold'];

let system: TestSystem;

beforeAll(async () => {
  system = await startSystem();
  await leaveSweepsToOthers(system, ...SWEPT);
});
afterAll(() => system?.stop());
afterEach(async () => {
  await paymentsIdle(system.platform);
  await expectBooksBalanced(system.platform, system.stripe);
});

/** A period that starts in an hour: time enough to book it, however slow the machine. */
function soon({ clock }: TestSystem): { startsAt: string; endsAt: string } {
  const start = clock.now().getTime() + 3_600_000;
  return { startsAt: new Date(start).toISOString(), endsAt: new Date(start + 2 * 3_600_000).toISOString() };
}

/** Nobody may come later than the start. */
const NO_GRACE = { ...HALF_FEE, graceMinutes: 0 };

const rowOf = ({ platform }: TestSystem, { lotId, reservationId }: Key) =>
  platform.orm.em.fork().findOneOrFail(Reservation, { lotId, id: reservationId });

/** The one job of a reservation. */
async function scheduledJob(at: TestSystem, name: string, { reservationId }: Key): Promise<JobRow> {
  const mine = async () => (await jobRows(at, name)).filter(({ data }) => data['reservationId'] === reservationId);
  const [job] = await eventually(mine, (rows) => rows.length === 1);
  return job!;
}

describe('a worker', () => {
  test('puts the end of the grace on the clock as soon as a reservation is confirmed', async () => {
    const paid = await paidReservation(system);
    const job = await scheduledJob(system, 'release-no-show', paid);
    expect(job.data).toEqual({ lotId: paid.lotId, reservationId: paid.reservationId });
    expect(new Date(job.next_run_at ?? 0)).toEqual(new Date(paid.startsAt.getTime() + 30 * 60_000));
  });

  test('releases the spot of a driver who does not come, at the end of the grace and not before, by itself', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 }, policy: NO_GRACE });
    const driver = await makeDriver(system);
    const { id } = await reserveAndPay(system.client(driver.token), reserveInput(lot, soon(system)));
    const key = keyOf(id);
    await scheduledJob(system, 'release-no-show', key);
    expect(await look(system, key)).toMatchObject({ state: 'CONFIRMED', claims: 1 });
    await goToWithQueue(system, (await rowOf(system, key)).graceEndsAt);
    const seen = await eventually(
      () => look(system, key),
      ({ state }) => state === 'NO_SHOW',
    );
    expect(seen).toMatchObject({ claims: 0, refunds: 1 });
    const { endedAt, graceEndsAt } = await rowOf(system, key);
    expect(endedAt!.getTime()).toBeGreaterThanOrEqual(graceEndsAt.getTime());
    expect(await counted(system.platform.metrics, 'sweepFound', { job: 'release-no-show' })).toBe(0);
    expect(
      await counted(system.platform.metrics, 'jobRuns', { job: 'release-no-show', outcome: 'done' }),
    ).toBeGreaterThan(0);
  });

  test('ends a hold whose card was refused, and takes the request to pay back at the provider', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 } });
    const driver = await makeDriver(system);
    const { reservation } = await reserve(system.client(driver.token), reserveInput(lot, soon(system)));
    const card = {
      idempotencyKey: randomUUID(),
      reservationId: reservation.id,
      paymentMethodId: 'pm_card_chargeDeclined',
    };
    const { data } = await system.client(driver.token).query(COMPLETE, { input: card });
    expect(data['completeReservation'].userErrors[0].code).toBe('PAYMENT_DECLINED');
    const key = keyOf(reservation.id);
    await scheduledJob(system, 'expire-hold', key);
    await goToWithQueue(system, (await rowOf(system, key)).holdExpiresAt);
    await eventually(
      () => look(system, key),
      ({ state }) => state === 'EXPIRED',
    );
    const payments = () =>
      system.platform.orm.em
        .fork()
        .execute<{ state: string }[]>('SELECT state FROM payment WHERE reservation_id = ?', [key.reservationId]);
    await eventually(payments, ([payment]) => payment?.state === 'CANCELED');
    const intents = system.stripe.state.paymentIntents().filter(({ metadata }) => metadata['lotId'] === lot.id);
    expect(intents.map(({ status }) => status)).toEqual(['canceled']);
  });

  test('takes over a job that another worker had taken and died with, when its lease is over', async () => {
    const lot = await makeLot(system, { spots: { STANDARD: 1 }, policy: NO_GRACE });
    const driver = await makeDriver(system);
    const { id } = await reserveAndPay(system.client(driver.token), reserveInput(lot, soon(system)));
    const key = keyOf(id);
    await scheduledJob(system, 'release-no-show', key);
    // What a killed worker leaves behind: it had begun the run a minute ago, and the deadline has passed since.
    system.clock.runFrom((await rowOf(system, key)).graceEndsAt);
    await system.platform.orm.em
      .fork()
      .execute(
        `UPDATE agenda_jobs SET next_run_at = NULL, last_run_at = now() - interval '1 minute', locked_at = now() - interval '1 minute' WHERE data->>'reservationId' = ?`,
        [key.reservationId],
      );
    await eventually(
      () => look(system, key),
      ({ state }) => state === 'NO_SHOW',
    );
    await eventually(
      () => jobRows(system, 'release-no-show'),
      (rows) => rows.every(({ data }) => data['reservationId'] !== key.reservationId),
    );
  });
});

describe('a worker that was not there', () => {
  test('finds on the clock, when it starts, what was booked without it', async () => {
    const api = await startSystem({ roles: ['api'] });
    try {
      const lot = await makeLot(api, { spots: { STANDARD: 1 }, policy: NO_GRACE });
      const driver = await makeDriver(api);
      const { id } = await reserveAndPay(api.client(driver.token), reserveInput(lot, soon(api)));
      // The process that booked it dies here: nothing was scheduled.
      expect(await jobRows(api, 'release-no-show')).toEqual([]);
      await api.closeApp();
      await leaveSweepsToOthers(api, ...SWEPT);
      const worker = await startSystem({ roles: ['worker'], beside: api });
      try {
        const key = keyOf(id);
        await scheduledJob(worker, 'release-no-show', key);
        await goToWithQueue(worker, (await rowOf(worker, key)).graceEndsAt);
        await eventually(
          () => look(worker, key),
          ({ state }) => state === 'NO_SHOW',
        );
        expect(await counted(worker.platform.metrics, 'sweepFound', { job: 'release-no-show' })).toBe(0);
      } finally {
        await worker.stop();
      }
    } finally {
      await api.stop();
    }
  });
});
