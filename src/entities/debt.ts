import { defineEntity, p } from '@mikro-orm/postgresql';

/** Money that a driver left owing, because nobody is kept behind a barrier for it. */
const schema = defineEntity({
  name: 'Debt',
  tableName: 'debt',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** Null for what is owed without a visit (a no-show's fee). */
    stayId: p.uuid().nullable(),
    /** The charge that was refused, if one was tried. */
    paymentId: p.uuid().nullable(),
    driverId: p.uuid().nullable(),
    amountMinor: p.bigint('number'),
    currency: p.text(),
    reason: p.text(),
    state: p.enum(['OPEN', 'SETTLED', 'WAIVED'] as const),
    createdAt: p.datetime(3),
    settledAt: p.datetime(3).nullable(),
    /** What of it has been paid; all of it once it is SETTLED. */
    paidMinor: p.bigint('number').default(0),
    /** How much of `amountMinor` is tax. */
    taxMinor: p.bigint('number').default(0),
    /** By which the vehicle of an unknown driver is known again at this lot's entries. */
    plateIndex: p.text().hidden().nullable(),
    settledByPaymentId: p.uuid().nullable(),
    waivedByStaffId: p.uuid().nullable(),
    waiveReason: p.text().nullable(),
  },
  uniques: [{ name: 'debt_payment', properties: ['lotId', 'paymentId'] }],
});

export class Debt extends schema.class {}
schema.setClass(Debt);
