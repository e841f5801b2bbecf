import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { NoShowPolicy } from '../../src/domain/policies.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { projectRight } from '../../src/gate/project-right.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { runJob } from '../../src/jobs/run.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { payDebt } from '../../src/payments/pay-debt.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { eventually, eventuallyPasses } from '../support/eventually.ts';
import { decide } from '../support/gate.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf, type Held } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const WORKERS = 5;
/** Two hours at 2.00 are paid. */
const PAID_MINOR = 400;

const READ = `query ($id: ID!) { reservation(id: $id) { state outcomeRule pass fee { amountMinor } refunded { amountMinor } } }`;

describe('The fee of a driver who does not come', () => {
  let system: TestSystem;
  let journal: { stop(): Promise<void> };
  let payer: Payer;
  let lot: TestLot;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
    journal = await startJournalAppliers(system.platform);
  });

  beforeEach(async () => {
    payer = new Payer(system, await makeDriver(system));
  });

  afterEach(async () => {
    system.stripe.faults.reset();
    await moneySettled(system);
    await expectBooksBalanced(system.platform, system.stripe);
  });

  afterAll(async () => {
    await journal?.stop();
    await system?.stop();
  });

  function keyOf(held: Held): { lotId: string; reservationId: string } {
    const { lotId, id: reservationId } = rowOf('res', held.id);
    return { lotId, reservationId };
  }

  async function paid(noShow: NoShowPolicy): Promise<Held> {
    lot = await makeLot(system, { policy: { noShow } });
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    await moneySettled(system);
    return held;
  }

  /** The grace runs out, and the job runs at several workers at once, again while it asks for it. */
  async function doesNotCome(held: Held): Promise<void> {
    system.clock.advance((4 * 60 + lot.policy.graceMinutes) * MINUTE_MS);
    const release = () => runJob(system.platform, 'release-no-show', keyOf(held));
    const worker = () => eventually(release, (outcome) => outcome === 'DONE');
    await Promise.all(Array.from({ length: WORKERS }, worker));
    await moneySettled(system);
  }

  async function read(held: Held) {
    return (await payer.ask(READ, { id: held.id })).data['reservation'];
  }

  /** Late, with the pass that was good until the grace ran out. */
  async function comesAfterAll(held: Held, pass: string): Promise<void> {
    await projectRight(system.platform, keyOf(held));
    expect(await decide(system, lot.entry, { pass })).toMatchObject({ action: 'OPEN' });
    await eventually(
      () => read(held),
      ({ state }) => state === 'CHECKED_IN',
    );
  }

  const feesOf = (held: Held) => system.platform.orm.em.fork().find(Payment, { ...keyOf(held), kind: 'NO_SHOW_FEE' });

  const debtsOf = (payment: Payment) =>
    system.platform.orm.em.fork().find(Debt, { lotId: payment.lotId, paymentId: payment.id });

  const chargesOf = (payment: Payment) =>
    system.stripe.state.charges().filter(({ metadata, captured }) => metadata['paymentId'] === payment.id && captured);

  async function told(payment: Payment): Promise<string[]> {
    const rows = await system.platform.orm.em
      .fork()
      .execute<{ type: string }[]>('SELECT type FROM outbox_event WHERE aggregate_id = ? ORDER BY created_at', [
        payment.id,
      ]);
    return rows.map(({ type }) => type);
  }

  async function earned(account: string): Promise<number> {
    const [row] = await system.platform.orm.em
      .fork()
      .execute<{ minor: number }[]>(
        'SELECT coalesce(-sum(amount_minor), 0)::int AS minor FROM ledger_entry WHERE lot_id = ? AND account = ?',
        [lot.id, account],
      );
    return row?.minor ?? 0;
  }

  test('is kept of what was paid; the rest goes back, and nothing is charged', async () => {
    const held = await paid({ fee: 'PERCENT', percent: 25 });
    await doesNotCome(held);
    expect(await read(held)).toMatchObject({
      state: 'NO_SHOW',
      outcomeRule: 'NO_SHOW_PERCENT',
      fee: { amountMinor: 100 },
      refunded: { amountMinor: 300 },
    });
    expect(await feesOf(held)).toEqual([]);
    expect([await earned('revenue:parking'), await earned('revenue:no_show')]).toEqual([0, 100]);
  });

  test('that is more than was paid is charged to the saved card, once', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    await doesNotCome(held);
    expect(await read(held)).toMatchObject({
      state: 'NO_SHOW',
      outcomeRule: 'NO_SHOW_FIXED',
      fee: { amountMinor: PAID_MINOR },
      refunded: { amountMinor: 0 },
    });
    const fees = await feesOf(held);
    expect(fees).toMatchObject([{ state: 'CAPTURED', amountMinor: 600, capturedMinor: 600 }]);
    expect(chargesOf(fees[0]!)).toMatchObject([{ amount: 600 }]);
    expect(await debtsOf(fees[0]!)).toEqual([]);
    expect(await told(fees[0]!)).toEqual(['payment.captured']);
    expect([await earned('revenue:parking'), await earned('revenue:no_show')]).toEqual([0, 1000]);
  });

  test('becomes one debt and a message when the card is refused, and is never tried again', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    await payer.saveCard('pm_card_chargeCustomerFail');
    await doesNotCome(held);
    const [fee] = await feesOf(held);
    expect(fee).toMatchObject({ state: 'FAILED', capturedMinor: 0, failureCode: expect.any(String) });
    const calls = () => system.stripe.state.requests().filter(({ call }) => call.includes(fee!.providerRef!)).length;
    const before = calls();
    system.clock.advance(2 * MINUTE_MS);
    await runCommands(system.platform);
    expect(calls()).toBe(before);
    expect(await debtsOf(fee!)).toMatchObject([
      { state: 'OPEN', amountMinor: 600, reason: 'NO_SHOW_FEE', driverId: payer.driver.id, stayId: null },
    ]);
    expect(await told(fee!)).toEqual(['payment.charge_refused']);
    // Earned, though it is still owed.
    expect(await earned('revenue:no_show')).toBe(PAID_MINOR + fee!.amountMinor);
  });

  test('of a reservation that cost nothing is a debt when no card was ever saved', async () => {
    lot = await makeLot(system, {
      policy: { noShow: { fee: 'FIXED', fixedMinor: 500 } },
      tariff: plainRates({ blockMinutes: 60, minor: 0 }),
    });
    const held = await payer.reserve(lot);
    await payer.complete(held);
    await doesNotCome(held);
    expect(await read(held)).toMatchObject({ state: 'NO_SHOW', fee: { amountMinor: 0 } });
    const [fee] = await feesOf(held);
    expect(fee).toMatchObject({ state: 'FAILED', amountMinor: 500, failureCode: 'no_saved_card' });
    expect(await debtsOf(fee!)).toHaveLength(1);
  });

  test('goes back with all that was kept when the driver comes after all and gets a spot', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    const { pass } = await read(held);
    await doesNotCome(held);
    await comesAfterAll(held, pass);
    await moneySettled(system);
    expect(await read(held)).toMatchObject({ fee: { amountMinor: 0 }, refunded: { amountMinor: 0 } });
    expect(await feesOf(held)).toMatchObject([{ capturedMinor: 600, refundedMinor: 600 }]);
    expect([await earned('revenue:parking'), await earned('revenue:no_show')]).toEqual([PAID_MINOR, 0]);
  });

  test('that stands as a debt is waived when the driver comes after all', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    await payer.saveCard('pm_card_chargeCustomerFail');
    const { pass } = await read(held);
    await doesNotCome(held);
    await comesAfterAll(held, pass);
    const [fee] = await feesOf(held);
    expect(fee).toMatchObject({ state: 'CANCELED', capturedMinor: 0 });
    expect(await debtsOf(fee!)).toMatchObject([{ state: 'WAIVED' }]);
  });

  test('that was paid as a debt goes back when the driver comes after all', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    await payer.saveCard('pm_card_chargeCustomerFail');
    const { pass } = await read(held);
    await doesNotCome(held);
    const [fee] = await feesOf(held);
    const [debt] = await debtsOf(fee!);
    const input = {
      idempotencyKey: randomUUID(),
      lotId: debt!.lotId,
      debtId: debt!.id,
      paymentMethodId: 'pm_card_visa',
    };
    await payDebt(system.platform, input, { actor: 'test', driverId: payer.driver.id });
    expect(await debtsOf(fee!)).toMatchObject([{ state: 'SETTLED' }]);
    await comesAfterAll(held, pass);
    await moneySettled(system);
    expect(await system.platform.orm.em.fork().find(Payment, { lotId: debt!.lotId, debtId: debt!.id })).toMatchObject([
      { kind: 'DEBT', capturedMinor: 600, refundedMinor: 600 },
    ]);
    expect([await earned('revenue:parking'), await earned('revenue:no_show')]).toEqual([PAID_MINOR, 0]);
  });

  test('leaves no debt when the card is refused only after the driver has come', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    await payer.saveCard('pm_card_chargeCustomerFail');
    const { pass } = await read(held);
    system.stripe.faults.set({ latencyMs: 1000 });
    system.clock.advance((4 * 60 + lot.policy.graceMinutes) * MINUTE_MS);
    await eventually(
      () => runJob(system.platform, 'release-no-show', keyOf(held)),
      (outcome) => outcome === 'DONE',
    );
    // Its card is being asked.
    await eventually(
      () => feesOf(held),
      ([fee]) => fee?.attempts === 1,
    );
    await comesAfterAll(held, pass);
    // Only that answer was slow.
    system.stripe.faults.reset();
    await moneySettled(system);
    system.clock.advance(2 * MINUTE_MS);
    await runCommands(system.platform);
    await moneySettled(system);
    const [fee] = await feesOf(held);
    expect(fee).toMatchObject({ state: 'CANCELED', capturedMinor: 0 });
    expect((await debtsOf(fee!)).filter(({ state }) => state === 'OPEN')).toEqual([]);
  });

  test('goes back, too, when the card was charged and the answer was lost before the driver came', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    const { pass } = await read(held);
    system.stripe.faults.set({
      timeouts: { next: 1, only: 'POST /v1/payment_intents/' },
      webhooks: { dropShare: 1 },
    });
    await doesNotCome(held);
    expect(await feesOf(held)).toMatchObject([{ state: 'UNKNOWN', capturedMinor: 0 }]);
    await comesAfterAll(held, pass);
    await moneySettled(system);
    expect(await feesOf(held)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 600, refundedMinor: 600 }]);
    expect([await earned('revenue:parking'), await earned('revenue:no_show')]).toEqual([PAID_MINOR, 0]);
  });

  test('waits for a provider that is away, and is charged once when it is back', async () => {
    const held = await paid({ fee: 'FIXED', fixedMinor: 1000 });
    system.stripe.faults.set({ down: 'unavailable' });
    await doesNotCome(held);
    expect(await feesOf(held)).toMatchObject([{ state: 'UNKNOWN', capturedMinor: 0 }]);
    system.stripe.faults.reset();
    // The circuit breaker lets a call through again after a while.
    await eventuallyPasses(async () => {
      system.clock.advance(MINUTE_MS);
      await runCommands(system.platform);
      expect(await feesOf(held)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 600 }]);
    });
    const [fee] = await feesOf(held);
    expect(chargesOf(fee!)).toHaveLength(1);
    expect(await debtsOf(fee!)).toEqual([]);
  });
});
