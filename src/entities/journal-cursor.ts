import { defineEntity, p } from '@mikro-orm/postgresql';

/** How far a partition's gate journal has been applied; moved in the transaction that applies, and locked by its one reader. */
const schema = defineEntity({
  name: 'JournalCursor',
  tableName: 'journal_cursor',
  properties: {
    partition: p.smallint().primary(),
    /** The Redis stream id of the last entry applied; "0-0": none yet. */
    lastStreamId: p.text(),
    updatedAt: p.datetime(3),
  },
});

export class JournalCursor extends schema.class {}
schema.setClass(JournalCursor);
