import { defineEntity, p } from '@mikro-orm/postgresql';
import { VEHICLE_CLASSES } from '../domain/vehicle.ts';

/** A driver's vehicle. The plate is ciphertext; `plateIndex` finds it without telling it. */
const schema = defineEntity({
  name: 'Vehicle',
  tableName: 'vehicle',
  properties: {
    id: p.uuid().primary(),
    driverId: p.uuid(),
    plateCipher: p.text().hidden(),
    plateIndex: p.text().hidden(),
    plateCountry: p.text().nullable(),
    vehicleClass: p.enum(VEHICLE_CLASSES),
    nickname: p.text().nullable(),
    createdAt: p.datetime(3),
    removedAt: p.datetime(3).nullable(),
  },
  indexes: [{ name: 'vehicle_driver_id', properties: ['driverId'] }],
});

export class Vehicle extends schema.class {}
schema.setClass(Vehicle);
