import type { GateAction, GateReason } from './admission.ts';
import type { SpotType } from './spot-type.ts';
import type { VehicleClass } from './vehicle.ts';

/**
 * How a lane names who stood there; never a plate in clear. Scans that share one find each other when journals are merged: a reservation's
 * id, the exact plate index under the lot's key, or the code of a ticket or reservation.
 */
export type SubjectKey = `r:${string}` | `p:${string}` | `t:${string}`;

export const LANE_OPERATIONS = ['CHECK_IN', 'CHECK_OUT', 'OPEN_GATE'] as const;

/** What a person or the cloud should know of how a lane came to its decision. */
export const LANE_FLAGS = [
  'ON_SIGNATURE_ALONE',
  'CONFUSED_PLATE',
  'BUNDLE_EXPIRED',
  'CLOCK_UNSURE',
  'ALREADY_OPENED',
  'AMNESTY',
] as const;
export type LaneFlag = (typeof LANE_FLAGS)[number];

/** A plate as it leaves a lane: sealed to the cloud's key, and its two indexes under the lot's keys. */
export interface LanePlate {
  readonly cipher: string;
  readonly index: string;
  readonly skeletonIndex: string;
}

/** One decision as a lane agent's journal keeps it. Instants in ms since 1970; the order of the keys is that of its canonical JSON. */
export interface LaneScan {
  readonly scanId: string;
  readonly lotId: string;
  readonly gateId: string;
  /** The agent's device id. */
  readonly agentId: string;
  /** Of that agent's journal: 1, 2, 3 … without holes. */
  readonly seq: number;
  readonly operation: (typeof LANE_OPERATIONS)[number];
  /** All it is known by; none for an unreadable one. */
  readonly subjects: readonly SubjectKey[];
  readonly plate: LanePlate | null;
  /** Corrected by the lane's measured skew. */
  readonly observedAt: number;
  readonly deviceObservedAt: number;
  readonly clockSkewMs: number;
  readonly action: GateAction;
  readonly reason: GateReason;
  readonly decidedBy: 'LANE' | 'OPERATOR';
  /** Of an entry the stay that it makes (`stayIdOf`), of an exit the one it closes, if the lane knew it. */
  readonly stayId: string | null;
  readonly reservationId: string | null;
  readonly ticketCode: string | null;
  readonly spotType: SpotType | null;
  readonly vehicleClass: VehicleClass;
  readonly tariffId: string | null;
  /** What the lane believed to be due, in minor units; the cloud prices. */
  readonly dueMinor: number | null;
  readonly bundleVersion: number;
  readonly flags: readonly LaneFlag[];
  readonly staffNote: string | null;
}
