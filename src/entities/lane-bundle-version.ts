import { defineEntity, p } from '@mikro-orm/postgresql';

/** The newest version of a lot's bundle that was given out: versions grow strictly, whichever process makes them. */
const schema = defineEntity({
  name: 'LaneBundleVersion',
  tableName: 'lane_bundle',
  properties: {
    lotId: p.uuid().primary(),
    version: p.bigint('number'),
    contentHash: p.text(),
    madeAt: p.datetime(3),
  },
});

export class LaneBundleVersion extends schema.class {}
schema.setClass(LaneBundleVersion);
