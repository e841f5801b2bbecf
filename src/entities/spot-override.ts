import { defineEntity, p } from '@mikro-orm/postgresql';
import { SPOT_SIGHTS } from '../domain/spot-sight.ts';

/** What a person said of a spot: counts more than its sensors, until it expires. */
const schema = defineEntity({
  name: 'SpotOverride',
  tableName: 'spot_override',
  properties: {
    lotId: p.uuid().primary(),
    spotId: p.uuid().primary(),
    sight: p.enum(SPOT_SIGHTS),
    reason: p.text(),
    staffId: p.uuid(),
    createdAt: p.datetime(3),
    expiresAt: p.datetime(3),
  },
});

export class SpotOverride extends schema.class {}
schema.setClass(SpotOverride);
