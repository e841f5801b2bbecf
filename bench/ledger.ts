// What the books cost a payment: a balanced posting of three lines with its guards, beside a bare insert of as many rows. In turns, so that
// whatever else the machine does hits both; each in a transaction of its own, as payments are.

import { postPaymentCaptured } from '../src/payments/ledger.ts';
import { inTransaction, type Transaction } from '../src/platform/db.ts';
import { newId } from '../src/platform/ids.ts';
import { startSystem, type TestSystem } from '../test/support/system.ts';
import { atMost, quantile, type BenchResult } from './result.ts';

const WARM_UP = 200;
const ROUNDS = 2000;
/** Books that have been kept for a while: indexes have a depth. */
const PAST = 200_000;
const CHUNK = 10_000;
const PAST_ROWS = `INSERT INTO ledger_entry SELECT gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'revenue:parking', 0, 'EUR',
  'PAYMENT_CAPTURED', gen_random_uuid(), now() FROM generate_series(1, ${CHUNK})`;
const LIMIT = 2;

const BARE = `CREATE TABLE bare_entry (
  lot_id uuid, id uuid, transaction_id uuid, account text, amount_minor bigint, currency text, cause_kind text, cause_id uuid, posted_at timestamptz(3))`;

export async function run(): Promise<BenchResult[]> {
  const system = await startSystem({ roles: ['api'] });
  try {
    const em = system.platform.orm.em.fork();
    await em.execute(BARE);
    await em.execute('ALTER TABLE ledger_entry DISABLE TRIGGER USER');
    for (let chunk = 0; chunk < PAST / CHUNK; chunk++) await em.execute(PAST_ROWS);
    await em.execute('ALTER TABLE ledger_entry ENABLE TRIGGER USER');
    await em.execute('ANALYZE ledger_entry');
    const lotIds = Array.from({ length: 50 }, () => newId(new Date()));
    const [posted, bare]: [number[], number[]] = [[], []];
    for (let round = -WARM_UP; round < ROUNDS; round++) {
      const lotId = lotIds.at(round % lotIds.length) ?? '';
      const postedMs = await timed(system, (tx) => post(tx, lotId));
      const bareMs = await timed(system, (tx) => insertBare(tx, lotId));
      if (round < 0) continue;
      posted.push(postedMs);
      bare.push(bareMs);
    }
    return [0.5, 0.99].map((share) =>
      atMost(LIMIT, {
        name: `a captured payment in the books, p${share * 100}`,
        unit: 'ms',
        value: quantile(posted, share),
        floorName: 'three bare rows, no index, no guard',
        floor: quantile(bare, share),
      }),
    );
  } finally {
    await system.stop();
  }
}

async function timed(system: TestSystem, work: (tx: Transaction) => Promise<unknown>): Promise<number> {
  const before = performance.now();
  await inTransaction(system.platform, work);
  return performance.now() - before;
}

function post(tx: Transaction, lotId: string): Promise<unknown> {
  const amounts = { amountMinor: 1250, takenMinor: 1250, taxMinor: 254, debtMinor: 0 };
  const about = { lotId, causeId: newId(tx.now), currency: 'EUR' };
  return postPaymentCaptured(tx, { ...about, ...amounts, method: 'CARD', revenue: 'revenue:parking' });
}

function insertBare(tx: Transaction, lotId: string): Promise<unknown> {
  const [transactionId, causeId] = [newId(tx.now), newId(tx.now)];
  const row = (account: string, amountMinor: number) => [
    lotId,
    newId(tx.now),
    transactionId,
    account,
    amountMinor,
    'EUR',
    'PAYMENT_CAPTURED',
    causeId,
    tx.now,
  ];
  const rows = [row('provider:clearing', 1250), row('revenue:parking', -996), row('tax:payable', -254)];
  return tx.em.execute(
    `INSERT INTO bare_entry VALUES ${rows.map(() => '(?, ?, ?, ?, ?, ?, ?, ?, ?)').join(', ')}`,
    rows.flat(),
  );
}
