import { defineEntity, p } from '@mikro-orm/postgresql';

/** One sensor above or in a spot, and what it said last. A spot may have several. */
const schema = defineEntity({
  name: 'Sensor',
  tableName: 'sensor',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    spotId: p.uuid(),
    /** What it calls itself (a DevEUI, a serial number); unique in the lot while it is there. */
    serial: p.text(),
    heartbeatMinutes: p.integer(),
    /** Null: never heard. */
    occupied: p.boolean().nullable(),
    /** Since when it says so. */
    since: p.datetime(3).nullable(),
    /** 0 to 7, of the newest report. */
    sequence: p.smallint().nullable(),
    /** When the newest report was made. */
    heardAt: p.datetime(3).nullable(),
    /** After two heartbeats without a word nothing is believed of it. */
    silentAfter: p.datetime(3),
    batteryPercent: p.smallint().nullable(),
    /** How many reports its sequence says did not arrive. */
    lostTotal: p.integer().default(0),
    createdAt: p.datetime(3),
    removedAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: 'sensor_of_spot', properties: ['lotId', 'spotId'] }],
});

export class Sensor extends schema.class {}
schema.setClass(Sensor);
