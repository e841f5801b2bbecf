import { defineEntity, p } from '@mikro-orm/postgresql';
import { SPOT_TYPES } from '../domain/spot-type.ts';

/** One marked space. Whether it is taken is not here: that is a question to the allocations. */
const schema = defineEntity({
  name: 'Spot',
  tableName: 'spot',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    levelId: p.uuid(),
    spotType: p.enum(SPOT_TYPES),
    /** What is painted on the ground ("2-117"); unique in the lot. */
    label: p.text(),
    /** Rank by distance from the entrance; 0 is nearest. */
    distanceRank: p.integer(),
    /** How to get there, one sentence for the driver. */
    directions: p.text().nullable(),
    maxHeightCm: p.integer().nullable(),
    maxLengthCm: p.integer().nullable(),
    inService: p.boolean(),
    /** What is sensed on it, or what a person said; null: nobody knows. */
    sensedOccupied: p.boolean().nullable(),
    /** Since when. */
    sensedAt: p.datetime(3).nullable(),
    /** When that has to be thought over again although nothing was heard. */
    lookAgainAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'spot_label', properties: ['lotId', 'label'] }],
  indexes: [{ name: 'spot_pool', properties: ['lotId', 'spotType', 'distanceRank'] }],
});

export class Spot extends schema.class {}
schema.setClass(Spot);
