import { defineEntity, p } from '@mikro-orm/postgresql';

/**
 * One side of a balanced posting. The database checks at commit that the entries of a transaction sum to zero in each
 * currency, and refuses to change or delete a row.
 */
const schema = defineEntity({
  name: 'LedgerEntry',
  tableName: 'ledger_entry',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    transactionId: p.uuid(),
    account: p.text(),
    /** Positive debits, negative credits. */
    amountMinor: p.bigint('number'),
    currency: p.text(),
    /** What happened (`PAYMENT_CAPTURED`, `REFUND_PROMISED`, …); with `causeId` unique per account, so no cause is posted twice. */
    causeKind: p.text(),
    causeId: p.uuid(),
    postedAt: p.datetime(3),
  },
  uniques: [{ name: 'ledger_entry_cause', properties: ['lotId', 'causeKind', 'causeId', 'account'] }],
  indexes: [{ name: 'ledger_entry_transaction', properties: ['lotId', 'transactionId'] }],
});

export class LedgerEntry extends schema.class {}
schema.setClass(LedgerEntry);
