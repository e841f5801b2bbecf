import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Payment } from '../../src/entities/payment.ts';
import { ProviderCommand } from '../../src/entities/provider-command.ts';
import { runJob } from '../../src/jobs/run.ts';
import { startJournalAppliers } from '../../src/gate/applier.ts';
import { eventually } from '../support/eventually.ts';
import { PAY_STAY, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf, type Held } from './payment-steps.ts';

const MINUTE_MS = 60_000;
const FEE = { noShow: { fee: 'FIXED', fixedMinor: 1000 } } as const;
const CONSENT = `cardConsent { text noShowMax { amountMinor currency } givenAt }`;
const READ = `query ($id: ID!) { reservation(id: $id) {
  state outcomeRule isDisputed chargeIfCancelledNow { amountMinor } refundIfCancelledNow { amountMinor } fee { amountMinor } cardConsent { text noShowMax { amountMinor } givenAt } payment { state } } }`;
const QUOTE = `query ($input: QuoteInput!) { quote(input: $input) { quote { ${CONSENT.replace('givenAt', 'givenAt')} } userErrors { code } } }`;
const DEBTS = `{ debts { nodes { id reason state left { amountMinor } payUrl } } }`;
const PAY_DEBT = `mutation ($input: PayDebtInput!) { payDebt(input: $input) { debt { state left { amountMinor } } userErrors { code } } }`;

describe('A card that is charged later, its owner away', () => {
  let system: TestSystem;
  let journal: { stop(): Promise<void> };
  let lot: TestLot;
  let payer: Payer;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    journal = await startJournalAppliers(system.platform);
  });

  beforeEach(async () => {
    lot = await makeLot(system, { policy: FEE });
    payer = new Payer(system, await makeDriver(system));
  });

  afterAll(async () => {
    await journal?.stop();
    await system?.stop();
  });

  const em = () => system.platform.orm.em.fork();
  const keyOf = (held: Held) => {
    const { lotId, id: reservationId } = rowOf('res', held.id);
    return { lotId, reservationId };
  };
  const feesOf = (held: Held) => em().find(Payment, { ...keyOf(held), kind: 'NO_SHOW_FEE' });
  const read = async (held: Held) => (await payer.ask(READ, { id: held.id })).data['reservation'];

  async function paid(): Promise<Held> {
    const held = await payer.reserve(lot);
    await payer.complete(held, 'pm_card_visa');
    await moneySettled(system);
    return held;
  }

  const graceEnds = () => system.clock.advance((4 * 60 + lot.policy.graceMinutes) * MINUTE_MS);

  async function doesNotCome(held: Held): Promise<void> {
    graceEnds();
    await eventually(
      () => runJob(system.platform, 'release-no-show', keyOf(held)),
      (outcome) => outcome === 'DONE',
    );
    await moneySettled(system);
  }

  test('what may be charged is said before paying, and stands with the reservation as agreed', async () => {
    const start = Math.ceil(system.clock.now().getTime() / 3_600_000) * 3_600_000 + 3 * 3_600_000;
    const period = { startsAt: new Date(start).toISOString(), endsAt: new Date(start + 7_200_000).toISOString() };
    const { data } = await payer.ask(QUOTE, { input: { lotId: lot.publicId, period } });
    const quoted = data['quote'].quote.cardConsent;
    expect(quoted).toEqual({
      text: expect.stringContaining('at most €10.00 if I do not come'),
      noShowMax: { amountMinor: 1000, currency: 'EUR' },
      givenAt: null,
    });
    const held = await payer.reserve(lot);
    expect((await read(held)).cardConsent).toMatchObject({ text: quoted.text, givenAt: null });
    await payer.complete(held, 'pm_card_visa');
    expect((await read(held)).cardConsent).toMatchObject({
      text: quoted.text,
      noShowMax: { amountMinor: 1000 },
      givenAt: expect.any(String),
    });
  });

  test('a lot that keeps at most what was paid charges nothing later, and says so', async () => {
    lot = await makeLot(system, { policy: { noShow: { fee: 'FIRST_HOURS', hours: 24 } } });
    const held = await payer.reserve(lot);
    expect((await read(held)).cardConsent).toMatchObject({
      text: expect.stringContaining('nothing if I do not come'),
      noShowMax: { amountMinor: 0 },
    });
  });

  test('it is never charged more for not coming than was agreed, whatever the row says by then', async () => {
    const held = await paid();
    const { lotId, reservationId } = keyOf(held);
    await em().execute(
      `UPDATE reservation SET policy = jsonb_set(policy, '{noShow,fixedMinor}', '9000') WHERE lot_id = ? AND id = ?`,
      [lotId, reservationId],
    );
    await doesNotCome(held);
    expect(await feesOf(held)).toMatchObject([{ state: 'CAPTURED', amountMinor: 1000, capturedMinor: 1000 }]);
  });

  test('refused, it becomes a debt, a message with all that one needs to know, and a link; the driver pays it with another card', async () => {
    const held = await paid();
    await payer.saveCard('pm_card_chargeCustomerFail');
    await doesNotCome(held);
    const [fee] = await feesOf(held);
    expect(fee).toMatchObject({ state: 'FAILED', capturedMinor: 0 });
    const [debt] = (await payer.ask(DEBTS, {})).data['debts'].nodes;
    expect(debt).toMatchObject({
      reason: 'NO_SHOW_FEE',
      state: 'OPEN',
      left: { amountMinor: 600 },
      payUrl: expect.stringContaining('/pay/'),
    });
    const told = await em().execute<{ payload: Record<string, unknown> }[]>(
      `SELECT payload FROM outbox_event WHERE aggregate_id = ? AND type = 'payment.charge_refused'`,
      [fee!.id],
    );
    expect(told).toMatchObject([
      {
        payload: {
          ...{
            paymentId: fee!.id,
            kind: 'NO_SHOW_FEE',
            reservationId: keyOf(held).reservationId,
            driverId: payer.driver.id,
          },
          ...{ amountMinor: 600, currency: 'EUR', failureCode: expect.any(String), debtId: expect.any(String) },
        },
      },
    ]);
    expect(await em().count(ProviderCommand, { subjectId: fee!.id, finishedAt: null })).toBe(0);
    const input = { idempotencyKey: randomUUID(), debtId: debt.id, paymentMethodId: 'pm_card_visa' };
    expect((await payer.ask(PAY_DEBT, { input })).data['payDebt']).toMatchObject({
      debt: { state: 'SETTLED', left: { amountMinor: 0 } },
      userErrors: [],
    });
    await moneySettled(system);
  });

  test('cancelling between the end of the grace and the release costs what not coming costs, and says so before', async () => {
    const held = await paid();
    expect(await read(held)).toMatchObject({ chargeIfCancelledNow: { amountMinor: 0 } });
    graceEnds();
    expect(await read(held)).toMatchObject({
      state: 'CONFIRMED',
      chargeIfCancelledNow: { amountMinor: 600 },
      refundIfCancelledNow: { amountMinor: 0 },
    });
    expect((await payer.cancel(held)).reservation).toMatchObject({ state: 'CANCELLED', outcomeRule: 'NO_SHOW_FIXED' });
    await moneySettled(system);
    expect(await feesOf(held)).toMatchObject([{ state: 'CAPTURED', capturedMinor: 600 }]);
    expect(await read(held)).toMatchObject({ fee: { amountMinor: 400 } });
  });

  test('a walk-in whose price no card is charged is told so, with or without a card', async () => {
    const cheap = await makeLot(system, { tariff: plainRates({ blockMinutes: 60, minor: 10 }) });
    const { stayId } = await untilDurable(system, cheap.entry, { plate: { text: 'CHEAP1' } });
    system.clock.advance(30 * MINUTE_MS);
    for (const card of [{}, { paymentMethodId: 'pm_card_visa' }]) {
      const input = { idempotencyKey: randomUUID(), stay: { stayId }, ...card };
      const { data } = await system.client(await loginOf(system, payer.driver)).query(PAY_STAY, { input });
      expect(data['payStay']).toMatchObject({ stay: null, userErrors: [{ code: 'PAYMENT_IMPOSSIBLE' }] });
    }
  });

  test('a dispute shows on the reservation at once, blocks its refunds, and is gone when it is won', async () => {
    const held = await payer.reserve(lot, 48);
    await payer.complete(held, 'pm_card_createDispute');
    await eventually(
      () => read(held),
      ({ isDisputed }) => isDisputed,
    );
    expect(await read(held)).toMatchObject({ isDisputed: true, payment: { state: 'DISPUTED' } });
    await payer.cancel(held);
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'OWED' }]);
    expect(system.stripe.state.refunds()).toEqual([]);
    const [dispute] = system.stripe.state.disputes();
    await payer
      .operatorsLibrary()
      .disputes.update(dispute!.id, { evidence: { uncategorized_text: 'winning_evidence' } });
    await eventually(
      () => read(held),
      ({ isDisputed }) => !isDisputed,
    );
    await moneySettled(system);
    expect((await payer.read(held)).payment!.refunds).toMatchObject([{ state: 'SUCCEEDED' }]);
  });
});
