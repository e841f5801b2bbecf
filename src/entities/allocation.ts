import { defineEntity, p } from '@mikro-orm/postgresql';
import { SPOT_TYPES } from '../domain/spot-type.ts';

export const ALLOCATION_KINDS = ['RESERVATION', 'WALK_IN', 'CLOSURE'] as const;

/**
 * The claim of one spot for one half-open period, and the only truth about "taken". Only live and future claims stand
 * here; a constraint of the table refuses two that overlap. Written by `allocation/` alone.
 */
const schema = defineEntity({
  name: 'Allocation',
  tableName: 'allocation',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    kind: p.enum(ALLOCATION_KINDS),
    spotId: p.uuid(),
    spotType: p.enum(SPOT_TYPES),
    startsAt: p.datetime(3),
    endsAt: p.datetime(3),
    reservationId: p.uuid().nullable(),
    stayId: p.uuid().nullable(),
    createdAt: p.datetime(3),
  },
});

export class Allocation extends schema.class {}
schema.setClass(Allocation);
