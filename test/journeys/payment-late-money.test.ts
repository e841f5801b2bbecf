import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { openPayment } from '../../src/payments/open-payment.ts';
import { lockPayment } from '../../src/payments/payment-row.ts';
import { commandAgain } from '../../src/payments/provider-commands.ts';
import { settleDispute } from '../../src/payments/settle-dispute.ts';
import { voidCharge } from '../../src/payments/void-charge.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled, Payer } from './payment-steps.ts';

const FEE_MINOR = 700;

describe('Money that comes for a charge that had ended', () => {
  let system: TestSystem;
  let lot: TestLot;
  let payer: Payer;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
  });

  beforeEach(async () => {
    system.stripe.faults.reset();
    lot = await makeLot(system);
    payer = new Payer(system, await makeDriver(system));
  });

  afterAll(() => system?.stop());

  const em = () => system.platform.orm.em.fork();
  const keyOf = (id: string) => ({ lotId: lot.id, id });
  const paymentOf = (id: string) => em().findOneOrFail(Payment, keyOf(id));
  const debtOf = (paymentId: string) => em().findOneOrFail(Debt, { lotId: lot.id, paymentId });

  /** What the release of a no-show writes; the saved card is tried at once. */
  async function charged(card: string): Promise<string> {
    await payer.saveCard(card);
    const fee = { lotId: lot.id, kind: 'NO_SHOW_FEE', amountMinor: FEE_MINOR, currency: 'EUR' } as const;
    const open = { ...fee, driverId: payer.driver.id };
    const id = await inTransaction(system.platform, (tx) => Promise.resolve(openPayment(tx, open)));
    await moneySettled(system);
    return id;
  }

  test('because the saved card was refused is booked and pays the debt: its driver had the payment open on their own device', async () => {
    const id = await charged('pm_card_chargeCustomerFail');
    const { state, clientSecret } = await paymentOf(id);
    expect([state, (await debtOf(id)).state]).toEqual(['FAILED', 'OPEN']);
    await payer.payInClient(clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    expect(await paymentOf(id)).toMatchObject({ state: 'CAPTURED', capturedMinor: FEE_MINOR, refundedMinor: 0 });
    expect(await debtOf(id)).toMatchObject({ state: 'SETTLED', paidMinor: FEE_MINOR });
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('because it was called off is booked and goes back, and the provider takes none once it was told', async () => {
    const ids = [await charged('pm_card_chargeCustomerFail'), await charged('pm_card_chargeCustomerFail')];
    const [paid, told] = await Promise.all(ids.map(paymentOf));
    for (const id of ids)
      await inTransaction(system.platform, async (tx) => voidCharge(tx, await lockPayment(tx, keyOf(id))));
    await payer.payInClient(paid!.clientSecret!, 'pm_card_visa');
    await moneySettled(system);
    expect(await paymentOf(paid!.id)).toMatchObject({ capturedMinor: FEE_MINOR, refundedMinor: FEE_MINOR });
    const look = { kind: 'CHARGE', lotId: lot.id, subjectId: told!.id } as const;
    await inTransaction(system.platform, (tx) => commandAgain(tx, look, { dueInMs: 0 }));
    await runCommands(system.platform);
    await expect(payer.payInClient(told!.clientSecret!, 'pm_card_visa')).rejects.toThrow(/canceled/);
    await moneySettled(system);
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('and of which its dispute was heard first is booked all the same', async () => {
    system.stripe.faults.set({ webhooks: { dropShare: 1 }, timeouts: { next: 1, only: 'POST /v1/payment_intents/' } });
    const id = await charged('pm_card_createDispute');
    expect(await paymentOf(id)).toMatchObject({ state: 'UNKNOWN', capturedAt: null });
    await settleDispute(system.platform, keyOf(id), system.stripe.state.disputes().at(-1)!.id);
    system.clock.advance(60_000);
    await runCommands(system.platform);
    expect(await paymentOf(id)).toMatchObject({ state: 'DISPUTED', capturedMinor: FEE_MINOR });
    await expectBooksBalanced(system.platform, system.stripe);
  });
});
