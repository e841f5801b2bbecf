import { defineEntity, p } from '@mikro-orm/postgresql';
import { SPOT_TYPES } from '../domain/spot-type.ts';

/** The spots of one type in one lot. The row is what bookings lock before they look; it carries nothing else. */
const schema = defineEntity({
  name: 'Pool',
  tableName: 'pool',
  properties: {
    lotId: p.uuid().primary(),
    spotType: p.enum(SPOT_TYPES).primary(),
  },
});

export class Pool extends schema.class {}
schema.setClass(Pool);
