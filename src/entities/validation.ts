import { defineEntity, p } from '@mikro-orm/postgresql';
import { DISCOUNT_KINDS, TIME_MEANINGS } from '../domain/discount-value.ts';

/** GIVEN: waits for the stay's end. USED: burnt, its cost is known. VOID: its stay ended without it. */
export const VALIDATION_STATES = ['GIVEN', 'USED', 'VOID'] as const;

/** What a merchant takes over of one stay's price. */
const schema = defineEntity({
  name: 'Validation',
  tableName: 'validation',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    merchantId: p.uuid(),
    /** The walk-in, or the reservation, that it was given to: one of the two. */
    stayId: p.uuid().nullable(),
    reservationId: p.uuid().nullable(),
    kind: p.enum(DISCOUNT_KINDS),
    minor: p.bigint('number').nullable(),
    percent: p.integer().nullable(),
    minutes: p.integer().nullable(),
    meaning: p.enum(TIME_MEANINGS).nullable(),
    currency: p.text(),
    state: p.enum(VALIDATION_STATES),
    /** The local month whose budget it is of ("2026-11"). */
    month: p.text(),
    /** What is kept of the budget until it is settled. */
    heldMinor: p.bigint('number'),
    /** What it took off in the end; null until then. */
    worthMinor: p.bigint('number').nullable(),
    /** What of that the merchant pays; null until then. */
    costMinor: p.bigint('number').nullable(),
    givenAt: p.datetime(3),
    /** Who gave it: a till or a member of staff. */
    givenBy: p.text(),
    settledAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'validation_merchant_month', properties: ['lotId', 'merchantId', 'month'] },
    { name: 'validation_stay', properties: ['lotId', 'stayId'] },
    { name: 'validation_reservation', properties: ['lotId', 'reservationId'] },
  ],
});

export class Validation extends schema.class {}
schema.setClass(Validation);
