import type { GateReason } from '../domain/admission.ts';
import { Refusal, type RefusalCode } from '../domain/refusal.ts';
import { actorKey } from '../domain/viewer.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { Gate, type GateDirection } from '../entities/gate.ts';
import { Stay } from '../entities/stay.ts';
import { recordAct } from '../incidents/audit.ts';
import { readReason, servedLot, type StaffViewer } from '../incidents/served-lot.ts';
import { inTransaction } from '../platform/db.ts';
import { claimKey } from '../platform/idempotency.ts';
import type { Platform } from '../platform/platform.ts';
import { judgeEntry } from './check-in.ts';
import { judgeExit } from './check-out.ts';
import { readCredential, type Credential, type CredentialInput } from './credential.ts';
import { decideScan, type Decided, type Judge } from './decide-scan.ts';
import type { Scan, ScanResult } from './scan.ts';
import { lotCheckFor } from './scanner.ts';

/** What a person saw that the gates did not. */
export type Correction =
  | { readonly is: 'LEFT'; readonly stayId: string; readonly at?: Date | undefined }
  | {
      readonly is: 'INSIDE';
      readonly credential: CredentialInput;
      readonly vehicleClass?: VehicleClass | undefined;
      readonly at?: Date | undefined;
    };

export interface CorrectPresenceInput {
  readonly idempotencyKey: string;
  readonly lotId: string;
  readonly correction: Correction;
  readonly reason: string;
}

const FURTHEST_BACK_MS = 7 * 24 * 3_600_000;

/**
 * A person puts right who is inside, after a power cut or a gate that stood open: a visit ends when it is said to have ended, or begins.
 * It goes the way of every scan (index, journal, rows), so that nothing counts twice; money follows from the time that was said.
 * Not durable: send it again. Refuses with REASON_REQUIRED, LOT_NOT_FOUND, STAY_NOT_FOUND (it is over), GATE_NOT_FOUND (the lot has no gate of that
 * direction), INVALID_INPUT (a time that cannot be, a vehicle that is inside), SPOT_UNAVAILABLE (full by our count: first mark who left) and
 * IDEMPOTENCY_KEY_REUSED. Leaves a row with the reason, and the incident PRESENCE_CORRECTED.
 */
export async function correctPresence(
  platform: Platform,
  input: CorrectPresenceInput,
  staff: StaffViewer,
): Promise<ScanResult> {
  const { lotId, correction } = input;
  const reason = readReason(input.reason);
  await servedLot(platform.orm.em.fork(), lotId, staff);
  const scan = await scanOf(platform, input, staff);
  const judge = correction.is === 'LEFT' ? judgeExit : judgeEntry;
  const result = await decideScan(platform, {
    scan,
    judge: correcting(judge, { reason, staff }),
    mayAsk: lotCheckFor(lotId, staff, correction.is === 'LEFT' ? 'OUT' : 'IN'),
  });
  if (result.answer.stayId !== null) await keep(platform, { input, reason, stayId: result.answer.stayId }, staff);
  return result;
}

async function scanOf(
  platform: Platform,
  { lotId, idempotencyKey: scanId, correction }: CorrectPresenceInput,
  { staffId }: StaffViewer,
): Promise<Scan> {
  const now = platform.clock.now();
  const observedAt = correction.at ?? now;
  const isExit = correction.is === 'LEFT';
  const stay = isExit ? await stayToEnd(platform, { lotId, stayId: correction.stayId }) : undefined;
  const earliestMs = stay ? stay.enteredAt.getTime() : now.getTime() - FURTHEST_BACK_MS;
  if (observedAt > now || observedAt.getTime() < earliestMs)
    throw new Refusal('INVALID_INPUT', 'It can have been neither then nor so long ago.', { field: ['at'] });
  return {
    ...{ operation: isExit ? 'CHECK_OUT' : 'CHECK_IN', lotId, scanId, now, observedAt },
    gateId: await gateFor(platform, lotId, isExit ? 'EXIT' : 'ENTRY'),
    credential: stay ? credentialOf(stay) : seenCredential(platform, { lotId, scanId, now, observedAt }, correction),
    vehicleClass: (correction.is === 'INSIDE' ? correction.vehicleClass : undefined) ?? 'CAR',
    // It is through: there is nothing to ask.
    alreadyOpened: true,
    deviceId: null,
    staffId,
  };
}

/** Also one that has left: the same correction again has the same answer. */
async function stayToEnd(platform: Platform, { lotId, stayId }: { lotId: string; stayId: string }): Promise<Stay> {
  const stay = await platform.orm.em.fork().findOne(Stay, { lotId, id: stayId });
  if (stay) return stay;
  throw new Refusal('STAY_NOT_FOUND', 'There is no such visit in this lot.', { field: ['stayId'] });
}

/** No reading of a camera: a vehicle that was read a moment ago is not the one that a person speaks of. */
function seenCredential(
  platform: Platform,
  at: Pick<Scan, 'lotId' | 'scanId' | 'now' | 'observedAt'>,
  correction: Correction,
): Credential {
  const credential = readCredential(platform, at, correction.is === 'INSIDE' ? correction.credential : {});
  return credential.kind === 'PLATE' ? { ...credential, arrivalKey: at.scanId } : credential;
}

/** As the driver would show it; no plate is looked for. */
function credentialOf({ id, reservationId, code }: Stay): Credential {
  const key = `stay:${id}`;
  if (reservationId != null) return { kind: 'PASS', key, reservationId, isLive: true };
  return code == null ? { kind: 'UNREADABLE', key } : { kind: 'CODE', key, code };
}

/** The first of its direction: somewhere the vehicle must have passed. */
async function gateFor(platform: Platform, lotId: string, direction: GateDirection): Promise<string> {
  const which = { lotId, direction: { $in: [direction, 'BOTH' as const] } };
  const orderBy = { inService: 'desc', name: 'asc' } as const;
  const gate = await platform.orm.em.fork().findOne(Gate, which, { orderBy });
  if (gate) return gate.id;
  throw new Refusal('GATE_NOT_FOUND', 'The lot has no gate through which that could have been.');
}

/** Decided as at a gate, in the name of a person; what would change nothing is refused. */
function correcting(judge: Judge, { reason, staff }: { reason: string; staff: StaffViewer }): Judge {
  return async (platform, facts) => {
    const verdict = await judge(platform, facts);
    if (verdict.verdict !== 'DECIDED' || verdict.unrecorded) return verdict;
    if (verdict.effect.kind === 'NONE') throw refusalOf(facts.scan.operation === 'CHECK_OUT', verdict.answer.reason);
    const note = `${reason} (staff ${staff.staffId})`;
    const corrected: Decided = {
      ...verdict,
      answer: { ...verdict.answer, decidedBy: 'OPERATOR' },
      incident: { kind: 'PRESENCE_CORRECTED', note },
    };
    return corrected;
  };
}

const WHY_NOT: Partial<Record<GateReason, readonly [RefusalCode, string]>> = {
  LOT_FULL: ['SPOT_UNAVAILABLE', 'By our count the lot is full: first mark the visits that are over.'],
  ALREADY_INSIDE: ['INVALID_INPUT', 'This vehicle is inside by our count already.'],
};

function refusalOf(isExit: boolean, reason: GateReason): Refusal {
  if (isExit) return new Refusal('STAY_NOT_FOUND', 'This visit is over.', { field: ['stayId'] });
  const [code, message] = WHY_NOT[reason] ?? ['INVALID_INPUT', `It could not have come in (${reason}).`];
  return new Refusal(code, message, { field: ['credential'] });
}

/** Once for each key, also when the process died in between and the correction is sent again. */
async function keep(
  platform: Platform,
  { input, reason, stayId }: { input: CorrectPresenceInput; reason: string; stayId: string },
  staff: StaffViewer,
): Promise<void> {
  const { lotId, idempotencyKey: key, correction } = input;
  await inTransaction(platform, async (tx) => {
    const keyed = {
      actor: actorKey(staff),
      key,
      operation: 'correctPresence',
      input: { lotId, is: correction.is, reason },
    };
    const { replayed } = await claimKey(tx, { ...keyed, result: { stayId } });
    if (replayed) return;
    const act = correction.is === 'LEFT' ? 'STAY_MARKED_LEFT' : 'VEHICLE_MARKED_INSIDE';
    recordAct(tx, { lotId, staffId: staff.staffId, act, subjectId: stayId, reason });
  });
}
