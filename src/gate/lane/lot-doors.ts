import { hash } from 'node:crypto';
import type { LaneScan } from '../../domain/lane-scan.ts';
import type { Logger } from '../../platform/log.ts';
import type { ClockWatch } from './clock-watch.ts';
import type { GateDecision } from './cloud-link.ts';
import type { LaneMetrics } from './lane-metrics.ts';
import { failure, type ApiAnswer, type DeviceCall, type LocalDoors } from './local-api.ts';
import { readOpen, readPassage, readScan, type GateRef, type OpenRequest } from './read-request.ts';
import type { ScanDesk } from './scan-desk.ts';
import type { LaneIdentity, StoredAnswer, Writer } from './write-down.ts';

export interface LotDoorsParts {
  readonly desk: ScanDesk;
  readonly writer: Writer;
  readonly clock: ClockWatch;
  readonly identity: LaneIdentity;
  readonly metrics: LaneMetrics;
  readonly log: Logger;
  readonly answerTo: (scanId: string) => string | undefined;
  readonly onWritten: () => void;
}

const CREATED = 201;
const NOTED = 204;

/** What the lot's devices may ask of the agent: a decision about a scan, a gate opened by hand, a passage noted. */
export function lotDoors(parts: LotDoorsParts): LocalDoors['posts'] {
  return {
    '/v1/scans': (call) => scanned(parts, call),
    '/v1/open': (call) => openedByHand(parts, call),
    '/v1/passages': (call) => passed(parts, call),
  };
}

async function scanned({ desk }: LotDoorsParts, call: DeviceCall): Promise<ApiAnswer> {
  const request = readScan(call.body);
  if (!mayServe(call, request.gateId)) return noSuchGate();
  const outcome = await desk.decide(request, call.index, call.bearer);
  if (!('refused' in outcome)) return { status: 200, body: outcome };
  const { status, code, message } = outcome.refused;
  return { status, body: failure(code, message) };
}

/** A person at the lane opens: always done, always written down, with why; it goes to the cloud with the journal. */
function openedByHand(parts: LotDoorsParts, call: DeviceCall): ApiAnswer {
  const request = readOpen(call.body);
  if (!mayServe(call, request.gateId) || call.index.gate(request.gateId.id) === undefined) return noSuchGate();
  const known = parts.answerTo(request.idempotencyKey);
  if (known !== undefined)
    return { status: 200, body: { ...(JSON.parse(known) as StoredAnswer).decision, replayed: true } };
  const { scan, stored } = openingOf(parts, call, request);
  const verdict = { action: 'OPEN', reason: 'STAFF', subjects: [], flags: [] } as const;
  const unwritten = { scan, answer: JSON.stringify(stored), vehicles: [] };
  const isWritten = parts.writer.write(unwritten, verdict);
  // A person at a gate is obeyed, disk or no disk.
  if (!isWritten) parts.writer.hold(unwritten, verdict);
  parts.onWritten();
  parts.log.warn({ gateId: request.gateId.id, scanId: scan.scanId }, 'a gate was opened by hand');
  return { status: CREATED, body: { ...stored.decision, durable: isWritten, replayed: false } };
}

function openingOf({ clock, identity }: LotDoorsParts, { index, device }: DeviceCall, request: OpenRequest) {
  const { gateId, idempotencyKey: scanId, reason, staff } = request;
  const nowMs = clock.nowMs();
  const decision: GateDecision = {
    ...{ scanId, action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR', durable: true },
    ...{ reservationCode: null, stayId: null, ticketCode: null, spotLabel: null, directions: null, due: null },
    decidedAt: new Date(nowMs).toISOString(),
  };
  const scan: Omit<LaneScan, 'seq'> = {
    ...{ scanId, ...identity, gateId: gateId.id, operation: 'OPEN_GATE', subjects: [], plate: null },
    ...{ observedAt: nowMs, deviceObservedAt: clock.deviceMs(), clockSkewMs: Math.round(clock.skewMs()) },
    ...{ action: 'OPEN', reason: 'STAFF', decidedBy: 'OPERATOR', stayId: null, reservationId: null, ticketCode: null },
    ...{ spotType: null, vehicleClass: 'CAR', tariffId: null, dueMinor: null, bundleVersion: index.bundle.version },
    flags: [],
    staffNote: `${reason} (${staff ?? `device ${device.id}`})`,
  };
  const credentialKey = `reason:${hash('sha256', reason, 'base64url').slice(0, 16)}`;
  const stored: StoredAnswer = { decision, gateId: gateId.id, operation: 'OPEN_GATE', credentialKey };
  return { scan, stored };
}

/** A vehicle has passed: an entry is certain now. */
function passed({ metrics, log }: LotDoorsParts, call: DeviceCall): ApiAnswer {
  const { gateId, scanId } = readPassage(call.body);
  if (!mayServe(call, gateId)) return noSuchGate();
  metrics.count('passages');
  log.info({ gateId: gateId.id, scanId }, 'a vehicle has passed');
  return { status: NOTED };
}

/** A device serves its own gate. */
function mayServe({ device, index }: DeviceCall, { lotId, id }: GateRef): boolean {
  return device.role === 'GATE' && lotId === index.bundle.lotId && (device.gateId === null || device.gateId === id);
}

function noSuchGate(): ApiAnswer {
  return { status: 404, body: failure('GATE_NOT_FOUND', 'There is no such gate among those you serve.') };
}
