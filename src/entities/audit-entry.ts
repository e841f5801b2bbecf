import { defineEntity, p } from '@mikro-orm/postgresql';
import type { StaffAct } from '../domain/staff-act.ts';

/** What a member of staff did by hand, and why. Rows are only ever added. */
const schema = defineEntity({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    staffId: p.uuid(),
    /** PostgreSQL checks its form alone, so that a new act needs no migration. */
    act: p.text().$type<StaffAct>(),
    /** The row it was about; null when it was about the lot. */
    subjectId: p.uuid().nullable(),
    reason: p.text(),
    createdAt: p.datetime(3),
  },
  checks: [{ name: 'audit_entry_act_check', expression: "act ~ '^[A-Z_]{3,40}$'" }],
  indexes: [{ name: 'audit_entry_of_lot', properties: ['lotId', 'createdAt', 'id'] }],
});

export class AuditEntry extends schema.class {}
schema.setClass(AuditEntry);
