import { createHash } from 'node:crypto';
import type { GateAction, GateReason } from '../../domain/admission.ts';
import { reservationCode } from '../../domain/code.ts';
import type { BundleGate, BundleRight, BundleStay } from '../../domain/lane-bundle.ts';
import type { LaneFlag, SubjectKey } from '../../domain/lane-scan.ts';
import type { SpotType } from '../../domain/spot-type.ts';
import type { VehicleClass } from '../../domain/vehicle.ts';
import type { LaneCredential } from './lane-credential.ts';
import type { LotIndex } from './lot-index.ts';
import type { Partition } from './outages.ts';
import type { Seen, Whereabouts } from './whereabouts.ts';

/** One scan that the lane decides alone, with all that it knows. Instants in ms since 1970, by the lane's time. */
export interface LaneQuestion {
  readonly scanId: string;
  readonly gate: BundleGate;
  readonly credential: LaneCredential;
  readonly vehicleClass: VehicleClass;
  readonly nowMs: number;
  /** When it stood there: now, unless it is handed over later. */
  readonly observedMs: number;
  readonly alreadyOpened: boolean;
  readonly index: LotIndex;
  readonly whereabouts: Whereabouts;
  readonly partition: Partition | undefined;
  /** The time may be wrong: nothing is priced by it. */
  readonly isClockUnsure: boolean;
}

/** What the lane decided, and everything that is written down of it. */
export interface LaneVerdict {
  readonly action: GateAction;
  readonly reason: GateReason;
  readonly subjects: readonly SubjectKey[];
  readonly flags: readonly LaneFlag[];
  readonly right?: BundleRight;
  readonly stay?: BundleStay;
  readonly stayId?: string;
  readonly reservationId?: string;
  readonly ticketCode?: string;
  readonly spotType?: SpotType;
  readonly tariffId?: string;
  readonly dueMinor?: number;
  /** Where that leaves the vehicle. */
  readonly seen?: Seen;
  /** Promises nothing and is not written down: sent again, it is decided afresh. */
  readonly unrecorded?: true;
}

/** How long after its expiry a bundle still opens entries for the plates in it. */
export const TRUSTED_AFTER_EXPIRY_MS = 24 * 3600_000;

export function isExpired({ index, nowMs }: Pick<LaneQuestion, 'index' | 'nowMs'>): boolean {
  return nowMs >= index.bundle.expiresAt;
}

/** By what a right is found again when journals are merged; its plate counts only where it was read. */
export function subjectsOfRight({ reservationId, plateIndex }: BundleRight, credential: LaneCredential): SubjectKey[] {
  const plate: SubjectKey[] = credential.kind === 'PLATE' ? [`p:${plateIndex}`] : [];
  return [`r:${reservationId}`, ...plate];
}

/** By what a walk-in is found again: its ticket and its plate. */
export function subjectsOfStay({ code, plateIndex }: BundleStay): SubjectKey[] {
  return [`t:${code}`, ...(plateIndex === null ? [] : [`p:${plateIndex}` as const])];
}

/** What a credential says by itself, where nobody knows whose it is. */
export function subjectsOfCredential(credential: LaneCredential): SubjectKey[] {
  switch (credential.kind) {
    case 'PLATE':
      return [`p:${credential.read.index}`];
    case 'PASS':
      return [`r:${credential.pass.reservationId}`];
    case 'CODE':
      return [`t:${credential.code}`];
    default:
      return [];
  }
}

/** Drawn from the scan as in the cloud, so that a repeated scan prints the same ticket; drawn again when the code is taken. */
export function ticketCodeOf(lotId: string, scanId: string, isTaken: (code: string) => boolean): string {
  for (let attempt = 1; ; attempt++) {
    const code = reservationCode(createHash('sha256').update(`ticket/${lotId}/${scanId}/${attempt}`).digest());
    if (!isTaken(code)) return code;
  }
}
