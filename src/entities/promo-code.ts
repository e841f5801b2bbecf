import { defineEntity, p } from '@mikro-orm/postgresql';
import { DISCOUNT_KINDS, TIME_MEANINGS } from '../domain/discount-value.ts';

/** A code that drivers type to pay less. Nothing of it changes but its end: what was promised with it stays true. */
const schema = defineEntity({
  name: 'PromoCode',
  tableName: 'promo_code',
  properties: {
    id: p.uuid().primary(),
    operatorId: p.uuid(),
    /** In capitals, without spaces. */
    code: p.text(),
    kind: p.enum(DISCOUNT_KINDS),
    /** Of MONEY, in `currency`. */
    minor: p.bigint('number').nullable(),
    percent: p.integer().nullable(),
    minutes: p.integer().nullable(),
    meaning: p.enum(TIME_MEANINGS).nullable(),
    /** Of the amounts here; null where none is named. */
    currency: p.text().nullable(),
    /** Null: every lot of the operator. */
    lotIds: p.json<string[]>().nullable(),
    validFrom: p.datetime(3),
    validUntil: p.datetime(3).nullable(),
    /** Parking must lie within these. */
    periodsFrom: p.datetime(3).nullable(),
    periodsUntil: p.datetime(3).nullable(),
    maxUses: p.integer().nullable(),
    usesPerDriver: p.integer().nullable(),
    firstVisitOnly: p.boolean(),
    smallestPriceMinor: p.bigint('number').nullable(),
    createdAt: p.datetime(3),
    createdByStaffId: p.uuid().nullable(),
    endedAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'promo_code_operator_code', properties: ['operatorId', 'code'] }],
});

export class PromoCode extends schema.class {}
schema.setClass(PromoCode);
