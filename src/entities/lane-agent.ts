import { defineEntity, p } from '@mikro-orm/postgresql';

/** How far the journal of a lane agent has come here. Locked while entries of it are written. */
const schema = defineEntity({
  name: 'LaneAgent',
  tableName: 'lane_agent',
  properties: {
    lotId: p.uuid().primary(),
    agentId: p.uuid().primary(),
    /** Its entries up to this one all stand here. */
    acknowledgedSeq: p.bigint('number'),
    /** The chain at that entry. */
    acknowledgedChain: p.text(),
    lastContactAt: p.datetime(3),
    /** When it last said that nothing in its journal is missing here; null: never yet. */
    caughtUpAt: p.datetime(3).nullable(),
  },
});

export class LaneAgent extends schema.class {}
schema.setClass(LaneAgent);
