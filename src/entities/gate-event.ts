import { defineEntity, p } from '@mikro-orm/postgresql';

/** One decision at a gate, applied from the journal. Its key is the device's scan id: a scan that stands here is durable. */
const schema = defineEntity({
  name: 'GateEvent',
  tableName: 'gate_event',
  properties: {
    lotId: p.uuid().primary(),
    scanId: p.uuid().primary(),
    gateId: p.uuid(),
    deviceId: p.uuid().nullable(),
    operation: p.enum(['CHECK_IN', 'CHECK_OUT', 'OPEN_GATE'] as const),
    action: p.text(),
    reason: p.text(),
    reservationId: p.uuid().nullable(),
    stayId: p.uuid().nullable(),
    observedAt: p.datetime(3),
    decidedAt: p.datetime(3),
    decidedBy: p.text(),
    /** The journal entry it came from. */
    streamId: p.text(),
    /** The answer as it was given, so that the same scan gets the same answer after Redis was emptied. */
    answer: p.json<Record<string, unknown>>(),
    appliedAt: p.datetime(3),
  },
  indexes: [{ name: 'gate_event_decided_at', properties: ['lotId', 'decidedAt'] }],
});

export class GateEvent extends schema.class {}
schema.setClass(GateEvent);
