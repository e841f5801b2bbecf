import { defineEntity, p } from '@mikro-orm/postgresql';

/** A journal entry that could not be applied. It parks its own stay; the partition goes on. */
const schema = defineEntity({
  name: 'ParkedEntry',
  tableName: 'parked_entry',
  properties: {
    partition: p.smallint().primary(),
    streamId: p.text().primary(),
    lotId: p.uuid().nullable(),
    entry: p.json<Record<string, string>>(),
    error: p.text(),
    parkedAt: p.datetime(3),
    resolvedAt: p.datetime(3).nullable(),
  },
});

export class ParkedEntry extends schema.class {}
schema.setClass(ParkedEntry);
