import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { LotPolicy } from '../../src/domain/policies.ts';
import type { Rate, TariffDocument } from '../../src/domain/tariff/document.ts';
import { releaseIfAbsent } from '../../src/jobs/release-no-show.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { hoursFrom } from '../support/booking.ts';
import { eventually } from '../support/eventually.ts';
import { makeGuest, untilDurable, type Guest } from '../support/gate.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { plainRates } from '../support/tariffs.ts';
import { loginOf, makeLot, type TestLot } from '../support/world.ts';
import { Attendant } from './till-steps.ts';

const MINUTE_MS = 60_000;
const MONEY = `query ($id: ID!) { reservation(id: $id) { state outcomeRule refunded { amountMinor }
  payment { captured { amountMinor } tax { amountMinor } refunds { reason amount { amountMinor } state } }
  charges { kind state amount { amountMinor } captured { amountMinor } } } }`;
const STATEMENT = `query ($of: StatementOfInput!) { statement(of: $of) { isComplete csv
  lines { cause about account debit { amountMinor } credit { amountMinor } }
  totals { account balance { amountMinor } } tax { gross { amountMinor } net { amountMinor } tax { amountMinor } } } }`;

/** 2.00 an hour, at most 10.00 in each 24 hours from the entry: the same at any hour of the day. */
const dayRates: Rate[] = plainRates({ blockMinutes: 60, minor: 200 }).rates.map((rate) => ({
  ...rate,
  caps: [{ window: 'ROLLING', minor: 1000 }],
}));

let system: TestSystem;
beforeAll(async () => {
  system = await startSystem();
});
afterAll(() => system.stop());

interface Visit {
  lot: TestLot;
  guest: Guest;
  startsAtMs: number;
}

/** A guest whose saved card has paid for `hours` that begin now, at 2.00 an hour with 25 % tax in it. */
async function visit(hours: number, policy: Partial<LotPolicy>, tariff: Partial<TariffDocument> = {}): Promise<Visit> {
  const lot = await makeLot(system, { policy, tariff: { tax: { percent: 25, mode: 'INCLUDED' }, ...tariff } });
  const period = hoursFrom(system.clock.now(), 1, hours);
  const guest = await makeGuest(system, lot, period);
  const startsAtMs = Date.parse(period.startsAt);
  system.clock.runFrom(new Date(startsAtMs));
  return { lot, guest, startsAtMs };
}

const goTo = ({ startsAtMs }: Visit, minutes: number) =>
  system.clock.runFrom(new Date(startsAtMs + minutes * MINUTE_MS));

/** The no-show's job, as often as it asks to run. */
async function releasedNow({ guest }: Visit): Promise<void> {
  const key = { lotId: guest.lotId, reservationId: guest.id };
  await eventually(
    () => releaseIfAbsent(system.platform, key),
    (outcome) => outcome !== 'JOURNAL_BEHIND',
  );
}

/** What the driver sees, once it is as wanted. */
async function seenBy({ guest }: Visit, wanted: (seen: any) => boolean): Promise<any> {
  return eventually(async () => {
    await paymentsIdle(system.platform);
    const { data } = await system.client(await loginOf(system, guest.driver)).query(MONEY, { id: guest.publicId });
    return data['reservation'];
  }, wanted);
}

async function statementOf({ lot, guest }: Visit): Promise<any> {
  const operator = new Attendant(system, lot, 'OPERATOR');
  const { statement } = await operator.query(STATEMENT, { of: { reservationId: guest.publicId } });
  return statement;
}

const balances = (statement: any): Record<string, number> =>
  Object.fromEntries(statement.totals.map((total: any) => [total.account, total.balance.amountMinor]));

test('early exit: what was not used goes back within seconds, and the statement follows each cent', async () => {
  const early = await visit(4, { earlyDeparture: { refundPercent: 100, minimumChargeMinutes: 0 } });
  await untilDurable(system, early.lot.entry, { pass: early.guest.pass });
  goTo(early, 80);
  await untilDurable(system, early.lot.exit, { pass: early.guest.pass });
  const seen = await seenBy(early, ({ payment }) => payment.refunds[0]?.state === 'SUCCEEDED');
  expect(seen).toMatchObject({
    state: 'COMPLETED',
    refunded: { amountMinor: 400 },
    payment: {
      captured: { amountMinor: 800 },
      tax: { amountMinor: 160 },
      refunds: [{ reason: 'EARLY_DEPARTURE', amount: { amountMinor: 400 } }],
    },
    charges: [],
  });
  const statement = await statementOf(early);
  expect(balances(statement)).toEqual({
    'provider:clearing': 400,
    'refunds:owed': 0,
    'tax:payable': -80,
    'revenue:parking': -320,
  });
  expect(statement.tax).toEqual({ gross: { amountMinor: 400 }, net: { amountMinor: 320 }, tax: { amountMinor: 80 } });
  expect(statement.lines.map(({ cause }: any) => cause)).toEqual([
    ...['PAYMENT_CAPTURED', 'PAYMENT_CAPTURED', 'PAYMENT_CAPTURED'],
    ...['REFUND_PROMISED', 'REFUND_PROMISED', 'REFUND_PROMISED', 'REFUND_SENT', 'REFUND_SENT'],
  ]);
  expect(statement.csv).toContain(',PAYMENT_CAPTURED,');
  expect(statement.csv).toContain(',provider:clearing,8.00,,EUR');
});

test('not coming with the first 24 hours as the fee: the rest of three days goes back', async () => {
  const tariff = { rates: dayRates };
  const missed = await visit(72, { noShow: { fee: 'FIRST_HOURS', hours: 24 } }, tariff);
  goTo(missed, 31);
  await releasedNow(missed);
  const seen = await seenBy(
    missed,
    ({ state, payment }) => state === 'NO_SHOW' && payment.refunds[0]?.state === 'SUCCEEDED',
  );
  const paid = seen.payment.captured.amountMinor;
  expect(seen).toMatchObject({
    outcomeRule: 'NO_SHOW_FIRST_HOURS',
    refunded: { amountMinor: paid - 1000 },
    charges: [],
  });
  const statement = await statementOf(missed);
  // The fee is earned as one, its tax apart.
  expect(balances(statement)).toMatchObject({ 'revenue:no_show': -800, 'revenue:parking': 0, 'tax:payable': -200 });
});

test('not coming with a penalty above the price: the driver sees what was charged besides', async () => {
  const missed = await visit(2, { noShow: { fee: 'FIXED', fixedMinor: 1000 } });
  goTo(missed, 31);
  await releasedNow(missed);
  const seen = await seenBy(missed, ({ charges }) => charges[0]?.state === 'CAPTURED');
  expect(seen).toMatchObject({
    state: 'NO_SHOW',
    refunded: { amountMinor: 0 },
    charges: [{ kind: 'NO_SHOW_FEE', state: 'CAPTURED', captured: { amountMinor: 600 } }],
  });
  expect(balances(await statementOf(missed))).toEqual({
    'provider:clearing': 1000,
    'tax:payable': -200,
    'revenue:parking': 0,
    'revenue:no_show': -800,
  });
  const stranger = await visit(2, {});
  const { data } = await system
    .client(await loginOf(system, stranger.guest.driver))
    .query(MONEY, { id: missed.guest.publicId });
  expect(data?.['reservation'] ?? null).toBeNull();
});

test('overstay: the saved card pays for it, and the books show that it was owed first', async () => {
  const late = await visit(2, {});
  await untilDurable(system, late.lot.entry, { pass: late.guest.pass });
  goTo(late, 190);
  expect(await untilDurable(system, late.lot.exit, { pass: late.guest.pass })).toMatchObject({ action: 'OPEN' });
  const seen = await seenBy(late, ({ charges }) => charges[0]?.state === 'CAPTURED');
  expect(seen).toMatchObject({
    state: 'COMPLETED',
    outcomeRule: 'OVERSTAY',
    charges: [{ kind: 'OVERSTAY', captured: { amountMinor: 400 } }],
  });
  const statement = await statementOf(late);
  expect(statement.lines.map(({ cause }: any) => cause)).toContain('DEBT_OPENED');
  expect(balances(statement)).toEqual({
    'provider:clearing': 800,
    'debts:receivable': 0,
    'tax:payable': -160,
    'revenue:parking': -640,
  });
});
