import { defineEntity, p } from '@mikro-orm/postgresql';

/** What the outside must learn, written in the transaction in which it happened and relayed afterwards, in order per aggregate. */
const schema = defineEntity({
  name: 'OutboxEvent',
  tableName: 'outbox_event',
  properties: {
    /** UUIDv7: sorts by time. */
    id: p.uuid().primary(),
    lotId: p.uuid(),
    /** `reservation.confirmed`, `reservation.no_show`, `payment.refunded`, … */
    type: p.text(),
    aggregateId: p.uuid(),
    payload: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(3),
    relayedAt: p.datetime(3).nullable(),
    attempts: p.integer().default(0),
  },
});

export class OutboxEvent extends schema.class {}
schema.setClass(OutboxEvent);
