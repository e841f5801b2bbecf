import { defineEntity, p } from '@mikro-orm/postgresql';

/** A stay whose price would change under the tariff of a repricing. */
const schema = defineEntity({
  name: 'RepricedStay',
  tableName: 'repriced_stay',
  properties: {
    lotId: p.uuid().primary(),
    repricingId: p.uuid().primary(),
    stayId: p.uuid().primary(),
    leftAt: p.datetime(3),
    oldMinor: p.bigint('number'),
    newMinor: p.bigint('number'),
    /** New less old: below zero was charged too much. */
    differenceMinor: p.bigint('number'),
    refundDueMinor: p.bigint('number'),
    /** What was promised back because of it; null: not looked at. */
    refundedMinor: p.bigint('number').nullable(),
  },
  indexes: [{ name: 'repriced_stay_difference', properties: ['lotId', 'repricingId', 'differenceMinor', 'stayId'] }],
});

export class RepricedStay extends schema.class {}
schema.setClass(RepricedStay);
