import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { moneySettled, Payer, rowOf, type Held } from '../journeys/payment-steps.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

const ROUNDS = 5;
const COPIES = 5;
const MINUTE_MS = 60_000;

/** How often the outside was told of each thing, and how often it was done. */
interface Effects {
  readonly told: Record<string, number>;
  readonly captures: number;
  readonly refunds: number;
}

describe('The same webhook, five times in parallel', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    system.stripe.faults.set({ webhooks: { repeat: COPIES } });
  });

  afterAll(() => system.stop());

  async function effectsOf(held: Held): Promise<Effects> {
    const reservation = rowOf('res', held.id);
    const payment = rowOf('pay', held.payment!.id);
    const rows = <T>(sql: string, values: unknown[]) => system.platform.orm.em.fork().execute<T[]>(sql, values);
    const told = await rows<{ type: string; times: number }>(
      `SELECT type, count(*)::int AS times FROM outbox_event WHERE aggregate_id IN (?, ?) GROUP BY type`,
      [reservation.id, payment.id],
    );
    const posted = await rows<object>(
      `SELECT DISTINCT transaction_id FROM ledger_entry WHERE lot_id = ? AND cause_kind = 'PAYMENT_CAPTURED' AND cause_id = ?`,
      [payment.lotId, payment.id],
    );
    const refunds = await rows<object>('SELECT id FROM refund WHERE lot_id = ? AND payment_id = ?', [
      payment.lotId,
      payment.id,
    ]);
    return {
      told: Object.fromEntries(told.map(({ type, times }) => [type, times])),
      captures: posted.length,
      refunds: refunds.length,
    };
  }

  /** A hold that is paid past our server, in time or after it ran out; then the provider's five copies. */
  async function payAndDeliver(when: 'IN_TIME' | 'LATE'): Promise<{ payer: Payer; held: Held }> {
    const lot = await makeLot(system);
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(lot);
    if (when === 'LATE') system.clock.advance((lot.policy.holdMinutes + 1) * MINUTE_MS);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    return { payer, held };
  }

  test('confirms once, posts once and tells once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { payer, held } = await payAndDeliver('IN_TIME');
      expect((await payer.read(held)).state).toBe('CONFIRMED');
      expect(await effectsOf(held)).toEqual({
        told: { 'reservation.held': 1, 'reservation.confirmed': 1, 'payment.captured': 1 },
        captures: 1,
        refunds: 0,
      });
    }
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('gives money that came too late back once', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      const { held } = await payAndDeliver('LATE');
      expect(await effectsOf(held)).toEqual({
        told: {
          'reservation.held': 1,
          'reservation.expired': 1,
          'payment.captured': 1,
          'payment.refund_promised': 1,
          'payment.refunded': 1,
        },
        captures: 1,
        refunds: 1,
      });
    }
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('every copy was answered, so that none comes again', async () => {
    const answered = system.stripe.state.deliveries();
    expect(answered.length).toBeGreaterThan(2 * ROUNDS * COPIES);
    expect(answered.filter(({ outcome }) => outcome !== 200)).toEqual([]);
  });

  test('without the rows’ locks the same five copies tell the outside more than once (the twin that shows the bug)', async () => {
    await forgetLocks(system);
    // Two of them have found the payment open when the first is allowed to write it down.
    const captures = await holdWrites(system, 'UPDATE OF captured_at', 'payment');
    const delivering = payAndDeliver('IN_TIME');
    await captures.until(2);
    await captures.release();
    const { told } = await effectsOf((await delivering).held);
    expect(told['payment.captured']).toBeGreaterThan(1);
    expect(told['reservation.confirmed']).toBeGreaterThan(1);
  });
});
