import { defineEntity, p } from '@mikro-orm/postgresql';
import { LANE_OPERATIONS } from '../domain/lane-scan.ts';

export const LANE_SCAN_PROBLEMS = ['FORGED', 'UNREADABLE'] as const;

/** One entry of a lane agent's journal as it was sent. What a lane decided, and not more: its effect stands in stays and incidents. */
const schema = defineEntity({
  name: 'LaneScanRow',
  tableName: 'lane_scan',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    agentId: p.uuid(),
    seq: p.bigint('number'),
    /** Null for an entry that could not be read. */
    scanId: p.uuid().nullable(),
    gateId: p.uuid().nullable(),
    /** The scan's canonical JSON; a plate in it is sealed. */
    body: p.text().hidden(),
    chain: p.text(),
    /** Set on what has no effect until a person settles it. */
    problem: p.enum(LANE_SCAN_PROBLEMS).nullable(),
    operation: p.enum(LANE_OPERATIONS).nullable(),
    opened: p.boolean(),
    observedAt: p.datetime(3).nullable(),
    /** By which scans of one vehicle find each other. */
    subjects: p.array(),
    receivedAt: p.datetime(3),
    /** When it last counted in a merge; null while it waits for one. */
    mergedAt: p.datetime(3).nullable(),
    /** When the gates had heard what came of it; null while they may not have. */
    toldAt: p.datetime(3).nullable(),
  },
});

export class LaneScanRow extends schema.class {}
schema.setClass(LaneScanRow);
