import { defineEntity, p } from '@mikro-orm/postgresql';

/** A moment at which a sensor saw its spot taken or left. */
const schema = defineEntity({
  name: 'SensorChange',
  tableName: 'sensor_change',
  properties: {
    lotId: p.uuid().primary(),
    sensorId: p.uuid().primary(),
    at: p.datetime(3).primary(),
    spotId: p.uuid(),
    occupied: p.boolean(),
    /** Its own report was lost; a later one told of it. */
    recovered: p.boolean(),
  },
  indexes: [{ name: 'sensor_change_at', properties: ['at'] }],
});

export class SensorChange extends schema.class {}
schema.setClass(SensorChange);
