import { defineEntity, p } from '@mikro-orm/postgresql';
import { STAFF_ROLES } from '../domain/viewer.ts';

/** A person who works for an operator, or (ADMIN, no operator) for the installation. */
const schema = defineEntity({
  name: 'Staff',
  tableName: 'staff',
  properties: {
    id: p.uuid().primary(),
    operatorId: p.uuid().nullable(),
    email: p.text().unique('staff_email'),
    name: p.text(),
    passwordHash: p.text().hidden(),
    role: p.enum(STAFF_ROLES),
    /** Null: every lot of the operator. */
    lotIds: p.json<string[]>().nullable(),
    createdAt: p.datetime(3),
    disabledAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: 'staff_operator_id', properties: ['operatorId'] }],
});

export class Staff extends schema.class {}
schema.setClass(Staff);
