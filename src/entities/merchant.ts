import { defineEntity, p } from '@mikro-orm/postgresql';

/** A shop or office that pays for a part of its guests' parking in one lot. Its till speaks with a device key of its own. */
const schema = defineEntity({
  name: 'Merchant',
  tableName: 'merchant',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    name: p.text(),
    /** What its validations may cost it in a local month, in minor units of the lot's currency; null: no limit. */
    budgetMinor: p.bigint('number').nullable(),
    /** How many it may give in a local month; null: no limit. */
    budgetCount: p.integer().nullable(),
    /** What one validation costs it at most: held of the budget until the stay is settled. The rest of a dearer one is the operator's. */
    mostMinor: p.bigint('number'),
    /** How many of its validations one stay may have. */
    perStay: p.integer(),
    /** Whether its validations stand beside those of others. */
    stackable: p.boolean(),
    createdAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'merchant_name', properties: ['lotId', 'name'] }],
});

export class Merchant extends schema.class {}
schema.setClass(Merchant);
