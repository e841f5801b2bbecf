import { defineEntity, p } from '@mikro-orm/postgresql';
import { RELAY_STATES } from '../domain/hardware.ts';

/** One command to a barrier, and how far it came. While it is live Redis has it; this is its record. */
const schema = defineEntity({
  name: 'RelayCommand',
  tableName: 'relay_command',
  properties: {
    lotId: p.uuid().primary(),
    id: p.uuid().primary(),
    gateId: p.uuid(),
    /** The scan for which it opens: one scan, one pulse. */
    scanId: p.uuid(),
    /** The relay that took it. */
    deviceId: p.uuid().nullable(),
    channel: p.smallint(),
    pulseMs: p.integer(),
    state: p.enum(RELAY_STATES),
    error: p.text().nullable(),
    createdAt: p.datetime(3),
    deadlineAt: p.datetime(3),
    sentAt: p.datetime(3).nullable(),
    receivedAt: p.datetime(3).nullable(),
    endedAt: p.datetime(3).nullable(),
  },
  uniques: [{ name: 'relay_command_scan', properties: ['lotId', 'scanId'] }],
});

export class RelayCommand extends schema.class {}
schema.setClass(RelayCommand);
