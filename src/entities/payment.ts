import { defineEntity, p } from '@mikro-orm/postgresql';
import { PAYMENT_KINDS, PAYMENT_METHODS, PAYMENT_STATES } from '../domain/payment.ts';

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
    /** What the payment is for, where its kind alone does not say (the new end of a change). */
    detail: p.json<Record<string, unknown>>().nullable(),
    attempts: p.integer(),
    createdAt: p.datetime(3),
    updatedAt: p.datetime(3),
    capturedAt: p.datetime(3).nullable(),
    method: p.enum(PAYMENT_METHODS).default('CARD'),
    /** The debt that it pays, if that is what it is for. */
    debtId: p.uuid().nullable(),
    /** Whose drawer or terminal took it; null for what was paid with the provider. */
    shiftId: p.uuid().nullable(),
    staffId: p.uuid().nullable(),
    /** How much of `capturedMinor` is tax, by the tariff that priced it. */
    taxMinor: p.bigint('number').default(0),
    /** What the drawer kept of it in coins: the amount after cash rounding. */
    cashMinor: p.bigint('number').nullable(),
    /** What was handed over; the change is this less `cashMinor`. */
    tenderedMinor: p.bigint('number').nullable(),
    /** The number on the card terminal's slip. */
    terminalReceipt: p.text().nullable(),
  },
  indexes: [
    { name: 'payment_reservation', properties: ['lotId', 'reservationId'] },
    { name: 'payment_stay', properties: ['lotId', 'stayId'] },
    { name: 'payment_provider_ref', properties: ['providerRef'] },
  ],
});

export class Payment extends schema.class {}
schema.setClass(Payment);
