import { defineEntity, p } from '@mikro-orm/postgresql';

/** The company that runs lots. Every lot, tariff and staff member belongs to one. */
const schema = defineEntity({
  name: 'Operator',
  tableName: 'operator',
  properties: {
    id: p.uuid().primary(),
    name: p.text(),
    /** What stands on receipts. */
    legalName: p.text(),
    taxNumber: p.text().nullable(),
    createdAt: p.datetime(3),
  },
});

export class Operator extends schema.class {}
schema.setClass(Operator);
