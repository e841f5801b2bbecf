import { createHash } from 'node:crypto';
import { Refusal } from '../domain/refusal.ts';
import type { Viewer } from '../domain/viewer.ts';
import type { Platform } from '../platform/platform.ts';
import { decideScan, type Decided, type ScanFacts } from './decide-scan.ts';
import { answerTo, type Scan, type ScanResult } from './scan.ts';
import { lotCheckFor } from './scanner.ts';

export interface OpenGateInput {
  readonly lotId: string;
  readonly gateId: string;
  /** Stands for the scan that there was not. */
  readonly idempotencyKey: string;
  readonly reason: string;
}

/**
 * A person opens a gate, also while Redis is away (then not durable, to be sent again). It is journalled with its reason and left for a
 * person to look at. The same key gets the same answer. Refuses with REASON_REQUIRED, GATE_NOT_FOUND and IDEMPOTENCY_KEY_REUSED.
 */
export async function openGate(
  platform: Platform,
  input: OpenGateInput,
  staff: Extract<Viewer, { kind: 'STAFF' }>,
): Promise<ScanResult> {
  const reason = input.reason.trim();
  if (reason === '') throw new Refusal('REASON_REQUIRED', 'Say why the gate is opened by hand.', { field: ['reason'] });
  const { lotId, gateId, idempotencyKey: scanId } = input;
  const now = platform.clock.now();
  const key = `reason:${createHash('sha256').update(reason).digest('base64url').slice(0, 16)}`;
  const scan: Scan = {
    ...{
      operation: 'OPEN_GATE',
      lotId,
      gateId,
      scanId,
      now,
      observedAt: now,
      vehicleClass: 'CAR',
      alreadyOpened: false,
    },
    credential: { kind: 'UNREADABLE', key },
    deviceId: null,
    staffId: staff.staffId,
  };
  return decideScan(platform, {
    scan,
    judge: (_platform, facts) => openedByStaff(facts, reason),
    mayAsk: lotCheckFor(lotId, staff, 'OUT'),
  });
}

function openedByStaff({ scan }: ScanFacts, reason: string): Decided {
  return {
    verdict: 'DECIDED',
    answer: answerTo(scan, { action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR' }),
    effect: { kind: 'NONE' },
    changes: {},
    incident: { kind: 'GATE_OPENED_BY_STAFF', note: `${reason} (staff ${scan.staffId ?? 'unknown'})` },
  };
}
