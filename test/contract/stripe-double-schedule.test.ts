import { describe, expect, test } from '@jest/globals';
import type { Plan } from '../../sandbox/stripe/schedule.ts';
import { clientOf, openDouble, openReceiver, payWith } from './stripe-double-harness.ts';

const NOON = new Date('2026-11-20T12:00:00Z');
const PAYMENTS = 40;
/** A lost answer costs its caller's patience. */
const QUICK = { timeouts: 0, slow: 0 };
const STORMY = { ...QUICK, errorsBefore: 0.1, errorsAfter: 0.1, tooMany: 0.1 };

/** What forty payments and their refunds meet under a schedule, one after the other. */
async function fates(schedule: Partial<Plan> & { seed: number }) {
  const receiver = await openReceiver(() => NOON);
  const double = await openDouble({
    now: () => NOON,
    webhookRetryDelaysMs: [],
    webhookUrl: receiver.url,
    ratePerSecond: 1000,
  });
  double.faults.set({ schedule });
  const stripe = clientOf(double);
  for (let n = 0; n < PAYMENTS; n++) {
    const paid = await payWith(stripe, { amount: 500 + n }).catch(() => undefined);
    if (paid) await stripe.refunds.create({ payment_intent: paid.id, amount: 100 }).catch(() => undefined);
  }
  const bank = double.bankActs();
  await double.deliverPending();
  const seen = {
    answers: double.state.requests().map(({ status }) => status),
    charged: double.state.charges().map(({ amount }) => amount),
    // How far an event falls back among others depends on when they come.
    deliveries: double.state
      .deliveries()
      .map(({ type, outcome }) => `${type} ${outcome ?? ''}`)
      .toSorted(),
    bank,
    sentBack: double.state.refunds().map(({ status }) => status),
    line: String(double.faults.schedule()),
  };
  await double.stop();
  receiver.stop();
  return seen;
}

describe('a schedule of faults', () => {
  test('is the same for the same seed, and another for another', async () => {
    const [first, again, other] = [
      await fates({ seed: 7, ...STORMY }),
      await fates({ seed: 7, ...STORMY }),
      await fates({ seed: 8, ...STORMY }),
    ];
    expect(again).toEqual(first);
    expect(other.answers).not.toEqual(first.answers);
    expect(first.answers).toContain(500);
    expect(first.answers).toContain(429);
    expect(first.line).toMatch(/^fault schedule \{.*"seed":7/);
  });

  test('takes the shares that are given: everything is dropped, contested and sent back, or nothing is', async () => {
    const calm = { ...QUICK, errorsBefore: 0, errorsAfter: 0, tooMany: 0 };
    const worst = await fates({ seed: 1, ...calm, dropped: 1, disputed: 0, sentBack: 1 });
    expect(new Set(worst.deliveries.map((line) => line.split(' ')[1]))).toEqual(new Set(['dropped']));
    expect(worst.bank).toEqual({ disputed: 0, sentBack: PAYMENTS });
    expect(new Set(worst.sentBack)).toEqual(new Set(['failed']));
    const best = await fates({ seed: 1, ...calm, dropped: 0, doubled: 0, mixedUp: 0, disputed: 0, sentBack: 0 });
    expect(new Set(best.deliveries.map((line) => line.split(' ')[1]))).toEqual(new Set(['200']));
    expect(best.bank).toEqual({ disputed: 0, sentBack: 0 });
    expect(best.charged).toHaveLength(PAYMENTS);
  });

  test('loses answers of calls that took effect, and doubles what it sends', async () => {
    const double = await openDouble({ now: () => NOON, ratePerSecond: 1000 });
    double.faults.set({ schedule: { seed: 3, timeouts: 1, slow: 0, errorsBefore: 0, errorsAfter: 0, tooMany: 0 } });
    await expect(clientOf(double, { timeout: 100 }).customers.create()).rejects.toThrow();
    expect(double.state.customers()).toHaveLength(1);
    expect(double.state.requests()).toMatchObject([{ status: 200, lost: true }]);
    await double.stop();
  });
});
