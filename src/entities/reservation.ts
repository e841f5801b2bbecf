import { defineEntity, p } from '@mikro-orm/postgresql';
import type { CardConsent } from '../domain/card-consent.ts';
import type { Concessions } from '../domain/concessions.ts';
import type { LotPolicy } from '../domain/policies.ts';
import { RESERVATION_STATES } from '../domain/reservation.ts';
import { SPOT_TYPES } from '../domain/spot-type.ts';
import type { Price } from '../domain/tariff/document.ts';
import { VEHICLE_CLASSES } from '../domain/vehicle.ts';

/** A right to park. Price and policy are what was promised when it was made; they are never computed again. */
const schema = defineEntity({
  name: 'Reservation',
  tableName: 'reservation',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    /** What people read to each other ("PK-7Q3M-2F"); unique among the open reservations of the lot. */
    code: p.text(),
    driverId: p.uuid(),
    state: p.enum(RESERVATION_STATES),
    spotType: p.enum(SPOT_TYPES),
    /** The type whose rate was promised; the spot may be of a better one. */
    pricedSpotType: p.enum(SPOT_TYPES),
    /** The spot it stands on now; before check-in it may still move unless `pinned`. */
    spotId: p.uuid(),
    pinned: p.boolean(),
    vehicleId: p.uuid().nullable(),
    vehicleClass: p.enum(VEHICLE_CLASSES),
    plateCipher: p.text().hidden(),
    plateIndex: p.text().hidden(),
    plateSkeletonIndex: p.text().hidden(),
    plateCountry: p.text().nullable(),
    startsAt: p.datetime(3),
    endsAt: p.datetime(3),
    holdExpiresAt: p.datetime(3),
    graceEndsAt: p.datetime(3),
    price: p.json<Price>(),
    totalMinor: p.bigint('number'),
    currency: p.text(),
    tariffId: p.uuid(),
    multiplierPercent: p.integer(),
    policy: p.json<LotPolicy>(),
    /** What its driver lets us charge later to the card they pay with; null on those made before it was asked. */
    consent: p.json<CardConsent>().nullable(),
    /** What makes it cheaper than its tariff says; null when nothing does. */
    concessions: p.json<Concessions>().nullable(),
    /** Grows with every change; the gate's index carries the one it was made from. */
    revision: p.integer(),
    /** What was captured for it, extensions included. */
    paidMinor: p.bigint('number'),
    /** What of that was promised back. */
    refundedMinor: p.bigint('number'),
    feeMinor: p.bigint('number'),
    /** What of the price was kept as the fee of a no-show, while it is one. */
    noShowKeptMinor: p.bigint('number').nullable(),
    /** Why the money or the state is not what the driver planned, in one word (`PAID_LATE`, `NO_SHOW_FULL`, `EARLY_DEPARTURE`, …). */
    outcomeRule: p.text().nullable(),
    createdAt: p.datetime(3),
    confirmedAt: p.datetime(3).nullable(),
    checkedInAt: p.datetime(3).nullable(),
    completedAt: p.datetime(3).nullable(),
    /** When it ended without a stay: cancelled, expired or released. */
    endedAt: p.datetime(3).nullable(),
    /** When another driver had to be moved because its vehicle stayed on. */
    displacedAt: p.datetime(3).nullable(),
    /** When its driver was given something back because there was no spot. */
    compensatedAt: p.datetime(3).nullable(),
  },
  indexes: [
    { name: 'reservation_driver', properties: ['driverId', 'startsAt'] },
    { name: 'reservation_of_lot', properties: ['lotId', 'startsAt', 'id'] },
    { name: 'reservation_any_plate', properties: ['lotId', 'plateIndex'] },
  ],
});

export class Reservation extends schema.class {}
schema.setClass(Reservation);
