import { defineEntity, p } from '@mikro-orm/postgresql';

/** The last receipt number of a lot. Counted up in the transaction that issues: what rolls back leaves no gap. */
const schema = defineEntity({
  name: 'ReceiptCounter',
  tableName: 'receipt_counter',
  properties: {
    lotId: p.uuid().primary(),
    lastNumber: p.integer(),
  },
});

export class ReceiptCounter extends schema.class {}
schema.setClass(ReceiptCounter);
