import type { Platform } from '../../src/platform/platform.ts';
import type { StripeDouble } from '../../sandbox/stripe/server.ts';
import { eventuallyPasses } from './eventually.ts';

/** How long the last call to the provider may take to be written down. */
const IN_FLIGHT_MS = 10_000;
/** For a twin, which has waited until nothing is on its way. */
export const NOTHING_IN_FLIGHT_MS = 0;

/**
 * Fails unless the books are sound: every posting balances in every currency, no payment gave back more than it took,
 * what the books say of captures, promises, kept fees, debts, drawers and the provider's account is what the rows say, and each
 * reservation accounts for all that was paid for it. With the double: payment by payment what its own list says, and once nothing is on
 * its way, the account to the cent.
 */
export async function expectBooksBalanced(
  platform: Platform,
  double?: StripeDouble,
  withinMs = IN_FLIGHT_MS,
): Promise<void> {
  const wrong = await platform.orm.em.fork().execute<object[]>(FAULTS);
  if (wrong.length > 0) throw notBalanced([...wrong, ...(double ? await differencesNow(platform, double) : [])]);
  if (double) await eventuallyPasses(() => expectSameAsDouble(platform, double), withinMs);
}

function notBalanced(wrong: readonly object[]): Error {
  return new Error(`The books do not balance:\n${wrong.map((row) => JSON.stringify(row)).join('\n')}`);
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
  SELECT fault, lot_id, cause_kind, cause_id, account, amount_minor::text FROM (
    WITH expected AS (
      SELECT lot_id, 'PAYMENT_CAPTURED' AS cause_kind, id AS cause_id,
        CASE method WHEN 'CARD' THEN 'provider:clearing' WHEN 'CASH' THEN 'cash:drawer' ELSE 'terminal:clearing' END AS account,
        coalesce(cash_minor, captured_minor) AS amount_minor
        FROM payment WHERE captured_at IS NOT NULL
      UNION ALL SELECT lot_id, 'REFUND_PROMISED', id, 'refunds:owed', -amount_minor FROM refund
      UNION ALL SELECT lot_id, 'REFUND_SENT', id, CASE method WHEN 'CARD' THEN 'provider:clearing' ELSE 'cash:drawer' END,
        -coalesce(cash_minor, amount_minor) FROM refund WHERE state IN ('SENT', 'SUCCEEDED')
      UNION ALL SELECT lot_id, 'SHIFT_CLOSED', id, 'cash:drawer', -expected_minor FROM shift WHERE closed_at IS NOT NULL AND expected_minor <> 0
    ), posted AS (
      SELECT lot_id, cause_kind, cause_id, account, amount_minor FROM ledger_entry
      WHERE (cause_kind = 'PAYMENT_CAPTURED' AND account IN ('provider:clearing', 'cash:drawer', 'terminal:clearing'))
         OR (cause_kind = 'REFUND_PROMISED' AND account = 'refunds:owed')
         OR (cause_kind = 'SHIFT_CLOSED' AND account = 'cash:drawer')
         OR (cause_kind = 'REFUND_SENT' AND account IN ('provider:clearing', 'cash:drawer') AND NOT EXISTS (
               SELECT 1 FROM refund WHERE refund.lot_id = ledger_entry.lot_id AND refund.id = cause_id AND refund.state = 'FAILED'))
    )
    (SELECT 'missing in the books' AS fault, * FROM (SELECT * FROM expected EXCEPT ALL SELECT * FROM posted) AS missing)
    UNION ALL
    (SELECT 'only in the books', * FROM (SELECT * FROM posted EXCEPT ALL SELECT * FROM expected) AS extra)
  ) AS compared`;

/**
 * What a reservation says of its money is what its payments and refunds say, later charges aside; and of what was paid
 * nothing is left without a reason: it went back, was kept as a fee, or is the price.
 */
const RESERVATIONS_AGAINST_PAYMENTS = `
  WITH captured AS (
    SELECT lot_id, reservation_id, sum(captured_minor) AS minor FROM payment WHERE kind IN ('RESERVATION', 'CHANGE') GROUP BY 1, 2
  ), promised AS (
    SELECT payment.lot_id, reservation_id, sum(refund.amount_minor) AS minor,
      bool_or(reason IN ('EARLY_DEPARTURE', 'NO_SHOW', 'NO_SPOT', 'STAFF', 'VALIDATED')) AS below_price
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

/**
 * The fee of a no-show that nobody changed before is earned as one, its tax apart; of a driver who came after all, nothing is.
 */
const FEES_AGAINST_BOOKS = `
  SELECT reservation.id, state, fee_minor::text, kept.minor::text AS kept FROM reservation
  JOIN tariff ON tariff.lot_id = reservation.lot_id AND tariff.id = reservation.tariff_id
  CROSS JOIN LATERAL (SELECT coalesce(document->'tax'->>'percent', document->>'taxPercent', '0')::numeric AS percent) AS tax
  CROSS JOIN LATERAL (SELECT fee_minor - round(fee_minor * percent / (100 + percent)) AS minor) AS earned
  CROSS JOIN LATERAL (SELECT coalesce(-sum(amount_minor), 0) AS minor FROM ledger_entry
    WHERE ledger_entry.lot_id = reservation.lot_id AND cause_id = reservation.id AND account = 'revenue:no_show') AS kept
  WHERE kept.minor > fee_minor OR (state = 'NO_SHOW' AND total_minor = paid_minor AND kept.minor <> earned.minor)
    OR (state <> 'NO_SHOW' AND kept.minor <> 0)`;

/** What stands open is what the books say is owed to us; what is settled was paid by somebody. */
const DEBTS_AGAINST_BOOKS = `
  SELECT lot_id, currency, sum(rows)::text AS rows, sum(books)::text AS books FROM (
    SELECT lot_id, currency, amount_minor - paid_minor AS rows, 0 AS books FROM debt WHERE state = 'OPEN'
    UNION ALL SELECT lot_id, currency, 0, amount_minor FROM ledger_entry WHERE account = 'debts:receivable'
  ) AS sides GROUP BY lot_id, currency HAVING sum(rows) <> sum(books)`;

/** What should lie in the drawers is what they began with, and what was taken and given since. */
const DRAWERS_AGAINST_BOOKS = `
  SELECT lot_id, sum(rows)::text AS rows, sum(books)::text AS books FROM (
    SELECT lot_id, opening_minor AS rows, 0 AS books FROM shift WHERE closed_at IS NULL
    UNION ALL SELECT payment.lot_id, cash_minor, 0 FROM payment JOIN shift ON shift.lot_id = payment.lot_id AND shift.id = shift_id WHERE closed_at IS NULL AND method = 'CASH'
    UNION ALL SELECT refund.lot_id, -cash_minor, 0 FROM refund JOIN shift ON shift.lot_id = refund.lot_id AND shift.id = shift_id WHERE closed_at IS NULL AND cash_minor IS NOT NULL
    UNION ALL SELECT lot_id, 0, amount_minor FROM ledger_entry WHERE account = 'cash:drawer'
  ) AS sides GROUP BY lot_id HAVING sum(rows) <> sum(books)`;

const CHECKS = {
  unbalanced: UNBALANCED,
  overRefunded: OVER_REFUNDED,
  rowsDiffer: ROWS_AGAINST_BOOKS,
  reservationDiffers: RESERVATIONS_AGAINST_PAYMENTS,
  feeDiffers: FEES_AGAINST_BOOKS,
  debtsDiffer: DEBTS_AGAINST_BOOKS,
  drawersDiffer: DRAWERS_AGAINST_BOOKS,
};

/** One statement, so that all checks see the same moment. */
const FAULTS = Object.entries(CHECKS)
  .map(([name, sql]) => `(SELECT '${name}' AS fault, to_jsonb(found) AS "row" FROM (${sql}) AS found)`)
  .join(' UNION ALL ');

interface Ours {
  readonly kind: 'captured' | 'refunded' | 'disputed' | 'account';
  readonly ref: string | null;
  readonly id: string | null;
  readonly currency: string;
  readonly minor: string;
  /** Not at its end yet: the provider may be ahead of us. */
  readonly open: boolean;
}

const OURS = `
  SELECT 'captured' AS kind, provider_ref AS ref, id, currency, captured_minor::text AS minor,
    captured_at IS NULL AND state NOT IN ('FAILED', 'CANCELED') AS open FROM payment WHERE method = 'CARD'
  UNION ALL SELECT 'refunded', provider_ref, id, currency, CASE WHEN state IN ('SENT', 'SUCCEEDED') THEN amount_minor ELSE 0 END::text,
    state IN ('OWED', 'UNKNOWN', 'SENT') FROM refund WHERE method = 'CARD'
  UNION ALL SELECT 'disputed', provider_ref, payment.id, payment.currency, coalesce(-sum(ledger_entry.amount_minor), 0)::text, true
    FROM payment LEFT JOIN ledger_entry ON ledger_entry.lot_id = payment.lot_id AND cause_id = payment.id
      AND cause_kind IN ('DISPUTE_OPENED', 'DISPUTE_WON') AND account = 'provider:clearing'
    WHERE method = 'CARD' GROUP BY payment.lot_id, payment.id
  UNION ALL SELECT 'account', NULL, NULL, currency, sum(amount_minor)::text, false
    FROM ledger_entry WHERE account = 'provider:clearing' GROUP BY currency`;

async function expectSameAsDouble(platform: Platform, double: StripeDouble): Promise<void> {
  const wrong = await differencesNow(platform, double);
  if (wrong.length > 0) throw notBalanced(wrong);
}

async function differencesNow(platform: Platform, double: StripeDouble): Promise<object[]> {
  return [...differences(await platform.orm.em.fork().execute<Ours[]>(OURS), double)];
}

interface Theirs {
  readonly kind: Ours['kind'];
  readonly ref: string;
  readonly id: string | undefined;
  readonly minor: number;
}

function* differences(ours: readonly Ours[], double: StripeDouble): Generator<object> {
  const theirs = theirMovements(double);
  const byName = new Map<string, Theirs>();
  for (const movement of theirs) {
    byName.set(`${movement.kind} ${movement.ref}`, movement);
    if (movement.id !== undefined) byName.set(`${movement.kind} ${movement.id}`, movement);
  }
  const known = new Set<Theirs>();
  let isInFlight = false;
  for (const row of ours.filter(({ kind }) => kind !== 'account')) {
    const their = byName.get(`${row.kind} ${row.ref ?? row.id}`) ?? byName.get(`${row.kind} ${row.id}`);
    if (their) known.add(their);
    const same = (their?.minor ?? 0) === Number(row.minor);
    if (!same && row.open) isInFlight = true;
    else if (!same) yield { providerDiffers: row, theirs: their ?? null };
  }
  for (const movement of theirs) if (!known.has(movement) && movement.minor > 0) yield { onlyAtTheProvider: movement };
  if (!isInFlight) yield* accountDifferences(ours, double);
}

function* accountDifferences(ours: readonly Ours[], { state }: StripeDouble): Generator<object> {
  const sums = new Map<string, number>();
  const add = (currency: string, minor: number) => sums.set(currency, (sums.get(currency) ?? 0) + minor);
  for (const row of ours) if (row.kind === 'account') add(row.currency, Number(row.minor));
  // Amounts, not nets: the provider's fees are settled with its payouts.
  for (const movement of state.balanceTransactions()) add(movement.currency.toUpperCase(), -movement.amount);
  for (const [currency, offBy] of sums) if (offBy !== 0) yield { accountDiffers: currency, offBy };
}

function theirMovements({ state }: StripeDouble): Theirs[] {
  const intents = state.paymentIntents().map((intent) => ({
    kind: 'captured' as const,
    ref: intent.id,
    id: intent.metadata['paymentId'],
    minor: intent.amount_received,
  }));
  const refunds = state.refunds().map((refund) => ({
    kind: 'refunded' as const,
    ref: refund.id,
    id: refund.metadata?.['refundId'],
    minor: refund.status === 'failed' ? 0 : refund.amount,
  }));
  const disputes = state.disputes().map((dispute) => ({
    kind: 'disputed' as const,
    ref: typeof dispute.payment_intent === 'string' ? dispute.payment_intent : (dispute.payment_intent?.id ?? ''),
    id: undefined,
    minor: -dispute.balance_transactions.reduce((sum, { amount }) => sum + amount, 0),
  }));
  return [...intents, ...refunds, ...disputes];
}
