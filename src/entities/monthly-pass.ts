import { defineEntity, p } from '@mikro-orm/postgresql';
import type { PassHours } from '../domain/monthly-pass.ts';

/** PENDING: not paid yet. ACTIVE: covers from `startsAt` until `endsAt`. ENDED: taken back, or never paid. */
export const MONTHLY_PASS_STATES = ['PENDING', 'ACTIVE', 'ENDED'] as const;

/** The right of a driver or of some plates to park in one lot without paying by the hour. It holds no spot. */
const schema = defineEntity({
  name: 'MonthlyPass',
  tableName: 'monthly_pass',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    productId: p.uuid(),
    /** Null: granted to plates alone. */
    driverId: p.uuid().nullable(),
    /** As the product was when it was bought. */
    name: p.text(),
    hours: p.json<PassHours[]>(),
    usesPerMonth: p.integer().nullable(),
    priceMinor: p.bigint('number'),
    currency: p.text(),
    state: p.enum(MONTHLY_PASS_STATES),
    /** Whether the next month is charged to the saved card; otherwise it ends. */
    renews: p.boolean(),
    startsAt: p.datetime(3),
    /** Paid or granted until then. */
    endsAt: p.datetime(3),
    /** The payment that is under way or was the last; null for one that costs nothing. */
    paymentId: p.uuid().nullable(),
    grantedByStaffId: p.uuid().nullable(),
    /** Grows with every change; the gates' copy carries the one it was made from. */
    revision: p.integer(),
    createdAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: 'monthly_pass_driver', properties: ['driverId', 'lotId'] }],
});

export class MonthlyPass extends schema.class {}
schema.setClass(MonthlyPass);
