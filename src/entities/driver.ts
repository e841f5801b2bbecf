import { defineEntity, p } from '@mikro-orm/postgresql';
import type { AutomaticPayment } from '../domain/card-consent.ts';

/** A person who parks. */
const schema = defineEntity({
  name: 'Driver',
  tableName: 'driver',
  properties: {
    id: p.uuid().primary(),
    /** Lower case. */
    email: p.text().unique('driver_email'),
    name: p.text(),
    /** argon2id. */
    passwordHash: p.text().hidden(),
    locale: p.text(),
    stripeCustomerId: p.text().nullable(),
    /** The saved card that later charges (no-show, overstay) go to. */
    savedPaymentMethodId: p.text().nullable(),
    /** Since when open debts may be charged to the saved card at the next visit; null: not without being asked. */
    debtsCollectedSince: p.datetime(3).nullable(),
    /** What may be charged to the saved card at an exit without asking; null: nothing. */
    automaticPayment: p.json<AutomaticPayment>().nullable(),
    createdAt: p.datetime(3),
  },
});

export class Driver extends schema.class {}
schema.setClass(Driver);
