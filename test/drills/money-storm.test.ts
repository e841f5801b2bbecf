import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';
import { leaveBooksUnchecked } from '../support/running-systems.ts';
import { expectBooksBalanced, NOTHING_IN_FLIGHT_MS } from '../support/books.ts';
import { IMPATIENT_WITH_PROVIDER, startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf, type Held } from '../journeys/payment-steps.ts';
import { drillMs, inGroups, minutesPass, SEED, sizeOf, underFaults } from './money-load.ts';

const FLOWS = sizeOf({ ci: 15, full: 10_000 });
const AT_ONCE = 6;
const SPOTS = 200;
const LOST_AT_LEAST = 2;
const CARDS = ['pm_card_visa', 'pm_card_mastercard', 'pm_card_visa_chargeDeclined', 'pm_card_threeDSecure2Required'];
/** Webhooks five times, mixed up, a third of them lost; calls that succeed and are not answered, and failures that are kept. */
const STORM = {
  ...{ seed: SEED, dropped: 0.3, doubled: 1, mixedUp: 0.5, timeouts: 0.008, errorsBefore: 0.02, errorsAfter: 0.03 },
  ...{ tooMany: 0.02, slow: 0.1, slowMs: 100, disputed: 0, sentBack: 0 },
};

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

/** Each flow chooses by its own numbers, whatever the others do meanwhile. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Payments that were taken more than once at the provider: more than one intent that took money, or more than was asked for. */
function takenTwice({ state }: StripeDouble): string[] {
  const taken = new Map<string, { minor: number; intents: number; asked: number }>();
  for (const { metadata, amount, amount_received } of state.paymentIntents()) {
    const id = metadata['paymentId'] ?? '';
    const before = taken.get(id) ?? { minor: 0, intents: 0, asked: amount };
    if (amount_received > 0)
      taken.set(id, { ...before, minor: before.minor + amount_received, intents: before.intents + 1 });
  }
  return [...taken].filter(([, { minor, intents, asked }]) => intents > 1 || minor > asked).map(([id]) => id);
}

describe('A storm over the payment provider', () => {
  let system: TestSystem;
  const flows: Flow[] = [];

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'], env: IMPATIENT_WITH_PROVIDER });
  });

  afterAll(() => system.stop());

  async function blow(): Promise<void> {
    const lots: TestLot[] = [];
    for (let n = 0; n * SPOTS < FLOWS; n++)
      lots.push(await makeLot(system, { spots: { STANDARD: Math.min(SPOTS, FLOWS) } }));
    // However few flows there are: some that take money succeed, and are not answered.
    system.stripe.faults.set({ timeouts: { next: LOST_AT_LEAST, only: 'POST /v1/payment_intents/' } });
    await inGroups(FLOWS, AT_ONCE, async (n) => {
      const payer = new Payer(system, await makeDriver(system));
      const flow = { payer, held: await payer.reserve(lots[Math.floor(n / SPOTS)]!, 96) };
      flows.push(flow);
      await payAnyhow(flow, seeded(SEED + n));
    });
  }

  test(
    `takes at most one capture for each payment, and gives back what it has to (seed ${SEED})`,
    async () => {
      await underFaults(system, STORM, blow);
      await minutesPass(system, 30);
      expect(takenTwice(system.stripe)).toEqual([]);
      const takenOf = new Map<string, number>();
      for (const { metadata, amount_received } of system.stripe.state.paymentIntents()) {
        const id = metadata['paymentId'] ?? '';
        takenOf.set(id, (takenOf.get(id) ?? 0) + amount_received);
      }
      for (const { payer, held } of flows) {
        const taken = takenOf.get(rowOf('pay', held.payment!.id).id) ?? 0;
        const { state, payment } = await payer.read(held);
        expect([0, payment!.amount.amountMinor]).toContain(taken);
        expect(payment!.captured.amountMinor).toBe(taken);
        if (taken === 0) expect(['HELD', 'EXPIRED', 'CANCELLED']).toContain(state);
        else if (state !== 'CONFIRMED') expect(payment!.refunded.amountMinor).toBe(taken);
        expect(payment!.refunds.map((refund) => refund.state)).toEqual(payment!.refunds.map(() => 'SUCCEEDED'));
      }
      // The storm was one: without both outcomes it would prove nothing.
      expect(system.stripe.state.deliveries().some(({ outcome }) => outcome === 'dropped')).toBe(true);
      const requests = system.stripe.state.requests();
      expect(requests.filter(({ status, lost }) => status >= 500 || lost).length).toBeGreaterThan(3);
      const unanswered = requests.filter(({ call, lost }) => lost && call.startsWith('POST /v1/payment_intents/'));
      expect(unanswered.length).toBeGreaterThanOrEqual(LOST_AT_LEAST);
      await expectBooksBalanced(system.platform, system.stripe);
    },
    drillMs(120_000),
  );

  test('would have been seen to take money twice (the twin: a second intent for a paid payment)', async () => {
    leaveBooksUnchecked(system, 'a payment is taken twice on purpose');
    const lot = await makeLot(system);
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    const { lotId, id: paymentId } = rowOf('pay', held.payment!.id);
    await payer.operatorsLibrary().paymentIntents.create({
      ...{ amount: 400, currency: 'eur', payment_method: 'pm_card_visa', confirm: true },
      ...{ allowed_payment_method_types: ['card'], metadata: { lotId, paymentId } },
    });
    await moneySettled(system);
    expect(takenTwice(system.stripe)).toEqual([paymentId]);
    const books = expectBooksBalanced(system.platform, system.stripe, NOTHING_IN_FLIGHT_MS);
    await expect(books).rejects.toThrow(/do not balance/);
  });
});
