import { hash } from 'node:crypto';
import type { GateAction, GateReason } from '../domain/admission.ts';
import { DAY_MS } from '../domain/period.ts';
import type { VehicleClass } from '../domain/vehicle.ts';
import { formatUuid } from '../platform/ids.ts';
import type { Credential, CredentialInput } from './credential.ts';
import type { GateAnswer, GateOperation } from './journal-entry.ts';

/** What a device asks. */
export interface ScanInput {
  readonly lotId: string;
  readonly gateId: string;
  /** Made by the device, once for each reading. */
  readonly scanId: string;
  readonly credential: CredentialInput;
  readonly observedAt?: Date | null | undefined;
  readonly vehicleClass?: VehicleClass | null | undefined;
  /** The barrier has opened for this scan already, on an answer that was not durable: the vehicle is through. */
  readonly alreadyOpened?: boolean | null | undefined;
  /** The earlier scan of the same arrival that this one corrects. */
  readonly supersedes?: string | null | undefined;
}

/** One scan on its way to a decision. */
export interface Scan {
  readonly operation: GateOperation;
  readonly lotId: string;
  readonly gateId: string;
  readonly scanId: string;
  readonly credential: Credential;
  /** Never later than `now`: a clock that is ahead knows nothing that has not happened. */
  readonly observedAt: Date;
  readonly now: Date;
  readonly vehicleClass: VehicleClass;
  readonly alreadyOpened: boolean;
  readonly supersedes?: string;
  readonly deviceId: string | null;
  readonly staffId: string | null;
}

/** What a device gets: the answer, and whether it may forget the scan. */
export interface ScanResult {
  readonly answer: GateAnswer;
  /** The scan stands in PostgreSQL. */
  readonly durable: boolean;
  /** The scan had this answer before. */
  readonly replayed: boolean;
  /** The answer's place in the journal; absent where it was not written there, or stands in PostgreSQL. */
  readonly streamId?: string;
}

/** The instant that counts as the device's observation: its own clock, unless that is ahead of ours or more than a day behind. */
export function observationOf(observedAt: Date | null | undefined, now: Date): Date {
  if (observedAt == null) return now;
  const behindMs = now.getTime() - observedAt.getTime();
  return behindMs >= 0 && behindMs <= DAY_MS ? observedAt : now;
}

/** The stay that an entry makes, from its scan alone: whoever repeats the scan means the same stay. */
export function stayIdOf(lotId: string, scanId: string): string {
  return idFrom(`stay/${lotId}/${scanId}`);
}

/** Under what a vehicle's passage is journalled whose scan had been answered with a question before. */
export function passageIdOf(lotId: string, scanId: string): string {
  return idFrom(`passage/${lotId}/${scanId}`);
}

function idFrom(text: string): string {
  const bytes = hash('sha256', text, 'buffer').subarray(0, 16);
  bytes[6] = 0x80 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  return formatUuid(bytes);
}

/** An answer with what every answer says; the rest is null unless told. */
export function answerTo(
  scan: Scan,
  decision: { action: GateAction; reason: GateReason } & Partial<GateAnswer>,
): GateAnswer {
  return {
    scanId: scan.scanId,
    lotId: scan.lotId,
    gateId: scan.gateId,
    operation: scan.operation,
    credentialKey: scan.credential.key,
    reservationId: null,
    reservationCode: null,
    stayId: null,
    ticketCode: null,
    spotLabel: null,
    directions: null,
    dueMinor: null,
    currency: null,
    decidedAt: scan.now.getTime(),
    decidedBy: 'CLOUD',
    ...decision,
  };
}

/** Where in the index a credential leads. */
export function referencesOf(scan: Scan, skeletonIndex: (plate: string) => string): string[] {
  const { credential } = scan;
  switch (credential.kind) {
    case 'PASS':
      return [`r:${credential.reservationId}`];
    case 'CODE':
      return [`c:${credential.code}`];
    case 'PLATE':
      return [...new Set(credential.plates.map((plate) => `p:${skeletonIndex(plate)}`))];
    default:
      return [];
  }
}
