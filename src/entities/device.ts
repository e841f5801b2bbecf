import { defineEntity, p } from '@mikro-orm/postgresql';
import { DEVICE_ROLES } from '../domain/viewer.ts';

/** A machine of a lot that speaks with its own key: a gate controller, a kiosk, a display board. */
const schema = defineEntity({
  name: 'Device',
  tableName: 'device',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** Null for a board, which belongs to no gate. */
    gateId: p.uuid().nullable(),
    /** The merchant whose till it is; of a MERCHANT alone. */
    merchantId: p.uuid().nullable(),
    name: p.text(),
    role: p.enum(DEVICE_ROLES),
    /** SHA-256 of the key in hex; the key itself is shown once and kept nowhere. */
    keyHash: p.text().hidden(),
    createdAt: p.datetime(3),
    revokedAt: p.datetime(3).nullable(),
  },
});

export class Device extends schema.class {}
schema.setClass(Device);
