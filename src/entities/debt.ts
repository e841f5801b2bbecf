import { defineEntity, p } from '@mikro-orm/postgresql';

/** Money that a driver left owing, because nobody is kept behind a barrier for it. */
const schema = defineEntity({
  name: 'Debt',
  tableName: 'debt',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    stayId: p.uuid(),
    driverId: p.uuid().nullable(),
    amountMinor: p.bigint('number'),
    currency: p.text(),
    reason: p.text(),
    state: p.enum(['OPEN', 'SETTLED', 'WAIVED'] as const),
    createdAt: p.datetime(3),
    settledAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'debt_stay_reason', properties: ['lotId', 'stayId', 'reason'] }],
});

export class Debt extends schema.class {}
schema.setClass(Debt);
