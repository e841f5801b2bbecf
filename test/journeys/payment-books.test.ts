import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { post, type Line } from '../../src/payments/ledger.ts';
import { inTransaction } from '../../src/platform/db.ts';
import { expectBooksBalanced } from '../support/books.ts';
import { leaveBooksUnchecked } from '../support/running-systems.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot } from '../support/world.ts';
import { moneySettled, Payer, rowOf } from './payment-steps.ts';

describe('The books', () => {
  let system: TestSystem;

  beforeAll(async () => {
    system = await startSystem({ roles: ['api'] });
    const payer = new Payer(system, await makeDriver(system));
    const held = await payer.reserve(await makeLot(system), 48);
    await payer.complete(held, 'pm_card_visa');
    await payer.cancel(held);
    await moneySettled(system);
    paymentKey = rowOf('pay', held.payment!.id);
  });

  afterAll(() => system.stop());

  let paymentKey: { lotId: string; id: string };
  const sql = (text: string, values: unknown[] = []) => system.platform.orm.em.fork().execute<object[]>(text, values);

  const posting = (lines: readonly Line[]) =>
    inTransaction(system.platform, (tx) =>
      post(tx, { lotId: paymentKey.lotId, causeKind: 'REFUND_SENT', causeId: randomUUID(), currency: 'EUR', lines }),
    );

  test('tell a paid and cancelled reservation in three balanced postings', async () => {
    const entries = await sql(
      `SELECT cause_kind, account, amount_minor::int AS amount_minor FROM ledger_entry ORDER BY cause_kind, account`,
    );
    expect(entries).toEqual([
      { cause_kind: 'PAYMENT_CAPTURED', account: 'provider:clearing', amount_minor: 400 },
      { cause_kind: 'PAYMENT_CAPTURED', account: 'revenue:parking', amount_minor: -400 },
      { cause_kind: 'REFUND_PROMISED', account: 'refunds:owed', amount_minor: -400 },
      { cause_kind: 'REFUND_PROMISED', account: 'revenue:parking', amount_minor: 400 },
      { cause_kind: 'REFUND_SENT', account: 'provider:clearing', amount_minor: -400 },
      { cause_kind: 'REFUND_SENT', account: 'refunds:owed', amount_minor: 400 },
    ]);
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test.each([
    ['changed', `UPDATE ledger_entry SET amount_minor = amount_minor * 2`],
    ['deleted', `DELETE FROM ledger_entry`],
    ['truncated', `TRUNCATE ledger_entry`],
  ])('cannot be %s, not even by hand', async (_how, text) => {
    await expect(sql(text)).rejects.toThrow(/never changed or deleted/);
  });

  test('take no posting that does not balance, not even by hand', async () => {
    const insert = `INSERT INTO ledger_entry (lot_id, id, transaction_id, account, amount_minor, currency, cause_kind, cause_id, posted_at)
      VALUES (?, ?, ?, 'provider:clearing', 5, 'EUR', 'PAYMENT_CAPTURED', ?, now())`;
    const byHand = sql(insert, [paymentKey.lotId, randomUUID(), randomUUID(), randomUUID()]);
    await expect(byHand).rejects.toThrow(/does not balance/);
  });

  test('take no posting that balances only across currencies', async () => {
    const transactionId = randomUUID();
    const side = (amountMinor: number, currency: string, account: string) =>
      `('${paymentKey.lotId}', '${randomUUID()}', '${transactionId}', '${account}', ${amountMinor}, '${currency}', 'PAYMENT_CAPTURED', '${randomUUID()}', now())`;
    const rows = [side(5, 'EUR', 'provider:clearing'), side(-5, 'SEK', 'revenue:parking')];
    const byHand = sql(
      `INSERT INTO ledger_entry (lot_id, id, transaction_id, account, amount_minor, currency, cause_kind, cause_id, posted_at) VALUES ${rows.join(', ')}`,
    );
    await expect(byHand).rejects.toThrow(/does not balance/);
  });

  const clearing = (amountMinor: number): Line => ({ account: 'provider:clearing', amountMinor });
  const owed = (amountMinor: number): Line => ({ account: 'refunds:owed', amountMinor });

  test.each<[string, Line[]]>([
    ['one line', [clearing(5)]],
    ['a sum that is not zero', [clearing(5), owed(-4)]],
    ['an empty line', [clearing(0), owed(0)]],
    ['half a cent', [clearing(0.5), owed(-0.5)]],
    ['one account twice', [clearing(5), clearing(-5)]],
    ['no number', [clearing(Number.NaN), owed(Number.NaN)]],
  ])('refuse %s before it reaches the database', async (_what, lines) => {
    await expect(posting(lines)).rejects.toThrow(RangeError);
  });

  test('post a cause once: the second time says so and changes nothing', async () => {
    const again = inTransaction(system.platform, (tx) =>
      post(tx, {
        lotId: paymentKey.lotId,
        causeKind: 'PAYMENT_CAPTURED',
        causeId: paymentKey.id,
        currency: 'EUR',
        lines: [clearing(400), { account: 'revenue:parking', amountMinor: -400 }],
      }),
    );
    await expect(again).resolves.toBe('AGAIN');
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test.each([
    ['forgets a refund', 'refunded_minor = 0', /reservationDiffers/],
    ['claims a payment too much', 'paid_minor = paid_minor + 100', /reservationDiffers/],
    ['keeps what went back', 'refunded_minor = 300, fee_minor = 100', /reservationDiffers/],
    ['forgets that it was ever paid', `paid_minor = 0, refunded_minor = 0, state = 'HELD'`, /reservationDiffers/],
    ['is confirmed though all of its money went back', `state = 'CONFIRMED'`, /reservationDiffers/],
    ['kept a fee that was not earned as one', `state = 'NO_SHOW', refunded_minor = 300, fee_minor = 100`, /feeDiffers/],
  ])('the check of the books sees a reservation that %s', async (_what, change, fault) => {
    const [before] = (await sql(
      'SELECT state, total_minor, paid_minor, refunded_minor, fee_minor FROM reservation',
    )) as {
      [column: string]: unknown;
    }[];
    await sql(`UPDATE reservation SET ${change}`);
    try {
      await expect(expectBooksBalanced(system.platform, system.stripe)).rejects.toThrow(fault);
    } finally {
      const { state, total_minor, paid_minor, refunded_minor, fee_minor } = before!;
      await sql(
        'UPDATE reservation SET state = ?, total_minor = ?, paid_minor = ?, refunded_minor = ?, fee_minor = ?',
        [state, total_minor, paid_minor, refunded_minor, fee_minor],
      );
    }
    await expectBooksBalanced(system.platform, system.stripe);
  });

  test('the check of the books sees a refund that the provider does not know', async () => {
    leaveBooksUnchecked(system, 'they are broken on purpose, for good');
    await sql(
      `INSERT INTO refund (lot_id, id, payment_id, amount_minor, currency, reason, state, attempts, created_at, updated_at)
       VALUES (?, ?, ?, 1, 'EUR', 'STAFF', 'SUCCEEDED', 0, now(), now())`,
      [paymentKey.lotId, randomUUID(), paymentKey.id],
    );
    await expect(expectBooksBalanced(system.platform, system.stripe)).rejects.toThrow(
      /overRefunded[^]*rowsDiffer[^]*providerDiffers/,
    );
  });
});
