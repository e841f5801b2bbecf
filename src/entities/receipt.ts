import { defineEntity, p } from '@mikro-orm/postgresql';
import type { ReceiptContent } from '../domain/receipt.ts';

/** What was handed to somebody as proof of a payment or of a refund. Numbered without a gap, and never changed: the database refuses. */
const schema = defineEntity({
  name: 'Receipt',
  tableName: 'receipt',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    number: p.integer(),
    paymentId: p.uuid(),
    /** Null for the receipt of the payment itself. */
    refundId: p.uuid().nullable(),
    content: p.json<ReceiptContent>(),
    issuedAt: p.datetime(3),
  },
  uniques: [{ name: 'receipt_number', properties: ['lotId', 'number'] }],
});

export class Receipt extends schema.class {}
schema.setClass(Receipt);
