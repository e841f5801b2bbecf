import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { checkBooks } from '../../src/payments/check-books.ts';
import { paymentsIdle } from '../../src/payments/background.ts';
import { leaveBooksUnchecked } from '../support/running-systems.ts';
import { startSystem, type TestSystem } from '../support/system.ts';
import { makeDriver, makeLot, type TestLot } from '../support/world.ts';
import { Payer, rowOf } from '../journeys/payment-steps.ts';

const MINUTE_MS = 60_000;
const STATE = `query { booksState { checkedAt checkedThrough faults { kind lotId about offBy { amountMinor currency } } } }`;

let system: TestSystem;
let lot: TestLot;
let paymentKey: { lotId: string; id: string };
beforeAll(async () => {
  system = await startSystem({ roles: ['api'] });
  leaveBooksUnchecked(system, 'each test breaks them and mends them again');
});
afterAll(() => system.stop());

const sql = (text: string, values: unknown[] = []) => system.platform.orm.em.fork().execute<any[]>(text, values);

/** With the database's own guards away, as they never are outside of a test. */
async function unguarded(work: () => Promise<unknown>): Promise<void> {
  await sql('ALTER TABLE ledger_entry DISABLE TRIGGER USER');
  await work();
  await sql('ALTER TABLE ledger_entry ENABLE TRIGGER USER');
}

async function look(): Promise<{ found: number; faults: any[] }> {
  system.clock.advance(2 * MINUTE_MS);
  const found = await checkBooks(system.platform);
  const { data, errors } = await system.client(await lot.staffToken('OPERATOR')).query(STATE);
  if (errors) throw new Error(JSON.stringify(errors));
  return { found, faults: data['booksState'].faults };
}

const alarm = async (kind: string) =>
  (await system.platform.metrics.registry.metrics()).match(
    new RegExp(`parkwell_books_faults\\{kind="${kind}"\\} (\\d+)`),
  )?.[1];

beforeEach(async () => {
  lot = await makeLot(system, { tariff: { tax: { percent: 25, mode: 'INCLUDED' } } });
  const payer = new Payer(system, await makeDriver(system));
  const held = await payer.reserve(lot);
  const { reservation } = await payer.complete(held, 'pm_card_visa');
  paymentKey = rowOf('pay', reservation!.payment!.id);
  await paymentsIdle(system.platform);
});

test('sound books are found sound, time after time, and each posting is looked at once', async () => {
  expect(await look()).toEqual({ found: 0, faults: [] });
  const [before] = await sql('SELECT checked_through FROM books_check');
  expect(await look()).toEqual({ found: 0, faults: [] });
  const [after] = await sql('SELECT checked_through FROM books_check');
  expect(Date.parse(after.checked_through)).toBeGreaterThan(Date.parse(before.checked_through));
});

describe('the monitor of the books', () => {
  test('finds a posting that does not balance, tells it once, and remembers it until it is mended', async () => {
    const transactionId = randomUUID();
    const entry = [
      lot.id,
      randomUUID(),
      transactionId,
      'cash:safe',
      700,
      'EUR',
      'SHIFT_OPENED',
      randomUUID(),
      system.clock.now(),
    ];
    await unguarded(() => sql(`INSERT INTO ledger_entry VALUES (${entry.map(() => '?').join(', ')})`, entry));
    const first = await look();
    expect(first).toMatchObject({
      found: 1,
      faults: [
        { kind: 'UNBALANCED', about: transactionId, lotId: lot.publicId, offBy: { amountMinor: 700, currency: 'EUR' } },
      ],
    });
    expect(await alarm('UNBALANCED')).toBe('1');
    expect(await look()).toMatchObject({ found: 0, faults: [{ kind: 'UNBALANCED' }] });
    const elsewhere = await makeLot(system);
    const other = await system.client(await elsewhere.staffToken('OPERATOR')).query(STATE);
    expect(other.data['booksState'].faults).toEqual([]);
    await unguarded(() => sql('DELETE FROM ledger_entry WHERE transaction_id = ?', [transactionId]));
    expect(await look()).toEqual({ found: 0, faults: [] });
    expect(await alarm('UNBALANCED')).toBeUndefined();
  });

  test('finds a capture that is not in the books', async () => {
    await sql('CREATE TABLE IF NOT EXISTS torn_out AS SELECT * FROM ledger_entry WITH NO DATA');
    await sql('INSERT INTO torn_out SELECT * FROM ledger_entry WHERE cause_id = ?', [paymentKey.id]);
    await unguarded(() => sql('DELETE FROM ledger_entry WHERE cause_id = ?', [paymentKey.id]));
    expect(await look()).toMatchObject({
      found: 1,
      faults: [{ kind: 'NOT_POSTED', about: paymentKey.id, offBy: { amountMinor: 400 } }],
    });
    await sql('INSERT INTO ledger_entry SELECT * FROM torn_out');
    expect((await look()).faults).toEqual([]);
  });

  test('finds a refund that was never promised in the books', async () => {
    await sql(
      `INSERT INTO refund (lot_id, id, payment_id, amount_minor, currency, reason, state, attempts, created_at, updated_at)
       VALUES (?, ?, ?, 100, 'EUR', 'STAFF', 'SUCCEEDED', 0, ?, ?)`,
      [paymentKey.lotId, randomUUID(), paymentKey.id, system.clock.now(), system.clock.now()],
    );
    expect((await look()).faults).toMatchObject([{ kind: 'REFUNDS_ABOVE_CAPTURE', about: paymentKey.id }]);
    await sql('DELETE FROM refund WHERE payment_id = ?', [paymentKey.id]);
    expect((await look()).faults).toEqual([]);
  });

  test('finds a debt that the books know nothing of', async () => {
    const id = randomUUID();
    await sql(
      `INSERT INTO debt (lot_id, id, amount_minor, currency, reason, state, created_at) VALUES (?, ?, 250, 'EUR', 'OVERSTAY', 'OPEN', ?)`,
      [lot.id, id, system.clock.now()],
    );
    expect((await look()).faults).toMatchObject([
      { kind: 'DEBTS_DIFFER', lotId: lot.publicId, offBy: { amountMinor: 250 } },
    ]);
    await sql('DELETE FROM debt WHERE id = ?', [id]);
    expect((await look()).faults).toEqual([]);
  });

  test('is not alarmed by a balance of its own that went wrong: it counts again', async () => {
    await look();
    await sql(`INSERT INTO account_balance VALUES (?, 'debts:receivable', 'EUR', 999)`, [lot.id]);
    expect((await look()).faults).toEqual([]);
    expect(
      await sql('SELECT amount_minor::int AS minor FROM account_balance WHERE lot_id = ? AND amount_minor <> 0', [
        lot.id,
      ]),
    ).toEqual([]);
  });

  test('has no personal data to tell, and the staff of a gate are not asked to look', async () => {
    const { errors } = await system.client(await lot.staffToken('ATTENDANT')).query(STATE);
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });
});
