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
    /**
     * The order in which it happened. The clocks of two processes differ and `id` follows them; this number is taken while the
     * aggregate is locked.
     */
    seq: p.bigint('number').autoincrement(),
    createdAt: p.datetime(3),
    relayedAt: p.datetime(3).nullable(),
    /** How often it was taken up. */
    attempts: p.integer().default(0),
    /** Until then one relay has it, or it waits for its next try. */
    claimedUntil: p.datetime(3).nullable(),
    /** Given up after too many tries: waits for a person. */
    parkedAt: p.datetime(3).nullable(),
  },
});

export class OutboxEvent extends schema.class {}
schema.setClass(OutboxEvent);
