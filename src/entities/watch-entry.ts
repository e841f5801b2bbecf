import { defineEntity, p } from '@mikro-orm/postgresql';
import { WATCH_PURPOSES } from '../domain/watch-purpose.ts';

/** A plate that the staff of a lot want to be told of when it is read. Changes nothing at a barrier; forgotten when it is over. */
const schema = defineEntity({
  name: 'WatchEntry',
  tableName: 'watch_entry',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    plateCipher: p.text().hidden(),
    plateIndex: p.text().hidden(),
    purpose: p.enum(WATCH_PURPOSES),
    /** What to do when it comes; names no plate. */
    note: p.text(),
    addedByStaffId: p.uuid(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
    endedAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'watch_entry_plate', properties: ['lotId', 'plateIndex'] },
    { name: 'watch_entry_expires', properties: ['expiresAt'] },
  ],
});

export class WatchEntry extends schema.class {}
schema.setClass(WatchEntry);
