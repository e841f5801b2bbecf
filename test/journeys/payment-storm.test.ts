import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ProviderCommand } from '../../src/entities/provider-command.ts';
import { runSweeps } from '../../src/jobs/run.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf, type Held } from './payment-steps.ts';

const FLOWS = 18;
const AT_ONCE = 6;
const SEED = Number(process.env['PARKWELL_TEST_SEED'] ?? 20_261_120);
const CARDS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_visa_chargeDeclined', 'pm_card_threeDSecure2Required'];

interface Flow {
  readonly payer: Payer;
  readonly held: Held;
}

/** One driver who pays in some way and tries again when told to; what they are told may be wrong only by being unknown. */
async function payAnyhow({ payer, held }: Flow, choose: () => number): Promise<void> {
  for (let attempt = 0; attempt < 4; attempt++) {
    const card = CARDS[Math.floor(choose() * CARDS.length)]!;
    const { clientSecret } = (await payer.read(held)).payment!;
    const inClient = clientSecret !== null && choose() < 0.3;
    // Whatever the browser is told, it asks our server next.
    if (inClient) await payer.payInClient(clientSecret, card).catch(() => undefined);
    const { reservation, userErrors } = await payer.complete(held, inClient ? undefined : card);
    if (reservation?.state === 'CONFIRMED') break;
    if (userErrors[0]?.code !== 'PAYMENT_ACTION_REQUIRED') continue;
    await payer.authenticate(userErrors[0].clientSecret!, choose() < 0.8 ? 'succeed' : 'fail').catch(() => undefined);
  }
  if (choose() < 0.3) await payer.cancel(held);
}

/** What a worker does every minute, until nothing is left to ask. */
async function converge(system: TestSystem): Promise<void> {
  const { platform, clock } = system;
  for (let minute = 0; minute < 30; minute++) {
    clock.advance(61_000);
    await runSweeps(platform);
    await moneySettled(system);
    const open = await platform.orm.em.fork().count(ProviderCommand, { finishedAt: null });
    if (minute > 2 && open === 0) return;
  }
  throw new Error('thirty minutes were not enough');
}

function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('A storm over the payment provider', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
  });

  afterAll(() => system.stop());

  test(`webhooks lost, doubled and mixed up, answers lost, failures kept: nobody pays twice (seed ${SEED})`, async () => {
    const lot = await makeLot(system, { spots: { STANDARD: FLOWS } });
    system.stripe.faults.set({
      seed: SEED,
      webhooks: { dropShare: 0.3, repeat: 5, reorder: true },
      serverErrors: { share: 0.05, afterEffect: true },
      timeouts: { next: 2, only: 'POST /v1/payment_intents/' },
    });
    const choose = seeded(SEED);
    const flows: Flow[] = [];
    for (let first = 0; first < FLOWS; first += AT_ONCE) {
      await Promise.all(
        Array.from({ length: AT_ONCE }, async () => {
          const payer = new Payer(system, await makeDriver(system));
          const flow = { payer, held: await payer.reserve(lot, 96) };
          flows.push(flow);
          await payAnyhow(flow, choose);
        }),
      );
    }
    system.stripe.faults.reset();
    await converge(system);

    for (const { payer, held } of flows) {
      const { id } = rowOf('pay', held.payment!.id);
      const intents = system.stripe.state.paymentIntents().filter(({ metadata }) => metadata['paymentId'] === id);
      const taken = intents.reduce((sum, intent) => sum + intent.amount_received, 0);
      const { state, payment } = await payer.read(held);
      expect([0, payment!.amount.amountMinor]).toContain(taken);
      expect(payment!.captured.amountMinor).toBe(taken);
      if (taken === 0) expect(['HELD', 'EXPIRED', 'CANCELLED']).toContain(state);
      else if (state !== 'CONFIRMED') expect(payment!.refunded.amountMinor).toBe(taken);
      expect(payment!.refunds.map((refund) => refund.state)).toEqual(payment!.refunds.map(() => 'SUCCEEDED'));
    }
    // The storm was one: without both outcomes it would prove nothing.
    expect(system.stripe.state.deliveries().some(({ outcome }) => outcome === 'dropped')).toBe(true);
    expect(system.stripe.state.requests().filter(({ status }) => status >= 500).length).toBeGreaterThan(3);
    await expectBooksBalanced(system.platform, system.stripe);
  }, 120_000);
});
