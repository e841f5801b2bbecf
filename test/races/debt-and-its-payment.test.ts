import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { openDebt } from '../../src/payments/debts.ts';
import { payDebt, settleDebtPayment } from '../../src/payments/pay-debt.ts';
import { waiveDebt } from '../../src/payments/waive-debt.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { eventually } from '../support/eventually.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, makeStaff } from '../support/world.ts';
import { moneySettled, Payer } from '../journeys/payment-steps.ts';

let system: TestSystem;
let holder: pg.Client;
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  holder = new pg.Client({ connectionString: system.databaseUrl });
  await holder.connect();
});
afterAll(async () => {
  await holder?.end();
  await system?.stop();
});

const em = () => system.platform.orm.em.fork();

async function waitingForLocks(): Promise<number> {
  const { rowCount } = await holder.query(
    `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
  );
  return rowCount ?? 0;
}

test('a debt that is let go of while its payment comes in: one waits for the other, and the money goes back', async () => {
  const lot = await makeLot(system);
  const payer = new Payer(system, await makeDriver(system));
  const { id: lotId, operatorId } = lot;
  const owed = { lotId, stayId: null, paymentId: null, driverId: payer.driver.id, amountMinor: 400, currency: 'EUR' };
  const debtId = (await inTransaction(system.platform, (tx) => openDebt(tx, { ...owed, reason: 'OVERSTAY' })))!;
  const wish = { idempotencyKey: randomUUID(), lotId, debtId };
  const begun = await payDebt(system.platform, wish, { actor: 'test', driverId: payer.driver.id });
  system.stripe.faults.set({ webhooks: { dropShare: 1 } });
  await payer.payInClient(begun.payment.clientSecret!, 'pm_card_visa');
  const { id: staffId } = await makeStaff(system, { role: 'OPERATOR', operatorId });
  const staff = { kind: 'STAFF', role: 'OPERATOR', staffId, operatorId, lotIds: 'ALL' } as const;

  const retries = async () => (await system.platform.metrics.transactionRetries.get()).values[0]?.value ?? 0;
  const before = await retries();
  await holder.query('BEGIN');
  await holder.query('SELECT 1 FROM debt WHERE id = $1 FOR UPDATE', [debtId]);
  const waiving = waiveDebt(
    system.platform,
    { idempotencyKey: randomUUID(), lotId, debtId, reason: 'A kindness' },
    staff,
  );
  await eventually(waitingForLocks, (count) => count === 1);
  const settling = settleDebtPayment(system.platform, { lotId, paymentId: begun.payment.id });
  await eventually(waitingForLocks, (count) => count === 2);
  await holder.query('COMMIT');
  await Promise.all([waiving, settling]);
  expect((await retries()) - before).toBe(0);
  system.stripe.faults.reset();
  await moneySettled(system);
  expect(await em().findOneOrFail(Debt, { lotId, id: debtId })).toMatchObject({ state: 'WAIVED', paidMinor: 0 });
  expect(await em().findOneOrFail(Payment, { lotId, id: begun.payment.id })).toMatchObject({
    capturedMinor: 400,
    refundedMinor: 400,
  });
});
