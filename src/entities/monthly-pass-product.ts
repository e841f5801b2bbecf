import { defineEntity, p } from '@mikro-orm/postgresql';
import type { PassHours } from '../domain/monthly-pass.ts';

/** What a lot sells by the month. It never changes: a new price is a new product, and who bought keeps what they bought. */
const schema = defineEntity({
  name: 'MonthlyPassProduct',
  tableName: 'monthly_pass_product',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    priceMinor: p.bigint('number'),
    currency: p.text(),
    /** When it covers; empty: day and night. */
    hours: p.json<PassHours[]>(),
    /** How many stays of a local month it covers; null: all. */
    usesPerMonth: p.integer().nullable(),
    /** How many plates one pass may have. */
    mostPlates: p.integer(),
    createdAt: p.datetime(3),
    /** When it was taken off sale; passes that were bought go on. */
    endedAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'monthly_pass_product_name', properties: ['lotId', 'name'] }],
});

export class MonthlyPassProduct extends schema.class {}
schema.setClass(MonthlyPassProduct);
