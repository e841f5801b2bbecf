import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { ProviderCursor } from '../../src/entities/provider-cursor.ts';
import { ProviderFinding } from '../../src/entities/provider-finding.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { reconcile } from '../../src/payments/reconcile.ts';
import { expectBooksBalanced, NOTHING_IN_FLIGHT_MS } from '../support/books.ts';
import { leaveBooksUnchecked } from '../support/running-systems.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { intentOf, moneySettled, Payer, rowOf, type Held } from '../journeys/payment-steps.ts';
import { drillMs, inGroups, minutesPass, sizeOf } from './money-load.ts';

const FLOWS = sizeOf({ ci: 6, full: 1000 });
const AT_ONCE = 3;
const SPOTS = 200;
const DAY_MS = 86_400_000;
const AHEAD_MS = 300_000;

interface Flow {
  readonly payer: Payer;
  readonly held: Held;
}

describe('With every webhook lost', () => {
  let system: TestSystem;

  beforeEach(async () => {
    system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
  });

  afterEach(() => system.stop());

  /** Reservations that their drivers pay for on their own devices, past our server. */
  async function paidElsewhere(card: (n: number) => string): Promise<Flow[]> {
    const flows: Flow[] = [];
    const lots: TestLot[] = [];
    for (let n = 0; n * SPOTS < FLOWS; n++)
      lots.push(await makeLot(system, { spots: { STANDARD: Math.min(SPOTS, FLOWS) } }));
    await inGroups(FLOWS, AT_ONCE, async (n) => {
      const payer = new Payer(system, await makeDriver(system));
      const held = await payer.reserve(lots[Math.floor(n / SPOTS)]!, 96);
      await payer.payInClient(held.payment!.clientSecret!, card(n));
      flows[n] = { payer, held };
    });
    return flows;
  }

  async function sendBack(): Promise<number> {
    system.stripe.faults.set({
      schedule: {
        seed: 1,
        sentBack: 1,
        disputed: 0,
        timeouts: 0,
        errorsBefore: 0,
        errorsAfter: 0,
        tooMany: 0,
        slow: 0,
      },
    });
    const { sentBack } = system.stripe.bankActs();
    system.stripe.faults.set({ schedule: null });
    return sentBack;
  }

  const statesOf = async (flows: readonly Flow[]) =>
    Promise.all(flows.map(async ({ payer, held }) => (await payer.read(held)).state));

  test(
    'what was paid, contested, and sent back by banks is known within fifteen minutes',
    async () => {
      const flows = await paidElsewhere((n) => (n % 3 === 0 ? 'pm_card_createDispute' : 'pm_card_visa'));
      expect(new Set(await statesOf(flows))).toEqual(new Set(['HELD']));
      expect(await minutesPass(system, 15)).toBeLessThanOrEqual(15);
      expect(new Set(await statesOf(flows))).toEqual(new Set(['CONFIRMED']));
      for (const [n, { payer, held }] of flows.entries()) {
        const { data } = await payer.ask('query ($id: ID!) { reservation(id: $id) { isDisputed payment { state } } }', {
          id: held.id,
        });
        const isDisputed = n % 3 === 0;
        expect(data['reservation']).toEqual({ isDisputed, payment: { state: isDisputed ? 'DISPUTED' : 'CAPTURED' } });
      }

      // Refunds succeed, and days later the bank sends them back: nobody lists them any more.
      const refunded = flows.filter((_, n) => n % 3 === 1);
      for (const { payer, held } of refunded) await payer.cancel(held);
      await minutesPass(system, 15);
      system.clock.advance(DAY_MS);
      await minutesPass(system, 3);
      expect(await sendBack()).toBe(refunded.length);
      await minutesPass(system, 15);
      for (const { payer, held } of refunded)
        expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'FAILED' }]);
      await expectBooksBalanced(system.platform, system.stripe);
    },
    drillMs(60_000),
  );

  test('a refund that a bank sent back would not be known without the look into the provider’s events (the twin)', async () => {
    leaveBooksUnchecked(system, 'what the bank sent back is not known');
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 96);
    await payer.complete(held, 'pm_card_visa');
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    expect(await sendBack()).toBe(1);
    for (let minute = 0; minute < 15; minute++) {
      system.clock.advance(60_000);
      await runCommands(system.platform);
    }
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    const books = expectBooksBalanced(system.platform, system.stripe, NOTHING_IN_FLIGHT_MS);
    await expect(books).rejects.toThrow(/do not balance/);
  });

  test('a payment that a restore has lost is found at the provider and told to a person, once', async () => {
    leaveBooksUnchecked(system, 'a paid payment is taken out of the database, as a restore would');
    await reconcile(system.platform);
    const backup = await system.platform.orm.em.fork().findOneOrFail(ProviderCursor, { name: 'stripe' });
    system.clock.advance(DAY_MS);
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 96);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    await minutesPass(system, 3);
    // The database is again as it was a day ago: the payment is not there, and nobody has looked since.
    const { lotId, id } = rowOf('pay', held.payment!.id);
    const em = system.platform.orm.em.fork();
    await em.execute('DELETE FROM provider_command WHERE lot_id = ? AND subject_id = ?', [lotId, id]);
    await em.execute('DELETE FROM webhook_event');
    await em.execute('DELETE FROM payment WHERE lot_id = ? AND id = ?', [lotId, id]);
    await em.execute('UPDATE provider_cursor SET read_until = ?', [backup.readUntil]);
    await reconcile(system.platform);
    await reconcile(system.platform);
    const findings = await system.platform.orm.em.fork().find(ProviderFinding, {});
    expect(findings).toMatchObject([
      { ref: intentOf(held.payment!.clientSecret!), kind: 'PAYMENT', lotId, amountMinor: 400, currency: 'EUR' },
    ]);
    const told = await em.execute<object[]>(
      `SELECT id FROM outbox_event WHERE type = 'payment.unknown_at_provider' AND aggregate_id = ?`,
      [id],
    );
    expect(told).toHaveLength(1);
    expect(await system.platform.metrics.unknownAtProvider.get()).toMatchObject({
      values: [{ value: 1, labels: { kind: 'payment' } }],
    });
  });

  test('a second payment of what is paid is told to a person: no webhook of it says that it is one too many', async () => {
    leaveBooksUnchecked(system, 'a payment is taken twice on purpose');
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 96);
    await payer.complete(held, 'pm_card_visa');
    const { lotId, id: paymentId } = rowOf('pay', held.payment!.id);
    const second = await payer.operatorsLibrary().paymentIntents.create({
      ...{ amount: 400, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
      ...{ allowed_payment_method_types: ['card'], metadata: { lotId, paymentId } },
    });
    await reconcile(system.platform);
    expect(await system.platform.orm.em.fork().find(ProviderFinding, {})).toMatchObject([
      { ref: second.id, kind: 'PAYMENT', lotId, amountMinor: 400 },
    ]);
  });

  test('a clock of ours that was five minutes ahead hides nothing: how far was read is told by the provider’s own', async () => {
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 96);
    await payer.complete(held, 'pm_card_visa');
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
    system.clock.advance(AHEAD_MS);
    await reconcile(system.platform);
    system.clock.advance(60_000 - AHEAD_MS);
    expect(await sendBack()).toBe(1);
    system.clock.advance(AHEAD_MS);
    expect(await reconcile(system.platform)).toBeGreaterThan(0);
    await runCommands(system.platform);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'FAILED' }]);
  });

  test('a provider that can’t be asked is asked again, from the same place', async () => {
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 96);
    await payer.payInClient(held.payment!.clientSecret!, 'pm_card_visa');
    system.stripe.faults.set({ serverErrors: { share: 1, only: 'GET /v1/refunds' } });
    await expect(reconcile(system.platform)).rejects.toThrow('could not be asked');
    system.clock.advance(DAY_MS / 2);
    system.stripe.faults.set({ serverErrors: { share: 0 } });
    expect(await reconcile(system.platform)).toBeGreaterThanOrEqual(0);
    await runCommands(system.platform);
    expect((await payer.read(held)).payment).toMatchObject({ captured: { amountMinor: 400 } });
  });
});
