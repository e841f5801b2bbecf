import { defineEntity, p } from '@mikro-orm/postgresql';

/** An attendant's working time at a till, with its cash. */
const schema = defineEntity({
  name: 'Shift',
  tableName: 'shift',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    staffId: p.uuid(),
    /** The device at which they sit; null for a drawer that belongs to none. */
    deviceId: p.uuid().nullable(),
    currency: p.text(),
    /** The coins that the drawer began with. */
    openingMinor: p.bigint('number'),
    /** What the drawer should have held at the end, by what was taken and given; null while it is open. */
    expectedMinor: p.bigint('number').nullable(),
    /** What was counted at the end. */
    countedMinor: p.bigint('number').nullable(),
    openedAt: p.datetime(3),
    closedAt: p.datetime(3).nullable(),
  },
});

export class Shift extends schema.class {}
schema.setClass(Shift);
