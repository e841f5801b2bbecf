import { defineEntity, p } from '@mikro-orm/postgresql';
import { STAFF_ACTS } from '../domain/staff-act.ts';

/** What a member of staff did by hand, and why. Rows are only ever added. */
const schema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    staffId: p.uuid(),
    act: p.enum(STAFF_ACTS),
    /** The row it was about; null when it was about the lot. */
    subjectId: p.uuid().nullable(),
    reason: p.text(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'audit_entry_of_lot', properties: ['lotId', 'createdAt', 'id'] }],
});

export class AuditEntry extends schema.class {}
schema.setClass(AuditEntry);
