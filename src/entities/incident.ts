import { defineEntity, p } from '@mikro-orm/postgresql';

/** Something at a gate that a person should look at (an unknown stay let out, a journal entry that could not be applied). */
const schema = defineEntity({
  name: 'Incident',
  tableName: 'incident',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    kind: p.text(),
    gateId: p.uuid().nullable(),
    scanId: p.uuid().nullable(),
    stayId: p.uuid().nullable(),
    note: p.text().nullable(),
    createdAt: p.datetime(3),
    resolvedAt: p.datetime(3).nullable(),
    resolvedByStaffId: p.uuid().nullable(),
  },
});

export class Incident extends schema.class {}
schema.setClass(Incident);
