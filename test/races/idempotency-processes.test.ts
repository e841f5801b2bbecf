import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { decodeId } from '../../src/domain/public-id.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { COMPLETE, hoursFrom, reserve, reserveInput } from '../support/booking.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';

const ROUNDS = 15;
const CALLS_PER_PROCESS = 3;

let one: TestSystem;
let other: TestSystem;
let lot: TestLot;

beforeAll(async () => {
  // Two processes at full speed ask more of the provider than it takes in test mode: being told to wait is not what is shown here.
  one = await startSystem({ roles: ['api'], providerCallsPerSecond: Number.POSITIVE_INFINITY });
  other = await startSystem({ roles: ['api'], beside: one });
  lot = await makeLot(one, { spots: { STANDARD: 2 * ROUNDS } });
});
afterAll(async () => {
  await other?.stop();
  await one?.stop();
});

interface Effects {
  /** How the calls ended: a state, or why not. */
  outcomes: string[];
  charges: number;
  told: Record<string, number>;
}

/** The same request with the same key, at both processes at once. */
async function completeEverywhere(): Promise<Effects> {
  const driver = await makeDriver(one);
  const period = hoursFrom(one.clock.now(), 24, 2);
  const { reservation } = await reserve(one.client(driver.token), reserveInput(lot, period));
  const before = one.stripe.state.charges().length;
  const input = { idempotencyKey: randomUUID(), reservationId: reservation.id, paymentMethodId: 'pm_card_visa' };
  const clients = [one, other].map(async (system) => system.client(await loginOf(system, driver)));
  const calls = Array.from({ length: CALLS_PER_PROCESS }, () => clients).flat();
  const answers = await Promise.all(calls.map(async (client) => (await client).query(COMPLETE, { input })));
  await Promise.all([one, other].map(({ platform }) => paymentsIdle(platform)));
  await one.stripe.deliverPending();
  const outcomes = answers.map(({ data, errors }) => {
    const answer = data?.['completeReservation'];
    return answer?.reservation?.state ?? answer?.userErrors[0]?.code ?? errors?.[0]?.extensions.code;
  });
  return { outcomes, charges: one.stripe.state.charges().length - before, told: await toldOf(reservation.id) };
}

async function toldOf(publicId: string): Promise<Record<string, number>> {
  const { lotId, id } = decodeId('res', publicId)!;
  const rows = await one.platform.orm.em.fork().execute<{ type: string; times: number }[]>(
    `SELECT type, count(*)::int AS times FROM outbox_event WHERE aggregate_id = ?
         OR aggregate_id IN (SELECT id FROM payment WHERE lot_id = ? AND reservation_id = ?) GROUP BY type`,
    [id, lotId, id],
  );
  return Object.fromEntries(rows.map(({ type, times }) => [type, times]));
}

test('two processes that are asked with the same key at once charge once, and every answer is the confirmed reservation', async () => {
  for (let round = 0; round < ROUNDS; round++) {
    expect(await completeEverywhere()).toEqual({
      outcomes: Array(2 * CALLS_PER_PROCESS).fill('CONFIRMED'),
      charges: 1,
      told: { 'reservation.held': 1, 'reservation.confirmed': 1, 'payment.captured': 1 },
    });
  }
  await expectBooksBalanced(one.platform, one.stripe);
});

test('without the rows’ locks they confirm and tell more than once (the twin that shows the bug)', async () => {
  await Promise.all([forgetLocks(one), forgetLocks(other)]);
  // One of each process has found the payment open when the first is allowed to write it down.
  const captures = await holdWrites(one, 'UPDATE OF captured_at', 'payment');
  const completing = completeEverywhere();
  await captures.until(2);
  await captures.release();
  const { told } = await completing;
  expect(told['payment.captured']).toBeGreaterThan(1);
  expect(told['reservation.confirmed']).toBeGreaterThan(1);
});
