import type Stripe from 'stripe';
import type { Call } from './call.ts';
import { listParams, page } from './lists.ts';
import { newId, type Store } from './store.ts';

const FEE_SHARE = 0.015;
const FEE_FIXED_MINOR = 25;
const DAYS_UNTIL_AVAILABLE = 2;
const SECONDS_PER_DAY = 86_400;

/** What moved on the balance of the account: a captured charge (less its fee), a refund, a dispute. */
export function bookOnBalance(
  store: Store,
  movement: {
    type: 'charge' | 'refund' | 'refund_failure' | 'adjustment';
    amountMinor: number;
    currency: string;
    source: string;
    category: string;
  },
): string {
  const fee = movement.type === 'charge' ? Math.round(movement.amountMinor * FEE_SHARE) + FEE_FIXED_MINOR : 0;
  const created = store.seconds();
  const row: Stripe.BalanceTransaction = {
    id: newId('txn'),
    object: 'balance_transaction',
    amount: movement.amountMinor,
    available_on: created + DAYS_UNTIL_AVAILABLE * SECONDS_PER_DAY,
    balance_type: 'payments',
    created,
    currency: movement.currency,
    description: null,
    exchange_rate: null,
    fee,
    fee_details:
      fee === 0
        ? []
        : [
            {
              amount: fee,
              application: null,
              currency: movement.currency,
              description: 'Stripe processing fees',
              type: 'stripe_fee',
            },
          ],
    net: movement.amountMinor - fee,
    reporting_category: movement.category,
    source: movement.source,
    status: 'pending',
    type: movement.type,
  };
  return store.balanceTransactions.add(row).id;
}

export function retrieveBalanceTransaction({ store, params, id }: Call): Stripe.BalanceTransaction {
  params.allow('expand');
  return store.balanceTransactions.get(id);
}

export function listBalanceTransactions({ store, params }: Call): Stripe.ApiList<Stripe.BalanceTransaction> {
  params.allow(...listParams('currency', 'source', 'type'));
  const wanted = { currency: params.text('currency'), source: params.text('source'), type: params.text('type') };
  const rows = store.balanceTransactions
    .newestFirst()
    .filter(
      (row) =>
        (wanted.currency === undefined || row.currency === wanted.currency) &&
        (wanted.source === undefined || row.source === wanted.source) &&
        (wanted.type === undefined || row.type === wanted.type),
    );
  return page(rows, params, '/v1/balance_transactions');
}
