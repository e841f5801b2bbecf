import { defineEntity, p } from '@mikro-orm/postgresql';
import { REFUND_METHODS, REFUND_REASONS, REFUND_STATES } from '../domain/payment.ts';

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
    /** CASH: given out of a drawer by a person, and done at once. */
    method: p.enum(REFUND_METHODS).default('CARD'),
    shiftId: p.uuid().nullable(),
    staffId: p.uuid().nullable(),
    /** How much of it is tax that is not owed to the state any more. */
    taxMinor: p.bigint('number').default(0),
    /** What left the drawer, after cash rounding. */
    cashMinor: p.bigint('number').nullable(),
    /** Why a person gave it back. */
    note: p.text().nullable(),
  },
  indexes: [{ name: 'refund_payment', properties: ['lotId', 'paymentId'] }],
});

export class Refund extends schema.class {}
schema.setClass(Refund);
