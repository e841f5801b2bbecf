import type { Platform } from '../../src/platform/platform.ts';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';

interface Sum {
  readonly what: string;
  readonly currency: string;
  readonly ours: string;
}

/**
 * Fails unless the books are sound: every posting balances in every currency, no payment gave back more than it took,
 * what the books say of captures, promises, kept fees and the provider's account is what the rows say, and each
 * reservation accounts for all that was paid for it. With the double: equal to its own list, to the cent. Call it when no payment work is under way.
 */
export async function expectBooksBalanced(platform: Platform, double?: StripeDouble): Promise<void> {
  const rows = <T>(sql: string) => platform.orm.em.fork().execute<T[]>(sql);
  const wrong: object[] = [
    ...(await rows<object>(UNBALANCED)).map((row) => ({ unbalanced: row })),
    ...(await rows<object>(OVER_REFUNDED)).map((row) => ({ overRefunded: row })),
    ...(await rows<object>(ROWS_AGAINST_BOOKS)).map((row) => ({ rowsDiffer: row })),
    ...(await rows<object>(RESERVATIONS_AGAINST_PAYMENTS)).map((row) => ({ reservationDiffers: row })),
    ...(await rows<object>(FEES_AGAINST_BOOKS)).map((row) => ({ feeDiffers: row })),
  ];
  if (double)
    wrong.push(...againstDouble(await rows<Sum>(PROVIDER_SUMS), double).map((row) => ({ providerDiffers: row })));
  if (wrong.length > 0)
    throw new Error(`The books do not balance:\n${wrong.map((row) => JSON.stringify(row)).join('\n')}`);
}

const UNBALANCED = `
  SELECT lot_id, transaction_id, currency, sum(amount_minor)::text AS off_by FROM ledger_entry
  GROUP BY lot_id, transaction_id, currency HAVING sum(amount_minor) <> 0 OR count(*) < 2`;

const OVER_REFUNDED = `
  SELECT p.lot_id, p.id, p.captured_minor::text AS captured, p.refunded_minor::text AS refunded, coalesce(sum(r.amount_minor), 0)::text AS promised
  FROM payment p LEFT JOIN refund r ON r.lot_id = p.lot_id AND r.payment_id = p.id
  GROUP BY p.lot_id, p.id
  HAVING p.refunded_minor > p.captured_minor OR coalesce(sum(r.amount_minor), 0) <> p.refunded_minor`;

/** Each movement of the rows stands in the books exactly once, with its amount. */
const ROWS_AGAINST_BOOKS = `
  WITH expected AS (
    SELECT lot_id, 'PAYMENT_CAPTURED' AS cause_kind, id AS cause_id, 'provider:clearing' AS account, captured_minor AS amount_minor
      FROM payment WHERE captured_at IS NOT NULL
    UNION ALL SELECT lot_id, 'REFUND_PROMISED', id, 'refunds:owed', -amount_minor FROM refund
    UNION ALL SELECT lot_id, 'REFUND_SENT', id, 'provider:clearing', -amount_minor FROM refund WHERE state IN ('SENT', 'SUCCEEDED')
  ), posted AS (
    SELECT lot_id, cause_kind, cause_id, account, amount_minor FROM ledger_entry
    WHERE (cause_kind = 'PAYMENT_CAPTURED' AND account = 'provider:clearing')
       OR (cause_kind = 'REFUND_PROMISED' AND account = 'refunds:owed')
       OR (cause_kind = 'REFUND_SENT' AND account = 'provider:clearing' AND NOT EXISTS (
             SELECT 1 FROM refund WHERE refund.lot_id = ledger_entry.lot_id AND refund.id = cause_id AND refund.state = 'FAILED'))
  )
  (SELECT 'missing in the books' AS fault, * FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM posted) AS missing)
  UNION ALL
  (SELECT 'only in the books', * FROM (SELECT * FROM posted EXCEPT ALL SELECT * FROM expected) AS extra)`;

/**
 * What a reservation says of its money is what its payments and refunds say, later charges aside; and of what was paid
 * nothing is left without a reason: it went back, was kept as a fee, or is the price.
 */
const RESERVATIONS_AGAINST_PAYMENTS = `
  WITH captured AS (
    SELECT lot_id, reservation_id, sum(captured_minor) AS minor FROM payment WHERE kind IN ('RESERVATION', 'CHANGE') GROUP BY 1, 2
  ), promised AS (
    SELECT payment.lot_id, reservation_id, sum(refund.amount_minor) AS minor,
      bool_or(reason IN ('EARLY_DEPARTURE', 'NO_SHOW', 'STAFF')) AS below_price
    FROM refund JOIN payment ON payment.lot_id = refund.lot_id AND payment.id = refund.payment_id
    WHERE kind IN ('RESERVATION', 'CHANGE') GROUP BY 1, 2
  ), money AS (
    SELECT reservation.*, coalesce(captured.minor, 0) AS captured, coalesce(promised.minor, 0) AS promised,
      paid_minor - refunded_minor - fee_minor AS spent, coalesce(below_price, false) AS below_price
    FROM reservation
    LEFT JOIN captured ON captured.lot_id = reservation.lot_id AND captured.reservation_id = reservation.id
    LEFT JOIN promised ON promised.lot_id = reservation.lot_id AND promised.reservation_id = reservation.id
  )
  SELECT id, state, outcome_rule, total_minor::text AS total, paid_minor::text AS paid, refunded_minor::text AS refunded,
    fee_minor::text AS fee, captured::text, promised::text
  FROM money
  WHERE spent < 0 OR paid_minor <> captured OR refunded_minor <> promised
    OR (state IN ('HELD', 'EXPIRED', 'CANCELLED', 'NO_SHOW') AND spent <> 0)
    OR (state IN ('CONFIRMED', 'CHECKED_IN', 'COMPLETED') AND (spent > total_minor OR (spent < total_minor AND NOT below_price)))`;

/** The fee of a no-show that nobody changed before is earned as one; of a driver who came after all, nothing is. */
const FEES_AGAINST_BOOKS = `
  SELECT reservation.id, state, fee_minor::text, kept.minor::text AS kept FROM reservation
  CROSS JOIN LATERAL (SELECT coalesce(-sum(amount_minor), 0) AS minor FROM ledger_entry
    WHERE ledger_entry.lot_id = reservation.lot_id AND cause_id = reservation.id AND account = 'revenue:no_show') AS kept
  WHERE kept.minor > fee_minor OR (state = 'NO_SHOW' AND total_minor = paid_minor AND kept.minor <> fee_minor)
    OR (state <> 'NO_SHOW' AND kept.minor <> 0)`;

const PROVIDER_SUMS = `
  SELECT 'captured' AS what, currency, sum(captured_minor)::text AS ours FROM payment WHERE captured_minor > 0 GROUP BY currency
  UNION ALL SELECT 'refunded', currency, sum(amount_minor)::text FROM refund WHERE state IN ('SENT', 'SUCCEEDED') GROUP BY currency
  UNION ALL SELECT 'account', currency, sum(amount_minor)::text FROM ledger_entry WHERE account = 'provider:clearing' GROUP BY currency`;

function againstDouble(ours: readonly Sum[], double: StripeDouble): object[] {
  const theirs = theirSums(double);
  const mine = new Map(ours.map((sum) => [`${sum.what} ${sum.currency}`, Number(sum.ours)]));
  const names = new Set([...theirs.keys(), ...mine.keys()]);
  return [...names]
    .map((what) => ({ what, ours: mine.get(what) ?? 0, theirs: theirs.get(what) ?? 0 }))
    .filter((sum) => sum.ours !== sum.theirs);
}

function theirSums({ state }: StripeDouble): Map<string, number> {
  const sums = new Map<string, number>();
  const add = (what: string, currency: string, amountMinor: number): void => {
    const name = `${what} ${currency.toUpperCase()}`;
    sums.set(name, (sums.get(name) ?? 0) + amountMinor);
  };
  for (const intent of state.paymentIntents())
    if (intent.amount_received > 0) add('captured', intent.currency, intent.amount_received);
  for (const refund of state.refunds()) if (refund.status !== 'failed') add('refunded', refund.currency, refund.amount);
  // Amounts, not nets: the provider's fees are settled with its payouts.
  for (const movement of state.balanceTransactions()) add('account', movement.currency, movement.amount);
  return sums;
}
