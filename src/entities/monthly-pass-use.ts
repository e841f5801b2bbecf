import { defineEntity, p } from '@mikro-orm/postgresql';

export const USE_CAUSES = ['STAY', 'RESERVATION'] as const;

/** One stay that a monthly pass covered, or a reservation made with it; that of one which expired or was cancelled does not count. */
const schema = defineEntity({
  name: 'MonthlyPassUse',
  tableName: 'monthly_pass_use',
  properties: {
    lotId: p.uuid().primary(),
    monthlyPassId: p.uuid().primary(),
    /** The stay or the reservation. */
    causeId: p.uuid().primary(),
    cause: p.enum(USE_CAUSES),
    /** The local month that it counts in ("2026-11"). */
    month: p.text(),
    usedAt: p.datetime(3),
  },
});

export class MonthlyPassUse extends schema.class {}
schema.setClass(MonthlyPassUse);
