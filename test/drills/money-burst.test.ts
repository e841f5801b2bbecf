import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { openPayment } from '../../src/payments/open-payment.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { moneySettled, Payer } from '../journeys/payment-steps.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import {
  busiestSecond,
  drillMs,
  inGroups,
  minutesPass,
  openCommands,
  SEED,
  sizeOf,
  underFaults,
} from './money-load.ts';

const FEES = sizeOf({ ci: 60, full: 2000 });
const TROUBLED_FEES = sizeOf({ ci: 12, full: 1000 });
const AT_ONCE = 12;
const PER_SECOND = 20;
const FEE_MINOR = 700;
/** One of so many cards is refused. */
const REFUSED_EACH = 4;

describe('A burst of no-shows', () => {
  let one: TestSystem;
  let other: TestSystem;
  let lot: TestLot;
  let paying: Payer;
  let refused: Payer;

  beforeAll(async () => {
    one = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
    // A second process of the same installation: nothing but PostgreSQL and Redis between them.
    other = await startSystem({ roles: ['api'], beside: one, env: IMPATIENT_WITH_PROVIDER });
    lot = await makeLot(one);
    paying = new Payer(one, await makeDriver(one));
    refused = new Payer(one, await makeDriver(one));
    await paying.saveCard('pm_card_visa');
    await refused.saveCard('pm_card_chargeCustomerFail');
  });

  afterEach(async () => {
    await moneySettled(one);
    await moneySettled(other);
  });

  afterAll(async () => {
    await other?.stop();
    await one?.stop();
  });

  /** What the release of a no-show writes, so many times at once, at both processes. */
  async function missed(count: number, driverOf: (n: number) => Payer): Promise<string[]> {
    const fee = (n: number) => ({
      ...{ lotId: lot.id, kind: 'NO_SHOW_FEE' as const, amountMinor: FEE_MINOR, currency: 'EUR' },
      driverId: driverOf(n).driver.id,
    });
    const at = (n: number) => (n % 2 === 0 ? one : other).platform;
    const ids: string[] = [];
    await inGroups(count, AT_ONCE, async (n) => {
      ids.push(await inTransaction(at(n), (tx) => Promise.resolve(openPayment(tx, fee(n)))));
    });
    return ids;
  }

  /** Two workers, until nothing is left; an impatient one that finds nothing due looks again. */
  async function workOff(): Promise<void> {
    do await Promise.all([one, other].map(({ platform }) => runCommands(platform)));
    while ((await openCommands(one)) > 0 && (one.clock.advance(5000), true));
  }

  const paymentsOf = (ids: readonly string[]) =>
    one.platform.orm.em.fork().find(Payment, { lotId: lot.id, id: { $in: [...ids] } });

  test(
    'stays below twenty calls a second of each endpoint, with two processes',
    async () => {
      const before = one.stripe.state.requests().length;
      const ids = await missed(FEES, () => paying);
      await workOff();
      const payments = await paymentsOf(ids);
      expect(new Set(payments.map(({ state }) => state))).toEqual(new Set(['CAPTURED']));
      const busiest = busiestSecond(one, before);
      expect(busiest.calls).toBeLessThanOrEqual(PER_SECOND);
      // It was a burst, or it would prove nothing.
      expect(busiest.calls).toBeGreaterThan(PER_SECOND / 2);
      expect(one.stripe.state.requests().filter(({ status }) => status === 429)).toEqual([]);
    },
    drillMs(60_000),
  );

  test(
    `charges each fee once, or makes one debt of it, whatever the provider does meanwhile (seed ${SEED})`,
    async () => {
      const faults = {
        seed: SEED,
        timeouts: 0.01,
        errorsBefore: 0.05,
        errorsAfter: 0.05,
        tooMany: 0.05,
        slow: 0.2,
        slowMs: 50,
      };
      const ids = await underFaults(
        one,
        { ...faults, dropped: 0.3, doubled: 1, mixedUp: 0.5, disputed: 0, sentBack: 0 },
        async () => {
          const opened = await missed(TROUBLED_FEES, (n) => (n % REFUSED_EACH === 0 ? refused : paying));
          await minutesPass(one, 5);
          return opened;
        },
      );
      await minutesPass(one, 10);
      const payments = await paymentsOf(ids);
      const charged = one.stripe.state
        .paymentIntents()
        .filter(({ metadata }) => ids.includes(metadata['paymentId'] ?? ''));
      const debts = await one.platform.orm.em.fork().find(Debt, { lotId: lot.id, paymentId: { $in: ids } });
      for (const { id, state, driverId } of payments) {
        const isPaying = driverId === paying.driver.id;
        const taken = charged.filter(
          ({ metadata, amount_received }) => metadata['paymentId'] === id && amount_received > 0,
        );
        expect({ id, state, taken: taken.map(({ amount_received }) => amount_received) }).toEqual({
          id,
          state: isPaying ? 'CAPTURED' : 'FAILED',
          taken: isPaying ? [FEE_MINOR] : [],
        });
        expect(debts.filter(({ paymentId }) => paymentId === id)).toHaveLength(isPaying ? 0 : 1);
      }
      const told = await one.platform.orm.em
        .fork()
        .execute<{ times: number }[]>(
          `SELECT count(*)::int AS times FROM outbox_event WHERE type = 'payment.charge_refused' AND lot_id = ? GROUP BY aggregate_id`,
          [lot.id],
        );
      expect(told.map(({ times }) => times)).toEqual(debts.map(() => 1));
    },
    drillMs(60_000),
  );
});
