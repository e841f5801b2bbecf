import { defineEntity, p } from '@mikro-orm/postgresql';
import { INCIDENT_ACTIONS, INCIDENT_SEVERITIES } from '../domain/incident.ts';

/** Something that a person should look at (an unknown stay let out, a vehicle on another's spot, a sensor that is silent). */
const schema = defineEntity({
  name: 'Incident',
  tableName: 'incident',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** One of INCIDENT_KINDS; rows of an earlier release may have another. */
    kind: p.text(),
    severity: p.enum(INCIDENT_SEVERITIES).default('WARNING'),
    gateId: p.uuid().nullable(),
    scanId: p.uuid().nullable(),
    stayId: p.uuid().nullable(),
    spotId: p.uuid().nullable(),
    reservationId: p.uuid().nullable(),
    note: p.text().nullable(),
    /** Where a camera's picture or clip of it lies; forgotten with the other references. */
    imageRef: p.text().nullable(),
    /** The same cause found again writes no second row. */
    onceKey: p.text().nullable(),
    createdAt: p.datetime(3),
    resolvedAt: p.datetime(3).nullable(),
    /** Null when what caused it went away by itself. */
    resolvedByStaffId: p.uuid().nullable(),
    resolveReason: p.text().nullable(),
    resolveAction: p.enum(INCIDENT_ACTIONS).nullable(),
    /** What the driver was charged for it. */
    debtId: p.uuid().nullable(),
  },
  indexes: [{ name: 'incident_of_lot', properties: ['lotId', 'createdAt', 'id'] }],
});

export class Incident extends schema.class {}
schema.setClass(Incident);
