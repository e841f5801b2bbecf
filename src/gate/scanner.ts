import { Refusal } from '../domain/refusal.ts';
import { mayServeLot, type Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { readCredential } from './credential.ts';
import type { LotCheck } from './decide-scan.ts';
import type { GateOperation } from './journal-entry.ts';
import { observationOf, type Scan, type ScanInput } from './scan.ts';

const DEFAULT_VEHICLE_CLASS = 'CAR';

/**
 * Reads what was sent. Refuses with GATE_NOT_FOUND when the asker is a device of another lot or gate, and with INVALID_INPUT.
 * Staff of the lot may scan too (`lotCheckFor` looks at that, once the lot is known).
 */
export function readScan(
  platform: Platform,
  asked: { operation: GateOperation; input: ScanInput; viewer: Viewer | undefined },
): Scan {
  const { operation, input, viewer } = asked;
  const { lotId, gateId, scanId } = input;
  if (viewer?.kind === 'DEVICE' && (viewer.lotId !== lotId || (viewer.gateId !== null && viewer.gateId !== gateId)))
    throw noSuchGate();
  const now = platform.clock.now();
  const observedAt = observationOf(input.observedAt, now);
  return {
    operation,
    lotId,
    gateId,
    scanId,
    credential: readCredential(platform, { lotId, now, observedAt }, input.credential),
    observedAt,
    now,
    vehicleClass: input.vehicleClass ?? DEFAULT_VEHICLE_CLASS,
    alreadyOpened: input.alreadyOpened ?? false,
    ...(input.supersedes == null ? {} : { supersedes: input.supersedes }),
    deviceId: viewer?.kind === 'DEVICE' ? viewer.deviceId : null,
    staffId: viewer?.kind === 'STAFF' ? viewer.staffId : null,
  };
}

/**
 * Lets gate devices and staff of the lot ask, and nobody else. A device that nobody has vouched for can lead out, and no vehicle in: the scan
 * of an entry is not decided.
 */
export function lotCheckFor(lotId: string, viewer: Viewer | undefined, direction: 'IN' | 'OUT'): LotCheck {
  return ({ operatorId }) => {
    if (direction === 'IN' && viewer?.kind === 'DEVICE' && viewer.isUnverified)
      throw new Error('nobody could vouch for the key of the device at this entry');
    const isGate = viewer?.kind !== 'DEVICE' || viewer.role === 'GATE' || viewer.role === 'LANE';
    if (!isGate || !mayServeLot(viewer, { id: lotId, operatorId })) throw noSuchGate();
  };
}

/** Told of a gate that is not there, and of one that who asks does not serve. */
export function noSuchGate(): Refusal {
  return new Refusal('GATE_NOT_FOUND', 'There is no such gate among those you serve.', { field: ['gateId'] });
}
