import { defineEntity, p } from '@mikro-orm/postgresql';
import { PASSAGE_OUTCOMES } from '../domain/hardware.ts';

/** One vehicle over (or back from) the loop of a gate, as a device at the lane told it. */
const schema = defineEntity({
  name: 'Passage',
  tableName: 'passage',
  properties: {
    lotId: p.uuid().primary(),
    /** Made by the device, so that telling it twice is telling it once. */
    id: p.uuid().primary(),
    gateId: p.uuid(),
    deviceId: p.uuid().nullable(),
    outcome: p.enum(PASSAGE_OUTCOMES),
    /** The scan that opened the gate for it; null while nobody knows, and for good when nothing had opened it. */
    scanId: p.uuid().nullable(),
    observedAt: p.datetime(3),
    reportedAt: p.datetime(3),
    /** Set once it was brought together with its opening, or found to have none. */
    settledAt: p.datetime(3).nullable(),
  },
});

export class Passage extends schema.class {}
schema.setClass(Passage);
