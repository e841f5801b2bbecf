import { defineEntity, p } from '@mikro-orm/postgresql';

/** What an actor's key was used for, so that a repeated request gets its first answer and has no second effect. */
const schema = defineEntity({
  name: 'IdempotencyKey',
  tableName: 'idempotency_key',
  properties: {
    actor: p.text().primary(),
    key: p.uuid().primary(),
    operation: p.text(),
    /** SHA-256 of the canonical input in hex. */
    inputHash: p.text(),
    /** The ids of what was made; the rest is read afresh. */
    result: p.json<Record<string, unknown>>(),
    createdAt: p.datetime(3),
  },
  indexes: [{ name: 'idempotency_key_created_at', properties: ['createdAt'] }],
});

export class IdempotencyKey extends schema.class {}
schema.setClass(IdempotencyKey);
