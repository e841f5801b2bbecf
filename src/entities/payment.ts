import { defineEntity, p } from '@mikro-orm/postgresql';

export const PAYMENT_KINDS = ['RESERVATION', 'STAY', 'NO_SHOW_FEE', 'OVERSTAY', 'CHANGE'] as const;
/** OWED: nothing sent to the provider yet. UNKNOWN is entered before every call and left only by evidence. */
export const PAYMENT_STATES = ['OWED', 'UNKNOWN', 'REQUIRES_PAYMENT', 'REQUIRES_ACTION', 'PROCESSING', 'CAPTURED', 'FAILED', 'CANCELED', 'DISPUTED'] as const;

/** Money that a driver owes or has paid for one cause. The provider's copy is `providerRef`. */
const schema = defineEntity({
  name: 'Payment',
  tableName: 'payment',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    kind: p.enum(PAYMENT_KINDS),
    state: p.enum(PAYMENT_STATES),
    reservationId: p.uuid().nullable(),
    stayId: p.uuid().nullable(),
    driverId: p.uuid().nullable(),
    amountMinor: p.bigint('number'),
    capturedMinor: p.bigint('number'),
    /** Promised back, whether or not the provider has sent it yet; never above `capturedMinor`. */
    refundedMinor: p.bigint('number'),
    currency: p.text(),
    /** The provider's id of the intent; null until it was made. */
    providerRef: p.text().nullable(),
    clientSecret: p.text().hidden().nullable(),
    /** The provider's code for the last refusal of a card; the hold stands and another card may be tried. */
    failureCode: p.text().nullable(),
    attempts: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    capturedAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'payment_reservation', properties: ['lotId', 'reservationId'] },
    { name: 'payment_stay', properties: ['lotId', 'stayId'] },
    { name: 'payment_provider_ref', properties: ['providerRef'] },
  ],
});

export class Payment extends schema.class {}
schema.setClass(Payment);
