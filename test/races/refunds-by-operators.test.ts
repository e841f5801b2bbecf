import { randomUUID } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { paymentsIdle } from '../../src/payments/background.ts';
import { moneySettled, Payer, type Held } from '../journeys/payment-steps.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { forgetLocks } from '../support/forget-locks.ts';
import { holdWrites } from '../support/hold-writes.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff } from '../support/world.ts';

const REFUND = `mutation ($input: RefundPaymentInput!) {
  refundPayment(input: $input) { payment { refunded { amountMinor } } userErrors { code } }
}`;
/** Of 400 that were paid: once, not twice. */
const EACH_MINOR = 250;

describe('Two operators who send the same payment back at once', () => {
  let system: TestSystem;

  afterEach(() => system.stop());

  /** Four euros that were paid by card, and two operators in front of them. */
  async function paid(): Promise<{ payer: Payer; held: Held; refundTwice: () => Promise<string[]> }> {
    const lot = await makeLot(system);
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    await moneySettled(system);
    const operators = await Promise.all(
      [1, 2].map(() => makeStaff(system, { role: 'OPERATOR', operatorId: lot.operatorId })),
    );
    const refund = async (token: string): Promise<string> => {
      const input = {
        idempotencyKey: randomUUID(),
        paymentId: held.payment!.id,
        amountMinor: EACH_MINOR,
        reason: 'Sorry',
      };
      const { data, errors } = await system.client(token).query(REFUND, { input });
      if (errors) throw new Error(JSON.stringify(errors));
      return data['refundPayment'].userErrors[0]?.code ?? 'SENT';
    };
    return { payer, held, refundTwice: () => Promise.all(operators.map(({ token }) => refund(token))) };
  }

  test('send it once: the second is told that there is not so much left', async () => {
    system = await startSystem({ roles: ['api'] });
    const { payer, held, refundTwice } = await paid();
    expect((await refundTwice()).toSorted()).toEqual(['INVALID_INPUT', 'SENT']);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunded.amountMinor).toBe(EACH_MINOR);
    expect(system.stripe.state.refunds().map(({ amount }) => amount)).toEqual([EACH_MINOR]);
  });

  test('without the locks they would send more than was paid: this test can see it', async () => {
    system = await startSystem({ roles: ['api'] });
    const { refundTwice } = await paid();
    await forgetLocks(system);
    const promises = await holdWrites(system, 'UPDATE OF refunded_minor', 'payment');
    const refunding = refundTwice();
    await promises.until(2);
    await promises.release();
    expect(await refunding).toEqual(['SENT', 'SENT']);
    await paymentsIdle(system.platform);
    await expect(expectBooksBalanced(system.platform)).rejects.toThrow(/overRefunded/);
  });
});
