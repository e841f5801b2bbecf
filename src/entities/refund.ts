import { defineEntity, p } from '@mikro-orm/postgresql';
import { REFUND_REASONS, REFUND_STATES } from '../domain/payment.ts';

/** Money promised back to a driver. Written in the transaction that promises it; sent to the provider afterwards. */
const schema = defineEntity({
  name: 'Refund',
  tableName: 'refund',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    paymentId: p.uuid(),
    amountMinor: p.bigint('number'),
    currency: p.text(),
    reason: p.enum(REFUND_REASONS),
    state: p.enum(REFUND_STATES),
    providerRef: p.text().nullable(),
    attempts: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    settledAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: 'refund_payment', properties: ['lotId', 'paymentId'] }],
});

export class Refund extends schema.class {}
schema.setClass(Refund);
