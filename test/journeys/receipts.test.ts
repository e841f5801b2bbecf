import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeId } from '../../src/domain/public-id.ts';
import { Debt } from '../../src/entities/debt.ts';
import { Driver } from '../../src/entities/driver.ts';
import { Payment } from '../../src/entities/payment.ts';
import { Reservation } from '../../src/entities/reservation.ts';
import { takeNoShowFee } from '../../src/payments/no-show-fee.ts';
import { payDebt } from '../../src/payments/pay-debt.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { eventually } from '../support/eventually.ts';
import { untilDurable } from '../support/gate.ts';
import { pdfText } from '../support/pdf-text.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { loginOf, makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { Discounts } from './discount-steps.ts';
import { Payer, rowOf, type Held } from './payment-steps.ts';
import { Attendant } from './till-steps.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const CARD = 'pm_card_visa';
const VAT = { tax: { percent: 25.5, mode: 'INCLUDED', name: 'ALV' } } as const;

const ISSUE = `mutation ($input: IssueReceiptsInput!) { issueReceipts(input: $input) {
  receipts { id number isRefund total { amountMinor } issuedAt url pdfUrl } userErrors { code field } } }`;
const DETAILS = `mutation ($input: SetReceiptDetailsInput!) { setReceiptDetails(input: $input) { lot { id } userErrors { code field } } }`;

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

interface Bought {
  lot: TestLot;
  payer: Payer;
  held: Held;
  paymentId: string;
}

/** A driver who paid 4.00 for two hours at a lot with Finnish tax. */
async function bought(at?: TestLot): Promise<Bought> {
  const lot = at ?? (await makeLot(system, { tariff: VAT }));
  const payer = new Payer(system, await makeDriver(system));
  const held = await payer.reserve(lot);
  const { reservation } = await payer.complete(held, CARD);
  return { lot, payer, held, paymentId: reservation!.payment!.id };
}

async function issue(paymentId: string, token: string): Promise<any> {
  const { data, errors } = await system.client(token).query(ISSUE, { input: { paymentId } });
  if (errors) throw new Error(JSON.stringify(errors));
  return data['issueReceipts'];
}

const tokenOf = ({ payer }: Bought) => loginOf(system, payer.driver);
const at = (path: string) => fetch(`${system.url}${path}`);

test('a driver gets a receipt with the price’s lines, its tax and the law’s words, as a page and as a PDF', async () => {
  const lot = await makeLot(system, { tariff: VAT });
  const operator = await lot.staffToken('OPERATOR');
  const legal = {
    legalName: 'Парковка Хельсинки Oy',
    legalAddress: 'Mannerheimintie 1\n00100 Helsinki',
    taxId: 'FI12345671',
    footer: 'Kiitos!',
  };
  const set = await system.client(operator).query(DETAILS, { input: { lotId: lot.publicId, ...legal } });
  expect(set.data['setReceiptDetails']).toMatchObject({ lot: { id: lot.publicId }, userErrors: [] });
  const own = await bought(lot);
  const { receipts } = await issue(own.paymentId, await tokenOf(own));
  expect(receipts).toMatchObject([{ number: `${lot.code}-000001`, isRefund: false, total: { amountMinor: 400 } }]);
  const [{ url, pdfUrl }] = receipts;
  const said = [
    '€4.00',
    '€3.19',
    '€0.81',
    'ALV 25.5 %',
    legal.legalName,
    'FI12345671',
    `${lot.code}-000001`,
    'Kiitos!',
  ];
  const shown = await at(url);
  expect(shown.headers.get('cache-control')).toBe('private, no-store');
  const page = await shown.text();
  for (const words of said) expect(page).toContain(words);
  const pdf = await at(pdfUrl);
  expect(pdf.headers.get('content-type')).toBe('application/pdf');
  const text = pdfText(Buffer.from(await pdf.arrayBuffer()));
  for (const words of said) expect(text).toContain(words);
});

test('neither the address nor the sheet tells the plate', async () => {
  const own = await bought();
  const { receipts } = await issue(own.paymentId, await tokenOf(own));
  const page = await (await at(receipts[0].url)).text();
  const plate = own.payer.plate;
  expect(page).toContain(`•${plate.slice(-2)}`);
  expect(page + receipts[0].url).not.toContain(plate);
});

test('a receipt that was issued never changes; what goes back later has one of its own', async () => {
  const own = await bought();
  const first = await issue(own.paymentId, await tokenOf(own));
  const before = await (await at(first.receipts[0].url)).text();
  await own.payer.cancel(own.held);
  const { receipts } = await issue(own.paymentId, await tokenOf(own));
  expect(receipts).toHaveLength(2);
  expect(receipts[0]).toEqual(first.receipts[0]);
  expect(receipts[1]).toMatchObject({ number: `${own.lot.code}-000002`, isRefund: true, total: { amountMinor: 400 } });
  expect(await (await at(first.receipts[0].url)).text()).toBe(before);
  expect(await (await at(receipts[1].url)).text()).toContain(`${own.lot.code}-000001`);
  const em = system.platform.orm.em.fork();
  for (const change of [`UPDATE receipt SET content = '{}'`, 'DELETE FROM receipt', 'TRUNCATE receipt'])
    await expect(em.execute(change)).rejects.toThrow('never changed or deleted');
});

test('numbers have no gap, also when many ask at once and some of it is rolled back', async () => {
  const lot = await makeLot(system, { spots: { STANDARD: 6 }, tariff: VAT });
  const all: Bought[] = [];
  for (let count = 0; count < 6; count++) all.push(await bought(lot));
  const tokens = await Promise.all(all.map(tokenOf));
  const asked = all.flatMap(({ paymentId }, index) => [0, 1, 2].map(() => issue(paymentId, tokens[index]!)));
  const answers = await Promise.all(asked);
  const numbers = answers.map(({ receipts }) => receipts[0].number as string);
  expect([...new Set(numbers)].sort()).toEqual([1, 2, 3, 4, 5, 6].map((number) => `${lot.code}-00000${number}`));
});

test('coins, the rounding and a refund out of the drawer stand on the receipts of a visit', async () => {
  const rates = [{ name: 'All', bands: [{ name: 'Day', steps: [{ blockMinutes: 60, minor: 201 }] }] }];
  const lot = await makeLot(system, { tariff: { ...VAT, rates, cashRounding: { toMinor: 5, mode: 'NEAREST' } } });
  const plate = { text: `RCP${randomUUID().slice(0, 4).toUpperCase()}` };
  // In the middle of a day: its end would end a line.
  system.clock.advance(33 * HOUR_MS - (system.clock.now().getTime() % (24 * HOUR_MS)));
  const { stayId } = await untilDurable(system, lot.entry, { plate });
  system.clock.advance(90 * MINUTE_MS);
  const till = new Attendant(system, lot);
  const { shift } = await till.openShift(1000);
  const { payment } = await till.take(shift.id, { stay: { stayId } }, { cash: { tenderedMinor: 500 } });
  await till.refund(shift.id, { paymentId: payment.id, amountMinor: 100, reason: 'A kindness' });
  const { receipts } = await issue(payment.id, await lot.staffToken('ATTENDANT'));
  expect(receipts).toMatchObject([{ total: { amountMinor: 402 } }, { isRefund: true, total: { amountMinor: 100 } }]);
  const page = await (await at(receipts[0].url)).text();
  for (const words of ['× 2', '€4.02', 'Rounded to coins', '-€0.02', 'Paid in cash', '€4.00'])
    expect(page).toContain(words);
});

test('what was owed and a monthly pass have their tax on the receipt, too', async () => {
  const own = await bought();
  const { lotId, id } = rowOf('res', own.held.id);
  const em = system.platform.orm.em.fork();
  await em.nativeUpdate(Driver, { id: own.payer.driver.id }, { savedPaymentMethodId: null });
  const reservation = await em.findOneOrFail(Reservation, { lotId, id });
  await inTransaction(system.platform, (tx) =>
    takeNoShowFee(tx, { ...reservation, lotId, id, consent: null }, { keptMinor: 0, chargeMinor: 600 }),
  );
  const debt = await eventually(
    () => system.platform.orm.em.fork().findOne(Debt, { lotId }),
    (row) => row !== null,
  );
  const pay = { idempotencyKey: randomUUID(), lotId, debtId: debt!.id, paymentMethodId: CARD };
  const { payment } = await payDebt(system.platform, pay, { actor: 'test', driverId: own.payer.driver.id });
  const owed = await issue(encodeId('pay', lotId, payment.id), await tokenOf(own));
  const page = await (await at(owed.receipts[0].url)).text();
  for (const words of ['€6.00', '€1.22', 'ALV 25.5 %', reservation.code]) expect(page).toContain(words);

  const discounts = new Discounts(system, own.lot);
  const product = await discounts.product();
  const input = { idempotencyKey: randomUUID(), productId: product.id, paymentMethodId: CARD };
  await discounts.send('buyMonthlyPass', await tokenOf(own), { ...input, plates: [own.payer.plate] });
  const bill = await system.platform.orm.em.fork().findOneOrFail(Payment, { lotId, kind: 'MONTHLY_PASS' });
  const pass = await issue(encodeId('pay', lotId, bill.id), await tokenOf(own));
  expect(await (await at(pass.receipts[0].url)).text()).toContain('ALV 25.5 %');
});

test('nobody else gets one: not another driver, not another operator, not with a changed address, not before it was paid', async () => {
  const own = await bought();
  const { receipts } = await issue(own.paymentId, await tokenOf(own));
  const stranger = await bought();
  const elsewhere = await stranger.lot.staffToken('OPERATOR');
  for (const token of [await tokenOf(stranger), elsewhere])
    expect(await issue(own.paymentId, token)).toMatchObject({ receipts: null, userErrors: [{ code: 'NOT_FOUND' }] });
  const url: string = receipts[0].url;
  const changed = url.slice(0, -2) + (url.endsWith('A') ? 'BQ' : 'AA');
  expect((await at(changed)).status).toBe(404);
  expect((await at('/receipts/nonsense')).status).toBe(404);
  const held = await own.payer.reserve(own.lot, 6);
  const unpaid = await issue(held.payment!.id, await tokenOf(own));
  expect(unpaid.userErrors).toMatchObject([{ code: 'PAYMENT_REQUIRED' }]);
});
