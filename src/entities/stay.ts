import { defineEntity, p } from '@mikro-orm/postgresql';
import { PAY_POINTS } from '../domain/payment.ts';
import type { Concessions } from '../domain/concessions.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import { VEHICLE_CLASSES } from '../domain/vehicle.ts';

export const STAY_KINDS = ['RESERVED', 'WALK_IN'] as const;
export const STAY_STATES = ['INSIDE', 'LEFT'] as const;

/** One visit of one vehicle, entry to exit. */
const schema = defineEntity({
  name: 'Stay',
  tableName: 'stay',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    kind: p.enum(STAY_KINDS),
    state: p.enum(STAY_STATES),
    reservationId: p.uuid().nullable(),
    /** Null while a vehicle that came in without the database has no spot yet. */
    spotId: p.uuid().nullable(),
    spotType: p.enum(SPOT_TYPES),
    vehicleClass: p.enum(VEHICLE_CLASSES),
    /** Null when the plate could not be read. */
    plateCipher: p.text().hidden().nullable(),
    plateIndex: p.text().hidden().nullable(),
    plateSkeletonIndex: p.text().hidden().nullable(),
    /** What a walk-in shows at the exit when the plate is not read. */
    code: p.text().nullable(),
    tariffId: p.uuid(),
    multiplierPercent: p.integer(),
    currency: p.text(),
    /** What makes a walk-in cheaper than its tariff says; null when nothing does. A reserved stay's stand with its reservation. */
    concessions: p.json<Concessions>().nullable(),
    enteredAt: p.datetime(3),
    leftAt: p.datetime(3).nullable(),
    entryGateId: p.uuid(),
    exitGateId: p.uuid().nullable(),
    entryScanId: p.uuid(),
    exitScanId: p.uuid().nullable(),
    /** What the whole stay cost, settled at the exit; null until then. */
    totalMinor: p.bigint('number').nullable(),
    paidMinor: p.bigint('number'),
    /** A walk-in that has paid may leave until then. */
    paidUntil: p.datetime(3).nullable(),
    /** Where it paid last: how long the way to the exit is may depend on it. */
    payPoint: p.enum(PAY_POINTS).nullable(),
  },
  uniques: [{ name: 'stay_entry_scan', properties: ['lotId', 'entryScanId'] }],
});

export class Stay extends schema.class {}
schema.setClass(Stay);
