import { afterEach, describe, expect, test } from '@jest/globals';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { promiseRefund } from '../../src/payments/promise-refund.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { moneySettled, Payer, rowOf, type Held } from '../journeys/payment-steps.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { eventuallyPasses } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';

const CALLS = 100;
const EACH_MINOR = 30;

describe('A hundred refunds of one payment in parallel', () => {
  let system: TestSystem;

  afterEach(() => system.stop());

  async function paidReservation(): Promise<{ payer: Payer; held: Held }> {
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system));
    await payer.complete(held, 'pm_card_visa');
    await moneySettled(system);
    return { payer, held };
  }

  async function refundAllAtOnce(held: Held): Promise<number> {
    const { lotId, id: paymentId } = rowOf('pay', held.payment!.id);
    const refund = { lotId, paymentId, amountMinor: EACH_MINOR, reason: 'STAFF' } as const;
    const promises = Array.from({ length: CALLS }, () =>
      inTransaction(system.platform, (tx) => promiseRefund(tx, refund)),
    );
    const settled = await Promise.allSettled(promises);
    return settled.filter((each) => each.status === 'fulfilled' && each.value !== undefined).length;
  }

  /** What a verb that promises a refund of a reservation writes beside it. */
  async function noteOnReservation(held: Held): Promise<void> {
    const { lotId, id } = rowOf('res', held.id);
    await system.platform.orm.em
      .fork()
      .execute(
        `UPDATE reservation SET refunded_minor = (SELECT sum(amount_minor) FROM refund WHERE lot_id = ?) WHERE lot_id = ? AND id = ?`,
        [lotId, lotId, id],
      );
  }

  test('promise what was captured and not a cent more, and the provider sends just that', async () => {
    system = await startSystem({ roles: ['api'] });
    const { payer, held } = await paidReservation();
    // 400 are thirteen times 30 and once 10.
    expect(await refundAllAtOnce(held)).toBe(14);
    await noteOnReservation(held);
    expect((await payer.read(held)).payment).toMatchObject({
      captured: { amountMinor: 400 },
      refunded: { amountMinor: 400 },
    });
    await eventuallyPasses(async () => {
      await moneySettled(system);
      system.clock.advance(60_000);
      await runCommands(system.platform);
      expect((await payer.read(held)).payment!.refunds.every(({ state }) => state === 'SUCCEEDED')).toBe(true);
    });
    const sentMinor = system.stripe.state.refunds().reduce((sum, { amount }) => sum + amount, 0);
    expect(sentMinor).toBe(400);
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('without the row’s lock they promise more than was captured (the twin that shows the bug)', async () => {
    system = await startSystem({ roles: ['api'] });
    const { held } = await paidReservation();
    await forgetLocks(system);
    // More of them than the money is enough for have found all of it there when the first may take its part.
    const promises = await holdWrites(system, 'UPDATE OF refunded_minor', 'payment');
    const refunding = refundAllAtOnce(held);
    await promises.until(15);
    await promises.release();
    const promised = await refunding;
    await paymentsIdle(system.platform);
    expect(promised).toBeGreaterThan(14);
    await expect(expectBooksBalanced(system.platform)).rejects.toThrow(/overRefunded/);
  });
});
