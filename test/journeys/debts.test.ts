import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Debt } from '../../src/entities/debt.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Driver } from '../../src/entities/driver.ts';
import { runCommands } from '../../src/jobs/provider-commands.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { collectDebts } from '../../src/payments/collect-debts.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { eventually } from '../support/eventually.ts';
import { hoursFrom } from '../support/booking.ts';
import { decide, makeGuest, untilDurable } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { Payer } from './payment-steps.ts';
import { Attendant } from './till-steps.ts';

const MINUTE_MS = 60_000;
const CARD = 'pm_card_visa';
const VAT = { tax: { percent: 25, mode: 'INCLUDED' } } as const;

const DEBT = `id reason state amount { amountMinor } left { amountMinor } settledAt payUrl`;
const DEBTS = `query ($states: [DebtState!]) { debts(first: 10, states: $states) { nodes { ${DEBT} } } }`;
const LOT_DEBTS = `query ($lotId: ID!) { lotDebts(lotId: $lotId, first: 10) { nodes { ${DEBT} waiveReason } } }`;
const PAY = `mutation ($input: PayDebtInput!) { payDebt(input: $input) {
  debt { ${DEBT} } payment { kind state captured { amountMinor } } clientSecret replayed userErrors { code field } } }`;
const WAIVE = `mutation ($input: WaiveDebtInput!) { waiveDebt(input: $input) { debt { ${DEBT} } replayed userErrors { code field } } }`;
const AGREE = `mutation ($input: AgreeToDebtCollectionInput!) { agreeToDebtCollection(input: $input) { collectedSince userErrors { code } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

/** The sum of an account of a lot's books: debits positive. */
async function balance(lot: TestLot, account: string): Promise<number> {
  const [row] = await system.platform.orm.em
    .fork()
    .execute<{ minor: string }[]>(
      'SELECT coalesce(sum(amount_minor), 0) AS minor FROM ledger_entry WHERE lot_id = ? AND account = ?',
      [lot.id, account],
    );
  return Number(row!.minor);
}

interface Owing {
  lot: TestLot;
  payer: Payer;
  debt: { id: string; payUrl: string };
}

/** A driver without a saved card who has stayed 70 minutes too long, which costs 4.00. */
async function overstayed(at?: TestLot): Promise<Owing> {
  const lot = at ?? (await makeLot(system, { tariff: VAT }));
  const period = hoursFrom(system.clock.now(), 1, 2);
  const guest = await makeGuest(system, lot, period);
  const payer = new Payer(system, { ...guest.driver } as never);
  // The news of the payment keeps its card, too: only then is it taken away.
  await system.stripe.deliverPending();
  await paymentsIdle(system.platform);
  await system.platform.orm.em
    .fork()
    .execute('UPDATE driver SET saved_payment_method_id = NULL WHERE id = ?', [guest.driver.id]);
  const startsAt = Date.parse(period.startsAt);
  system.clock.runFrom(new Date(startsAt));
  expect(await untilDurable(system, lot.entry, { pass: guest.pass })).toMatchObject({ action: 'OPEN' });
  system.clock.runFrom(new Date(startsAt + 190 * MINUTE_MS));
  expect(await untilDurable(system, lot.exit, { pass: guest.pass })).toMatchObject({ reason: 'BILLED_LATER' });
  await paymentsIdle(system.platform);
  const debt = await eventually(
    async () => (await payer.ask(DEBTS, {})).data['debts'].nodes[0],
    (seen) => seen !== undefined,
  );
  await eventually(
    () =>
      system.platform.orm.em
        .fork()
        .execute<{ state: string }[]>(`SELECT state FROM payment WHERE kind = 'OVERSTAY' AND lot_id = ?`, [lot.id]),
    (rows) => rows.every(({ state }) => state === 'FAILED'),
  );
  return { lot, payer, debt };
}

async function pay({ payer, debt }: Owing, more: Record<string, unknown> = {}): Promise<any> {
  const input = { idempotencyKey: randomUUID(), debtId: debt.id, paymentMethodId: CARD, ...more };
  const { data, errors } = await payer.ask(PAY, { input });
  if (errors) throw new Error(JSON.stringify(errors));
  return data['payDebt'];
}

describe('a driver who left something owing', () => {
  test('sees it, pays it with a card, and owes nothing: it was earned when it was left, and is not earned again', async () => {
    const owing = await overstayed();
    const { lot, debt } = owing;
    expect(debt).toMatchObject({ reason: 'OVERSTAY', state: 'OPEN', left: { amountMinor: 400 } });
    expect(await balance(lot, 'debts:receivable')).toBe(400);
    const earned = [await balance(lot, 'revenue:parking'), await balance(lot, 'tax:payable')];
    expect(await pay(owing)).toMatchObject({
      debt: { state: 'SETTLED', left: { amountMinor: 0 }, payUrl: null },
      payment: { kind: 'DEBT', state: 'CAPTURED', captured: { amountMinor: 400 } },
      clientSecret: null,
      userErrors: [],
    });
    expect(await balance(lot, 'debts:receivable')).toBe(0);
    expect([await balance(lot, 'revenue:parking'), await balance(lot, 'tax:payable')]).toEqual(earned);
    expect((await pay(owing)).userErrors).toMatchObject([{ code: 'DEBT_NOT_FOUND' }]);
  });

  test('pays once, however often and at once they ask', async () => {
    const owing = await overstayed();
    const all = await Promise.all(Array.from({ length: 6 }, () => pay(owing)));
    expect(all.some(({ debt }) => debt?.state === 'SETTLED')).toBe(true);
    await paymentsIdle(system.platform);
    const [{ state, paidMinor }] = (await system.platform.orm.em.fork().find(Debt, { lotId: owing.lot.id })) as [Debt];
    expect({ state, paidMinor }).toEqual({ state: 'SETTLED', paidMinor: 400 });
    const taken = system.stripe.state
      .paymentIntents()
      .filter(
        ({ metadata, amount_received }) =>
          metadata['lotId'] === owing.lot.id && metadata['kind'] === 'DEBT' && amount_received > 0,
      );
    expect(taken).toHaveLength(1);
  });

  test('keeps it when the card is refused, and may try another', async () => {
    const owing = await overstayed();
    const refused = await pay(owing, { paymentMethodId: 'pm_card_visa_chargeDeclinedInsufficientFunds' });
    expect(refused.userErrors).toMatchObject([{ code: 'PAYMENT_DECLINED' }]);
    expect(await pay(owing)).toMatchObject({ debt: { state: 'SETTLED' } });
  });

  test('is the only one who sees and pays it in the app', async () => {
    const owing = await overstayed();
    const other = new Payer(system, await makeDriver(system));
    expect((await other.ask(DEBTS, {})).data['debts'].nodes).toEqual([]);
    expect((await pay({ ...owing, payer: other })).userErrors).toMatchObject([{ code: 'DEBT_NOT_FOUND' }]);
  });

  test('pays on the page that the link leads to, without a login and without a script', async () => {
    const { debt, payer } = await overstayed();
    const page = await fetch(`${system.url}${debt.payUrl}`);
    const text = await page.text();
    expect(text).toContain('€4.00');
    expect(text).toContain('Time past the end');
    expect(text).not.toContain('<script');
    const post = (card: string) =>
      fetch(`${system.url}${debt.payUrl}`, { method: 'POST', body: new URLSearchParams({ card }) });
    const refused = await post('pm_card_visa_chargeDeclinedInsufficientFunds');
    expect(refused.status).toBe(402);
    expect(await refused.text()).toContain('role="alert"');
    expect((await post('pm_card_unheard_of')).status).toBe(402);
    const paid = await post(CARD);
    expect(paid.status).toBe(200);
    expect(await paid.text()).toContain('It is paid');
    expect(await (await post(CARD)).text()).toContain('It is paid');
    expect((await payer.ask(DEBTS, { states: ['OPEN'] })).data['debts'].nodes).toEqual([]);
  });

  test('whose bank asks first pays by coming back to the page', async () => {
    const { debt, payer } = await overstayed();
    const body = new URLSearchParams({ card: 'pm_card_authenticationRequired' });
    const asked = await fetch(`${system.url}${debt.payUrl}`, { method: 'POST', body });
    expect(asked.status).toBe(402);
    const secret = system.stripe.state.paymentIntents().at(-1)!.client_secret!;
    system.stripe.faults.set({ webhooks: { dropShare: 1 } });
    await payer.authenticate(secret);
    const back = await fetch(`${system.url}${debt.payUrl}`);
    system.stripe.faults.set({ webhooks: { dropShare: 0 } });
    expect(await back.text()).toContain('It is paid');
  });

  test('does not make the card of whoever paid with the link their own', async () => {
    const { debt, payer } = await overstayed();
    const paid = await fetch(`${system.url}${debt.payUrl}`, {
      method: 'POST',
      body: new URLSearchParams({ card: CARD }),
    });
    expect(await paid.text()).toContain('It is paid');
    const driver = await system.platform.orm.em.fork().findOneOrFail(Driver, { id: payer.driver.id });
    expect(driver.savedPaymentMethodId).toBeNull();
  });

  test('no other address leads to a debt', async () => {
    const { debt } = await overstayed();
    const changed = debt.payUrl.replace(/..$/, (end) => (end === 'AA' ? 'AB' : 'AA'));
    for (const path of [changed, '/pay/nonsense']) {
      expect((await fetch(`${system.url}${path}`)).status).toBe(404);
      expect((await fetch(`${system.url}${path}`, { method: 'POST', body: new URLSearchParams() })).status).toBe(404);
    }
  });
});

describe('staff', () => {
  test('let go of a debt with a reason: a loss in the books, and its tax is not owed', async () => {
    const { lot, debt } = await overstayed();
    const operator = new Attendant(system, lot, 'OPERATOR');
    const waive = (reason: string) => operator.ask('waiveDebt', WAIVE, { debtId: debt.id, reason });
    expect(await waive('The barrier was broken')).toMatchObject({ debt: { state: 'WAIVED' }, userErrors: [] });
    expect((await waive('Again')).userErrors).toMatchObject([{ code: 'DEBT_NOT_FOUND' }]);
    expect([await balance(lot, 'debts:waived'), await balance(lot, 'debts:receivable')]).toEqual([320, 0]);
    const seen = await operator.query(LOT_DEBTS, { lotId: lot.publicId });
    expect(seen.lotDebts.nodes).toMatchObject([{ state: 'WAIVED', waiveReason: 'The barrier was broken' }]);
    const elsewhere = new Attendant(system, await makeLot(system), 'OPERATOR');
    await expect(elsewhere.query(LOT_DEBTS, { lotId: lot.publicId })).rejects.toThrow('NOT_FOUND');
  });

  test('take a debt in cash while its driver has begun to pay it: the card’s money, should it come, goes back', async () => {
    const owing = await overstayed();
    const begun = await pay(owing, { paymentMethodId: undefined });
    const till = new Attendant(system, owing.lot);
    const { shift } = await till.openShift(0);
    const taken = await till.take(shift.id, { debtId: owing.debt.id }, { cash: { tenderedMinor: 400 } });
    expect(taken).toMatchObject({ payment: { kind: 'DEBT', method: 'CASH' }, debt: { state: 'SETTLED' } });
    await owing.payer.payInClient(begun.clientSecret, CARD).catch(() => undefined);
    await system.stripe.deliverPending();
    await runCommands(system.platform);
    await paymentsIdle(system.platform);
    const kept = await eventually(
      () =>
        system.platform.orm.em
          .fork()
          .execute<{ kept: string }[]>(
            `SELECT sum(captured_minor - refunded_minor) AS kept FROM payment WHERE lot_id = ? AND kind = 'DEBT'`,
            [owing.lot.id],
          ),
      (rows) => Number(rows[0]!.kept) === 400,
    );
    expect(Number(kept[0]!.kept)).toBe(400);
  });

  test('see at the next entry what the same plate has left unpaid; nobody is charged for it unasked', async () => {
    const lot = await makeLot(system, { tariff: VAT });
    const plate = { text: `OWE${randomUUID().slice(0, 4).toUpperCase()}` };
    await untilDurable(system, lot.entry, { plate });
    system.clock.advance(90 * MINUTE_MS);
    // The barrier stood open: it left unpaid.
    await untilDurable(system, lot.exit, { plate }, { alreadyOpened: true });
    // Within seconds of each other two readings at one gate are of one arrival.
    system.clock.advance(MINUTE_MS);
    const { stayId } = await untilDurable(system, lot.entry, { plate });
    const asked = `query ($id: ID!) { earlierDebts(stayId: $id) { reason left { amountMinor } } }`;
    const seen = await new Attendant(system, lot).query(asked, { id: stayId });
    expect(seen.earlierDebts).toEqual([{ reason: 'UNPAID_STAY', left: { amountMinor: 400 } }]);
    const elsewhere = new Attendant(system, await makeLot(system));
    await expect(elsewhere.query(asked, { id: stayId })).rejects.toThrow('NOT_FOUND');
    expect(await decide(system, lot.exit, { plate })).toMatchObject({ due: { amountMinor: 200 } });
  });
});

describe('at the next visit that is paid', () => {
  async function nextVisit({ payer, lot }: Owing): Promise<void> {
    await payer.saveCard(CARD);
    const held = await payer.reserve(lot);
    expect((await payer.complete(held, CARD)).userErrors).toEqual([]);
    await runCommands(system.platform);
    await paymentsIdle(system.platform);
  }

  const stateOf = async ({ payer }: Owing) => (await payer.ask(DEBTS, {})).data['debts'].nodes[0].state;

  test('what is owed is charged too, as a payment of its own, with the driver’s standing word', async () => {
    const owing = await overstayed();
    const agreed = await owing.payer.ask(AGREE, { input: { agreed: true } });
    expect(agreed.data['agreeToDebtCollection'].collectedSince).toEqual(expect.any(String));
    await nextVisit(owing);
    expect(
      await eventually(
        () => stateOf(owing),
        (state) => state === 'SETTLED',
      ),
    ).toBe('SETTLED');
  });

  test('what the card refuses stays open, as the one debt that it was, and may be collected again', async () => {
    const owing = await overstayed();
    await owing.payer.ask(AGREE, { input: { agreed: true } });
    await owing.payer.saveCard('pm_card_chargeCustomerFail');
    const visit = { lotId: owing.lot.id, driverId: owing.payer.driver.id };
    const collect = async () => {
      const found = await inTransaction(system.platform, (tx) => collectDebts(tx, visit));
      await paymentsIdle(system.platform);
      return found;
    };
    const em = () => system.platform.orm.em.fork();
    const payments = () => em().find(Payment, { lotId: owing.lot.id, kind: 'DEBT' });
    expect(await collect()).toBe(1);
    await eventually(payments, ([payment]) => payment?.state === 'FAILED');
    expect(await em().find(Debt, { lotId: owing.lot.id })).toMatchObject([{ state: 'OPEN', paidMinor: 0 }]);
    await owing.payer.saveCard(CARD);
    expect(await collect()).toBe(1);
    await eventually(
      () => stateOf(owing),
      (state) => state === 'SETTLED',
    );
    expect((await payments()).map(({ state }) => state).sort()).toEqual(['CAPTURED', 'FAILED']);
  });

  test('what its driver began to pay, and never did, is collected as well', async () => {
    const owing = await overstayed();
    await owing.payer.ask(AGREE, { input: { agreed: true } });
    await pay(owing, { paymentMethodId: undefined });
    await nextVisit(owing);
    expect(await stateOf(owing)).toBe('OPEN');
    system.clock.advance(25 * 60 * MINUTE_MS);
    await nextVisit(owing);
    await eventually(
      () => stateOf(owing),
      (state) => state === 'SETTLED',
    );
  });

  test('nothing is collected without it, nor after it was taken back, nor by another operator', async () => {
    const owing = await overstayed();
    await nextVisit(owing);
    expect(await stateOf(owing)).toBe('OPEN');
    await owing.payer.ask(AGREE, { input: { agreed: true } });
    await nextVisit({ ...owing, lot: await makeLot(system) });
    expect(await stateOf(owing)).toBe('OPEN');
    await owing.payer.ask(AGREE, { input: { agreed: false } });
    await nextVisit(owing);
    expect(await stateOf(owing)).toBe('OPEN');
  });
});
